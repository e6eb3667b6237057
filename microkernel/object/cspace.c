/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability spaces. */
#include "object/cspace.h"

#include "object/kernel.h"

#define HANDLE_MAX 0x7fffffffu

/* Empty slots that a step of destruction passes. */
#define SLOTS_PER_STEP	64u
#define COST_OF_PASSING 8u

slot_t *cspace_slot(const cspace_t *cspace, uint32_t index)
{
	return space_slot_at(cspace, index);
}

/* Puts a slot that is in no list behind all others in the free list. */
/*@ requires space_good(cspace) && 1 <= index <= cspace->mask;
    requires cspace->free_last <= cspace->mask && cspace->free_last != index;
    requires cspace->free_count < cspace->mask && space_slot(cspace, index)->next == 0;
    assigns cspace->free_first, cspace->free_last, cspace->free_count,
      slots[space_place(cspace) + cspace->free_last].next;
    ensures last: cspace->free_last == index && space_slot(cspace, index)->next == 0;
    ensures counted: cspace->free_count == \old(cspace->free_count) + 1;
    ensures first: \old(cspace->free_last) == 0 ==> cspace->free_first == index &&
      space_slot(cspace, 0)->next == \old(space_slot(cspace, 0)->next);
    ensures behind: \old(cspace->free_last) != 0 ==>
      cspace->free_first == \old(cspace->free_first) &&
      space_slot(cspace, \old(cspace->free_last))->next == index;
    ensures kept: space_good(cspace) && cspace->mask == \old(cspace->mask);
    ensures named: \old(named(cspace, index)) ==> named(cspace, index); */
static void append_free(cspace_t *cspace, uint32_t index)
{
	if (cspace->free_last)
		cspace_slot(cspace, cspace->free_last)->next = index;
	else
		cspace->free_first = index;
	cspace->free_last = index;
	cspace->free_count++;
}

void cspace_init(void)
{
	kernel.no_space.header.mask = 1;
	kernel.no_space.header.fresh = 2;
}

void cspace_create(uint32_t object, uint32_t bits)
{
	cspace_t *cspace = arch_pointer(object);
	cspace->mask = (1u << bits) - 1;
	cspace->fresh = CSPACE_FIRST;
	cspace->free_count = cspace->mask + 1 - CSPACE_FIRST;
}

/* The next slot that was never used. */
/*@ requires space_good(cspace) && 1 <= cspace->fresh <= cspace->mask;
    assigns cspace->fresh, slots[space_place(cspace) + cspace->fresh].name,
      slots[space_place(cspace) + cspace->fresh].index;
    ensures \result == space_slot(cspace, \old(cspace->fresh));
    ensures \result->name == cspace->mask + 1 + \old(cspace->fresh);
    ensures named(cspace, \old(cspace->fresh)) && \result->name > 0;
    ensures home: at_home(\result) && home_of(\result) == cspace;
    ensures cspace->fresh == \old(cspace->fresh) + 1 && space_good(cspace);
    ensures cspace->mask == \old(cspace->mask) &&
      cspace->free_count == \old(cspace->free_count); */
static slot_t *take_fresh(cspace_t *cspace)
{
	slot_t *slot = cspace_slot(cspace, cspace->fresh);
	slot->index = cspace->fresh++;
	slot->name = cspace->mask + 1 + slot->index; /* of generation 1 */
	return slot;
}

slot_t *cspace_lookup(cspace_t *cspace, cap_t handle)
{
	slot_t *slot = cspace_slot(cspace, handle & cspace->mask);
	return slot->name == handle && slot->type != CAP_NONE ? slot : NULL;
}

slot_t *cspace_take(cspace_t *cspace)
{
	if (!cspace->free_count)
		return NULL;
	cspace->free_count--;
	if (cspace->fresh <= cspace->mask)
		return take_fresh(cspace);
	uint32_t index = cspace->free_first;
	slot_t *slot = cspace_slot(cspace, index);
	cspace->free_first = slot->next;
	if (!cspace->free_first)
		cspace->free_last = 0;
	slot->next = 0;
	//@ assert good: space_good(cspace);
	//@ assert fresh: cspace->fresh == cspace->mask + 1;
	//@ assert counted: cspace->free_count == \at(cspace->free_count, Pre) - 1;
	//@ assert named: named(cspace, index);
	return slot;
}

void cspace_free(slot_t *slot)
{
	cspace_t *cspace = space_at(slot_ref(slot) - slot->index);
	//@ assert home: cspace == home_of(slot);
	//@ assert used_up: slot->name > HANDLE_MAX - (cspace->mask + 1) <==> used_up(slot);
	/*@ assert none_left: used_up(slot) ==> \forall uint32_t h;
	      slot->name < h <= HANDLE_MAX ==> handle_index(cspace, h) != slot->index; */
	if (slot->name > HANDLE_MAX - (cspace->mask + 1))
		return; /* retired: no handle is left for it */
	slot->name += cspace->mask + 1;
	//@ assert named: named(cspace, slot->index);
	//@ assert here: slot == space_slot(cspace, slot->index);
	//@ assert kept_index: slot->index == \at(slot->index, Pre);
	//@ assert kept_mask: cspace->mask == \at(home_of(slot)->mask, Pre);
	//@ assert kept_first: cspace->free_first == \at(home_of(slot)->free_first, Pre);
	//@ assert kept_last: cspace->free_last == \at(home_of(slot)->free_last, Pre);
	//@ assert kept_count: cspace->free_count == \at(home_of(slot)->free_count, Pre);
	append_free(cspace, slot->index);
	//@ assert same_index: slot->index == \at(slot->index, Pre);
	//@ assert same_home: home_of(slot) == cspace;
	//@ assert still_named: named(cspace, slot->index);
}

/* A part of one slot, or passes some by. */
uint32_t cspace_destroy_step(uint32_t object)
{
	cspace_t *cspace = arch_pointer(object);
	uint32_t passed = 0;
	if (cspace->sweep == 0)
		cspace->sweep = CSPACE_FIRST;
	for (; cspace->sweep < cspace->fresh; cspace->sweep++, passed++) {
		slot_t *slot = cspace_slot(cspace, cspace->sweep);
		if (slot->type != CAP_NONE)
			return slot_clear_step(slot) + passed * COST_OF_PASSING;
		if (passed == SLOTS_PER_STEP)
			break;
	}
	return passed * COST_OF_PASSING;
}
