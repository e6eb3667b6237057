/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling, deriving and emptying slots. Every function here takes a bounded number of steps;
 * what takes many is done step by step in object/work.c. */
#include "object/slot.h"

#include "base/assert.h"
#include "object/kernel.h"
#include "object/object.h"
#include "object/range.h"
#include "object/tree.h"
#include "object/vspace.h"

/*@ predicate says(slot_t *s, integer type, integer rights, reach_t r) = s->type == type &&
      s->rights == rights && s->flags == r.flags && s->object == r.object &&
      s->extra == r.extra; */

/* Of what else a free slot holds, all is zero: object/slot.h, S1. */
/*@ requires is_slot(slot) && slot->type == CAP_NONE && type < CAP_TYPE_COUNT && rights < 256;
    requires \valid_read(reach) && \separated(reach, &slots[0 .. SLOT_COUNT - 1], &kernel);
    requires kernel.audit.caps[type] < UINT32_MAX;
    assigns slot->type, slot->rights, slot->flags, slot->object, slot->extra,
      kernel.audit.caps[type];
    exits \false;
    ensures filled: says(slot, type, rights, \old(*reach));
    ensures reach: same_reach{Pre, Post}(place_of(slot));
    ensures names: same_names{Pre, Post};
    ensures maps: same_maps{Pre, Post};
    ensures tree: same_tree{Pre, Post}; */
static void fill(slot_t *slot, uint32_t type, uint32_t rights, const reach_t *reach)
{
	kernel_assert(slot->type == CAP_NONE);
	slot->type = (uint8_t)type;
	slot->rights = (uint8_t)rights;
	slot->flags = reach->flags;
	slot->object = reach->object;
	slot->extra = reach->extra;
	kernel.audit.caps[type]++;
}

void slot_fill_root(slot_t *slot, uint32_t type, uint32_t rights, uint32_t object,
		    uint32_t extra)
{
	fill(slot, type, rights, &(reach_t){object, extra, object_types[type].first_flags});
	tree_insert(slot, 0);
	object_retain(slot);
}

void slot_fill_new(slot_t *slot, slot_t *untyped, uint32_t type, uint32_t object,
		   uint32_t extra)
{
	fill(slot, type, object_rights[type],
	     &(reach_t){object, extra, object_types[type].first_flags});
	tree_insert(slot, slot_ref(untyped));
	object_retain(slot);
}

/*@ // The column of the table in object/object.c.
    predicate derivable(integer type) = type != CAP_NONE && type != CAP_UNTYPED &&
      type != CAP_PTABLE && type != CAP_IOBITMAP;
    predicate has_badge(integer type) = type == CAP_ENDPOINT || type == CAP_NOTIFICATION;
    predicate has_no_scope(integer type) = type == CAP_CSPACE || type == CAP_THREAD ||
      type == CAP_VSPACE || type == CAP_FRAME || type == CAP_REPLY;
    predicate no_more(uint32_t bits, uint8_t than) =
      (bits & (uint32_t)~(uint32_t)than) == 0;
    predicate fewer_rights(uint32_t rights, uint8_t of) = rights != 0 && no_more(rights, of);
    axiomatic bytes { // proved over bit vectors: test/prove/masks.smt2
      axiom rights_byte: \forall uint32_t r, uint8_t of; no_more(r, of) ==> r <= 255;
      axiom bits_twice: \forall uint32_t r, uint8_t of, uint8_t first;
	no_more(r, of) && no_more(of, first) ==> no_more(r, first);
    }
    // S4: what reaches so far reaches no further than p, and has p's badge, if there is one.
    predicate within(integer object, integer extra, uint8_t flags, slot_t *p) =
      derivable(p->type) &&
      (has_badge(p->type) || has_no_scope(p->type) ? object == p->object &&
	 (extra == p->extra || (has_badge(p->type) && p->extra == 0)) :
	 p->object <= object && extra <= p->extra) &&
      (p->type == CAP_PIO ==> flags == p->flags || no_more(flags, p->flags));
    // Of a derivation from a derivation: for when the one in between goes.
    lemma within_twice: \forall integer object, extra, uint8_t flags, of, first, slot_t *s, *p;
      s->flags == of && p->flags == first && s->type == p->type &&
      within(object, extra, flags, s) && within(s->object, s->extra, s->flags, p) ==>
      within(object, extra, flags, p);
    lemma rights_twice: \forall uint32_t r, uint8_t of, uint8_t first;
      fewer_rights(r, of) && fewer_rights(of, first) ==> fewer_rights(r, first);
    predicate narrows_good = \forall integer t; 0 <= t < CAP_TYPE_COUNT ==>
      (t == CAP_PIO ==> object_types[t].narrow == &pio_narrow) &&
      (t == CAP_MMIO ==> object_types[t].narrow == &mmio_narrow) &&
      (t == CAP_IRQ ==> object_types[t].narrow == &irq_narrow) &&
      (has_badge(t) ==> object_types[t].narrow == &object_narrow_badge) &&
      (has_no_scope(t) ==> object_types[t].narrow == &object_narrow_none) &&
      (!derivable(t) ==> object_types[t].narrow == \null); */

