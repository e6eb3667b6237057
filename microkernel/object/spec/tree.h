/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/tree.h promises, for the proofs: docs/proof.md. Nothing is compiled from here.
 *
 * Who is whose child, and in which order, is written down in ghosts, which the kernel does not
 * have: `ring` is the number of the slot whose children lie in a ring, or, for roots, the time
 * at which their ring began, which is no slot's number; `spot` is the place in the ring, from 0
 * up to `top`; `born` is older for a parent than for its children. */
#ifndef OBJECT_SPEC_TREE_H
#define OBJECT_SPEC_TREE_H

#include "object/tree.h"

//@ ghost uint64_t now;
//@ ghost uint64_t ring[SLOT_COUNT];
//@ ghost uint64_t spot[SLOT_COUNT];
//@ ghost uint64_t top[SLOT_COUNT];
//@ ghost uint64_t born[SLOT_COUNT];

/*@ // Is slot i in the tree, when slot x is left out?
    predicate in_tree(integer i, integer x) =
      is_ref(i) && i != x && slots[i].type != CAP_NONE;
    // Whose child slot i is, or 0.
    logic integer above(integer i) = ring[i] < SLOT_COUNT ? ring[i] : 0;
    // S3. Neighbours are in one ring,
    predicate links_good(integer x) = \forall integer i; in_tree(i, x) ==>
      in_tree(slots[i].next, x) && in_tree(slots[i].prev, x) &&
      slots[slots[i].next].prev == i && slots[slots[i].prev].next == i &&
      ring[slots[i].next] == ring[i];
    // where the next lies one further, or first, behind the last;
    predicate order_good(integer x) = \forall integer i; in_tree(i, x) ==>
      spot[slots[i].next] == (spot[i] == top[i] ? 0 : spot[i] + 1);
    // and as no two have one place, all of a ring are in it.
    predicate spots_good(integer x) = \forall integer i, j; in_tree(i, x) && in_tree(j, x) &&
      ring[i] == ring[j] && spot[i] == spot[j] ==> i == j;
    predicate tops_good(integer x) = (\forall integer i, j; in_tree(i, x) && in_tree(j, x) &&
      ring[i] == ring[j] ==> top[i] == top[j]) &&
      (\forall integer i; in_tree(i, x) ==> 0 <= spot[i] <= top[i]);
    // S2: the first child, and no other, knows the parent,
    predicate heads_good(integer x) = \forall integer i; in_tree(i, x) ==>
      slots[i].parent == (spot[i] == 0 ? above(i) : 0);
    // and the parent knows the first child.
    predicate children_good(integer x) = \forall integer i;
      in_tree(i, x) && slots[i].child != 0 ==> in_tree(slots[i].child, x) &&
      ring[slots[i].child] == i && spot[slots[i].child] == 0;
    // Parents are in the tree and older, so nobody is below himself.
    predicate parents_good(integer x) = \forall integer i; in_tree(i, x) && above(i) != 0 ==>
      in_tree(above(i), x) && slots[above(i)].child != 0 && born[above(i)] < born[i];
    predicate stamps_good(integer x) = SLOT_COUNT <= now &&
      (\forall integer i; in_tree(i, x) ==> 0 < ring[i] < now && born[i] < now);
    predicate tree_without(integer x) = links_good(x) && order_good(x) && spots_good(x) &&
      tops_good(x) && heads_good(x) && children_good(x) && parents_good(x) && stamps_good(x);
    predicate tree_good = tree_without(0);
    // No ring is longer than there are slots.
    predicate short_rings = \forall integer i; is_ref(i) ==>
      spot[i] < SLOT_COUNT && top[i] < SLOT_COUNT;

    predicate same_types{A, B} = \forall integer i; is_ref(i) ==>
      \at(slots[i].type, A) == \at(slots[i].type, B);
    predicate same_links{A, B}(integer i) =
      \at(slots[i].parent, A) == \at(slots[i].parent, B) &&
      \at(slots[i].child, A) == \at(slots[i].child, B) &&
      \at(slots[i].next, A) == \at(slots[i].next, B) &&
      \at(slots[i].prev, A) == \at(slots[i].prev, B);
    predicate same_ghosts{A, B} = \at(now, A) == \at(now, B) &&
      (\forall integer i; is_ref(i) ==> \at(ring[i], A) == \at(ring[i], B) &&
       \at(spot[i], A) == \at(spot[i], B) && \at(top[i], A) == \at(top[i], B) &&
       \at(born[i], A) == \at(born[i], B));
    predicate same_tree{A, B} = same_ghosts{A, B} &&
      (\forall integer i; is_ref(i) ==> same_links{A, B}(i));
    // What slots say of their capabilities, but for slot s; then the rest that is no link.
    predicate same_reach{A, B}(integer s) = \forall integer i; is_ref(i) && i != s ==>
      \at(slots[i].type, A) == \at(slots[i].type, B) &&
      \at(slots[i].rights, A) == \at(slots[i].rights, B) &&
      \at(slots[i].flags, A) == \at(slots[i].flags, B) &&
      \at(slots[i].object, A) == \at(slots[i].object, B) &&
      \at(slots[i].extra, A) == \at(slots[i].extra, B);
    predicate same_names{A, B} = \forall integer i; is_ref(i) ==>
      \at(slots[i].home, A) == \at(slots[i].home, B) &&
      \at(slots[i].name, A) == \at(slots[i].name, B) &&
      \at(slots[i].index, A) == \at(slots[i].index, B) &&
      \at(slots[i].waiter, A) == \at(slots[i].waiter, B);
    predicate same_maps{A, B} = \forall integer i; is_ref(i) ==> // and so the union's others
      \at(slots[i].map_space, A) == \at(slots[i].map_space, B) &&
      \at(slots[i].map_virt, A) == \at(slots[i].map_virt, B) &&
      \at(slots[i].map_pages, A) == \at(slots[i].map_pages, B) &&
      \at(slots[i].map_goal, A) == \at(slots[i].map_goal, B) &&
      \at(slots[i].map_next, A) == \at(slots[i].map_next, B) &&
      \at(slots[i].map_prev, A) == \at(slots[i].map_prev, B);
    predicate kept{A, B}(integer s) = same_reach{A, B}(s) && same_names{A, B} &&
      same_maps{A, B}; */

