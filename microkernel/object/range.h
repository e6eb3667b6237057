/* SPDX-License-Identifier: BSD-2-Clause */
/* Port ranges and physical (MMIO) ranges: capabilities without an object. `object` is the
 * first port or byte, `extra` the last. */
#ifndef OBJECT_RANGE_H
#define OBJECT_RANGE_H

#include "object/slot.h"

/*@ // The part of a port slot that a request for scope0 asks for.
    predicate pio_asks(slot_t *s, uint32_t scope0, integer first, integer last) =
      scope0 == 0 ? first == s->object && last == s->extra
		  : first == scope0 % 0x10000 && last == scope0 / 0x10000;
    predicate part(integer first, integer last, integer outer_first, integer outer_last) =
      outer_first <= first <= last <= outer_last; */

/* A range capability of the given type covers a request if deriving it succeeds. On error
 * nothing is changed. DRV_EINVAL: the request is malformed; DRV_EPERM: not covered. */
/*@ requires \valid(slot);
    assigns slot->object, slot->extra, slot->widths;
    ensures form: \result == DRV_EINVAL <==> (scope1 & ~7) != 0;
    ensures covered: \result == DRV_OK <==>
      (scope1 & ~7) == 0 && (scope1 & ~\old(slot->widths)) == 0 &&
      \exists integer first, last; \old(pio_asks(slot, scope0, first, last)) &&
	\old(part(first, last, slot->object, slot->extra));
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM;
    ensures taken: \result == DRV_OK ==>
      \old(pio_asks(slot, scope0, \at(slot->object, Post), \at(slot->extra, Post))) &&
      slot->widths == (scope1 == 0 ? \old(slot->widths) : scope1);
    ensures narrower: \result == DRV_OK ==>
      \old(slot->object) <= slot->object <= slot->extra <= \old(slot->extra);
    ensures refused: \result != DRV_OK ==> slot->object == \old(slot->object) &&
      slot->extra == \old(slot->extra) && slot->widths == \old(slot->widths); */
err_t pio_narrow(slot_t *slot, uint32_t scope0, uint32_t scope1);

/*@ requires \valid(slot);
    assigns slot->object, slot->extra;
    ensures covered: \result == DRV_OK <==> (scope0 == 0 && scope1 == 0) ||
      (scope0 % PAGE_SIZE == 0 && scope1 % PAGE_SIZE == 0 && scope1 != 0 &&
       \old(part(scope0, scope0 + scope1 - 1, slot->object, slot->extra)));
    ensures form: \result == DRV_EINVAL <==> (scope0 != 0 || scope1 != 0) &&
      (scope0 % PAGE_SIZE != 0 || scope1 % PAGE_SIZE != 0 || scope1 == 0);
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM;
    ensures taken: \result == DRV_OK && scope1 != 0 ==>
      slot->object == scope0 && slot->extra == scope0 + scope1 - 1;
    ensures kept: \result != DRV_OK || scope1 == 0 ==>
      slot->object == \old(slot->object) && slot->extra == \old(slot->extra); */
err_t mmio_narrow(slot_t *slot, uint32_t scope0, uint32_t scope1);

/*@ predicate pio_form(uint32_t op, integer port, integer width) =
      (width == 1 || width == 2 || width == 4) && 0 <= port <= 0xffff &&
      (op == port + width * 0x10000 || op == port + width * 0x10000 + 0x1000000); */

/* May the capability be used for this SYS_CAP_PIO_RW? DRV_EINVAL: `op` is malformed;
 * DRV_EPERM: port, width or direction is not covered. */
/*@ requires \valid_read(slot);
    assigns \nothing;
    ensures form: \result == DRV_EINVAL <==>
      !(\exists integer port, width; pio_form(op, port, width));
    ensures covered: \result == DRV_OK <==>
      \exists integer port, width; pio_form(op, port, width) &&
	(slot->widths & width) != 0 &&
	(slot->rights & (op >= 0x1000000 ? RIGHT_WRITE : RIGHT_READ)) != 0 &&
	part(port, port + width - 1, slot->object, slot->extra);
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM; */
err_t pio_check(const slot_t *slot, uint32_t op);

#endif
