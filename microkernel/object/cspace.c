/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability spaces. */
#include "object/cspace.h"

#define HANDLE_BITS 31u

slot_t *cspace_slot(const cspace_t *cspace, uint32_t index)
{
	return space_slot_at(cspace, index);
}

static uint32_t last_generation(const cspace_t *cspace)
{
	return (1u << (HANDLE_BITS - cspace->bits)) - 1;
}

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
	return (slot->generation << cspace->bits) | slot->index;
}

void cspace_free(slot_t *slot)
{
	cspace_t *cspace = space_at(slot_ref(slot) - slot->index);
	if (slot->generation == last_generation(cspace))
		return; /* retired: no handle is left for it */
	slot->generation++;
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
