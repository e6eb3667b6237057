/* SPDX-License-Identifier: BSD-2-Clause */
/* A slot holds one capability and its place in the derivation tree.
 *
 * All slots of the machine form one array that overlays physical memory (object/place.h).
 * Links are slot numbers, so that a slot's place costs its owner's memory and nothing else,
 * and 0 (never a slot) ends every list.
 *
 * The children of a slot form a ring; the first of them, and no other, knows its parent. So the
 * children of a capability that is released pass to its parent in a few instructions, however
 * many they are. Roots are in rings as well: alone, or with those that lost the same parent.
 *
 * Invariants:
 *   S1  type == CAP_NONE  <=>  the slot is free; it is then in no ring and no list but a free
 *       list, nobody waits through it, and what is in its union is zero.
 *   S2  child != 0        <=>  at(child).parent is this slot; parent != 0 => at(parent).child
 *       is this slot.
 *   S3  of a slot in use, at(next).prev and at(prev).next are this slot.
 *   S4  rights and scope are within those of the parent, unless the parent is an untyped.
 *   S5  map_space != 0    <=>  the slot is in that address space's list of mappings. */
#ifndef OBJECT_SLOT_H
#define OBJECT_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/cap.h"
#include "abi/driver_errno.h"
#include "arch/arch.h"

typedef uint32_t slot_ref_t; /* number of a slot, 0 for none */

/* Where a slot lies: who looks after it when it is emptied. */
enum slot_home { HOME_CSPACE = 0, HOME_THREAD = 1, HOME_IRQ = 2, HOME_TOMB = 3 };

/* `flags` of a frame's capability. */
#define FRAME_FIRST   1u /* it came with the frame: all others are derived from it */
#define FRAME_SEALED  2u /* the frame was mapped executable: nobody can write to it again */
#define FRAME_SEALING 4u /* sealed by the mapping that it has, which is not whole yet */

typedef struct slot {
	uint8_t type;	/* enum cap_type */
	uint8_t rights; /* enum cap_right */
	uint8_t home;	/* enum slot_home */
	uint8_t flags;	/* pio: PIO_WIDTH_…; irq: IRQ_… trigger; frame: FRAME_…;
			   ptable: not 0 if it may hold old pages */
	slot_ref_t parent, child, next;
	uint32_t name; /* the handle that names it now, or will next */
	slot_ref_t prev;
	uint32_t object; /* physical address of the object; first of a range */
	uint32_t extra;	 /* badge; last of a range; log2 of the size (untyped, cspace, frame) */
	uint32_t index;	 /* place in its home: slot of the cspace, binding, claim */
	uint32_t waiter; /* physical address of a thread that waits through it, or 0 */
	union {
		struct {		    /* what can be mapped: where it is */
			uint32_t map_space; /* physical address of the vspace, or 0 */
			uint32_t map_virt;
			uint32_t map_pages; /* so far, */
			uint32_t map_goal;  /* of these */
			slot_ref_t map_next, map_prev;
		};
		struct {		 /* untyped */
			uint32_t used;	 /* bytes given out, from the start */
			uint32_t zeroed; /* bytes from `used` up to here are zero */
			uint32_t stale;	 /* bytes up to here were in its frames alone */
		};
		uint32_t claim; /* irq: its place among the claimers, from 1 on, or 0 */
	};
} slot_t;
_Static_assert(sizeof(slot_t) == 64, "slots overlay memory in units of 64 bytes");

/* How far a capability reaches: these fields of its slot. While that is narrowed, also the
 * rights of what it is derived from. */
typedef struct reach {
	uint32_t object, extra;
	uint8_t flags, rights;
} reach_t;

#include "object/place.h" /* slot_at(), slot_ref(): they need slot_t in the proofs */

/* Does the capability have all of these rights? */
static inline bool slot_allows(const slot_t *slot, uint32_t rights)
{
	return (slot->rights & rights) == rights;
}

/* Puts a capability without a parent into a free slot; used at boot. */
void slot_fill_root(slot_t *slot, uint32_t type, uint32_t rights, uint32_t object,
		    uint32_t extra);

/* Puts the first capability of a new object, made from `untyped`, into a free slot. */
void slot_fill_new(slot_t *slot, slot_t *untyped, uint32_t type, uint32_t object,
		   uint32_t extra);

/* May a capability be derived from `parent` with these rights and this scope, and how far does
 * it reach then? DRV_EINVAL: the type cannot be derived; DRV_EPERM: it would widen. Changes
 * nothing. */
err_t slot_check_derive(const slot_t *parent, uint32_t rights, uint32_t scope0, uint32_t scope1,
			reach_t *reach);

/* Derives into a free slot what slot_check_derive() allowed with these rights. */
void slot_derive_checked(slot_t *slot, slot_t *parent, uint32_t rights, const reach_t *reach);

/* Both in one, where the check is known to succeed. */
void slot_derive(slot_t *slot, slot_t *parent, uint32_t rights, uint32_t scope0,
		 uint32_t scope1);

/* Empties a slot: unmaps, wakes who waits through it (at most one thread), gives its children
 * to its parent, lets go of the object and hands the slot back to its home. */
void slot_clear(slot_t *slot);

/* One bounded step towards slot_clear() of a slot that much may hang on: it may have to be
 * called again, until the slot is empty. What it cost, in instructions. */
uint32_t slot_clear_step(slot_t *slot);

#endif
