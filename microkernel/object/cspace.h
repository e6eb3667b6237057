/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability spaces: tables of slots, named by handles.
 *
 * A cspace of 2^b slots is 2^b x 64 bytes; slot 0 is its header and slot 1 its tomb
 * (object/work.h), never capabilities.
 * A handle is (generation << b) | slot with the top bit clear, so every slot can be named
 * by 2^(31-b) - 1 handles, one after the other; then it is retired. A slot holds the handle
 * that names it, whole.
 *
 * Invariants:
 *   C1  a slot in use is named by exactly one handle: `name`, whose low bits are its number.
 *   C2  the free list holds every freed slot whose names are not used up, oldest first;
 *       it is used when no slot is fresh.
 *   C3  generations begin with 1, so that no handle is 0.
 *   C4  nothing names slots 0 and 1: where a slot has its name, the header has `mask`, and a
 *       handle equal to that is one of the last slot; the name of slot 1 is 0. */
#ifndef OBJECT_CSPACE_H
#define OBJECT_CSPACE_H

#include "object/object.h"

typedef struct cspace {
	object_header_t header;
	uint32_t mask;	     /* the bits of a handle that are the slot; the last slot */
	uint32_t fresh;	     /* index of the first slot that was never used */
	uint32_t free_first; /* a freed slot, 0 for none; linked by slot.next as index */
	uint32_t free_last;
	uint32_t free_count; /* fresh and freed */
	uint32_t sweep;	     /* destruction: next slot to look at */
} cspace_t;
#define CSPACE_FIRST 2u /* index of the first slot that is for capabilities */
_Static_assert(sizeof(cspace_t) <= sizeof(slot_t), "the header fits slot 0");
_Static_assert(offsetof(cspace_t, mask) == offsetof(slot_t, name), "C4");

/* What a thread without a capability space has: nothing is in it, nothing fits. */
typedef struct cspace_empty {
	_Alignas(64) cspace_t header;
	_Alignas(64) slot_t last;
} cspace_empty_t;

/* Makes `kernel.no_space`. */
void cspace_init(void);

/* Makes an empty cspace of 2^bits slots in zeroed memory. */
void cspace_create(uint32_t object, uint32_t bits);

/* The slot that `handle` names; null: none (never issued, released, revoked). */
slot_t *cspace_lookup(cspace_t *cspace, cap_t handle);

/* A free slot, which the caller fills: the next that was never used, or else the one that was
 * freed first; null: full. */
slot_t *cspace_take(cspace_t *cspace);

/* Puts an emptied slot, in no list, back with the next name, or retires it. */
void cspace_free(slot_t *slot);

/* The slot at an index up to the mask. */
slot_t *cspace_slot(const cspace_t *cspace, uint32_t index);

/* For the table of types: object/object.h. */
uint32_t cspace_destroy_step(uint32_t object);

#endif
