/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in for microkernel/object/place.h in the proofs: the slots are an array, and the
 * header of a capability space lies beside it, at a place that is only known to exist. */
#ifndef OBJECT_PLACE_H
#define OBJECT_PLACE_H

#include "object/slot.h"

#define SLOT_BITS  6u
#define SLOT_COUNT (ARCH_MEMORY_LIMIT >> SLOT_BITS)

struct cspace;
extern slot_t slots[SLOT_COUNT];

/*@ // Number 0 names no slot.
    predicate is_ref(integer n) = 0 < n < SLOT_COUNT;
    // The number of a slot.
    axiomatic places {
      logic integer place_of(slot_t *s);
      axiom place: \forall integer n; is_ref(n) ==> place_of(&slots[n]) == n;
    }
    predicate is_slot(slot_t *s) = is_ref(place_of(s)) && s == &slots[place_of(s)];
    axiomatic spaces {
      logic integer space_place(struct cspace *c);
      logic struct cspace *space_in(integer n);
      axiom inverse: \forall struct cspace *c; space_in(space_place(c)) == c;
    } */

/*@ requires is_ref(ref);
    assigns \nothing;
    exits \false;
    ensures \result == &slots[ref] && place_of(\result) == ref; */
static inline slot_t *slot_at(uint32_t ref)
{
	return &slots[ref];
}

/*@ requires is_slot((slot_t *)slot);
    assigns \nothing;
    exits \false;
    ensures \result == place_of((slot_t *)slot); */
static inline uint32_t slot_ref(const slot_t *slot)
{
	return (uint32_t)(slot - slots);
}

/*@ assigns \nothing;
    ensures \result == space_in(ref); */
struct cspace *space_at(uint32_t ref);

/*@ requires 0 <= space_place((struct cspace *)cspace) < SLOT_COUNT;
    assigns \nothing;
    exits \false;
    ensures \result == space_place((struct cspace *)cspace); */
uint32_t space_ref(const struct cspace *cspace);

/*@ requires 0 <= space_place((struct cspace *)cspace);
    requires 0 < space_place((struct cspace *)cspace) + index < SLOT_COUNT;
    assigns \nothing;
    ensures \result == &slots[space_place((struct cspace *)cspace) + index];
    ensures place_of(\result) == space_place((struct cspace *)cspace) + index; */
static inline slot_t *space_slot_at(const struct cspace *cspace, uint32_t index)
{
	return slot_at(space_ref(cspace) + index);
}

#endif
