/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations table: one row per capability type. What goes for any type looks into the
 * table and does not ask "which type is it?". */
#ifndef OBJECT_OBJECT_H
#define OBJECT_OBJECT_H

#include "object/slot.h"

/* A link of a list of objects that are to be taken apart: object/work.h. */
typedef struct owed {
	uint32_t next, prev; /* a ring with the list's head in it, by physical address; 0: in
				no list */
} owed_t;

static inline owed_t *owed_at(uint32_t address)
{
	return arch_pointer(address);
}

/* Is a list empty whose head this is? */
static inline bool owed_is_empty(const owed_t *head)
{
	return head->next == arch_physical(head);
}

/* Makes a list of this link alone, or an empty one of this head. */
static inline void owed_close(owed_t *owed)
{
	owed->next = owed->prev = arch_physical(owed);
}

/* The first member of every object that is in memory of its own and has several owners.
 * Invariant O1: refs is the number of slots, tombs aside, whose `object` this is; at 0 the
 * object is being taken apart, and its tomb is in the tree. */
typedef struct object_header {
	uint32_t refs;
	uint32_t type;
	owed_t owed;
} object_header_t;

/* The object whose link is at this address. */
static inline object_header_t *object_owed(uint32_t owed)
{
	return arch_pointer(owed - offsetof(object_header_t, owed));
}

typedef struct object_type {
	uint8_t rights;	     /* that exist for the type: abi/cap.h */
	uint8_t size_bits;   /* log2 of the object's bytes; 0: chosen at retype or no object */
	uint8_t first_flags; /* of a capability that is derived from none of its type */
	bool counted;	     /* has an object_header_t */
	bool raw;	     /* create() sets what must be set */
	bool device;	     /* is sent with a message only if it has RIGHT_GRANT */
	/* Checks and applies a scope to how far the parent reaches; null: not derivable. */
	err_t (*narrow)(reach_t *reach, uint32_t scope0, uint32_t scope1);
	/* Reads the scope of a capability as abi/cap.h encodes it; null: both words are 0. */
	void (*scope)(const slot_t *slot, uint32_t scope[2]);
	/* Makes the object in zeroed memory, unless `raw`; null: nothing to do. */
	void (*create)(uint32_t object, uint32_t bits);
	/* Maps the capability in the slot, for SYS_VSPACE_MAP; null: that is not for it. What
	 * was mapped is unmapped by detach(). */
	err_t (*map)(uint32_t vspace, slot_t *slot, uint32_t virt, uint32_t rights);
	/* The slot is about to be emptied, nobody waits through it: undo what else hangs on
	 * this one capability. */
	void (*detach)(slot_t *slot);
	/* What that costs, in instructions, beyond the usual; null: nothing. */
	uint32_t (*detach_cost)(const slot_t *slot);
	/* The last capability derived from this one went. */
	void (*childless)(slot_t *slot);
	/* The last capability went: does what cannot wait for destroy_step. Null: nothing. */
	void (*end)(uint32_t object);
	/* Where in the object its tomb is, in bytes, and one bounded step of taking it apart:
	 * what that cost, or 0 when nothing was left to do. 0, null: it is gone with its last
	 * capability. */
	uint32_t tomb;
	uint32_t (*destroy_step)(uint32_t object);
	/* Takes down what is known of it (abi/inspect.h); null: nothing. */
	void (*inspect)(const slot_t *slot, void *words);
} object_type_t;

/* By which abi/inspect.h names the object at this physical address. */
#define OBJECT_NUMBER(object) ((object) >> SLOT_BITS)

extern const object_type_t object_types[CAP_TYPE_COUNT];

/* The tomb of the object at this physical address, of a type that has one. */
static inline slot_t *object_tomb(uint32_t type, uint32_t object)
{
	return arch_pointer(object + object_types[type].tomb);
}

/* Counts a new slot's reference to its object. */
void object_retain(const slot_t *slot);

/* Lets go of the object of a slot whose type is counted. True: it was the last, and the
 * object's tomb has taken the slot's place in the tree. */
bool object_release(slot_t *slot);

/* Tells a capability that the last one derived from it went. */
void object_childless(slot_t *slot);

/* Wakes the first thread that waits through the slot, with DRV_EGONE, and charges that. */
void object_wake_one(slot_t *slot);

/* Tells the slot's home that it is empty. */
void object_slot_emptied(slot_t *slot);

/* The number of a capability's object, by which abi/inspect.h names it. */
uint32_t object_number(const slot_t *slot);

/* Reads the scope of a capability as abi/cap.h encodes it, for who has the right of `by`. */
void object_scope(const slot_t *slot, const slot_t *by, uint32_t scope[2]);

/* A narrow() for types without a scope: accepts only (0, 0). */
err_t object_narrow_none(reach_t *reach, uint32_t scope0, uint32_t scope1);

/* A narrow() for endpoints and notifications: scope0 is a badge, set once. */
err_t object_narrow_badge(reach_t *reach, uint32_t scope0, uint32_t scope1);

#endif
