/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/cspace.h promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef OBJECT_SPEC_CSPACE_H
#define OBJECT_SPEC_CSPACE_H

#include "base/spec/range.h"
#include "object/cspace.h"

/*@ predicate is_mask(integer m) =
      \exists integer k; 1 <= k <= CSPACE_BITS_MAX && m == (1 << k) - 1;
    // Proved over bit vectors: test/prove/handles.smt2.
    axiomatic handles {
      logic integer index_of(integer h, integer m);
      axiom index_is: \forall integer a, b; index_of(a, b) == (a & b);
      axiom index_is_too: \forall integer a, b; index_of(b, a) == (a & b);
      axiom mask_range: \forall uint32_t m; is_mask(m) ==> 1 <= m < (1 << CSPACE_BITS_MAX);
      axiom index_small: \forall uint32_t h, m; 0 <= index_of(h, m) <= m;
      axiom not_header: \forall uint32_t m; is_mask(m) ==> index_of(m, m) != 0;
      axiom index_first: \forall uint32_t h, m; is_mask(m) && m < h <= m + m + 1 ==>
	index_of(h, m) == h - (m + 1);
      axiom index_next: \forall uint32_t g, h, m; is_mask(m) && h == g + (m + 1) ==>
	index_of(h, m) == index_of(g, m);
      axiom none_between: \forall uint32_t g, h, m; is_mask(m) && g < h < g + (m + 1) ==>
	index_of(h, m) != index_of(g, m);
    }
    // The slots of a space follow its header, which the proofs keep beside the array.
    logic slot_t *space_slot(struct cspace *c, integer i) = &slots[space_place(c) + i];
    logic integer handle_index(struct cspace *c, integer h) = index_of(h, c->mask);
    predicate space_good(struct cspace *c) = \valid(c) && is_mask(c->mask) &&
      0 < space_place(c) && space_place(c) + c->mask < SLOT_COUNT &&
      \separated(c, &slots[0 .. SLOT_COUNT - 1]) &&
      space_slot(c, 0)->name == c->mask; // C4: in the machine the two are one word
    // What a handle names: a slot in use whose name it is.
    predicate names(struct cspace *c, integer h) = handle_index(c, h) != 0 &&
      space_slot(c, handle_index(c, h))->type != CAP_NONE &&
      space_slot(c, handle_index(c, h))->name == h;
    // A slot that was taken once: its name leads to it.
    predicate named(struct cspace *c, integer i) = 1 <= i <= c->mask &&
      space_slot(c, i)->index == i && handle_index(c, space_slot(c, i)->name) == i &&
      c->mask < space_slot(c, i)->name <= 0x7fffffff;
    // The space that a slot is in.
    logic struct cspace *home_of(slot_t *s) = space_in(place_of(s) - s->index);
    predicate at_home(slot_t *s) = is_slot(s) && space_good(home_of(s)) &&
      place_of(s) == space_place(home_of(s)) + s->index && named(home_of(s), s->index);
    // No name is left after its name.
    predicate used_up(slot_t *s) = s->name + (home_of(s)->mask + 1) > 0x7fffffff; */

/*@ requires space_good(cspace);
    assigns \nothing;
    ensures \result != \null <==> names(cspace, handle);
    ensures \result != \null ==>
      \result == space_slot(cspace, handle_index(cspace, handle)); */
slot_t *cspace_lookup(cspace_t *cspace, cap_t handle);

/*@ requires space_good(cspace) && 1 <= cspace->fresh <= cspace->mask + 1;
    requires cspace->free_count != 0 && cspace->fresh == cspace->mask + 1 ==>
      named(cspace, cspace->free_first);
    assigns cspace->fresh, cspace->free_first, cspace->free_last, cspace->free_count,
      slots[space_place(cspace) + cspace->free_first].next,
      slots[space_place(cspace) + cspace->fresh].name,
      slots[space_place(cspace) + cspace->fresh].index;
    ensures full: \result == \null <==> \old(cspace->free_count) == 0;
    ensures place: \result != \null ==> \result == \old(space_slot(cspace,
      cspace->fresh <= cspace->mask ? cspace->fresh : cspace->free_first));
    ensures counted: \result != \null ==>
      cspace->free_count == \old(cspace->free_count) - 1;
    ensures named: \result != \null ==> named(cspace, \result->index) &&
      \result == space_slot(cspace, \result->index);
    ensures home: \result != \null ==> at_home(\result) && home_of(\result) == cspace;
    ensures good: space_good(cspace);
    ensures fresh: 1 <= cspace->fresh <= cspace->mask + 1; */
slot_t *cspace_take(cspace_t *cspace);

/*@ requires at_home(slot) && slot->next == 0;
    requires home_of(slot)->free_last <= home_of(slot)->mask;
    requires home_of(slot)->free_last != slot->index;
    requires home_of(slot)->free_count < home_of(slot)->mask;
    assigns slot->name, home_of(slot)->free_first,
      home_of(slot)->free_last, home_of(slot)->free_count,
      slots[space_place(home_of(slot)) + home_of(slot)->free_last].next;
    ensures retired: \let c = \old(home_of(slot)); \old(used_up(slot)) ==>
      slot->name == \old(slot->name) && slot->next == \old(slot->next) &&
      c->free_first == \old(home_of(slot)->free_first) &&
      c->free_last == \old(home_of(slot)->free_last) &&
      c->free_count == \old(home_of(slot)->free_count) &&
      space_slot(c, c->free_last)->next ==
	\old(space_slot(home_of(slot), home_of(slot)->free_last)->next);
    ensures none_left: \let c = \old(home_of(slot)); \old(used_up(slot)) ==>
      \forall uint32_t h; slot->name < h <= 0x7fffffff ==> handle_index(c, h) != slot->index;
    ensures stepped: \let c = \old(home_of(slot)); !\old(used_up(slot)) ==>
      slot->name == \old(slot->name) + (c->mask + 1) <= 0x7fffffff;
    ensures last: \let c = \old(home_of(slot)); !\old(used_up(slot)) ==>
      c->free_last == \old(slot->index) && slot->next == 0 &&
      c->free_count == \old(home_of(slot)->free_count) + 1;
    ensures first: \let c = \old(home_of(slot));
      !\old(used_up(slot)) && \old(home_of(slot)->free_last) == 0 ==>
      c->free_first == \old(slot->index) &&
      space_slot(c, 0)->next == \old(space_slot(home_of(slot), 0)->next);
    ensures behind: \let c = \old(home_of(slot));
      !\old(used_up(slot)) && \old(home_of(slot)->free_last) != 0 ==>
      c->free_first == \old(home_of(slot)->free_first) &&
      space_slot(c, \old(home_of(slot)->free_last))->next == \old(slot->index);
    ensures home: at_home(slot) && home_of(slot) == \old(home_of(slot)); */
void cspace_free(slot_t *slot);

/*@ requires space_good((struct cspace *)cspace) && index <= cspace->mask;
    assigns \nothing;
    ensures \result == space_slot((struct cspace *)cspace, index);
    ensures place_of(\result) == space_place((struct cspace *)cspace) + index; */
slot_t *cspace_slot(const cspace_t *cspace, uint32_t index);

#endif