/*@ // What the functions do to the ghosts.
    predicate joins{A, B}(integer s, integer p) = \let f = p == 0 ? 0 :
	\at(slots[p].child, A);
      \at(now, A) < \at(now, B) && \at(born[s], B) == \at(now, A) &&
      \at(ring[s], B) == (p == 0 ? \at(now, A) : p) &&
      \at(spot[s], B) == (f == 0 ? 0 : 1) &&
      \at(top[s], B) == (f == 0 ? 0 : \at(top[f], A) + 1) &&
      (\forall integer i; is_ref(i) && i != s ==> \at(ring[i], B) == \at(ring[i], A) &&
       \at(born[i], B) == \at(born[i], A) &&
       \at(top[i], B) == \at(top[i], A) + (f != 0 && \at(ring[i], A) == p ? 1 : 0) &&
       \at(spot[i], B) == \at(spot[i], A) +
	 (f != 0 && \at(ring[i], A) == p && \at(spot[i], A) != 0 ? 1 : 0));
    predicate leaves{A, B}(integer s) = \at(now, A) == \at(now, B) &&
      (\forall integer i; is_ref(i) ==> \at(born[i], B) == \at(born[i], A) &&
       \at(ring[i], B) == (i == s ? 0 : \at(ring[i], A)) &&
       \at(top[i], B) == (i == s ? 0 : \at(top[i], A) -
	 (\at(ring[i], A) == \at(ring[s], A) && \at(top[i], A) != 0 ? 1 : 0)) &&
       \at(spot[i], B) == (i == s ? 0 : \at(spot[i], A) -
	 (\at(ring[i], A) == \at(ring[s], A) && \at(spot[s], A) < \at(spot[i], A) ? 1 : 0)));
    predicate gives{A, B}(integer s, integer f) = \at(now, A) == \at(now, B) &&
      (\forall integer i; is_ref(i) ==> \at(born[i], B) == \at(born[i], A) &&
       \at(ring[i], B) == (i == s ? 0 :
	 \at(ring[i], A) == s ? \at(ring[s], A) : \at(ring[i], A)) &&
       \at(top[i], B) == (i == s ? 0 :
	 \at(ring[i], A) == s || \at(ring[i], A) == \at(ring[s], A) ?
	   \at(top[s], A) + \at(top[f], A) : \at(top[i], A)) &&
       \at(spot[i], B) == (i == s ? 0 : \at(ring[i], A) == s ?
	 \at(spot[s], A) + \at(spot[i], A) :
	 \at(ring[i], A) == \at(ring[s], A) && \at(spot[s], A) < \at(spot[i], A) ?
	   \at(spot[i], A) + \at(top[f], A) : \at(spot[i], A)));
    predicate moves{A, B}(integer f, integer t) = \at(now, A) == \at(now, B) &&
      (\forall integer i; is_ref(i) ==>
       \at(ring[i], B) == (i == f ? 0 : i == t ? \at(ring[f], A) : \at(ring[i], A)) &&
       \at(spot[i], B) == (i == f ? 0 : i == t ? \at(spot[f], A) : \at(spot[i], A)) &&
       \at(top[i], B) == (i == f ? 0 : i == t ? \at(top[f], A) : \at(top[i], A)) &&
       \at(born[i], B) == (i == t ? \at(born[f], A) : \at(born[i], A)));

    // From A to B slot s, in no ring, was put between f and n, who are among the children of p,
    // or for 0 made the only child of p, or a root:
    predicate grown_parent{A, B}(integer s, integer p, integer f, integer n) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].parent, B) == (i == s ? (f == 0 ? p : 0) : \at(slots[i].parent, A));
    predicate grown_child{A, B}(integer s, integer p, integer f, integer n) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].child, B) == (i == s ? 0 : f == 0 && i == p ? s : \at(slots[i].child, A));
    predicate grown_next{A, B}(integer s, integer p, integer f, integer n) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].next, B) == (i == s ? (f == 0 ? s : n) : i == f ? s :
	\at(slots[i].next, A));
    predicate grown_prev{A, B}(integer s, integer p, integer f, integer n) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].prev, B) == (i == s ? (f == 0 ? s : f) : f != 0 && i == n ? s :
	\at(slots[i].prev, A));
    logic integer first_of{A}(integer p) = p == 0 ? 0 : slots[p].child;
    predicate grown{A, B}(integer s, integer p) = joins{A, B}(s, p) &&
      (\let f = first_of{A}(p); \let n = \at(slots[f].next, A);
       grown_parent{A, B}(s, p, f, n) && grown_child{A, B}(s, p, f, n) &&
       grown_next{A, B}(s, p, f, n) && grown_prev{A, B}(s, p, f, n));
    predicate inserted{A, B}(integer s, integer p) = same_types{A, B} && grown{A, B}(s, p);
    // s was taken out of its ring, from between v and n, as a child of p if it was the first:
    predicate unlinked_parent{A, B}(integer s, integer v, integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].parent, B) == (i == s ? 0 : i == n && p != 0 ? p :
	\at(slots[i].parent, A));
    predicate unlinked_child{A, B}(integer s, integer v, integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].child, B) == (i == p ? (n == s ? 0 : n) : \at(slots[i].child, A));
    predicate unlinked_next{A, B}(integer s, integer v, integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].next, B) == (i == s ? 0 : i == v ? n : \at(slots[i].next, A));
    predicate unlinked_prev{A, B}(integer s, integer v, integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].prev, B) == (i == s ? 0 : i == n ? v : \at(slots[i].prev, A));
    predicate unlinked{A, B}(integer s) = same_types{A, B} && leaves{A, B}(s) &&
      (\let n = \at(slots[s].next, A); \let v = \at(slots[s].prev, A);
       \let p = \at(slots[s].parent, A);
       unlinked_parent{A, B}(s, v, n, p) && unlinked_child{A, B}(s, v, n, p) &&
       unlinked_next{A, B}(s, v, n, p) && unlinked_prev{A, B}(s, v, n, p));
    // the children of s, from f to l, took its place between v and n:
    predicate spliced_parent{A, B}(integer s, integer f, integer l, integer v,
      integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].parent, B) == (i == s ? 0 : i == f ? p : \at(slots[i].parent, A));
    predicate spliced_child{A, B}(integer s, integer f, integer l, integer v,
      integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].child, B) == (i == s ? 0 : i == p ? f : \at(slots[i].child, A));
    predicate spliced_next{A, B}(integer s, integer f, integer l, integer v,
      integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].next, B) == (i == s ? 0 : n == s ? \at(slots[i].next, A) :
	i == v ? f : i == l ? n : \at(slots[i].next, A));
    predicate spliced_prev{A, B}(integer s, integer f, integer l, integer v,
      integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].prev, B) == (i == s ? 0 : n == s ? \at(slots[i].prev, A) :
	i == f ? v : i == n ? l : \at(slots[i].prev, A));
    predicate bequeathed{A, B}(integer s) = same_types{A, B} &&
      (\let f = \at(slots[s].child, A); \let l = \at(slots[f].prev, A);
       \let v = \at(slots[s].prev, A); \let n = \at(slots[s].next, A);
       \let p = \at(slots[s].parent, A); gives{A, B}(s, f) &&
       spliced_parent{A, B}(s, f, l, v, n, p) && spliced_child{A, B}(s, f, l, v, n, p) &&
       spliced_next{A, B}(s, f, l, v, n, p) && spliced_prev{A, B}(s, f, l, v, n, p));
    // t took the place of f, which has no children, between v and n:
    predicate moved_parent{A, B}(integer f, integer t, integer v, integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].parent, B) == (i == f ? 0 : i == t ? p : \at(slots[i].parent, A));
    predicate moved_child{A, B}(integer f, integer t, integer v, integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].child, B) == (i == t ? 0 : i == p ? t : \at(slots[i].child, A));
    predicate moved_next{A, B}(integer f, integer t, integer v, integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].next, B) == (i == f ? 0 : i == t ? (n == f ? t : n) : i == v ? t :
	\at(slots[i].next, A));
    predicate moved_prev{A, B}(integer f, integer t, integer v, integer n, integer p) =
      \forall integer i; is_ref(i) ==>
      \at(slots[i].prev, B) == (i == f ? 0 : i == t ? (n == f ? t : v) : i == n ? t :
	\at(slots[i].prev, A));
    predicate moved{A, B}(integer f, integer t) = same_types{A, B} && moves{A, B}(f, t) &&
      (\let n = \at(slots[f].next, A); \let v = \at(slots[f].prev, A);
       \let p = \at(slots[f].parent, A);
       moved_parent{A, B}(f, t, v, n, p) && moved_child{A, B}(f, t, v, n, p) &&
       moved_next{A, B}(f, t, v, n, p) && moved_prev{A, B}(f, t, v, n, p)); */

