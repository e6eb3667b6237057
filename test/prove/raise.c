/* SPDX-License-Identifier: BSD-2-Clause */
/* As tree.c beside it, for tree_raise(). */
#include "object/tree.h"

/*@
    lemma child_raisable: \forall integer s;
      tree_good && in_tree(s, 0) && slots[s].child != 0 ==> raisable(s);
    lemma raised_children{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      raisable{A}(s) && raised{A, B}(s) ==> children_good{B}(0);
    lemma raised_nexts{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      raisable{A}(s) && raised{A, B}(s) ==> nexts_good{B}(0);
    lemma raised_lasts{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      raisable{A}(s) && raised{A, B}(s) ==> lasts_good{B}(0);
    lemma raised_prevs{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      raisable{A}(s) && raised{A, B}(s) ==> prevs_good{B}(0);
    lemma raised_parents{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      raisable{A}(s) && raised{A, B}(s) ==> parents_good{B}(0);
    lemma raised_stamps{A, B}: \forall integer s; tree_good{A} && in_tree{A}(s, 0) &&
      raisable{A}(s) && raised{A, B}(s) ==> stamps_good{B}(0);
*/
