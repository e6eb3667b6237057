/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory: where all objects come from. An untyped gives out its memory from the
 * start upwards, each object once; when the last thing made from it is gone, all of it can
 * be given out again.
 *
 * Invariants:
 *   U1  used <= 2^extra, and what was made lies in [object, object + used).
 *   U2  no children => used == 0.
 *   U3  the bytes [used, zeroed) are zero.
 *   U4  what [0, stale) holds was written through frames of this untyped, or is zero. */
#ifndef OBJECT_UNTYPED_H
#define OBJECT_UNTYPED_H

#include "object/object.h"

typedef struct carve {
	uint32_t type;
	uint32_t bits;	/* the object's extra: log2 slots or log2 bytes */
	uint32_t start; /* offset in the untyped */
	uint32_t size;	/* bytes */
	bool stale;	/* a frame whose memory is not to be zeroed */
} carve_t;

/* Where would the next object of this kind lie? `form` is as RETYPE_SIZE() and RETYPE_STALE
 * make it. DRV_EINVAL: no such object or size; DRV_ENOMEM: it does not fit; DRV_EPERM: not all
 * of its memory was in frames of this untyped. Changes nothing. */
err_t untyped_plan(const slot_t *untyped, uint32_t type, uint32_t form, carve_t *carve);

/* Zeroes up to one page of what is planned and of the gap before it; true when all of it is
 * zero, or the type zeroes itself. The gap counts: if this is interrupted, something smaller
 * may be made there first. */
bool untyped_zero_step(slot_t *untyped, const carve_t *carve);

/* Makes the planned, zeroed object and puts its capability into a free slot. */
void untyped_commit(slot_t *untyped, const carve_t *carve, slot_t *slot);

/* Counts a root untyped's memory at boot. */
void untyped_add_root(const slot_t *untyped);

/* Its last child is gone: all of it can be given out again. */
void untyped_reset(slot_t *untyped);

/* For the table of types: object/object.h. */
void untyped_detach(slot_t *untyped);

#endif
