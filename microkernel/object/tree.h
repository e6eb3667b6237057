/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation tree as links between slots, and nothing else: what hangs on a capability is
 * object/slot.h's. Invariants S2 and S3 of object/slot.h hold between any two calls. */
#ifndef OBJECT_TREE_H
#define OBJECT_TREE_H

#include "object/slot.h"

/*@ // Is slot i in the tree, when slot x is left out?
    predicate in_tree(integer i, integer x) =
      is_ref(i) && i != x && slots[i].type != CAP_NONE;
    predicate siblings(integer i, integer j) =
      slots[i].parent != 0 && slots[i].parent == slots[j].parent;
    // S2: the first child of slot i.
    predicate children_good(integer x) = \forall integer i;
      in_tree(i, x) && slots[i].child != 0 ==> in_tree(slots[i].child, x) &&
      slots[slots[i].child].parent == i && slots[slots[i].child].prev == 0;
    // S3, and that there is nobody between two neighbours, or behind the last.
    predicate nexts_good(integer x) = \forall integer i;
      in_tree(i, x) && slots[i].next != 0 ==> in_tree(slots[i].next, x) &&
      slots[slots[i].next].prev == i && siblings(i, slots[i].next) &&
      placed[slots[i].next] < placed[i] && (\forall integer j; in_tree(j, x) &&
	siblings(i, j) ==> placed[j] <= placed[slots[i].next] || placed[i] <= placed[j]);
    predicate lasts_good(integer x) = \forall integer i, j;
      in_tree(i, x) && slots[i].next == 0 && in_tree(j, x) && siblings(i, j) ==>
      placed[i] <= placed[j];
    predicate prevs_good(integer x) = \forall integer i;
      in_tree(i, x) && slots[i].prev != 0 ==> in_tree(slots[i].prev, x) &&
      slots[slots[i].prev].next == i;
    // Who has a parent is one of its children; parents are older, so nobody is below himself.
    predicate parents_good(integer x) = \forall integer i;
      in_tree(i, x) ==> (slots[i].parent != 0 ?
	in_tree(slots[i].parent, x) && born[slots[i].parent] < born[i] &&
	slots[slots[i].parent].child != 0 &&
	placed[i] <= placed[slots[slots[i].parent].child] &&
	(slots[i].prev == 0 ==> slots[slots[i].parent].child == i) :
	slots[i].next == 0 && slots[i].prev == 0);
    predicate stamps_good(integer x) = (\forall integer i; in_tree(i, x) ==>
	born[i] < now && placed[i] < now) &&
      (\forall integer i, j; in_tree(i, x) && in_tree(j, x) && siblings(i, j) && i != j ==>
	placed[i] != placed[j]);
    predicate tree_without(integer x) = children_good(x) && nexts_good(x) && lasts_good(x) &&
      prevs_good(x) && parents_good(x) && stamps_good(x);
    predicate tree_good = tree_without(0);
    predicate is_root(integer s) =
      slots[s].parent == 0 && slots[s].next == 0 && slots[s].prev == 0;

    predicate same_types{A, B} = \forall integer i; is_ref(i) ==>
      \at(slots[i].type, A) == \at(slots[i].type, B);
    predicate same_links{A, B}(integer i) =
      \at(slots[i].parent, A) == \at(slots[i].parent, B) &&
      \at(slots[i].child, A) == \at(slots[i].child, B) &&
      \at(slots[i].next, A) == \at(slots[i].next, B) &&
      \at(slots[i].prev, A) == \at(slots[i].prev, B);
    // What slots say of their capabilities, but for slot s; then the rest that is no link.
    predicate same_reach{A, B}(integer s) = \forall integer i; is_ref(i) && i != s ==>
      \at(slots[i].type, A) == \at(slots[i].type, B) &&
      \at(slots[i].rights, A) == \at(slots[i].rights, B) &&
      \at(slots[i].widths, A) == \at(slots[i].widths, B) &&
      \at(slots[i].object, A) == \at(slots[i].object, B) &&
      \at(slots[i].extra, A) == \at(slots[i].extra, B);
    predicate same_names{A, B} = \forall integer i; is_ref(i) ==>
      \at(slots[i].home, A) == \at(slots[i].home, B) &&
      \at(slots[i].name, A) == \at(slots[i].name, B) &&
      \at(slots[i].index, A) == \at(slots[i].index, B) &&
      \at(slots[i].waiter, A) == \at(slots[i].waiter, B) &&
      \at(slots[i].reserved, A) == \at(slots[i].reserved, B);
    predicate same_maps{A, B} = \forall integer i; is_ref(i) ==> // and so `used` and `zeroed`
      \at(slots[i].map_space, A) == \at(slots[i].map_space, B) &&
      \at(slots[i].map_virt, A) == \at(slots[i].map_virt, B) &&
      \at(slots[i].map_pages, A) == \at(slots[i].map_pages, B) &&
      \at(slots[i].map_next, A) == \at(slots[i].map_next, B) &&
      \at(slots[i].map_prev, A) == \at(slots[i].map_prev, B);
    predicate kept{A, B}(integer s) = same_reach{A, B}(s) && same_names{A, B} &&
      same_maps{A, B};
    predicate same_stamps{A, B}(integer s) = \at(now, A) <= \at(now, B) &&
      (\forall integer i; is_ref(i) && i != s ==>
	\at(placed[i], A) == \at(placed[i], B));
    predicate same_births{A, B}(integer s) = \forall integer i; is_ref(i) && i != s ==>
      \at(born[i], A) == \at(born[i], B);
    predicate same_tree{A, B} = \at(now, A) == \at(now, B) && same_stamps{A, B}(0) &&
      same_births{A, B}(0) && (\forall integer i; is_ref(i) ==> same_links{A, B}(i));
    // All four links of slot s are 0 or slots.
    predicate bounded(integer s) = slots[s].parent < SLOT_COUNT &&
      slots[s].child < SLOT_COUNT && slots[s].next < SLOT_COUNT && slots[s].prev < SLOT_COUNT;

    // From A to B slot s, a root, was made the first child of p.
    predicate linked{A, B}(integer s, integer p) = same_types{A, B} &&
      same_stamps{A, B}(s) && same_births{A, B}(0) &&
      \at(placed[s], B) == \at(now, A) && \at(now, A) < \at(now, B) &&
      (\forall integer i; is_ref(i) ==>
       (\let below = \at(slots[p].child, A);
       \at(slots[i].parent, B) == (i == s ? p : \at(slots[i].parent, A)) &&
       \at(slots[i].child, B) == (i == p ? s : \at(slots[i].child, A)) &&
       \at(slots[i].next, B) == (i == s ? below : \at(slots[i].next, A)) &&
       \at(slots[i].prev, B) == (i == s ? 0 : i == below ? s : \at(slots[i].prev, A))));
    // From A to B slot s was taken from its place and made a root.
    predicate unlinked_next{A, B}(integer s) = \forall integer i; is_ref(i) ==>
      \at(slots[i].next, B) == (i == s ? 0 :
	i == \at(slots[s].prev, A) ? \at(slots[s].next, A) : \at(slots[i].next, A));
    predicate unlinked_prev{A, B}(integer s) = \forall integer i; is_ref(i) ==>
      \at(slots[i].prev, B) == (i == s ? 0 :
	i == \at(slots[s].next, A) ? \at(slots[s].prev, A) : \at(slots[i].prev, A));
    predicate unlinked_child{A, B}(integer s) = \forall integer i; is_ref(i) ==>
      \at(slots[i].child, B) ==
	(i == \at(slots[s].parent, A) && \at(slots[s].prev, A) == 0 ?
	 \at(slots[s].next, A) : \at(slots[i].child, A));
    predicate unlinked_parent{A, B}(integer s) = \forall integer i; is_ref(i) ==>
      \at(slots[i].parent, B) == (i == s ? 0 : \at(slots[i].parent, A));
    predicate unlinked{A, B}(integer s) = same_types{A, B} && same_stamps{A, B}(0) &&
      same_births{A, B}(0) && unlinked_next{A, B}(s) && unlinked_prev{A, B}(s) &&
      unlinked_child{A, B}(s) && unlinked_parent{A, B}(s);
    // From A to B slot s, in no list, was made the first child of p, or for 0 a root.
    predicate grown{A, B}(integer s, integer p) =
      same_stamps{A, B}(s) && same_births{A, B}(s) && \at(now, A) <= \at(born[s], B) &&
      \at(born[s], B) <= \at(placed[s], B) && \at(placed[s], B) < \at(now, B) &&
      (\forall integer i; is_ref(i) ==> (\let below = p == 0 ? 0 : \at(slots[p].child, A);
       \at(slots[i].parent, B) == (i == s ? p : \at(slots[i].parent, A)) &&
       \at(slots[i].child, B) == (i == s ? 0 : i == p ? s : \at(slots[i].child, A)) &&
       \at(slots[i].next, B) == (i == s ? below : \at(slots[i].next, A)) &&
       \at(slots[i].prev, B) == (i == s ? 0 : i == below ? s : \at(slots[i].prev, A))));
    predicate inserted{A, B}(integer s, integer p) = same_types{A, B} && grown{A, B}(s, p);
    // From A to B the first child of slot s became the first child of its parent, or a root.
    predicate raised_parent{A, B}(integer s, integer c) = \forall integer i; is_ref(i) ==>
      \at(slots[i].parent, B) == (i == c ? \at(slots[s].parent, A) : \at(slots[i].parent, A));
    predicate raised_child{A, B}(integer s, integer c) = \forall integer i; is_ref(i) ==>
      \at(slots[i].child, B) == (i == s ? \at(slots[c].next, A) :
	i == \at(slots[s].parent, A) ? c : \at(slots[i].child, A));
    predicate raised_next{A, B}(integer s, integer c, integer below) = \forall integer i;
      is_ref(i) ==> \at(slots[i].next, B) == (i == c ? below : \at(slots[i].next, A));
    predicate raised_prev{A, B}(integer s, integer c, integer below) = \forall integer i;
      is_ref(i) ==> \at(slots[i].prev, B) == (i == c || i == \at(slots[c].next, A) ? 0 :
	i == below ? c : \at(slots[i].prev, A));
    predicate raised_stamps{A, B}(integer s, integer c) = same_stamps{A, B}(c) &&
      same_births{A, B}(0) && (\at(slots[s].parent, A) != 0 ?
	\at(now, A) <= \at(placed[c], B) && \at(placed[c], B) < \at(now, B) :
	\at(placed[c], B) == \at(placed[c], A));
    predicate raised{A, B}(integer s) = \let c = \at(slots[s].child, A);
      \let p = \at(slots[s].parent, A); \let below = p == 0 ? 0 : \at(slots[p].child, A);
      same_types{A, B} && raised_stamps{A, B}(s, c) && raised_parent{A, B}(s, c) &&
      raised_child{A, B}(s, c) && raised_next{A, B}(s, c, below) &&
      raised_prev{A, B}(s, c, below);
    */

