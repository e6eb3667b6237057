/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's capabilities: a tree of records, and what goes when one of them goes. */
#include "model.h"

#include <assert.h>
#include <string.h>

model_t model;

void model_reset(bool lies)
{
	model.caps = model.objects = model.dying_count = 0;
	memset(model.line, 0, sizeof(model.line));
	model.current = NULL;
	model.time_us = MODEL_TIME_US(0);
	model.now_ms = model.clock = model.spurious = model.ram_bytes = 0;
	model.before_all = 0;
	model.port_accesses = model.last_port = model.last_port_value = 0;
	model.lies = lies;
}

uint32_t m_object_bytes(uint32_t type, uint32_t bits)
{
	static const uint32_t sizes[CAP_TYPE_COUNT] = {
	    [CAP_THREAD] = 1024,     [CAP_VSPACE] = 16384,  [CAP_PTABLE] = 4096,
	    [CAP_FRAME] = 4096,	     [CAP_ENDPOINT] = 64,   [CAP_REPLY] = 64,
	    [CAP_NOTIFICATION] = 64, [CAP_IOBITMAP] = 8192,
	};
	if (type == CAP_UNTYPED)
		return bits >= UNTYPED_BITS_MIN && bits <= UNTYPED_BITS_MAX ? 1u << bits : 0;
	if (type == CAP_CSPACE)
		return bits >= CSPACE_BITS_MIN && bits <= CSPACE_BITS_MAX ? 64u << bits : 0;
	return type < CAP_TYPE_COUNT && bits == 0 ? sizes[type] : 0;
}

m_object_t *m_new_object(uint32_t type, uint32_t address, uint32_t bits)
{
	assert(model.objects < MODEL_OBJECTS);
	m_object_t *object = &model.object[model.objects++];
	memset(object, 0, sizeof(*object));
	object->live = true;
	object->type = type;
	object->address = address;
	object->name = model.names;
	if (type == CAP_CSPACE) {
		object->cspace.bits = bits;
		object->cspace.fresh = 1;
	}
	if (type == CAP_THREAD)
		object->thread.regs.eflags = 0x202;
	return object;
}

m_cap_t *m_new_cap(m_object_t *home, uint32_t index, uint32_t type, uint32_t rights)
{
	assert(model.caps < MODEL_CAPS);
	m_cap_t *cap = &model.cap[model.caps++];
	*cap = (m_cap_t){.live = true,
			 .type = (uint8_t)type,
			 .rights = (uint8_t)rights,
			 .home = home,
			 .index = index,
			 .age = ++model.clock};
	return cap;
}

/* -- Slots: fresh ones first, then the one that has been free for longest. --------------- */

uint32_t m_free_slots(const m_object_t *cspace)
{
	return (1u << cspace->cspace.bits) - cspace->cspace.fresh + cspace->cspace.freed;
}

static uint32_t longest_free(const m_cspace_t *cspace)
{
	uint32_t found = 0;
	for (uint32_t i = 1; i < cspace->fresh; i++)
		if (cspace->freed_at[i] &&
		    (!found || cspace->freed_at[i] < cspace->freed_at[found]))
			found = i;
	return found;
}

m_cap_t *m_take_slot(m_object_t *home, uint32_t type, uint32_t rights)
{
	m_cspace_t *cspace = &home->cspace;
	uint32_t index = cspace->fresh;
	if (index < 1u << cspace->bits) {
		assert(index < MODEL_SLOTS);
		cspace->fresh++;
	} else {
		index = longest_free(cspace);
		cspace->freed--;
	}
	cspace->freed_at[index] = 0;
	cspace->generation[index]++;
	m_cap_t *cap = m_new_cap(home, index, type, rights);
	cap->handle = (cspace->generation[index] << cspace->bits) | index;
	cap->name = model.names++;
	cspace->slot[index] = cap;
	return cap;
}

static void give_slot_back(m_cspace_t *cspace, uint32_t index)
{
	cspace->slot[index] = NULL;
	cspace->freed_at[index] = ++model.clock;
	cspace->freed++;
}

