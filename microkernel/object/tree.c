/* SPDX-License-Identifier: BSD-2-Clause */
/* The links of the derivation tree. */
#include "object/tree.h"

/* Puts a root in front of the children of `parent`. */
/*@ requires slot == &slots[ref] && is_ref(ref) && is_ref(parent) && parent != ref;
    requires slots[parent].child < SLOT_COUNT && slots[parent].child != ref;
    requires slot->prev == 0 && now < UINT64_MAX;
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev,
      placed[0 .. SLOT_COUNT - 1], now;
    exits \false;
    ensures links: linked{Pre, Post}(ref, parent);
    ensures reach: same_reach{Pre, Post}(0);
    ensures names: same_names{Pre, Post};
    ensures maps: same_maps{Pre, Post}; */
static void link_first(slot_t *slot, slot_ref_t ref, slot_ref_t parent)
{
	slot_t *above = slot_at(parent);
	slot_ref_t below = above->child;
	slot->parent = parent;
	slot->next = below;
	if (below)
		slot_at(below)->prev = ref;
	above->child = ref;
	/*@ ghost placed[ref] = now; */
	/*@ ghost now = now + 1; */
}

/*@ lemma inserted_to{A, M, B}: \forall integer s, p; is_ref(s) && is_ref(p) && s != p &&
      inserted{A, M}(s, 0) && linked{M, B}(s, p) && \at(slots[p].child, A) != s ==>
      inserted{A, B}(s, p);
    lemma kept_twice{A, M, B}: kept{A, M}(0) && kept{M, B}(0) ==> kept{A, B}(0); */

void tree_insert(slot_t *slot, slot_ref_t parent)
{
	slot_ref_t ref = slot_ref(slot);
	slot->parent = slot->child = slot->prev = slot->next = 0;
	/*@ ghost born[ref] = now; */
	/*@ ghost placed[ref] = now; */
	/*@ ghost now = now + 1; */
	/*@ assert reach: same_reach{Pre, Here}(0); */
	/*@ assert names: same_names{Pre, Here}; */
	/*@ assert maps: same_maps{Pre, Here}; */
	/*@ assert root: inserted{Pre, Here}(ref, 0); */
	if (parent)
		link_first(slot, ref, parent);
}

/*@ lemma raised_to{A, M, B}: \forall integer s, c, p; raisable{A}(s) &&
      c == \at(slots[s].child, A) && p == \at(slots[s].parent, A) && p != 0 &&
      unlinked{A, M}(c) && linked{M, B}(c, p) ==> raised{A, B}(s);
    lemma raised_out{A, B}: \forall integer s, c; raisable{A}(s) &&
      c == \at(slots[s].child, A) && \at(slots[s].parent, A) == 0 &&
      unlinked{A, B}(c) ==> raised{A, B}(s); */

bool tree_raise(slot_t *slot)
{
	slot_ref_t parent = slot->parent, ref = slot->child;
	slot_t *child = slot_at(ref);
	bool childless = tree_unlink(child) != 0;
	if (parent)
		link_first(child, ref, parent);
	return childless;
}