/* Makes a slot that is in no list the first child of `parent`, or for 0 a root. */
/*@ requires is_slot(slot) && (parent == 0 || (is_ref(parent) && bounded(parent) &&
      parent != place_of(slot) && slots[parent].child != place_of(slot)));
    requires now < UINT64_MAX - 1;
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev,
      born[0 .. SLOT_COUNT - 1], placed[0 .. SLOT_COUNT - 1], now;
    exits \false;
    ensures links: inserted{Pre, Post}(place_of(slot), parent);
    ensures kept: kept{Pre, Post}(0); */
void tree_insert(slot_t *slot, slot_ref_t parent);

/* Takes a slot out of the list of its parent's children and makes it a root; its own children
 * stay. Returns the parent if that was its only child, or 0. */
/*@ requires is_slot(slot) && bounded(place_of(slot));
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev;
    exits \false;
    ensures links: unlinked{Pre, Post}(place_of(slot));
    ensures childless: \result == (\old(slot->prev == 0 && slot->next == 0) ?
      \old(slot->parent) : 0); */
static inline slot_ref_t tree_unlink(slot_t *slot)
{
	slot_ref_t parent = slot->parent, next = slot->next, prev = slot->prev;
	if (next)
		slot_at(next)->prev = prev;
	if (prev)
		slot_at(prev)->next = next;
	else if (parent)
		slot_at(parent)->child = next;
	slot->parent = slot->next = slot->prev = 0;
	/*@ assert next: unlinked_next{Pre, Here}(place_of(slot)); */
	/*@ assert prev: unlinked_prev{Pre, Here}(place_of(slot)); */
	/*@ assert child: unlinked_child{Pre, Here}(place_of(slot)); */
	/*@ assert unlinked: unlinked{Pre, Here}(place_of(slot)); */
	return next || prev ? 0 : parent;
}

/*@ // Slot s has a child that can be raised: follows from tree_good.
    predicate raisable(integer s) = \let c = slots[s].child; \let p = slots[s].parent;
      in_tree(s, 0) && bounded(s) && in_tree(c, 0) && bounded(c) &&
      c != s && p != s && p != c &&
      slots[c].parent == s && slots[c].prev == 0 && slots[c].next != s &&
      (p != 0 ==> in_tree(p, 0) && born[p] < born[c] && bounded(p) &&
	slots[p].child != c && slots[p].child != slots[c].next); */

/* Gives the first child of `slot`, which must have one, to the parent of `slot`, as its first,
 * or makes it a root. True if `slot` has no child any more. */
/*@ requires is_slot(slot) && raisable(place_of(slot)) && now < UINT64_MAX - 1;
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev,
      placed[0 .. SLOT_COUNT - 1], now;
    exits \false;
    ensures links: raised{Pre, Post}(place_of(slot));
    ensures childless: \result <==> slot->child == 0; */
bool tree_raise(slot_t *slot);

#endif
