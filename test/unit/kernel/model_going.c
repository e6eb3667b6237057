/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes when a capability goes, in the model: what was derived from it takes its place, and
 * an object whose last capability it was leaves a tomb there until it was taken apart. */
#include "model.h"

#include <assert.h>
#include <stddef.h>

/* Slots that a step of destruction passes. */
#define SLOTS_PER_STEP 64u

/* -- The tree. --------------------------------------------------------------------------- */

/* The place where the list of siblings names `cap`. */
static m_cap_t **place_of(m_cap_t *cap)
{
	m_cap_t **at = &cap->parent->child;
	while (*at != cap)
		at = &(*at)->next;
	return at;
}

/* An untyped without children can be given out again. */
static void look_childless(m_cap_t *parent)
{
	if (parent && parent->type == CAP_UNTYPED && !parent->child)
		parent->used = parent->zeroed = 0;
}

/* Its children take its place. Without a parent they have none either. */
static void leave_tree(m_cap_t *cap)
{
	m_cap_t *parent = cap->parent, *next = cap->next, *children = cap->child;
	cap->parent = cap->next = cap->child = NULL;
	m_cap_t **at = NULL;
	if (parent) {
		cap->parent = parent;
		at = place_of(cap);
		cap->parent = NULL;
		*at = children ? children : next;
	}
	m_cap_t *last = NULL;
	for (m_cap_t *child = children; child;) {
		m_cap_t *after = child->next;
		child->parent = parent;
		if (!parent) {
			child->next = NULL;
			child->lost = cap->lost ? cap->lost : cap->name;
		}
		last = child;
		child = after;
	}
	if (parent && last)
		last->next = next;
	if (!children)
		look_childless(parent);
}

/* -- Objects that lost their last capability. -------------------------------------------- */

static bool is_referenced(const m_object_t *object)
{
	for (uint32_t i = 0; i < model.caps; i++)
		if (model.cap[i].live && !model.cap[i].tomb && model.cap[i].object == object)
			return true;
	return false;
}

static void bury(m_cap_t *cap, m_object_t *object)
{
	m_cap_t *tomb = m_new_cap(NULL, 0, object->type, 0);
	tomb->tomb = true;
	tomb->object = object;
	tomb->first = object->address;
	tomb->parent = cap->parent;
	tomb->next = cap->next;
	tomb->lost = cap->lost;
	if (cap->parent)
		*place_of(cap) = tomb;
	cap->parent = cap->next = NULL;
	object->tomb = tomb;
	object->owner = model.current;
	object->owed = ++model.clock;
	if (object->type == CAP_THREAD && object->thread.state != M_STOPPED)
		m_unblock(object);
}

static void end_reply(const m_object_t *reply)
{
	m_object_t *waiter = m_waiter_of(reply), *caller = m_caller_of(reply);
	if (waiter)
		waiter->thread.offered = NULL;
	if (caller)
		m_abandon(caller, DRV_EGONE);
}

/* The capability, which is no longer live, lets go of its object and leaves the tree. */
static void let_go(m_cap_t *cap)
{
	m_object_t *object = cap->object;
	if (object && !is_referenced(object)) {
		if (object->type == CAP_CSPACE || object->type == CAP_THREAD ||
		    object->type == CAP_VSPACE) {
			bury(cap, object);
			return;
		}
		if (object->type == CAP_REPLY)
			end_reply(object);
		object->live = false;
	}
	leave_tree(cap);
}

static void leave_home(m_cap_t *cap)
{
	if (!cap->home) {
		m_claim_t *claim =
		    &model.line[cap->index / IRQ_CLAIMERS].claim[cap->index % IRQ_CLAIMERS];
		claim->target = NULL;
		claim->bits = 0;
	} else if (cap->home->type == CAP_CSPACE) {
		m_give_slot_back(&cap->home->cspace, cap->index);
	} else {
		cap->home->thread.bound[cap->index] = NULL;
		if (cap->index == BIND_VSPACE)
			m_suspend(cap->home);
	}
}

