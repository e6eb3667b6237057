/* SPDX-License-Identifier: BSD-2-Clause */
/* What base/range.h promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef BASE_SPEC_RANGE_H
#define BASE_SPEC_RANGE_H

#include "base/range.h"

/*@ // Arithmetic of masks. The axioms are proved over bit vectors: test/prove/masks.smt2.
    predicate power_of_two(integer s) = \exists integer k; 0 <= k <= 31 && s == (1 << k);
    logic integer rounded_up(integer v, integer s) = (v + s - 1) - (v + s - 1) % s;
    axiomatic masks {
      axiom shift_range: \forall integer k; 0 <= k <= 31 ==> 1 <= (1 << k) <= 0x80000000;
      axiom mask_low: \forall uint32_t x, s; power_of_two(s) ==> (x & (s - 1)) == x % s;
      axiom mask_high: \forall uint32_t x, s, m;
	power_of_two(s) && m == (uint32_t)~(s - 1) ==> (x & m) == x - x % s;
      axiom multiple: \forall uint32_t x, s; power_of_two(s) ==> (x - x % s) % s == 0;
      axiom mask_near: \forall uint32_t x, s, m;
	power_of_two(s) && m == (uint32_t)~(s - 1) ==> x - s < (x & m) <= x;
    } */

/*@ assigns \nothing;
    ensures \result <==> first <= last && outer_first <= first && last <= outer_last; */
static inline bool range_inside(uint32_t first, uint32_t last, uint32_t outer_first,
				uint32_t outer_last);

/*@ assigns \nothing;
    ensures \result <==> bytes >= 1 && first <= start && start + bytes - 1 <= last; */
static inline bool span_inside(uint32_t start, uint32_t bytes, uint32_t first, uint32_t last);

/*@ requires power_of_two(size) && \valid(rounded);
    assigns *rounded;
    ensures \result <==> value + size - 1 <= UINT32_MAX;
    ensures \result ==> *rounded == rounded_up(value, size);
    ensures \result ==> *rounded % size == 0;
    ensures \result ==> value <= *rounded < value + size;
    ensures !\result ==> *rounded == \old(*rounded); */
static inline bool round_up(uint32_t value, uint32_t size, uint32_t *rounded);

/*@ requires power_of_two(size);
    assigns \nothing;
    ensures \result <==> value % size == 0; */
static inline bool is_aligned(uint32_t value, uint32_t size);

#endif
