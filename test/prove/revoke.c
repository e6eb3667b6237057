/* SPDX-License-Identifier: BSD-2-Clause */
/* What the steps of revoking and releasing in object/work.c do to who is below whom: lemmas
 * over any two states A and B of the slots. A step takes one slot out of the tree, as
 * tree_unlink() or tree_bequeath() does, and empties it. */
#include "object/spec/tree.h"

/*@ axiomatic Below {
      // Which slots were below the target when its revocation began: any set that fits.
      predicate below(integer i) reads \nothing;
    }
    // In this state what is in that set and in the tree is what lies strictly below t, when
    // slot x is left out.
    predicate below_good(integer t, integer x) = in_tree(t, x) && !below(t) &&
      (\forall integer i; in_tree(i, x) ==> (below(i) <==> above(i) != 0 &&
	(above(i) == t || below(above(i)))));

    lemma first_is_below: \forall integer t; children_good(0) && below_good(t, 0) &&
      slots[t].child != 0 ==> below(slots[t].child) && above(slots[t].child) == t;
    lemma nobody_left: \forall integer t, i; parents_good(0) && is_ref(t) &&
      slots[t].child == 0 && in_tree(i, 0) ==> above(i) != t;

    lemma unlink_keeps_parents{A, B}: \forall integer s, i; unlinked{A, B}(s) && is_ref(i) &&
      i != s ==> above{B}(i) == above{A}(i);
    lemma bequeath_gives{A, B}: \forall integer s, i; bequeathed{A, B}(s) && is_ref(s) &&
      is_ref(i) && i != s ==> above{B}(i) == (above{A}(i) == s ? above{A}(s) : above{A}(i));
    lemma insert_gives{A, B}: \forall integer s, p, i; inserted{A, B}(s, p) && is_ref(i) &&
      p < SLOT_COUNT && (p == 0 ==> SLOT_COUNT <= \at(now, A)) ==>
      above{B}(i) == (i == s ? p : above{A}(i));
    lemma move_gives{A, B}: \forall integer f, t, i; moved{A, B}(f, t) && is_ref(f) &&
      is_ref(i) && i != f ==> above{B}(i) == above{A}(i == t ? f : i);

    lemma unlink_keeps_below{A, B}: \forall integer t, s; below_good{A}(t, 0) && s != t &&
      in_tree{A}(s, 0) && unlinked{A, B}(s) ==> below_good{B}(t, s);
    lemma bequeath_keeps_below{A, B}: \forall integer t, s; below_good{A}(t, 0) && s != t &&
      in_tree{A}(s, 0) && bequeathed{A, B}(s) ==> below_good{B}(t, s);
    lemma insert_keeps_below{A, B}: \forall integer t, s, p; below_good{A}(t, s) && s != t &&
      is_ref(s) && (p == 0 || in_tree{A}(p, s)) && SLOT_COUNT <= \at(now, A) &&
      (below(s) <==> p != 0 && (p == t || below(p))) && parents_good{A}(s) &&
      inserted{A, B}(s, p) ==> below_good{B}(t, 0);
    lemma move_keeps_below{A, B}: \forall integer t, f, o; below_good{A}(t, o) && f != t &&
      in_tree{A}(f, o) && is_ref(o) && \at(slots[f].child, A) == 0 &&
      parents_good{A}(o) && (below(o) <==> below(f)) && moved{A, B}(f, o) ==>
      below_good{B}(t, f);
    // Emptying a slot that was left out makes no other difference.
    lemma emptied_keeps_below{A, B}: \forall integer t, s; below_good{A}(t, s) &&
      \at(slots[s].type, B) == CAP_NONE && same_ghosts{A, B} &&
      (\forall integer i; is_ref(i) && i != s ==>
       \at(slots[i].type, A) == \at(slots[i].type, B)) ==> below_good{B}(t, 0);

    lemma walk_end: \forall integer t, n; below_good(t, 0) && parents_good(0) &&
      slots[t].child == 0 &&
      (\forall integer i; in_tree(i, 0) && born[i] < n ==> !below(i)) ==>
      (\forall integer i; in_tree(i, 0) && born[i] <= n ==> !below(i));
    // What "below" means: t is met by going from parent to parent.
    inductive under{L}(integer i, integer t) {
      case first{L}: \forall integer i, t; above(i) != 0 && above(i) == t ==> under{L}(i, t);
      case further{L}: \forall integer i, t; above(i) != 0 && under{L}(above(i), t) ==>
	under{L}(i, t);
    }
*/

/* Induction over the ages, as a loop: when the target has no child, nothing is below it. */
/*@ requires below_good(t, 0) && parents_good(0) && stamps_good(0) && slots[t].child == 0;
    requires end == now;
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
/*@ requires parents_good(0) && stamps_good(0) && below_good(t, 0) && end == now;
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
/*@ requires parents_good(0) && stamps_good(0) && in_tree(t, 0) && end == now;
    assigns \nothing;
    ensures !under(t, t);
    ensures \forall integer i; in_tree(i, 0) ==> (under(i, t) <==> above(i) != 0 &&
      (above(i) == t || under(above(i), t))); */
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
