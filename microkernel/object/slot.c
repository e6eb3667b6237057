/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling, deriving and emptying slots. Every function here takes a bounded number of steps;
 * what takes many is done step by step in object/work.c. */
#include "object/slot.h"

#include "base/assert.h"
#include "object/kernel.h"
#include "object/object.h"
#include "object/range.h"
#include "object/tree.h"
#include "object/vspace.h"

/* Links, waiter and union of a free slot are zero already: object/slot.h, S1. */
/*@ requires is_slot(slot) && slot->type == CAP_NONE && type < CAP_TYPE_COUNT && rights < 256;
    requires \valid_read(reach) && \separated(reach, &slots[0 .. SLOT_COUNT - 1], &kernel);
    requires kernel.audit.caps[type] < UINT32_MAX;
    assigns slot->type, slot->rights, slot->flags, slot->object, slot->extra,
      kernel.audit.caps[type];
    exits \false;
    ensures filled: says(slot, type, rights, \old(*reach));
    ensures reach: same_reach{Pre, Post}(place_of(slot));
    ensures names: same_names{Pre, Post};
    ensures maps: same_maps{Pre, Post};
    ensures tree: same_tree{Pre, Post}; */
static void fill(slot_t *slot, uint32_t type, uint32_t rights, const reach_t *reach)
{
	kernel_assert(slot->type == CAP_NONE);
	slot->type = (uint8_t)type;
	slot->rights = (uint8_t)rights;
	slot->flags = reach->flags;
	slot->object = reach->object;
	slot->extra = reach->extra;
	kernel.audit.caps[type]++;
}

void slot_fill_root(slot_t *slot, uint32_t type, uint32_t rights, uint32_t object,
		    uint32_t extra)
{
	fill(slot, type, rights, &(reach_t){object, extra, object_types[type].first_flags, 0});
	tree_insert(slot, 0);
	object_retain(slot);
}

void slot_fill_new(slot_t *slot, slot_t *untyped, uint32_t type, uint32_t object,
		   uint32_t extra)
{
	fill(slot, type, object_types[type].rights,
	     &(reach_t){object, extra, object_types[type].first_flags, 0});
	tree_insert(slot, slot_ref(untyped));
	object_retain(slot);
}

err_t slot_check_derive(const slot_t *parent, uint32_t rights, uint32_t scope0, uint32_t scope1,
			reach_t *reach)
{
	const object_type_t *type = &object_types[parent->type];
	if (!type->narrow)
		return DRV_EINVAL;
	if ((rights & ~(uint32_t)parent->rights) != 0 || rights == 0)
		return DRV_EPERM;
	reach->object = parent->object;
	reach->extra = parent->extra;
	reach->flags = parent->flags;
	reach->rights = parent->rights;
	/*@ calls object_narrow_none, object_narrow_badge, irq_narrow, pio_narrow, mmio_narrow,
	      vspace_narrow_frame; */
	return type->narrow(reach, scope0, scope1);
}

void slot_derive_checked(slot_t *slot, slot_t *parent, uint32_t rights, const reach_t *reach)
{
	fill(slot, parent->type, rights, reach);
	tree_insert(slot, slot_ref(parent));
	object_retain(slot);
}

void slot_derive(slot_t *slot, slot_t *parent, uint32_t rights, uint32_t scope0,
		 uint32_t scope1)
{
	reach_t reach;
	err_t err = slot_check_derive(parent, rights, scope0, scope1, &reach);
	kernel_assert(err == DRV_OK);
	slot_derive_checked(slot, parent, rights, &reach);
}

/* Takes the slot out of the tree; what was derived from it belongs to its parent then. */
static void leave_tree(slot_t *slot)
{
	if (slot->child) {
		tree_bequeath(slot);
		return;
	}
	slot_ref_t childless = tree_unlink(slot);
	if (childless)
		object_childless(slot_at(childless));
}

/* All that it calls becomes part of it but what is rare, which is marked where it is. */
__attribute__((flatten)) void slot_clear(slot_t *slot)
{
	const object_type_t *type = &object_types[slot->type];
	if (slot->waiter)
		object_wake_one(slot);
	if (type->detach)
		type->detach(slot);
	if (!type->counted || !object_release(slot))
		leave_tree(slot);
	kernel.audit.caps[slot->type]--;
	slot->type = CAP_NONE;
	slot->rights = 0;
	object_slot_emptied(slot);
}

/* What it costs to find that somebody waits: waking charges itself. */
#define COST_OF_A_CROWD 10u

uint32_t slot_clear_step(slot_t *slot)
{
	const object_type_t *type = &object_types[slot->type];
	uint32_t cost = COST_OF_CLEARING;
	if (slot->waiter && thread_is_crowd(slot)) {
		object_wake_one(slot);
		return COST_OF_A_CROWD;
	}
	if (type->detach_cost) {
		if (vspace_is_large(slot))
			return vspace_unmap_step(slot);
		cost += type->detach_cost(slot);
	}
	slot_clear(slot);
	return cost;
}
