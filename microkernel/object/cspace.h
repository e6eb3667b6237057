/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability spaces: tables of slots, named by handles.
 *
 * A cspace of 2^b slots is 2^b x 64 bytes; slot 0 is its header and never a capability.
 * A handle is (generation << b) | slot with the top bit clear, so every slot can be named
 * by 2^(31-b) - 1 handles, one after the other; then it is retired.
 *
 * Invariants:
 *   C1  a slot in use is named by exactly one handle: its number and its generation.
 *   C2  the free list holds every freed slot whose generation is not used up, oldest first;
 *       it is used when no slot is fresh.
 *   C3  generation >= 1, so that no handle is 0. */
#ifndef OBJECT_CSPACE_H
#define OBJECT_CSPACE_H

#include "object/object.h"

typedef struct cspace {
	object_header_t header;
	uint32_t bits;	     /* log2 of the number of slots */
	uint32_t fresh;	     /* index of the first slot that was never used */
	uint32_t free_first; /* a freed slot, 0 for none; linked by slot.next as index */
	uint32_t free_last;
	uint32_t free_count; /* fresh and freed */
	uint32_t sweep;	     /* destruction: next slot to look at */
} cspace_t;
_Static_assert(sizeof(cspace_t) <= sizeof(slot_t), "the header fits slot 0");

/* Makes an empty cspace of 2^bits slots in zeroed memory. */
void cspace_create(uint32_t object, uint32_t bits);

/* The slot that `handle` names; null: none (never issued, released, revoked). */
slot_t *cspace_lookup(cspace_t *cspace, cap_t handle);

/* The oldest free slot, taken out of the free list; null: full. The caller fills it. */
slot_t *cspace_take(cspace_t *cspace);

/* The handle of a slot in use. */
cap_t cspace_handle(const cspace_t *cspace, const slot_t *slot);

/* Puts an emptied slot back with the next generation, or retires it. */
void cspace_free(slot_t *slot);

/* The first slot in use from `index` on; its index, or 0 when there is none. */
uint32_t cspace_next_used(const cspace_t *cspace, uint32_t index);

/* The slot at an index below 2^bits. */
slot_t *cspace_slot(const cspace_t *cspace, uint32_t index);

bool cspace_destroy_step(uint32_t object);

#endif
