/* SPDX-License-Identifier: BSD-2-Clause */
/* Long work in bounded steps. Nothing here recurses: what a step uncovers (an object that
 * lost its last capability) is put into a list. */
#include "object/work.h"

#include "base/assert.h"
#include "object/kernel.h"
#include "object/object.h"

/* Steps between two looks at the interrupts: a step is at most some hundred instructions. */
#define STEPS_PER_WINDOW 16u

bool work_pending(void)
{
	return kernel.work.revoke || kernel.work.release || kernel.work.dying;
}

void work_revoke(slot_t *slot)
{
	kernel_assert(!work_pending());
	kernel.work.revoke = kernel.work.cursor = slot_ref(slot);
}

void work_release(slot_t *slot)
{
	kernel_assert(!work_pending());
	kernel.work.release = slot_ref(slot);
}

void work_add_dying(uint32_t object)
{
	object_header_t *header = arch_pointer(object);
	header->next_dying = kernel.work.dying;
	kernel.work.dying = object;
}

/* Goes one down, or removes a leaf and goes one up. */
static void revoke_step(void)
{
	slot_t *at = slot_at(kernel.work.cursor);
	if (at->child) {
		kernel.work.cursor = at->child;
	} else if (kernel.work.cursor == kernel.work.revoke) {
		kernel.work.revoke = kernel.work.cursor = 0;
	} else {
		kernel.work.cursor = at->parent;
		slot_clear(at);
	}
}

static void release_step(void)
{
	slot_t *slot = slot_at(kernel.work.release);
	if (slot->child) {
		slot_raise_child(slot);
	} else {
		kernel.work.release = 0;
		slot_clear(slot);
	}
}

static void dying_step(void)
{
	uint32_t object = kernel.work.dying;
	object_header_t *header = arch_pointer(object);
	uint32_t type = header->type;
	uint32_t next = header->next_dying;
	if (!object_types[type].destroy_step(object))
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
	for (uint32_t steps = 0; work_pending(); steps++) {
		if (steps == STEPS_PER_WINDOW) {
			steps = 0;
			arch_interrupt_window();
			if (sched_preempted())
				return false;
		}
		if (kernel.work.revoke)
			revoke_step();
		else if (kernel.work.release)
			release_step();
		else
			dying_step();
	}
	return true;
}