/*@ requires \valid_read(parent) && parent->type < CAP_TYPE_COUNT && narrows_good;
    requires parent->type == CAP_IRQ ==> parent->extra < IRQ_LINES;
    requires \valid(reach) && \separated(reach, parent);
    assigns *reach;
    ensures not_derivable: !derivable(parent->type) ==> \result == DRV_EINVAL;
    ensures widened: derivable(parent->type) && !fewer_rights(rights, parent->rights) ==>
      \result == DRV_EPERM;
    ensures rights: \result == DRV_OK ==> fewer_rights(rights, parent->rights);
    ensures within: \result == DRV_OK ==>
      within(reach->object, reach->extra, reach->flags, parent);
    ensures no_scope: has_no_scope(parent->type) && fewer_rights(rights, parent->rights) ==>
      \result == (scope0 == 0 && scope1 == 0 ? DRV_OK : DRV_EINVAL);
    ensures badge: has_badge(parent->type) && fewer_rights(rights, parent->rights) ==>
      (\result == DRV_OK <==> scope1 == 0 &&
       (scope0 == 0 || (parent->extra == 0 && scope0 != BADGE_NOTIFICATION)));
    ensures range: \result == DRV_OK && scope0 != 0 &&
      (parent->type == CAP_PIO || parent->type == CAP_IRQ) ==>
      part(reach->object, reach->extra, parent->object, parent->extra) &&
      reach->object == PIO_SCOPE_FIRST(scope0) && reach->extra == PIO_SCOPE_LAST(scope0);
    ensures flags: \result == DRV_OK && parent->type == CAP_PIO ==>
      (scope1 & (uint32_t)~parent->flags) == 0 &&
      reach->flags == (scope1 != 0 ? scope1 : parent->flags);
    ensures bytes: \result == DRV_OK && scope1 != 0 && parent->type == CAP_MMIO ==>
      part(reach->object, reach->extra, parent->object, parent->extra) &&
      reach->object == scope0 && reach->extra == scope0 + scope1 - 1;
    ensures same_object: \result == DRV_OK && (has_badge(parent->type) ||
      has_no_scope(parent->type)) ==> reach->object == parent->object;
    ensures whole: \result == DRV_OK && scope0 == 0 && scope1 == 0 ==>
      reach->object == parent->object && reach->extra == parent->extra &&
      reach->flags == parent->flags; */
err_t slot_check_derive(const slot_t *parent, uint32_t rights, uint32_t scope0, uint32_t scope1,
			reach_t *reach)
{
	const object_type_t *type = &object_types[parent->type];
	if (!type->narrow)
		return DRV_EINVAL;
	if ((rights & ~(uint32_t)parent->rights) != 0 || rights == 0)
		return DRV_EPERM;
	reach->object = parent->object;
	reach->extra = parent->extra;
	reach->flags = parent->flags;
	//@ calls object_narrow_none, object_narrow_badge, irq_narrow, pio_narrow, mmio_narrow;
	return type->narrow(reach, scope0, scope1);
}

void slot_derive_checked(slot_t *slot, slot_t *parent, uint32_t rights, const reach_t *reach)
{
	fill(slot, parent->type, rights, reach);
	tree_insert(slot, slot_ref(parent));
	object_retain(slot);
}

void slot_derive(slot_t *slot, slot_t *parent, uint32_t rights, uint32_t scope0,
		 uint32_t scope1)
{
	reach_t reach;
	err_t err = slot_check_derive(parent, rights, scope0, scope1, &reach);
	kernel_assert(err == DRV_OK);
	slot_derive_checked(slot, parent, rights, &reach);
}

/* Takes the slot out of the tree; what was derived from it belongs to its parent then. */
static void leave_tree(slot_t *slot)
{
	if (slot->child) {
		tree_bequeath(slot);
		return;
	}
	slot_ref_t childless = tree_unlink(slot);
	if (childless)
		object_childless(slot_at(childless));
}

void slot_clear(slot_t *slot)
{
	const object_type_t *type = &object_types[slot->type];
	if (slot->waiter)
		object_wake_one(slot);
	if (type->detach)
		type->detach(slot);
	if (!type->counted || !object_release(slot))
		leave_tree(slot);
	kernel.audit.caps[slot->type]--;
	slot->type = CAP_NONE;
	slot->rights = 0;
	object_slot_emptied(slot);
}

uint32_t slot_clear_step(slot_t *slot)
{
	const object_type_t *type = &object_types[slot->type];
	uint32_t cost = COST_OF_CLEARING;
	if (slot->waiter && thread_is_crowd(slot)) {
		object_wake_one(slot);
		return COST_OF_WAKING;
	}
	if (type->detach_cost) {
		if (vspace_is_large(slot))
			return vspace_unmap_step(slot);
		cost += type->detach_cost(slot);
	}
	slot_clear(slot);
	return cost;
}