/*@ // What the functions ask for. That it follows from tree_good is argued, not proved.
    predicate ringed(integer s) = is_ref(slots[s].next) && is_ref(slots[s].prev) &&
      slots[s].parent < SLOT_COUNT && slots[s].parent != s && slots[s].child != s &&
      (slots[s].next == s <==> slots[s].prev == s);
    predicate insertable(integer s, integer p) = p != s && slots[p].child < SLOT_COUNT &&
      slots[p].child != s && (slots[p].child != 0 ==>
	is_ref(slots[slots[p].child].next) && slots[slots[p].child].next != s);
    predicate giving(integer s) = \let f = slots[s].child; \let l = slots[f].prev;
      ringed(s) && is_ref(f) && is_ref(l) && f != s && l != s &&
      slots[s].parent != f && slots[s].parent != l &&
      f != slots[s].next && f != slots[s].prev && l != slots[s].next && l != slots[s].prev;
    predicate replaceable(integer f, integer t) = ringed(f) && f != t &&
      slots[f].child == 0 && slots[f].next != t && slots[f].prev != t &&
      slots[f].parent != t; */

/* The ghosts change at once. That there are such changes is plain: these say what they are. */
/*@ ghost
    /@ requires is_slot(s) && now < UINT64_MAX && short_rings;
       assigns now, ring[0 .. SLOT_COUNT - 1], spot[0 .. SLOT_COUNT - 1],
	 top[0 .. SLOT_COUNT - 1], born[0 .. SLOT_COUNT - 1];
       exits \false;
       ensures joins{Pre, Post}(place_of(s), p); @/
    void join_ring(slot_t *s, slot_ref_t p);
    /@ requires is_slot(s);
       assigns ring[0 .. SLOT_COUNT - 1], spot[0 .. SLOT_COUNT - 1],
	 top[0 .. SLOT_COUNT - 1];
       exits \false;
       ensures leaves{Pre, Post}(place_of(s)); @/
    void leave_ring(slot_t *s);
    /@ requires is_slot(s) && is_ref(first) && short_rings;
       assigns ring[0 .. SLOT_COUNT - 1], spot[0 .. SLOT_COUNT - 1],
	 top[0 .. SLOT_COUNT - 1];
       exits \false;
       ensures gives{Pre, Post}(place_of(s), first); @/
    void give_ring(slot_t *s, slot_ref_t first);
    /@ requires is_slot(from) && is_slot(to);
       assigns ring[0 .. SLOT_COUNT - 1], spot[0 .. SLOT_COUNT - 1],
	 top[0 .. SLOT_COUNT - 1], born[0 .. SLOT_COUNT - 1];
       exits \false;
       ensures moves{Pre, Post}(place_of(from), place_of(to)); @/
    void move_in_ring(slot_t *from, slot_t *to);
*/

