/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability spaces: tables of slots, named by handles.
 *
 * A cspace of 2^b slots is 2^b x 64 bytes; slot 0 is its header and never a capability.
 * A handle is (generation << b) | slot with the top bit clear, so every slot can be named
 * by 2^(31-b) - 1 handles, one after the other; then it is retired. A slot holds the handle
 * that names it, whole.
 *
 * Invariants:
 *   C1  a slot in use is named by exactly one handle: `name`, whose low bits are its number.
 *   C2  the free list holds every freed slot whose names are not used up, oldest first;
 *       it is used when no slot is fresh.
 *   C3  generations begin with 1, so that no handle is 0.
 *   C4  nothing names slot 0: where a slot has its name, the header has `mask`, and a handle
 *       equal to that is one of the last slot. */
#ifndef OBJECT_CSPACE_H
#define OBJECT_CSPACE_H

#include "base/range.h" /* the contracts use it */
#include "object/object.h"

typedef struct cspace {
	object_header_t header;
	uint32_t mask;	     /* the bits of a handle that are the slot; the last slot */
	uint32_t fresh;	     /* index of the first slot that was never used */
	uint32_t free_first; /* a freed slot, 0 for none; linked by slot.next as index */
	uint32_t free_last;
	uint32_t free_count; /* fresh and freed */
	uint32_t sweep;	     /* destruction: next slot to look at */
} cspace_t;
_Static_assert(sizeof(cspace_t) <= sizeof(slot_t), "the header fits slot 0");
_Static_assert(offsetof(cspace_t, mask) == offsetof(slot_t, name), "C4");

/* What a thread without a capability space has: nothing is in it, nothing fits. */
typedef struct cspace_empty {
	_Alignas(64) cspace_t header;
	_Alignas(64) slot_t last;
} cspace_empty_t;

/*@ logic integer index_of(integer bits, integer h) = h & ((1 << bits) - 1);
    logic integer generation_of(integer bits, integer h) = h >> bits;
    // Proved over bit vectors: test/prove/handles.smt2.
    axiomatic handles {
      axiom index_small: \forall uint32_t h, m, integer k;
	0 <= k <= 31 && m == (1 << k) - 1 ==> (h & m) <= m;
    }
    // A handle is joined from two parts, in whichever order.
    axiomatic joints {
      logic integer joined(integer high, integer low);
      axiom joined_is: \forall integer a, b; joined(a, b) == (a | b);
      axiom joined_is_too: \forall integer a, b; joined(b, a) == (a | b);
      axiom fits: \forall uint32_t g, integer k; 0 <= k <= 31 && g < (1 << (31 - k)) ==>
	0 <= (g << k) <= 0x7fffffff;
      axiom index_back: \forall uint32_t g, i, integer k; 0 <= k <= 31 &&
	g < (1 << (31 - k)) && i < (1 << k) ==> index_of(k, joined(g << k, i)) == i;
      axiom generation_back: \forall uint32_t g, i, integer k; 0 <= k <= 31 &&
	g < (1 << (31 - k)) && i < (1 << k) ==> generation_of(k, joined(g << k, i)) == g;
      axiom positive: \forall uint32_t g, i, integer k; 0 <= k <= 31 &&
	g < (1 << (31 - k)) && i < (1 << k) ==> i <= joined(g << k, i) <= 0x7fffffff;
    }
    // The slots of a space follow its header, which the proofs keep beside the array.
    logic integer handle_index(struct cspace *c, integer h) = index_of(c->bits, h);
    logic integer handle_generation(struct cspace *c, integer h) = generation_of(c->bits, h);
    logic slot_t *space_slot(struct cspace *c, integer i) = &slots[space_place(c) + i];
    predicate space_good(struct cspace *c) = \valid(c) &&
      CSPACE_BITS_MIN <= c->bits <= CSPACE_BITS_MAX &&
      0 < space_place(c) && space_place(c) + (1 << c->bits) <= SLOT_COUNT &&
      \separated(c, &slots[0 .. SLOT_COUNT - 1]);
    // What a handle names: a slot in use whose generation is the handle's.
    predicate names(struct cspace *c, integer h) = handle_index(c, h) != 0 &&
      space_slot(c, handle_index(c, h))->type != CAP_NONE &&
      space_slot(c, handle_index(c, h))->generation == handle_generation(c, h);
    // The last generation of a space's slots.
    logic integer generation_last(struct cspace *c) = (1 << (31 - c->bits)) - 1;
    // The space that a slot is in.
    logic struct cspace *home_of(slot_t *s) = space_in(place_of(s) - s->index);
    predicate at_home(slot_t *s) = is_slot(s) && space_good(home_of(s)) &&
      place_of(s) == space_place(home_of(s)) + s->index &&
      1 <= s->index < (1 << home_of(s)->bits) &&
      1 <= s->generation <= generation_last(home_of(s)); */

