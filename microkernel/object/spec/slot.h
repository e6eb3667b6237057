/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/slot.h promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef OBJECT_SPEC_SLOT_H
#define OBJECT_SPEC_SLOT_H

#include "object/slot.h"
#include "object/spec/irq.h"
#include "object/spec/object.h"
#include "object/spec/range.h"
#include "object/spec/tree.h"
#include "object/spec/vspace.h"

/*@ predicate says(slot_t *s, integer type, integer rights, reach_t r) = s->type == type &&
      s->rights == rights && s->flags == r.flags && s->object == r.object &&
      s->extra == r.extra; */

/*@ // The column of the table in object/object.c.
    predicate derivable(integer type) = type != CAP_NONE && type != CAP_UNTYPED &&
      type != CAP_PTABLE && type != CAP_IOBITMAP;
    predicate has_badge(integer type) = type == CAP_ENDPOINT || type == CAP_NOTIFICATION;
    predicate has_no_scope(integer type) = type == CAP_CSPACE || type == CAP_THREAD ||
      type == CAP_VSPACE || type == CAP_FRAME || type == CAP_REPLY || type == CAP_AUDIT;
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
      (t == CAP_FRAME ==> object_types[t].narrow == &vspace_narrow_frame) &&
      (has_no_scope(t) && t != CAP_FRAME ==> object_types[t].narrow == &object_narrow_none) &&
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
      reach->flags ==
	(parent->type == CAP_FRAME ? parent->flags & FRAME_SEALED : parent->flags); */
err_t slot_check_derive(const slot_t *parent, uint32_t rights, uint32_t scope0, uint32_t scope1,
			reach_t *reach);

#endif
