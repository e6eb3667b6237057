/* SPDX-License-Identifier: BSD-2-Clause */
/* What the functions of object/tree.h do to the links, as their contracts say it, keeps the
 * tree well formed: lemmas over any two states A and B of the slots. */
#include "object/tree.h"

/*@
    lemma inserted_children{A, B}: \forall integer s, p; is_ref(s) && tree_without{A}(s) &&
      \at(slots[s].type, A) != CAP_NONE && (p == 0 || in_tree{A}(p, s)) &&
      inserted{A, B}(s, p) ==> children_good{B}(0);
    lemma inserted_nexts{A, B}: \forall integer s, p; is_ref(s) && tree_without{A}(s) &&
      \at(slots[s].type, A) != CAP_NONE && (p == 0 || in_tree{A}(p, s)) &&
      inserted{A, B}(s, p) ==> nexts_good{B}(0);
    lemma inserted_lasts{A, B}: \forall integer s, p; is_ref(s) && tree_without{A}(s) &&
      \at(slots[s].type, A) != CAP_NONE && (p == 0 || in_tree{A}(p, s)) &&
      inserted{A, B}(s, p) ==> lasts_good{B}(0);
    lemma inserted_prevs{A, B}: \forall integer s, p; is_ref(s) && tree_without{A}(s) &&
      \at(slots[s].type, A) != CAP_NONE && (p == 0 || in_tree{A}(p, s)) &&
      inserted{A, B}(s, p) ==> prevs_good{B}(0);
    lemma inserted_parents{A, B}: \forall integer s, p; is_ref(s) && tree_without{A}(s) &&
      \at(slots[s].type, A) != CAP_NONE && (p == 0 || in_tree{A}(p, s)) &&
      inserted{A, B}(s, p) ==> parents_good{B}(0);
    lemma inserted_stamps{A, B}: \forall integer s, p; is_ref(s) && tree_without{A}(s) &&
      \at(slots[s].type, A) != CAP_NONE && (p == 0 || in_tree{A}(p, s)) &&
      inserted{A, B}(s, p) ==> stamps_good{B}(0);
    lemma unlinked_children{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      unlinked{A, B}(s) ==> children_good{B}(0);
    lemma unlinked_nexts{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      unlinked{A, B}(s) ==> nexts_good{B}(0);
    lemma unlinked_lasts{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      unlinked{A, B}(s) ==> lasts_good{B}(0);
    lemma unlinked_prevs{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      unlinked{A, B}(s) ==> prevs_good{B}(0);
    lemma unlinked_parents{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      unlinked{A, B}(s) ==> parents_good{B}(0);
    lemma unlinked_stamps{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      unlinked{A, B}(s) ==> stamps_good{B}(0);
    lemma freed_children: \forall integer s; tree_good && in_tree(s, 0) && is_root(s) &&
      slots[s].child == 0 ==> children_good(s);
    lemma freed_nexts: \forall integer s; tree_good && in_tree(s, 0) && is_root(s) &&
      slots[s].child == 0 ==> nexts_good(s);
    lemma freed_lasts: \forall integer s; tree_good && in_tree(s, 0) && is_root(s) &&
      slots[s].child == 0 ==> lasts_good(s);
    lemma freed_prevs: \forall integer s; tree_good && in_tree(s, 0) && is_root(s) &&
      slots[s].child == 0 ==> prevs_good(s);
    lemma freed_parents: \forall integer s; tree_good && in_tree(s, 0) && is_root(s) &&
      slots[s].child == 0 ==> parents_good(s);
    lemma freed_stamps: \forall integer s; tree_good && in_tree(s, 0) && is_root(s) &&
      slots[s].child == 0 ==> stamps_good(s);
    // From A to B a free slot s got a capability that is derived from p's, or for 0 from none.
    predicate derived{A, B}(integer s, integer p) = tree_good{A} &&
      (p == 0 || in_tree{A}(p, 0)) && is_ref(s) &&
      \at(slots[s].type, A) == CAP_NONE && \at(slots[s].type, B) != CAP_NONE &&
      (\forall integer i; is_ref(i) && i != s ==>
       \at(slots[i].type, A) == \at(slots[i].type, B)) && grown{A, B}(s, p);
    lemma free_insertable: \forall integer s, p; tree_good && in_tree(p, 0) && is_ref(s) &&
      slots[s].type == CAP_NONE ==> bounded(p) && p != s && slots[p].child != s;
    lemma derived_children{A, B}: \forall integer s, p; derived{A, B}(s, p) ==>
      children_good{B}(0);
    lemma derived_nexts{A, B}: \forall integer s, p; derived{A, B}(s, p) ==>
      nexts_good{B}(0);
    lemma derived_lasts{A, B}: \forall integer s, p; derived{A, B}(s, p) ==>
      lasts_good{B}(0);
    lemma derived_prevs{A, B}: \forall integer s, p; derived{A, B}(s, p) ==>
      prevs_good{B}(0);
    lemma derived_parents{A, B}: \forall integer s, p; derived{A, B}(s, p) ==>
      parents_good{B}(0);
    lemma derived_stamps{A, B}: \forall integer s, p; derived{A, B}(s, p) ==>
      stamps_good{B}(0);
*/
