/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling, deriving and emptying slots. Every function here takes a bounded number of steps;
 * what is as long as the tree is done step by step in object/work.c. */
#include "object/slot.h"

#include "base/assert.h"
#include "object/kernel.h"
#include "object/object.h"
#include "object/range.h"
#include "object/tree.h"

/* The last capability that was derived from this one went. */
static void tell_childless(slot_t *parent)
{
	if (object_types[parent->type].childless)
		object_types[parent->type].childless(parent);
}

/*@ predicate says(slot_t *s, integer type, integer rights, reach_t r) = s->type == type &&
      s->rights == rights && s->widths == r.widths && s->object == r.object &&
      s->extra == r.extra; */

/* Of what else a free slot holds, all is zero: object/slot.h, S1. */
/*@ requires is_slot(slot) && slot->type == CAP_NONE && type < CAP_TYPE_COUNT && rights < 256;
    requires \valid_read(reach) && \separated(reach, &slots[0 .. SLOT_COUNT - 1], &kernel);
    requires kernel.audit.caps[type] < UINT32_MAX;
    assigns slot->type, slot->rights, slot->widths, slot->object, slot->extra,
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
	slot->widths = reach->widths;
	slot->object = reach->object;
	slot->extra = reach->extra;
	kernel.audit.caps[type]++;
}

/*@ lemma grown_from{A, M, B}: \forall integer s, p; is_ref(s) &&
      (p == 0 || is_ref(p)) && same_tree{A, M} && grown{M, B}(s, p) ==> grown{A, B}(s, p);
    lemma kept_from{A, M, B}: \forall integer s; same_reach{A, M}(s) && same_names{A, M} &&
      same_maps{A, M} && kept{M, B}(0) ==> kept{A, B}(s); */

/*@ requires is_slot(slot) && slot->type == CAP_NONE && 0 < type < CAP_TYPE_COUNT;
    requires rights < 256 && kernel.audit.caps[type] < UINT32_MAX && now < UINT64_MAX - 1;
    assigns slots[0 .. SLOT_COUNT - 1], born[0 .. SLOT_COUNT - 1],
      placed[0 .. SLOT_COUNT - 1], now, kernel.audit.caps[type],
      kernel.audit.objects[0 .. CAP_TYPE_COUNT - 1], object_memory;
    exits \false;
    ensures filled: slot->type == type && slot->rights == rights && slot->object == object &&
      slot->extra == extra && slot->widths == (type == CAP_PIO ? PIO_WIDTH_ALL : 0);
    ensures kept: kept{Pre, Post}(place_of(slot));
    ensures links: grown{Pre, Post}(place_of(slot), 0); */
void slot_fill_root(slot_t *slot, uint32_t type, uint32_t rights, uint32_t object,
		    uint32_t extra)
{
	reach_t reach = {object, extra, type == CAP_PIO ? PIO_WIDTH_ALL : 0};
	fill(slot, type, rights, &reach);
	tree_insert(slot, 0);
	/*@ assert filled: slot->type == type && slot->rights == rights &&
	      slot->object == object && slot->extra == extra &&
	      slot->widths == (type == CAP_PIO ? PIO_WIDTH_ALL : 0); */
	/*@ assert kept: kept{Pre, Here}(place_of(slot)); */
	/*@ assert links: grown{Pre, Here}(place_of(slot), 0); */
	object_retain(slot);
}

/*@ requires is_slot(slot) && is_slot(untyped) && slot != untyped;
    requires slot->type == CAP_NONE && 0 < type < CAP_TYPE_COUNT;
    requires kernel.audit.caps[type] < UINT32_MAX && now < UINT64_MAX - 1;
    requires bounded(place_of(untyped)) && untyped->child != place_of(slot);
    assigns slots[0 .. SLOT_COUNT - 1], born[0 .. SLOT_COUNT - 1],
      placed[0 .. SLOT_COUNT - 1], now, kernel.audit.caps[type],
      kernel.audit.objects[0 .. CAP_TYPE_COUNT - 1], object_memory;
    exits \false;
    ensures filled: slot->type == type && slot->rights == object_types[type].rights &&
      slot->object == object && slot->extra == extra && slot->widths == 0;
    ensures kept: kept{Pre, Post}(place_of(slot));
    ensures links: grown{Pre, Post}(place_of(slot), place_of(untyped)); */
