/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations table: one row per capability type. Nothing outside this directory asks
 * "which type is it?" to decide what to do. */
#ifndef OBJECT_OBJECT_H
#define OBJECT_OBJECT_H

#include "object/slot.h"

/* The first member of every object that is in memory of its own and has several owners.
 * Invariant O1: refs is the number of slots whose `object` this is; at 0 the object is in
 * the list of objects to be taken apart (object/work.h). */
typedef struct object_header {
	uint32_t refs;
	uint32_t type;
	uint32_t next_dying; /* physical address, 0 ends */
} object_header_t;

typedef struct object_type {
	const char *name;
	uint8_t rights;	   /* that exist for the type */
	uint8_t size_bits; /* log2 of the object's bytes; 0: chosen at retype or no object */
	bool counted;	   /* has an object_header_t */
	bool raw;	   /* create() zeroes what must be zero */
	/* Checks and applies a scope to how far the parent reaches; null: not derivable. */
	err_t (*narrow)(reach_t *reach, uint32_t scope0, uint32_t scope1);
	/* Makes the object in zeroed memory, unless `raw`; null: nothing to do. */
	void (*create)(uint32_t object, uint32_t bits);
	/* The slot is about to be emptied, nobody waits through it: undo what else hangs on
	 * this one capability. */
	void (*detach)(slot_t *slot);
	/* The last capability derived from this one went. */
	void (*childless)(slot_t *slot);
	/* One bounded step of taking an unreferenced object apart; true when done. Null:
	 * nothing is left to do when the last capability is gone. */
	bool (*destroy_step)(uint32_t object);
} object_type_t;

extern const object_type_t object_types[CAP_TYPE_COUNT];
/*@ predicate object_sizes_good = \forall integer t; 0 <= t < CAP_TYPE_COUNT ==>
      object_types[t].size_bits <= UNTYPED_BITS_MAX; */

/* Counts a new slot's reference to its object. */
void object_retain(const slot_t *slot);

/* Wakes who waits through the slot, at most one thread, undoes what else hangs on it and lets
 * go of its object. */
void object_release(slot_t *slot);

/* Wakes the first thread that waits through the slot, with DRV_EGONE. */
void object_wake_one(slot_t *slot);

/* Tells the slot's home that it is empty. */
void object_slot_emptied(slot_t *slot);

/* Reads the scope of a capability as abi/cap.h encodes it. */
void object_scope(const slot_t *slot, uint32_t scope[2]);

/* A narrow() for types without a scope: accepts only (0, 0). */
/*@ assigns \nothing;
    ensures form: \result == (scope0 == 0 && scope1 == 0 ? DRV_OK : DRV_EINVAL); */
err_t object_narrow_none(reach_t *reach, uint32_t scope0, uint32_t scope1);

/* A narrow() for endpoints and notifications: scope0 is a badge, set once. */
/*@ requires \valid(reach);
    assigns reach->extra;
    ensures form: \result == DRV_EINVAL <==> scope1 != 0;
    ensures covered: \result == DRV_OK <==> scope1 == 0 &&
      (scope0 == 0 || (\old(reach->extra) == 0 && scope0 != BADGE_NOTIFICATION));
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM;
    ensures taken: reach->extra ==
      (\result == DRV_OK && scope0 != 0 ? scope0 : \old(reach->extra)); */
err_t object_narrow_badge(reach_t *reach, uint32_t scope0, uint32_t scope1);

#endif