/* -- Going. ------------------------------------------------------------------------------ */

static m_object_t *first_waiter(const m_cap_t *cap)
{
	static const m_state_t waits[] = {M_SENDING, M_RECEIVING, M_WAITING};
	m_object_t *found = NULL;
	for (uint32_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		m_object_t *first = m_first(waits[i], NULL, cap);
		if (first && (!found || first->thread.since < found->thread.since))
			found = first;
	}
	return found;
}

void m_clear(m_cap_t *cap)
{
	for (m_object_t *thread; (thread = first_waiter(cap));)
		m_abandon(thread, DRV_EGONE);
	m_unmap(cap);
	if (cap->type == CAP_IRQ)
		m_claim_lost(cap);
	cap->live = false;
	let_go(cap);
	leave_home(cap);
}

static bool is_crowd(const m_cap_t *cap)
{
	uint32_t count = 0;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		count += at->thread.through == cap;
	return count > 1;
}

static void clear_step(m_cap_t *cap)
{
	if (is_crowd(cap))
		m_abandon(first_waiter(cap), DRV_EGONE);
	else if (m_is_large(cap))
		m_unmap_some(cap);
	else
		m_clear(cap);
}

/* -- Taking apart: true if there was something to do. ------------------------------------ */

static bool empty_space(m_cspace_t *cspace)
{
	uint32_t passed = 0;
	if (cspace->sweep == 0)
		cspace->sweep = 2;
	for (; cspace->sweep < cspace->fresh; cspace->sweep++, passed++) {
		if (cspace->slot[cspace->sweep]) {
			clear_step(cspace->slot[cspace->sweep]);
			return true;
		}
		if (passed == SLOTS_PER_STEP)
			return true;
	}
	return false;
}

void m_forget(const m_object_t *thread)
{
	for (uint32_t i = 0; i < model.objects; i++)
		if (model.object[i].owner == thread)
			model.object[i].owner = NULL;
}

static bool unbind_thread(m_object_t *thread)
{
	m_forget(thread);
	for (uint32_t i = 0; i < BIND_COUNT; i++)
		if (thread->thread.bound[i]) {
			clear_step(thread->thread.bound[i]);
			return true;
		}
	return false;
}

/* What was mapped last goes first. */
static bool empty_vspace(const m_object_t *space)
{
	m_cap_t *found = NULL;
	for (uint32_t i = 0; i < model.caps; i++) {
		m_cap_t *cap = &model.cap[i];
		if (cap->live && cap->space == space && (!found || cap->mapped > found->mapped))
			found = cap;
	}
	if (!found)
		return false;
	if (m_is_large(found))
		m_unmap_some(found);
	else
		m_unmap(found);
	return true;
}

static void destroy_step(m_object_t *object)
{
	m_cap_t *tomb = object->tomb;
	bool more = object->type == CAP_CSPACE	 ? empty_space(&object->cspace)
		    : object->type == CAP_THREAD ? unbind_thread(object)
						 : empty_vspace(object);
	if (more)
		return;
	object->live = false;
	object->owner = NULL;
	tomb->live = false;
	leave_tree(tomb);
}

void m_revoke_step(m_cap_t *cap)
{
	m_cap_t *last = cap->child;
	while (last->next)
		last = last->next;
	if (last->tomb)
		destroy_step(last->object);
	else
		clear_step(last);
}

m_object_t *m_first_owed(const m_object_t *thread)
{
	m_object_t *first = NULL;
	for (uint32_t i = 0; i < model.objects; i++) {
		m_object_t *at = &model.object[i];
		if (at->live && at->owner == thread && (!first || at->owed > first->owed))
			first = at;
	}
	return first;
}

err_t m_pay(m_object_t *thread)
{
	for (m_object_t *object; (object = m_first_owed(thread)) != NULL;) {
		if (model.current != thread)
			return DRV_EAGAIN;
		destroy_step(object);
	}
	return DRV_OK;
}