m_cap_t *m_lookup(const m_object_t *cspace, uint32_t handle)
{
	uint32_t index = handle & ((1u << cspace->cspace.bits) - 1);
	m_cap_t *cap = index < MODEL_SLOTS ? cspace->cspace.slot[index] : NULL;
	return cap && cap->handle == handle ? cap : NULL;
}

/* -- Deriving. --------------------------------------------------------------------------- */

void m_scope(const m_cap_t *cap, uint32_t scope[2])
{
	scope[0] = scope[1] = 0;
	if (cap->type == CAP_UNTYPED || cap->type == CAP_FRAME) {
		scope[0] = cap->first;
		scope[1] = cap->last;
	} else if (cap->type == CAP_PIO || cap->type == CAP_IRQ) {
		scope[0] = PIO_SCOPE(cap->first, cap->last);
		scope[1] = cap->widths;
	} else if (cap->type == CAP_MMIO) {
		scope[0] = cap->first;
		scope[1] = cap->last - cap->first + 1;
	} else if (cap->type == CAP_ENDPOINT || cap->type == CAP_NOTIFICATION ||
		   cap->type == CAP_CSPACE) {
		scope[0] = cap->last;
	}
}

/* Ports or lines. */
static err_t narrow_range(m_cap_t *cap, uint32_t s0)
{
	uint32_t first = PIO_SCOPE_FIRST(s0), last = PIO_SCOPE_LAST(s0);
	if (s0 == 0)
		return DRV_OK;
	if (first > last || first < cap->first || last > cap->last)
		return DRV_EPERM;
	if (cap->type == CAP_IRQ && first == last && (first == 0 || first == 2))
		return DRV_EPERM; /* the timer's and the cascade's */
	cap->first = first;
	cap->last = last;
	return DRV_OK;
}

static err_t narrow_mmio(m_cap_t *cap, uint32_t base, uint32_t size)
{
	if (base == 0 && size == 0)
		return DRV_OK;
	if (base % PAGE_SIZE || size % PAGE_SIZE || size == 0)
		return DRV_EINVAL;
	uint64_t last = (uint64_t)base + size - 1;
	if (base < cap->first || last > cap->last)
		return DRV_EPERM;
	cap->first = base;
	cap->last = (uint32_t)last;
	return DRV_OK;
}

static err_t narrow_badge(m_cap_t *cap, uint32_t badge, uint32_t s1)
{
	if (s1 != 0)
		return DRV_EINVAL;
	if (badge == 0)
		return DRV_OK;
	if (cap->last != 0 || badge == BADGE_NOTIFICATION)
		return DRV_EPERM;
	cap->last = badge;
	return DRV_OK;
}

static err_t narrow(m_cap_t *cap, uint32_t s0, uint32_t s1)
{
	switch (cap->type) {
	case CAP_PIO:
		if (s1 & ~(uint32_t)PIO_WIDTH_ALL)
			return DRV_EINVAL;
		if (s1 & ~(uint32_t)cap->widths)
			return DRV_EPERM;
		if (s1)
			cap->widths = (uint8_t)s1;
		return narrow_range(cap, s0);
	case CAP_IRQ:
		return s1 ? DRV_EINVAL : narrow_range(cap, s0);
	case CAP_MMIO:
		return narrow_mmio(cap, s0, s1);
	case CAP_ENDPOINT:
	case CAP_NOTIFICATION:
		return narrow_badge(cap, s0, s1);
	default:
		return s0 || s1 ? DRV_EINVAL : DRV_OK;
	}
}

err_t m_check_derive(const m_cap_t *parent, uint32_t rights, uint32_t s0, uint32_t s1)
{
	m_cap_t copy = *parent;
	if (parent->type == CAP_UNTYPED || parent->type == CAP_PTABLE ||
	    parent->type == CAP_IOBITMAP)
		return DRV_EINVAL;
	if (rights == 0 || (rights & ~(uint32_t)parent->rights))
		return DRV_EPERM;
	return narrow(&copy, s0, s1);
}

void m_derive(m_cap_t *cap, m_cap_t *parent, uint32_t s0, uint32_t s1)
{
	cap->widths = parent->widths;
	cap->first = parent->first;
	cap->last = parent->last;
	cap->object = parent->object;
	cap->parent = parent;
	err_t err = narrow(cap, s0, s1);
	assert(err == DRV_OK);
	(void)err;
}

