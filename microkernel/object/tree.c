/* SPDX-License-Identifier: BSD-2-Clause */
/* The links of the derivation tree. */
#include "object/tree.h"

/* Closes the ring that goes from `prev` on to `next`. */
/*@ requires is_ref(prev) && is_ref(next);
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev;
    exits \false;
    ensures parent: parent_but{Pre, Post}(0, 0);
    ensures child: child_but{Pre, Post}(0, 0);
    ensures next: next_but{Pre, Post}(prev, next);
    ensures prev: prev_but{Pre, Post}(next, prev);
    ensures rest: same_rest{Pre, Post}; */
static void join(slot_ref_t prev, slot_ref_t next)
{
	slot_at(prev)->next = next;
	slot_at(next)->prev = prev;
}

/* Makes `ref` the first child of `parent`, where there is a parent. */
/*@ requires is_ref(ref) && parent < SLOT_COUNT;
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev;
    exits \false;
    ensures parent: parent_but{Pre, Post}(ref, parent);
    ensures child: child_but{Pre, Post}(parent, ref);
    ensures next: next_but{Pre, Post}(0, 0);
    ensures prev: prev_but{Pre, Post}(0, 0);
    ensures rest: same_rest{Pre, Post}; */
static void lead(slot_ref_t ref, slot_ref_t parent)
{
	slot_at(ref)->parent = parent;
	if (parent)
		slot_at(parent)->child = ref;
}

void tree_insert(slot_t *slot, slot_ref_t parent)
{
	slot_ref_t ref = slot_ref(slot);
	slot_ref_t first = parent ? slot_at(parent)->child : 0;
	/*@ ghost join_ring(slot, parent); */
	slot->child = 0;
	if (first) {
		slot_ref_t second = slot_at(first)->next;
		slot->parent = 0;
		join(ref, second);
		join(first, ref);
	} else {
		slot->next = slot->prev = ref;
		lead(ref, parent);
	}
}

/*@ requires is_slot(slot);
    assigns slots[0 .. SLOT_COUNT - 1].parent, slots[0 .. SLOT_COUNT - 1].child,
      slots[0 .. SLOT_COUNT - 1].next, slots[0 .. SLOT_COUNT - 1].prev;
    exits \false;
    ensures parent: parent_but{Pre, Post}(place_of(slot), 0);
    ensures child: child_but{Pre, Post}(0, 0);
    ensures next: next_but{Pre, Post}(place_of(slot), 0);
    ensures prev: prev_but{Pre, Post}(place_of(slot), 0);
    ensures rest: same_rest{Pre, Post}; */
static void forget_links(slot_t *slot)
{
	slot->parent = slot->next = slot->prev = 0;
}

slot_ref_t tree_unlink(slot_t *slot)
{
	slot_ref_t parent = slot->parent, next = slot->next;
	slot_ref_t childless = 0;
	/*@ ghost leave_ring(slot); */
	if (next == slot_ref(slot)) {
		childless = parent;
		if (parent)
			slot_at(parent)->child = 0;
	} else {
		join(slot->prev, next);
		if (parent)
			lead(next, parent);
	}
	forget_links(slot);
	return childless;
}

__attribute__((noinline)) void tree_bequeath(slot_t *slot)
{
	slot_ref_t first = slot->child, last = slot_at(first)->prev;
	/*@ ghost give_ring(slot, first); */
	if (slot->next != slot_ref(slot)) {
		join(slot->prev, first);
		join(last, slot->next);
	}
	lead(first, slot->parent);
	forget_links(slot);
	slot->child = 0;
}

void tree_move(slot_t *from, slot_t *to)
{
	slot_ref_t ref = slot_ref(to);
	/*@ ghost move_in_ring(from, to); */
	to->child = 0;
	if (from->next == slot_ref(from)) {
		to->next = to->prev = ref;
	} else {
		join(from->prev, ref);
		join(ref, from->next);
	}
	lead(ref, from->parent);
	forget_links(from);
}