/* The small functions of object/tree.c: of each link, whose alone changed, and to what. */
/*@ predicate same_rest{A, B} = same_reach{A, B}(0) && same_names{A, B} && same_maps{A, B};
    predicate parent_but{A, B}(integer x, integer v) = \forall integer i; is_ref(i) ==>
      \at(slots[i].parent, B) == (i == x ? v : \at(slots[i].parent, A));
    predicate child_but{A, B}(integer x, integer v) = \forall integer i; is_ref(i) ==>
      \at(slots[i].child, B) == (i == x ? v : \at(slots[i].child, A));
    predicate next_but{A, B}(integer x, integer v) = \forall integer i; is_ref(i) ==>
      \at(slots[i].next, B) == (i == x ? v : \at(slots[i].next, A));
    predicate prev_but{A, B}(integer x, integer v) = \forall integer i; is_ref(i) ==>
      \at(slots[i].prev, B) == (i == x ? v : \at(slots[i].prev, A)); */

/*@ requires is_slot(slot) && (parent == 0 || (is_ref(parent) &&
      insertable(place_of(slot), parent)));
    requires now < UINT64_MAX && short_rings;
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev, now,
      ring[0 .. SLOT_COUNT - 1], spot[0 .. SLOT_COUNT - 1], top[0 .. SLOT_COUNT - 1],
      born[0 .. SLOT_COUNT - 1];
    exits \false;
    ensures ghosts: joins{Pre, Post}(place_of(slot), parent);
    ensures parent: grown_parent{Pre, Post}(place_of(slot), parent,
      first_of{Pre}(parent), \at(slots[first_of{Pre}(parent)].next, Pre));
    ensures child: grown_child{Pre, Post}(place_of(slot), parent,
      first_of{Pre}(parent), \at(slots[first_of{Pre}(parent)].next, Pre));
    ensures next: grown_next{Pre, Post}(place_of(slot), parent,
      first_of{Pre}(parent), \at(slots[first_of{Pre}(parent)].next, Pre));
    ensures prev: grown_prev{Pre, Post}(place_of(slot), parent,
      first_of{Pre}(parent), \at(slots[first_of{Pre}(parent)].next, Pre));
    ensures reach: same_reach{Pre, Post}(0);
    ensures names: same_names{Pre, Post};
    ensures maps: same_maps{Pre, Post}; */
