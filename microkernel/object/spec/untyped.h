/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/untyped.h promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef OBJECT_SPEC_UNTYPED_H
#define OBJECT_SPEC_UNTYPED_H

#include "base/spec/range.h"
#include "object/spec/object.h"
#include "object/untyped.h"

/*@ // Proved over bit vectors: test/prove/masks.smt2.
    axiomatic shifts {
      axiom shift_small: \forall integer k; 0 <= k <= 30 ==> (1 << k) <= 0x40000000;
      axiom shift_power: \forall integer k; 0 <= k <= 31 ==> power_of_two(1 << k);
      axiom frame_power: power_of_two(PAGE_SIZE);
    }
    // U1, and the limits of abi/cap.h.
    predicate untyped_good(slot_t *u) =
      UNTYPED_BITS_MIN <= u->extra <= UNTYPED_BITS_MAX && u->used <= (1 << u->extra);
    // Bytes of an object, 0 where there is none of this type and size.
    logic integer size_of(integer type, integer bits) =
      type == CAP_UNTYPED ? (UNTYPED_BITS_MIN <= bits <= UNTYPED_BITS_MAX ? 1 << bits : 0) :
      type == CAP_CSPACE ? (CSPACE_BITS_MIN <= bits <= CSPACE_BITS_MAX ? 1 << (bits + 6) : 0) :
      type == CAP_FRAME ? (bits == 0 ? PAGE_SIZE :
	FRAME_BITS_MIN <= bits <= FRAME_BITS_MAX ? 1 << bits : 0) :
      0 <= type < CAP_TYPE_COUNT && bits == 0 && object_types[type].size_bits != 0 ?
	1 << object_types[type].size_bits : 0;
    // What untyped_plan() planned.
    predicate is_planned(slot_t *u, carve_t *c) =
      u->used <= c->start && c->start + c->size <= (1 << u->extra); */

/*@ requires \valid_read(untyped) && untyped_good((slot_t *)untyped) && \valid(carve);
    requires \separated(untyped, carve) && object_sizes_good;
    assigns *carve;
    ensures kind: \result == DRV_EINVAL <==> size_of(type, RETYPE_SIZE_BITS(form)) == 0 ||
      (form & (uint32_t)~RETYPE_MASK) != 0 ||
      ((form & RETYPE_STALE) != 0 && type != CAP_FRAME);
    ensures fits: \result == DRV_OK || \result == DRV_EPERM <==> \result != DRV_EINVAL &&
      (\let size = size_of(type, RETYPE_SIZE_BITS(form));
       rounded_up(untyped->used, size) + size <= (1 << untyped->extra));
    ensures stale: \result == DRV_OK && (form & RETYPE_STALE) != 0 ==>
      carve->start + carve->size <= untyped->stale;
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_ENOMEM ||
      ((form & RETYPE_STALE) != 0 && \result == DRV_EPERM);
    ensures planned: \result == DRV_OK ==> carve->type == type &&
      carve->size == size_of(type, RETYPE_SIZE_BITS(form)) &&
      carve->start == rounded_up(untyped->used, carve->size) &&
      (carve->stale <==> (form & RETYPE_STALE) != 0);
    ensures bits: \result == DRV_OK ==> carve->bits == (type == CAP_FRAME &&
      RETYPE_SIZE_BITS(form) == 0 ? PAGE_BITS : RETYPE_SIZE_BITS(form));
    ensures aligned: \result == DRV_OK ==> carve->start % carve->size == 0;
    ensures fresh: \result == DRV_OK ==> untyped->used <= carve->start;
    ensures is_planned: \result == DRV_OK ==> is_planned((slot_t *)untyped, carve);
    ensures inside: \result == DRV_OK ==>
      carve->start + carve->size <= (1 << untyped->extra) <= 0x40000000;
    ensures untouched: \result != DRV_OK ==> *carve == \old(*carve); */
err_t untyped_plan(const slot_t *untyped, uint32_t type, uint32_t form, carve_t *carve);

#endif
