/* SPDX-License-Identifier: BSD-2-Clause */
/* What the functions of object/tree.h do to links and ghosts, as their contracts say it, keeps
 * the tree well formed: lemmas over any two states A and B of the slots. Each is told what it
 * needs of a well-formed tree and no more: the provers would try all of the rest as well. */
#include "object/spec/tree.h"

/*@ // Which calls the kernel makes.
    predicate may_insert{A}(integer s, integer p) = is_ref(s) && slots[s].type != CAP_NONE &&
      (p == 0 || in_tree{A}(p, s));
    predicate may_unlink{A}(integer s) = in_tree{A}(s, 0) && slots[s].child == 0;
    predicate may_bequeath{A}(integer s) = in_tree{A}(s, 0) && slots[s].child != 0;
    predicate may_move{A}(integer f, integer t) = is_ref(t) && slots[t].type != CAP_NONE &&
      in_tree{A}(f, t) && slots[f].child == 0;

    lemma can_insert: \forall integer s, p; may_insert(s, p) && tree_without(s) && p != 0 ==>
      insertable(s, p);
    lemma can_unlink: \forall integer s; may_unlink(s) && tree_good ==> ringed(s);
    lemma can_bequeath: \forall integer s; may_bequeath(s) && tree_good ==> giving(s);
    lemma can_move: \forall integer f, t; may_move(f, t) && tree_without(t) ==>
      replaceable(f, t);
    lemma only_one: \forall integer s, i, x; order_good(x) && spots_good(x) && tops_good(x) &&
      in_tree(s, x) && in_tree(i, x) && slots[s].next == s && ring[i] == ring[s] ==> i == s;

    lemma inserted_links_alone{A, B}: \forall integer s, p; may_insert{A}(s, p) &&
      links_good{A}(s) && children_good{A}(s) && inserted{A, B}(s, p) && (p == 0 ||
      \at(slots[p].child, A) == 0) ==> links_good{B}(0);
    lemma inserted_links_behind{A, B}: \forall integer s, p; may_insert{A}(s, p) &&
      links_good{A}(s) && children_good{A}(s) && inserted{A, B}(s, p) && p != 0 &&
      \at(slots[p].child, A) != 0 ==> links_good{B}(0);
    lemma inserted_order{A, B}: \forall integer s, p; may_insert{A}(s, p) &&
      links_good{A}(s) && order_good{A}(s) && spots_good{A}(s) && tops_good{A}(s) &&
      children_good{A}(s) && parents_good{A}(s) && stamps_good{A}(s) && inserted{A, B}(s, p)
      ==> order_good{B}(0);
    lemma inserted_spots{A, B}: \forall integer s, p; may_insert{A}(s, p) &&
      spots_good{A}(s) && tops_good{A}(s) && children_good{A}(s) && parents_good{A}(s) &&
      stamps_good{A}(s) && inserted{A, B}(s, p) ==> spots_good{B}(0);
    lemma inserted_tops{A, B}: \forall integer s, p; may_insert{A}(s, p) && tops_good{A}(s)
      && children_good{A}(s) && parents_good{A}(s) && stamps_good{A}(s) && inserted{A, B}(s,
      p) ==> tops_good{B}(0);
    lemma inserted_heads{A, B}: \forall integer s, p; may_insert{A}(s, p) &&
      heads_good{A}(s) && children_good{A}(s) && spots_good{A}(s) && tops_good{A}(s) &&
      stamps_good{A}(s) && inserted{A, B}(s, p) ==> heads_good{B}(0);
    lemma inserted_children{A, B}: \forall integer s, p; may_insert{A}(s, p) &&
      children_good{A}(s) && inserted{A, B}(s, p) ==> children_good{B}(0);
    lemma inserted_parents{A, B}: \forall integer s, p; may_insert{A}(s, p) &&
      parents_good{A}(s) && stamps_good{A}(s) && children_good{A}(s) && inserted{A, B}(s, p)
      ==> parents_good{B}(0);
    lemma inserted_stamps{A, B}: \forall integer s, p; may_insert{A}(s, p) &&
      stamps_good{A}(s) && inserted{A, B}(s, p) ==> stamps_good{B}(0);
    lemma unlinked_links{A, B}: \forall integer s; may_unlink{A}(s) && links_good{A}(0) &&
      unlinked{A, B}(s) ==> links_good{B}(s);
    lemma unlinked_order{A, B}: \forall integer s; may_unlink{A}(s) && links_good{A}(0) &&
      order_good{A}(0) && spots_good{A}(0) && tops_good{A}(0) && unlinked{A, B}(s) ==>
      order_good{B}(s);
    lemma unlinked_spots{A, B}: \forall integer s; may_unlink{A}(s) && spots_good{A}(0) &&
      tops_good{A}(0) && unlinked{A, B}(s) ==> spots_good{B}(s);
    lemma unlinked_tops{A, B}: \forall integer s; may_unlink{A}(s) && spots_good{A}(0) &&
      tops_good{A}(0) && unlinked{A, B}(s) ==> tops_good{B}(s);
    lemma unlinked_heads{A, B}: \forall integer s; may_unlink{A}(s) && links_good{A}(0) &&
      order_good{A}(0) && spots_good{A}(0) && tops_good{A}(0) && heads_good{A}(0) &&
      unlinked{A, B}(s) ==> heads_good{B}(s);
    lemma unlinked_children{A, B}: \forall integer s; may_unlink{A}(s) && links_good{A}(0)
      && order_good{A}(0) && spots_good{A}(0) && tops_good{A}(0) && heads_good{A}(0) &&
      children_good{A}(0) && unlinked{A, B}(s) ==> children_good{B}(s);
    lemma unlinked_parents{A, B}: \forall integer s; may_unlink{A}(s) && parents_good{A}(0)
      && heads_good{A}(0) && links_good{A}(0) && order_good{A}(0) && spots_good{A}(0) &&
      tops_good{A}(0) && unlinked{A, B}(s) ==> parents_good{B}(s);
    lemma unlinked_stamps{A, B}: \forall integer s; may_unlink{A}(s) && stamps_good{A}(0) &&
      unlinked{A, B}(s) ==> stamps_good{B}(s);
    lemma bequeathed_links_alone{A, B}: \forall integer s; may_bequeath{A}(s) &&
      links_good{A}(0) && children_good{A}(0) && parents_good{A}(0) && bequeathed{A, B}(s) &&
      \at(slots[s].next, A) == s ==> links_good{B}(s);
    lemma bequeathed_links_between{A, B}: \forall integer s; may_bequeath{A}(s) &&
      links_good{A}(0) && children_good{A}(0) && parents_good{A}(0) && bequeathed{A, B}(s) &&
      \at(slots[s].next, A) != s ==> links_good{B}(s);
    lemma bequeathed_order{A, B}: \forall integer s; may_bequeath{A}(s) && links_good{A}(0)
      && order_good{A}(0) && spots_good{A}(0) && tops_good{A}(0) && children_good{A}(0) &&
      parents_good{A}(0) && bequeathed{A, B}(s) ==> order_good{B}(s);
    lemma bequeathed_spots{A, B}: \forall integer s; may_bequeath{A}(s) && spots_good{A}(0)
      && tops_good{A}(0) && children_good{A}(0) && parents_good{A}(0) && bequeathed{A, B}(s)
      ==> spots_good{B}(s);
    lemma bequeathed_tops{A, B}: \forall integer s; may_bequeath{A}(s) && tops_good{A}(0) &&
      children_good{A}(0) && parents_good{A}(0) && bequeathed{A, B}(s) ==> tops_good{B}(s);
    lemma bequeathed_heads{A, B}: \forall integer s; may_bequeath{A}(s) && spots_good{A}(0)
      && tops_good{A}(0) && heads_good{A}(0) && children_good{A}(0) && parents_good{A}(0) &&
      bequeathed{A, B}(s) ==> heads_good{B}(s);
    lemma bequeathed_children{A, B}: \forall integer s; may_bequeath{A}(s) &&
      heads_good{A}(0) && children_good{A}(0) && parents_good{A}(0) && tops_good{A}(0) &&
      bequeathed{A, B}(s) ==> children_good{B}(s);
    lemma bequeathed_parents{A, B}: \forall integer s; may_bequeath{A}(s) &&
      children_good{A}(0) && parents_good{A}(0) && bequeathed{A, B}(s) ==> parents_good{B}(s);
    lemma bequeathed_stamps{A, B}: \forall integer s; may_bequeath{A}(s) &&
      stamps_good{A}(0) && bequeathed{A, B}(s) ==> stamps_good{B}(s);
    lemma moved_links{A, B}: \forall integer f, t; may_move{A}(f, t) && links_good{A}(t) &&
      moved{A, B}(f, t) ==> links_good{B}(f);
    lemma moved_order{A, B}: \forall integer f, t; may_move{A}(f, t) && links_good{A}(t) &&
      order_good{A}(t) && spots_good{A}(t) && tops_good{A}(t) && moved{A, B}(f, t) ==>
      order_good{B}(f);
    lemma moved_spots{A, B}: \forall integer f, t; may_move{A}(f, t) && spots_good{A}(t) &&
      moved{A, B}(f, t) ==> spots_good{B}(f);
    lemma moved_tops{A, B}: \forall integer f, t; may_move{A}(f, t) && tops_good{A}(t) &&
      moved{A, B}(f, t) ==> tops_good{B}(f);
    lemma moved_heads{A, B}: \forall integer f, t; may_move{A}(f, t) && heads_good{A}(t) &&
      spots_good{A}(t) && moved{A, B}(f, t) ==> heads_good{B}(f);
    lemma moved_children{A, B}: \forall integer f, t; may_move{A}(f, t) &&
      children_good{A}(t) && heads_good{A}(t) && spots_good{A}(t) && moved{A, B}(f, t) ==>
      children_good{B}(f);
    lemma moved_parents{A, B}: \forall integer f, t; may_move{A}(f, t) && parents_good{A}(t)
      && children_good{A}(t) && heads_good{A}(t) && spots_good{A}(t) && moved{A, B}(f, t) ==>
      parents_good{B}(f);
    lemma moved_stamps{A, B}: \forall integer f, t; may_move{A}(f, t) && stamps_good{A}(t)
      && moved{A, B}(f, t) ==> stamps_good{B}(f);
*/