void slot_fill_new(slot_t *slot, slot_t *untyped, uint32_t type, uint32_t object,
		   uint32_t extra)
{
	fill(slot, type, object_types[type].rights, &(reach_t){object, extra, 0});
	tree_insert(slot, slot_ref(untyped));
	/*@ assert filled: slot->type == type && slot->rights == object_types[type].rights &&
	      slot->object == object && slot->extra == extra && slot->widths == 0; */
	/*@ assert kept: kept{Pre, Here}(place_of(slot)); */
	/*@ assert links: grown{Pre, Here}(place_of(slot), place_of(untyped)); */
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
    predicate within(integer object, integer extra, uint8_t widths, slot_t *p) =
      derivable(p->type) &&
      (has_badge(p->type) || has_no_scope(p->type) ? object == p->object &&
	 (extra == p->extra || (has_badge(p->type) && p->extra == 0)) :
	 p->object <= object && extra <= p->extra) &&
      (p->type == CAP_PIO ==> widths == p->widths || no_more(widths, p->widths));
    // Of a derivation from a derivation: for when the one in between goes.
    lemma within_twice: \forall integer object, extra, uint8_t widths, of, first, slot_t *s, *p;
      s->widths == of && p->widths == first && s->type == p->type &&
      within(object, extra, widths, s) && within(s->object, s->extra, s->widths, p) ==>
      within(object, extra, widths, p);
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
      within(reach->object, reach->extra, reach->widths, parent);
    ensures no_scope: has_no_scope(parent->type) && fewer_rights(rights, parent->rights) ==>
      \result == (scope0 == 0 && scope1 == 0 ? DRV_OK : DRV_EINVAL);
    ensures badge: has_badge(parent->type) && fewer_rights(rights, parent->rights) ==>
      (\result == DRV_OK <==> scope1 == 0 &&
       (scope0 == 0 || (parent->extra == 0 && scope0 != BADGE_NOTIFICATION)));
    ensures range: \result == DRV_OK && scope0 != 0 &&
      (parent->type == CAP_PIO || parent->type == CAP_IRQ) ==>
      part(reach->object, reach->extra, parent->object, parent->extra) &&
      reach->object == PIO_SCOPE_FIRST(scope0) && reach->extra == PIO_SCOPE_LAST(scope0);
    ensures widths: \result == DRV_OK && parent->type == CAP_PIO ==>
      (scope1 & (uint32_t)~parent->widths) == 0 &&
      reach->widths == (scope1 != 0 ? scope1 : parent->widths);
    ensures bytes: \result == DRV_OK && scope1 != 0 && parent->type == CAP_MMIO ==>
      part(reach->object, reach->extra, parent->object, parent->extra) &&
      reach->object == scope0 && reach->extra == scope0 + scope1 - 1;
    ensures same_object: \result == DRV_OK && (has_badge(parent->type) ||
      has_no_scope(parent->type)) ==> reach->object == parent->object;
    ensures whole: \result == DRV_OK && scope0 == 0 && scope1 == 0 ==>
      reach->object == parent->object && reach->extra == parent->extra &&
      reach->widths == parent->widths; */
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
	reach->widths = parent->widths;
	//@ calls object_narrow_none, object_narrow_badge, irq_narrow, pio_narrow, mmio_narrow;
	return type->narrow(reach, scope0, scope1);
}

/*@ requires is_slot(slot) && is_slot(parent) && slot != parent;
    requires slot->type == CAP_NONE && 0 < parent->type < CAP_TYPE_COUNT;
    requires fewer_rights(rights, parent->rights);
    requires \valid_read(reach) && \separated(reach, &slots[0 .. SLOT_COUNT - 1], &kernel,
      &now, &object_memory, &born[0 .. SLOT_COUNT - 1], &placed[0 .. SLOT_COUNT - 1]);
    requires kernel.audit.caps[parent->type] < UINT32_MAX && now < UINT64_MAX - 1;
    requires bounded(place_of(parent)) && parent->child != place_of(slot);
    assigns slots[0 .. SLOT_COUNT - 1], born[0 .. SLOT_COUNT - 1],
      placed[0 .. SLOT_COUNT - 1], now, kernel.audit.caps[parent->type],
      kernel.audit.objects[0 .. CAP_TYPE_COUNT - 1], object_memory;
    exits \false;
    ensures filled: says(slot, parent->type, rights, \old(*reach));
    ensures kept: kept{Pre, Post}(place_of(slot));
    ensures links: grown{Pre, Post}(place_of(slot), place_of(parent)); */
void slot_derive_checked(slot_t *slot, slot_t *parent, uint32_t rights, const reach_t *reach)
{
	fill(slot, parent->type, rights, reach);
	tree_insert(slot, slot_ref(parent));
	/*@ assert filled: says(slot, parent->type, rights, \at(*reach, Pre)); */
	/*@ assert kept: kept{Pre, Here}(place_of(slot)); */
	/*@ assert links: grown{Pre, Here}(place_of(slot), place_of(parent)); */
	object_retain(slot);
}

/*@ requires is_slot(slot) && is_slot(parent) && slot != parent;
    requires slot->type == CAP_NONE && 0 < parent->type < CAP_TYPE_COUNT && narrows_good;
    requires parent->type == CAP_IRQ ==> parent->extra < IRQ_LINES;
    requires kernel.audit.caps[parent->type] < UINT32_MAX && now < UINT64_MAX - 1;
    requires bounded(place_of(parent)) && parent->child != place_of(slot);
    assigns slots[0 .. SLOT_COUNT - 1], born[0 .. SLOT_COUNT - 1],
      placed[0 .. SLOT_COUNT - 1], now, kernel.audit.caps[parent->type],
      kernel.audit.objects[0 .. CAP_TYPE_COUNT - 1], object_memory;
    ensures within: slot->type == parent->type && fewer_rights(slot->rights, parent->rights) &&
      slot->rights == rights && within(slot->object, slot->extra, slot->widths, parent);
    ensures kept: kept{Pre, Post}(place_of(slot));
    ensures links: grown{Pre, Post}(place_of(slot), place_of(parent)); */
void slot_derive(slot_t *slot, slot_t *parent, uint32_t rights, uint32_t scope0,
		 uint32_t scope1)
{
	reach_t reach;
	err_t err = slot_check_derive(parent, rights, scope0, scope1, &reach);
	kernel_assert(err == DRV_OK);
	slot_derive_checked(slot, parent, rights, &reach);
}

void slot_raise_child(slot_t *slot)
{
	if (tree_raise(slot))
		tell_childless(slot);
}

void slot_clear(slot_t *slot)
{
	kernel_assert(slot->child == 0);
	slot_ref_t childless = tree_unlink(slot);
	if (childless)
		tell_childless(slot_at(childless));
	object_release(slot);
	kernel.audit.caps[slot->type]--;
	slot->type = CAP_NONE;
	slot->rights = 0;
	object_slot_emptied(slot);
}
