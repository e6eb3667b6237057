/* SPDX-License-Identifier: BSD-2-Clause */
/* Long work in bounded steps. Nothing here recurses: what a step uncovers (an object that
 * lost its last capability) is put into a list. */
#include "object/work.h"

#include "base/assert.h"
#include "object/kernel.h"
#include "object/object.h"

/* Steps between two looks at the interrupts. A step is at most some hundred instructions, but
 * unmapping takes more: PAGES_PER_STEP pages count as one more. */
#define PAGES_PER_STEP	 64u
#define STEPS_PER_WINDOW 16u

bool work_pending(void)
{
	return kernel.work.revoke || kernel.work.release || kernel.work.dying;
}

void work_revoke(slot_t *slot)
{
	kernel_assert(!work_pending());
	kernel.work.revoke = kernel.work.cursor = slot_ref(slot);
	kernel.sched.settled = false;
}

void work_release(slot_t *slot)
{
	kernel_assert(!work_pending());
	kernel.work.release = slot_ref(slot);
	kernel.sched.settled = false;
}

void work_add_dying(uint32_t object)
{
	object_header_t *header = arch_pointer(object);
	header->next_dying = kernel.work.dying;
	kernel.work.dying = object;
	kernel.sched.settled = false;
}

/* Wakes one of the threads that wait through the slot, or empties it. What that costs. */
static inline uint32_t clear_or_wake(slot_t *slot)
{
	uint32_t cost = 1 + slot->map_pages / PAGES_PER_STEP;
	if (thread_is_crowd(slot))
		object_wake_one(slot);
	else
		slot_clear(slot);
	return cost;
}

/* Removes the first child if that is a leaf, or goes down to it; without children goes up. */
static uint32_t revoke_step(void)
{
	slot_t *at = slot_at(kernel.work.cursor);
	if (at->child) {
		slot_t *below = slot_at(at->child);
		if (!below->child)
			return clear_or_wake(below);
		kernel.work.cursor = at->child;
	} else if (kernel.work.cursor == kernel.work.revoke) {
		kernel.work.revoke = kernel.work.cursor = 0;
	} else {
		kernel.work.cursor = at->parent;
	}
	return 1;
}

/* Raises one child, or removes the slot. */
static uint32_t release_step(void)
{
	slot_t *slot = slot_at(kernel.work.release);
	if (slot->child) {
		slot_raise_child(slot);
		return 1;
	}
	uint32_t cost = clear_or_wake(slot);
	if (slot->type == CAP_NONE)
		kernel.work.release = 0;
	return cost;
}

static void dying_step(void)
{
	uint32_t object = kernel.work.dying;
	object_header_t *header = arch_pointer(object);
	uint32_t type = header->type;
	uint32_t next = header->next_dying;
	if (object_types[type].destroy_step && !object_types[type].destroy_step(object))
		return;
	kernel.audit.objects[type]--;
	/* The step may have put other objects in front. */
	if (kernel.work.dying == object) {
		kernel.work.dying = next;
		return;
	}
	uint32_t before = kernel.work.dying;
	while (((object_header_t *)arch_pointer(before))->next_dying != object)
		before = ((object_header_t *)arch_pointer(before))->next_dying;
	((object_header_t *)arch_pointer(before))->next_dying = next;
}

bool work_run(void)
{
	for (uint32_t steps = 0; work_pending();) {
		if (kernel.work.revoke)
			steps += revoke_step();
		else if (kernel.work.release)
			steps += release_step();
		else {
			dying_step();
			steps = STEPS_PER_WINDOW;
		}
		if (steps < STEPS_PER_WINDOW)
			continue;
		steps = 0;
		sched_take_interrupts();
		if (sched_has_to_stop() && work_pending())
			return false;
	}
	kernel.work.helper = NULL; /* or who starts the next one would not stay for it */
	return true;
}
