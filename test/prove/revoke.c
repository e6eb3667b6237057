/* SPDX-License-Identifier: BSD-2-Clause */
/* What the steps of revoking and releasing in object/work.c do to the links: lemmas over any
 * two states A and B of the slots. That a slot which is unlinked and then emptied leaves the
 * tree well formed is in tree.c. */
#include "object/tree.h"

/*@ axiomatic Below {
      // Which slots were below the target when its revocation began: any set that fits.
      predicate below(integer i) reads \nothing;
    }
    // In this state what is in that set and in the tree is what lies strictly below t, when
    // slot x is left out.
    predicate below_good(integer t, integer x) = in_tree(t, x) && !below(t) &&
      (\forall integer i; in_tree(i, x) ==> (below(i) <==> slots[i].parent != 0 &&
	(slots[i].parent == t || below(slots[i].parent))));
    predicate walking(integer t, integer c) = tree_good && below_good(t, 0) && in_tree(c, 0) &&
      (c == t || below(c));
    // From A to B slot s, without children, was unlinked and emptied.
    predicate cleared{A, B}(integer s) = \at(now, A) == \at(now, B) &&
      (\forall integer i; is_ref(i) ==> \at(slots[i].type, B) ==
	(i == s ? CAP_NONE : \at(slots[i].type, A))) &&
      same_stamps{A, B}(0) && same_births{A, B}(0) && unlinked_next{A, B}(s) &&
      unlinked_prev{A, B}(s) && unlinked_child{A, B}(s) && unlinked_parent{A, B}(s);
    // From A to B a step of the walk cleared slot s.
    predicate walked{A, B}(integer t, integer s) = walking{A}(t, s) && s != t &&
      \at(slots[s].child, A) == 0 && cleared{A, B}(s);

    lemma walk_down: \forall integer t, c; walking(t, c) && slots[c].child != 0 ==>
      walking(t, slots[c].child) && born[c] < born[slots[c].child] < now;
    lemma walk_removes_below{A, B}: \forall integer t, s; walked{A, B}(t, s) ==> below(s);
    lemma walk_leaves{A, B}: \forall integer t, s, i; walked{A, B}(t, s) && is_ref(i) &&
      i != t && !below(i) && in_tree{A}(i, 0) ==> same_links{A, B}(i);
    lemma walk_leaves_target{A, B}: \forall integer t, s; walked{A, B}(t, s) ==>
      \at(slots[t].parent, A) == \at(slots[t].parent, B) &&
      \at(slots[t].next, A) == \at(slots[t].next, B) &&
      \at(slots[t].prev, A) == \at(slots[t].prev, B);
    lemma walk_keeps_below{A, B}: \forall integer t, s; walked{A, B}(t, s) ==>
      below_good{B}(t, 0);
    lemma walk_up{A, B}: \forall integer t, s; walked{A, B}(t, s) ==>
      \let p = \at(slots[s].parent, A); in_tree{B}(p, 0) && (p == t || below(p));
    lemma walk_empties{A, B}: \forall integer t, s, i; walked{A, B}(t, s) ==>
      in_tree{A}(s, 0) && (in_tree{B}(i, 0) <==> in_tree{A}(i, 0) && i != s);
    lemma walk_unlinks{A, B}: \forall integer t, s; walking{A}(t, s) && s != t &&
      \at(slots[s].child, A) == 0 && unlinked{A, B}(s) ==> below_good{B}(t, s);
    lemma other_cleared{A, B}: \forall integer t, x, s; tree_good{A} && below_good{A}(t, x) &&
      in_tree{A}(s, x) && s != t && \at(slots[s].child, A) == 0 && cleared{A, B}(s) ==>
      below_good{B}(t, x);

    lemma release_takes{A, B}: \forall integer s, i; tree_good{A} && raisable{A}(s) &&
      raised{A, B}(s) && in_tree{A}(i, 0) ==>
      (\at(slots[i].parent, B) == s <==> \at(slots[i].parent, A) == s &&
       i != \at(slots[s].child, A));
    lemma release_gives{A, B}: \forall integer s; tree_good{A} && raisable{A}(s) &&
      raised{A, B}(s) ==> \at(slots[slots[s].child].parent, A) == s &&
      \at(slots[\at(slots[s].child, A)].parent, B) == \at(slots[s].parent, A);
    lemma release_loses_nobody{A, B}: \forall integer t, s; tree_good{A} &&
      below_good{A}(t, 0) && t != s && raisable{A}(s) && raised{A, B}(s) ==>
      below_good{B}(t, 0);
    lemma release_end: \forall integer s, i; tree_good && in_tree(s, 0) &&
      slots[s].child == 0 && in_tree(i, 0) ==> slots[i].parent != s;
    lemma walk_end: \forall integer t, n; walking(t, t) && slots[t].child == 0 &&
      (\forall integer i; in_tree(i, 0) && born[i] < n ==> !below(i)) ==>
      (\forall integer i; in_tree(i, 0) && born[i] <= n ==> !below(i));
    // Emptying an unlinked slot makes no other difference.
    lemma emptied_next{A, M, B}: \forall integer s; unlinked_next{A, M}(s) &&
      (\forall integer i; is_ref(i) ==> \at(slots[i].next, B) == \at(slots[i].next, M)) ==>
      unlinked_next{A, B}(s);
    lemma emptied_prev{A, M, B}: \forall integer s; unlinked_prev{A, M}(s) &&
      (\forall integer i; is_ref(i) ==> \at(slots[i].prev, B) == \at(slots[i].prev, M)) ==>
      unlinked_prev{A, B}(s);
    lemma emptied_child{A, M, B}: \forall integer s; unlinked_child{A, M}(s) &&
      (\forall integer i; is_ref(i) ==> \at(slots[i].child, B) == \at(slots[i].child, M)) ==>
      unlinked_child{A, B}(s);
    lemma emptied_parent{A, M, B}: \forall integer s; unlinked_parent{A, M}(s) &&
      (\forall integer i; is_ref(i) ==> \at(slots[i].parent, B) == \at(slots[i].parent, M)) ==>
      unlinked_parent{A, B}(s);
    // What "below" means: t is met by going from parent to parent.
    inductive under{L}(integer i, integer t) {
      case first{L}: \forall integer i, t; slots[i].parent != 0 && slots[i].parent == t ==>
	under{L}(i, t);
      case further{L}: \forall integer i, t; slots[i].parent != 0 &&
	under{L}(slots[i].parent, t) ==> under{L}(i, t);
    }
*/

