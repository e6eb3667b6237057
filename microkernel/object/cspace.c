/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability spaces. */
#include "object/cspace.h"

#define HANDLE_BITS 31u

slot_t *cspace_slot(const cspace_t *cspace, uint32_t index)
{
	return space_slot_at(cspace, index);
}

/*@ requires space_good((struct cspace *)cspace);
    assigns \nothing;
    ensures \result == generation_last((struct cspace *)cspace); */
static uint32_t last_generation(const cspace_t *cspace)
{
	return (1u << (HANDLE_BITS - cspace->bits)) - 1;
}

/* Puts a slot behind all others in the free list. */
/*@ requires space_good(cspace) && 1 <= index < (1 << cspace->bits);
    requires cspace->free_last < (1 << cspace->bits) && cspace->free_last != index;
    requires cspace->free_count < (1 << cspace->bits) - 1;
    assigns cspace->free_first, cspace->free_last, cspace->free_count,
      slots[space_place(cspace) + index].next,
      slots[space_place(cspace) + cspace->free_last].next;
    ensures last: cspace->free_last == index && space_slot(cspace, index)->next == 0;
    ensures counted: cspace->free_count == \old(cspace->free_count) + 1;
    ensures first: \old(cspace->free_last) == 0 ==> cspace->free_first == index &&
      space_slot(cspace, 0)->next == \old(space_slot(cspace, 0)->next);
    ensures behind: \old(cspace->free_last) != 0 ==>
      cspace->free_first == \old(cspace->free_first) &&
      space_slot(cspace, \old(cspace->free_last))->next == index; */
static void append_free(cspace_t *cspace, uint32_t index)
{
	cspace_slot(cspace, index)->next = 0;
	if (cspace->free_last)
		cspace_slot(cspace, cspace->free_last)->next = index;
	else
		cspace->free_first = index;
	cspace->free_last = index;
	cspace->free_count++;
}

void cspace_create(uint32_t object, uint32_t bits)
{
	cspace_t *cspace = arch_pointer(object);
	cspace->bits = bits;
	cspace->fresh = 1;
	cspace->free_count = (1u << bits) - 1;
}

/* The next slot that was never used. */
/*@ requires space_good(cspace) && 1 <= cspace->fresh < (1 << cspace->bits);
    assigns cspace->fresh, slots[space_place(cspace) + cspace->fresh].generation,
      slots[space_place(cspace) + cspace->fresh].index;
    ensures \result == space_slot(cspace, \old(cspace->fresh));
    ensures \result->generation == 1 && \result->index == \old(cspace->fresh);
    ensures cspace->fresh == \old(cspace->fresh) + 1; */
static slot_t *take_fresh(cspace_t *cspace)
{
	slot_t *slot = cspace_slot(cspace, cspace->fresh);
	slot->generation = 1;
	slot->index = cspace->fresh++;
	return slot;
}

slot_t *cspace_lookup(cspace_t *cspace, cap_t handle)
{
	uint32_t index = handle & ((1u << cspace->bits) - 1);
	uint32_t generation = handle >> cspace->bits;
	if (index == 0)
		return NULL;
	slot_t *slot = cspace_slot(cspace, index);
	return slot->type != CAP_NONE && slot->generation == generation ? slot : NULL;
}

slot_t *cspace_take(cspace_t *cspace)
{
	if (!cspace->free_count)
		return NULL;
	cspace->free_count--;
	if (cspace->fresh < 1u << cspace->bits)
		return take_fresh(cspace);
	uint32_t index = cspace->free_first;
	slot_t *slot = cspace_slot(cspace, index);
	cspace->free_first = slot->next;
	if (!cspace->free_first)
		cspace->free_last = 0;
	slot->next = 0;
	return slot;
}

cap_t cspace_handle(const cspace_t *cspace, const slot_t *slot)
{
	/*@ assert joined(slot->generation << cspace->bits, slot->index) ==
	      ((slot->generation << cspace->bits) | slot->index); */
	return (slot->generation << cspace->bits) | slot->index;
}

void cspace_free(slot_t *slot)
{
	cspace_t *cspace = space_at(slot_ref(slot) - slot->index);
	//@ assert home: cspace == home_of(slot);
	if (slot->generation == last_generation(cspace))
		return; /* retired: no handle is left for it */
	slot->generation++;
	//@ assert here: slot == space_slot(cspace, slot->index);
	//@ assert kept_index: slot->index == \at(slot->index, Pre);
	//@ assert kept_bits: cspace->bits == \at(home_of(slot)->bits, Pre);
	//@ assert kept_first: cspace->free_first == \at(home_of(slot)->free_first, Pre);
	//@ assert kept_last: cspace->free_last == \at(home_of(slot)->free_last, Pre);
	//@ assert kept_count: cspace->free_count == \at(home_of(slot)->free_count, Pre);
	append_free(cspace, slot->index);
}

/* One slot: raises one child, or empties the slot, or passes it by. */
bool cspace_destroy_step(uint32_t object)
{
	cspace_t *cspace = arch_pointer(object);
	if (cspace->sweep == 0)
		cspace->sweep = 1;
	if (cspace->sweep == cspace->fresh)
		return true;
	slot_t *slot = cspace_slot(cspace, cspace->sweep);
	if (slot->type != CAP_NONE && slot->child)
		slot_raise_child(slot);
	else if (slot->type != CAP_NONE && slot->waiting > 1)
		object_wake_one(slot);
	else if (slot->type != CAP_NONE)
		slot_clear(slot);
	else
		cspace->sweep++;
	return false;
}