void tree_insert(slot_t *slot, slot_ref_t parent);

/*@ requires is_slot(slot) && ringed(place_of(slot));
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev,
      ring[0 .. SLOT_COUNT - 1], spot[0 .. SLOT_COUNT - 1], top[0 .. SLOT_COUNT - 1];
    exits \false;
    ensures ghosts: leaves{Pre, Post}(place_of(slot));
    ensures parent: unlinked_parent{Pre, Post}(place_of(slot), \old(slot->prev),
      \old(slot->next), \old(slot->parent));
    ensures child: unlinked_child{Pre, Post}(place_of(slot), \old(slot->prev),
      \old(slot->next), \old(slot->parent));
    ensures next: unlinked_next{Pre, Post}(place_of(slot), \old(slot->prev),
      \old(slot->next), \old(slot->parent));
    ensures prev: unlinked_prev{Pre, Post}(place_of(slot), \old(slot->prev),
      \old(slot->next), \old(slot->parent));
    ensures reach: same_reach{Pre, Post}(0);
    ensures names: same_names{Pre, Post};
    ensures maps: same_maps{Pre, Post};
    ensures childless: \result ==
      (\old(slot->next) == place_of(slot) ? \old(slot->parent) : 0); */
slot_ref_t tree_unlink(slot_t *slot);

