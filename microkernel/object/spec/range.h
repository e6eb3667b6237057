/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/range.h promises, and slot_allows() to it, for the proofs (docs/proof.md).
 * Nothing here is compiled. */
#ifndef OBJECT_SPEC_RANGE_H
#define OBJECT_SPEC_RANGE_H

#include "base/spec/range.h"
#include "object/range.h"
#include "object/slot.h"

/*@ requires \valid_read(slot);
    assigns \nothing;
    ensures \result <==> (slot->rights & rights) == rights;
    ensures rights == RIGHT_READ ==> (\result <==> (slot->rights & RIGHT_READ) != 0);
    ensures rights == RIGHT_WRITE ==> (\result <==> (slot->rights & RIGHT_WRITE) != 0); */
static inline bool slot_allows(const slot_t *slot, uint32_t rights);

/*@ predicate part(integer first, integer last, integer outer_first, integer outer_last) =
      outer_first <= first <= last <= outer_last;
    // Proved over bit vectors: test/prove/masks.smt2.
    axiomatic scopes {
      axiom page_power: power_of_two(0x1000);
      axiom flags: \forall uint32_t w; (w & (uint32_t)~7) == 0 ==> w <= 7;
    } */

/*@ requires \valid(reach);
    assigns reach->object, reach->extra, reach->flags;
    ensures form: \result == DRV_EINVAL <==> (scope1 & (uint32_t)~PIO_WIDTH_ALL) != 0;
    ensures covered: \result == DRV_OK <==>
      (scope1 & (uint32_t)~PIO_WIDTH_ALL) == 0 &&
      (scope1 & (uint32_t)~\old(reach->flags)) == 0 &&
      (scope0 == 0 ? \old(reach->object <= reach->extra)
		   : part(PIO_SCOPE_FIRST(scope0), PIO_SCOPE_LAST(scope0),
			  \old(reach->object), \old(reach->extra)));
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM;
    ensures range: \result == DRV_OK && scope0 != 0 ==>
      reach->object == PIO_SCOPE_FIRST(scope0) && reach->extra == PIO_SCOPE_LAST(scope0);
    ensures flags: \result == DRV_OK && scope1 != 0 ==> reach->flags == scope1;
    ensures range_kept: \result != DRV_OK || scope0 == 0 ==>
      reach->object == \old(reach->object) && reach->extra == \old(reach->extra);
    ensures widths_kept: \result != DRV_OK || scope1 == 0 ==>
      reach->flags == \old(reach->flags); */
err_t pio_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);

/*@ requires \valid(reach);
    assigns reach->object, reach->extra;
    ensures covered: \result == DRV_OK <==> (scope0 == 0 && scope1 == 0) ||
      (scope0 % PAGE_SIZE == 0 && scope1 % PAGE_SIZE == 0 && scope1 != 0 &&
       \old(part(scope0, scope0 + scope1 - 1, reach->object, reach->extra)));
    ensures form: \result == DRV_EINVAL <==> (scope0 != 0 || scope1 != 0) &&
      (scope0 % PAGE_SIZE != 0 || scope1 % PAGE_SIZE != 0 || scope1 == 0);
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM;
    ensures taken: \result == DRV_OK && scope1 != 0 ==>
      reach->object == scope0 && reach->extra == scope0 + scope1 - 1;
    ensures kept: \result != DRV_OK || scope1 == 0 ==>
      reach->object == \old(reach->object) && reach->extra == \old(reach->extra); */
err_t mmio_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);

/*@ predicate pio_right(slot_t *s, uint32_t op) =
      (op >> 24) == 0 ? (s->rights & RIGHT_READ) != 0 : (s->rights & RIGHT_WRITE) != 0; */

/*@ requires \valid_read(slot);
    assigns \nothing;
    ensures form: \result == DRV_EINVAL <==> (op & (uint32_t)~PIO_OP_MASK) != 0 ||
      \let width = (op >> 16) & 7u; (width != 1 && width != 2 && width != 4);
    ensures covered_8: ((op >> 16) & 7u) == 1 ==> (\result == DRV_OK <==>
      pio_right((slot_t *)slot, op) && (op & (uint32_t)~PIO_OP_MASK) == 0 &&
      (slot->flags & PIO_WIDTH_8) != 0 &&
      part(op & 0xffffu, (op & 0xffffu) + 0, slot->object, slot->extra));
    ensures covered_16: ((op >> 16) & 7u) == 2 ==> (\result == DRV_OK <==>
      pio_right((slot_t *)slot, op) && (op & (uint32_t)~PIO_OP_MASK) == 0 &&
      (slot->flags & PIO_WIDTH_16) != 0 &&
      part(op & 0xffffu, (op & 0xffffu) + 1, slot->object, slot->extra));
    ensures covered_32: ((op >> 16) & 7u) == 4 ==> (\result == DRV_OK <==>
      pio_right((slot_t *)slot, op) && (op & (uint32_t)~PIO_OP_MASK) == 0 &&
      (slot->flags & PIO_WIDTH_32) != 0 &&
      part(op & 0xffffu, (op & 0xffffu) + 3, slot->object, slot->extra));
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM; */
err_t pio_check(const slot_t *slot, uint32_t op);

#endif