/* Induction over the ages, as a loop: when the walk is back at a target that has no child,
 * nothing is below the target any more. */
/*@ requires walking(t, t) && slots[t].child == 0 && end == now;
    assigns \nothing;
    ensures \forall integer i; in_tree(i, 0) ==> !below(i); */
void walk_ends(slot_ref_t t, uint64_t end)
{
	/*@ loop invariant 0 <= age <= end;
	    loop invariant \forall integer i; in_tree(i, 0) && born[i] < age ==> !below(i);
	    loop assigns age;
	    loop variant end - age; */
	for (uint64_t age = 0; age < end; age++)
		;
}

/* In the same way: the only set that fits is that of the slots whose way up leads to t. */
/*@ requires tree_good && below_good(t, 0) && end == now;
    assigns \nothing;
    ensures \forall integer i; in_tree(i, 0) ==> (below(i) <==> under(i, t)); */
void below_is_under(slot_ref_t t, uint64_t end)
{
	/*@ loop invariant 0 <= age <= end;
	    loop invariant \forall integer i; in_tree(i, 0) && born[i] < age ==>
	      (below(i) <==> under(i, t));
	    loop assigns age;
	    loop variant end - age; */
	for (uint64_t age = 0; age < end; age++)
		;
}

/* There is such a set: nobody's way up leads back to himself. */
/*@ requires tree_good && in_tree(t, 0) && end == now;
    assigns \nothing;
    ensures !under(t, t);
    ensures \forall integer i; in_tree(i, 0) ==> (under(i, t) <==> slots[i].parent != 0 &&
      (slots[i].parent == t || under(slots[i].parent, t))); */
void under_fits(slot_ref_t t, uint64_t end)
{
	/*@ loop invariant 0 <= age <= end;
	    loop invariant \forall integer i; in_tree(i, 0) && born[i] < age && under(i, t) ==>
	      born[t] < born[i];
	    loop assigns age;
	    loop variant end - age; */
	for (uint64_t age = 0; age < end; age++)
		;
}
