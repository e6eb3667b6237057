/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation tree as links between slots, and nothing else: what hangs on a capability is
 * object/slot.h's. Invariants S2 and S3 of object/slot.h hold between any two calls. Each of
 * these takes the same few instructions, however large the tree is. */
#ifndef OBJECT_TREE_H
#define OBJECT_TREE_H

#include "object/slot.h"

/* Puts a slot that is in no ring among the children of `parent`: as the only one, or behind the
 * first. For 0 it becomes a root, in a ring of its own. It has no children then. */
void tree_insert(slot_t *slot, slot_ref_t parent);

/* Takes a slot without children out of its ring; its parent if it was the only child, or 0. */
slot_ref_t tree_unlink(slot_t *slot);

/* Takes a slot out of its ring and puts its children, of which there must be one, in its place:
 * they now belong to its parent, or to nobody if it has none. */
void tree_bequeath(slot_t *slot);

/* Puts `to`, which is in no ring, in the place of `from`, a slot without children. */
void tree_move(slot_t *from, slot_t *to);

#endif