/*@ requires is_slot(slot) && giving(place_of(slot)) && short_rings;
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev,
      ring[0 .. SLOT_COUNT - 1], spot[0 .. SLOT_COUNT - 1], top[0 .. SLOT_COUNT - 1];
    exits \false;
    ensures ghosts: gives{Pre, Post}(place_of(slot), \old(slot->child));
    ensures parent: spliced_parent{Pre, Post}(place_of(slot), \old(slot->child),
      \old(slots[slot->child].prev), \old(slot->prev), \old(slot->next), \old(slot->parent));
    ensures child: spliced_child{Pre, Post}(place_of(slot), \old(slot->child),
      \old(slots[slot->child].prev), \old(slot->prev), \old(slot->next), \old(slot->parent));
    ensures next: spliced_next{Pre, Post}(place_of(slot), \old(slot->child),
      \old(slots[slot->child].prev), \old(slot->prev), \old(slot->next), \old(slot->parent));
    ensures prev: spliced_prev{Pre, Post}(place_of(slot), \old(slot->child),
      \old(slots[slot->child].prev), \old(slot->prev), \old(slot->next), \old(slot->parent));
    ensures reach: same_reach{Pre, Post}(0);
    ensures names: same_names{Pre, Post};
    ensures maps: same_maps{Pre, Post}; */
void tree_bequeath(slot_t *slot);

/*@ requires is_slot(from) && is_slot(to) && replaceable(place_of(from), place_of(to));
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev,
      ring[0 .. SLOT_COUNT - 1], spot[0 .. SLOT_COUNT - 1], top[0 .. SLOT_COUNT - 1],
      born[0 .. SLOT_COUNT - 1];
    exits \false;
    ensures ghosts: moves{Pre, Post}(place_of(from), place_of(to));
    ensures parent: moved_parent{Pre, Post}(place_of(from), place_of(to),
      \old(from->prev), \old(from->next), \old(from->parent));
    ensures child: moved_child{Pre, Post}(place_of(from), place_of(to),
      \old(from->prev), \old(from->next), \old(from->parent));
    ensures next: moved_next{Pre, Post}(place_of(from), place_of(to),
      \old(from->prev), \old(from->next), \old(from->parent));
    ensures prev: moved_prev{Pre, Post}(place_of(from), place_of(to),
      \old(from->prev), \old(from->next), \old(from->parent));
    ensures reach: same_reach{Pre, Post}(0);
    ensures names: same_names{Pre, Post};
    ensures maps: same_maps{Pre, Post}; */
void tree_move(slot_t *from, slot_t *to);

#endif