/* Makes `kernel.no_space`. */
void cspace_init(void);

/* Makes an empty cspace of 2^bits slots in zeroed memory. */
void cspace_create(uint32_t object, uint32_t bits);

/* The slot that `handle` names; null: none (never issued, released, revoked). */
/*@ requires space_good(cspace);
    assigns \nothing;
    ensures \result != \null <==> names(cspace, handle);
    ensures \result != \null ==>
      \result == space_slot(cspace, handle_index(cspace, handle)); */
slot_t *cspace_lookup(cspace_t *cspace, cap_t handle);

/* The oldest free slot, taken out of the free list; null: full. The caller fills it. */
/*@ requires space_good(cspace);
    requires 1 <= cspace->fresh <= (1 << cspace->bits);
    requires cspace->free_count != 0 && cspace->fresh == (1 << cspace->bits) ==>
      1 <= cspace->free_first < (1 << cspace->bits);
    assigns *cspace, slots[0 .. SLOT_COUNT - 1].next,
      slots[space_place(cspace) + cspace->fresh].generation,
      slots[space_place(cspace) + cspace->fresh].index;
    ensures full: \result == \null <==> \old(cspace->free_count) == 0;
    ensures place: \result != \null ==> \result == \old(space_slot(cspace,
      cspace->fresh < (1 << cspace->bits) ? cspace->fresh : cspace->free_first));
    ensures counted: \result != \null ==>
      cspace->free_count == \old(cspace->free_count) - 1;
    ensures good: space_good(cspace) && 1 <= cspace->fresh <= (1 << cspace->bits); */
slot_t *cspace_take(cspace_t *cspace);

/* The handle of a slot in use. */
/*@ requires space_good((struct cspace *)cspace) && \valid_read(slot);
    requires 1 <= slot->index < (1 << cspace->bits);
    requires 1 <= slot->generation <= generation_last((struct cspace *)cspace);
    assigns \nothing;
    ensures handle_index((struct cspace *)cspace, \result) == slot->index;
    ensures handle_generation((struct cspace *)cspace, \result) == slot->generation;
    ensures positive: 0 < \result <= 0x7fffffff; */
cap_t cspace_handle(const cspace_t *cspace, const slot_t *slot);

/* Puts an emptied slot back with the next generation, or retires it. */
/*@ requires at_home(slot);
    requires home_of(slot)->free_last < (1 << home_of(slot)->bits);
    requires home_of(slot)->free_last != slot->index;
    requires home_of(slot)->free_count < (1 << home_of(slot)->bits) - 1;
    assigns slot->generation, slot->next, home_of(slot)->free_first,
      home_of(slot)->free_last, home_of(slot)->free_count,
      slots[space_place(home_of(slot)) + home_of(slot)->free_last].next;
    ensures retired: \let c = \old(home_of(slot));
      \old(slot->generation == generation_last(home_of(slot))) ==>
      slot->generation == \old(slot->generation) && slot->next == \old(slot->next) &&
      c->free_first == \old(home_of(slot)->free_first) &&
      c->free_last == \old(home_of(slot)->free_last) &&
      c->free_count == \old(home_of(slot)->free_count) &&
      space_slot(c, c->free_last)->next ==
	\old(space_slot(home_of(slot), home_of(slot)->free_last)->next);
    ensures stepped:
      \old(slot->generation != generation_last(home_of(slot))) ==>
      slot->generation == \old(slot->generation) + 1 <=
	\old(generation_last(home_of(slot)));
    ensures last: \let c = \old(home_of(slot));
      \old(slot->generation != generation_last(home_of(slot))) ==>
      c->free_last == \old(slot->index) && slot->next == 0 &&
      c->free_count == \old(home_of(slot)->free_count) + 1;
    ensures first: \let c = \old(home_of(slot));
      \old(slot->generation != generation_last(home_of(slot))) &&
      \old(home_of(slot)->free_last) == 0 ==> c->free_first == \old(slot->index) &&
      space_slot(c, 0)->next == \old(space_slot(home_of(slot), 0)->next);
    ensures behind: \let c = \old(home_of(slot));
      \old(slot->generation != generation_last(home_of(slot))) &&
      \old(home_of(slot)->free_last) != 0 ==>
      c->free_first == \old(home_of(slot)->free_first) &&
      space_slot(c, \old(home_of(slot)->free_last))->next == \old(slot->index); */
void cspace_free(slot_t *slot);

/* The slot at an index below 2^bits. */
/*@ requires space_good((struct cspace *)cspace) && index < (1 << cspace->bits);
    assigns \nothing;
    ensures \result == space_slot((struct cspace *)cspace, index); */
slot_t *cspace_slot(const cspace_t *cspace, uint32_t index);

bool cspace_destroy_step(uint32_t object);

#endif