/* -- Going. ------------------------------------------------------------------------------ */

static m_cap_t *youngest_child(const m_cap_t *parent)
{
	m_cap_t *found = NULL;
	for (uint32_t i = 0; i < model.caps; i++) {
		m_cap_t *cap = &model.cap[i];
		if (cap->live && cap->parent == parent && (!found || cap->age > found->age))
			found = cap;
	}
	return found;
}

static bool is_referenced(const m_object_t *object)
{
	for (uint32_t i = 0; i < model.caps; i++)
		if (model.cap[i].live && model.cap[i].object == object)
			return true;
	return false;
}

static void lose_object(m_object_t *object)
{
	if (!object || is_referenced(object))
		return;
	if (object->type == CAP_FRAME || object->type == CAP_PTABLE ||
	    object->type == CAP_IOBITMAP)
		object->live = false;
	else
		model.dying[model.dying_count++] = object;
}

static void leave_home(m_cap_t *cap)
{
	if (!cap->home) {
		model.line[cap->index].target = NULL;
		model.line[cap->index].bits = 0;
	} else if (cap->home->type == CAP_CSPACE) {
		give_slot_back(&cap->home->cspace, cap->index);
	} else {
		cap->home->thread.bound[cap->index] = NULL;
		if (cap->index == BIND_VSPACE)
			m_suspend(cap->home);
	}
}

/* An untyped without children can be given out again. */
static void look_childless(m_cap_t *parent)
{
	if (parent && parent->type == CAP_UNTYPED && !youngest_child(parent))
		parent->used = 0;
}

void m_clear(m_cap_t *cap)
{
	static const m_state_t waits[] = {M_SENDING, M_RECEIVING, M_WAITING};
	for (uint32_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		for (m_object_t *thread; (thread = m_first(waits[i], NULL, cap));)
			m_abandon(thread, DRV_EGONE);
	cap->live = false;
	look_childless(cap->parent);
	m_unmap(cap);
	if (cap->type == CAP_IRQ && cap->first == cap->last &&
	    model.line[cap->first].claimer == cap)
		m_line_lost(&model.line[cap->first]);
	lose_object(cap->object);
	leave_home(cap);
}

void m_revoke(m_cap_t *cap)
{
	for (m_cap_t *child; (child = youngest_child(cap));) {
		m_revoke(child);
		m_clear(child);
	}
}

void m_release(m_cap_t *cap)
{
	for (m_cap_t *child; (child = youngest_child(cap));) {
		child->parent = cap->parent;
		child->age = ++model.clock;
	}
	m_clear(cap);
}

static void destroy_space(m_object_t *space)
{
	for (uint32_t i = 0; i < model.caps; i++)
		if (model.cap[i].live && model.cap[i].space == space)
			m_unmap(&model.cap[i]);
}

/* One step; true when nothing is left. What it uncovers is buried before the next step. */
static bool destroy(m_object_t *object)
{
	if (object->type == CAP_CSPACE) {
		for (uint32_t i = 1; i < object->cspace.fresh; i++)
			if (object->cspace.slot[i]) {
				m_release(object->cspace.slot[i]);
				return false;
			}
	} else if (object->type == CAP_THREAD) {
		m_unblock(object);
		for (uint32_t i = 0; i < BIND_COUNT; i++)
			if (object->thread.bound[i])
				m_clear(object->thread.bound[i]);
	} else if (object->type == CAP_VSPACE) {
		destroy_space(object);
	} else if (object->type == CAP_REPLY) {
		m_object_t *waiter = m_waiter_of(object), *caller = m_caller_of(object);
		if (waiter)
			waiter->thread.offered = NULL;
		if (caller)
			m_abandon(caller, DRV_EGONE);
	}
	return true;
}

void m_bury(void)
{
	while (model.dying_count) {
		m_object_t *object = model.dying[model.dying_count - 1];
		if (!destroy(object))
			continue;
		uint32_t i = 0;
		while (model.dying[i] != object)
			i++;
		for (model.dying_count--; i < model.dying_count; i++)
			model.dying[i] = model.dying[i + 1];
		object->live = false;
	}
}
