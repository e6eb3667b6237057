/* SPDX-License-Identifier: BSD-2-Clause */
/* A slot holds one capability and its place in the derivation tree.
 *
 * All slots of the machine form one array that overlays physical memory (object/place.h).
 * Links are slot numbers, so that a slot's place costs its owner's memory and nothing else,
 * and 0 (never a slot) ends every list.
 *
 * Invariants:
 *   S1  type == CAP_NONE  <=>  the slot is free; it is then in no list but a free list, nobody
 *       waits through it, and what is in its union is zero.
 *   S2  child != 0        =>  at(child).parent is this slot and at(child).prev == 0.
 *   S3  next != 0         =>  at(next).prev is this slot and at(next).parent == parent.
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

/* Who owns a slot that is not in a capability space, and looks after it when it is emptied. */
enum slot_home { HOME_CSPACE = 0, HOME_THREAD = 1, HOME_IRQ = 2 };

typedef struct slot {
	uint8_t type;	/* enum cap_type */
	uint8_t rights; /* enum cap_right */
	uint8_t home;	/* enum slot_home */
	uint8_t widths; /* pio: PIO_WIDTH_…; ptable: not 0 if it may hold old pages */
	slot_ref_t parent, child;
	uint32_t name; /* the handle that names it now, or will next */
	slot_ref_t next, prev;
	uint32_t object; /* physical address of the object; first of a range */
	uint32_t extra;	 /* badge; last of a range; log2 of the size (untyped, cspace) */
	uint32_t index;	 /* place in its home: slot of the cspace, binding, irq line */
	uint32_t waiter; /* physical address of a thread that waits through it, or 0 */
	union {
		struct {		    /* frame, mmio, ptable: where it is mapped */
			uint32_t map_space; /* physical address of the vspace, or 0 */
			uint32_t map_virt;
			uint32_t map_pages;
			slot_ref_t map_next, map_prev;
		};
		struct {		 /* untyped */
			uint32_t used;	 /* bytes given out, from the start */
			uint32_t zeroed; /* bytes from `used` up to here are zero */
		};
	};
	uint32_t reserved;
} slot_t;
_Static_assert(sizeof(slot_t) == 64, "slots overlay memory in units of 64 bytes");

/* How far a capability reaches: these fields of its slot. */
typedef struct reach {
	uint32_t object, extra;
	uint8_t widths;
} reach_t;

#include "object/place.h" /* slot_at(), slot_ref(): they need slot_t in the proofs */

/*@ requires \valid_read(slot);
    assigns \nothing;
    ensures \result <==> (slot->rights & rights) == rights;
    ensures rights == RIGHT_READ ==> (\result <==> (slot->rights & RIGHT_READ) != 0);
    ensures rights == RIGHT_WRITE ==> (\result <==> (slot->rights & RIGHT_WRITE) != 0); */
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

/* Gives the first child to the slot's parent. The slot must have a child. */
void slot_raise_child(slot_t *slot);

/* Empties a slot without children: unmaps, wakes who waits through it, lets go of the object
 * and hands the slot back to its home. */
void slot_clear(slot_t *slot);

#endif
