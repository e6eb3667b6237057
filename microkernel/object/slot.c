/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling, deriving and emptying slots. Every function here takes a bounded number of steps;
 * what is as long as the tree is done step by step in object/work.c. */
#include "object/slot.h"

#include "base/assert.h"
#include "object/kernel.h"
#include "object/object.h"
#include "object/tree.h"

/* The last capability that was derived from this one went. */
static void tell_childless(slot_t *parent)
{
	if (object_types[parent->type].childless)
		object_types[parent->type].childless(parent);
}

static void fill(slot_t *slot, uint32_t type, uint32_t rights, uint32_t object, uint32_t extra)
{
	kernel_assert(slot->type == CAP_NONE);
	slot->type = (uint8_t)type;
	slot->rights = (uint8_t)rights;
	slot->widths = type == CAP_PIO ? PIO_WIDTH_ALL : 0;
	slot->object = object;
	slot->extra = extra;
	slot->waiting = 0;
	slot->map_space = slot->map_virt = slot->map_pages = 0;
	slot->map_next = slot->map_prev = 0;
	kernel.audit.caps[type]++;
}

void slot_fill_root(slot_t *slot, uint32_t type, uint32_t rights, uint32_t object,
		    uint32_t extra)
{
	fill(slot, type, rights, object, extra);
	tree_insert(slot, 0);
	object_retain(slot);
}

void slot_fill_new(slot_t *slot, slot_t *untyped, uint32_t type, uint32_t object,
		   uint32_t extra)
{
	fill(slot, type, object_types[type].rights, object, extra);
	tree_insert(slot, slot_ref(untyped));
	object_retain(slot);
}

err_t slot_check_derive(const slot_t *parent, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	const object_type_t *type = &object_types[parent->type];
	if (!type->narrow)
		return DRV_EINVAL;
	if ((rights & ~(uint32_t)parent->rights) != 0 || rights == 0)
		return DRV_EPERM;
	slot_t narrowed; /* what says how far it reaches */
	narrowed.object = parent->object;
	narrowed.extra = parent->extra;
	narrowed.widths = parent->widths;
	return type->narrow(&narrowed, scope0, scope1);
}

void slot_derive(slot_t *slot, slot_t *parent, uint32_t rights, uint32_t scope0,
		 uint32_t scope1)
{
	fill(slot, parent->type, rights, parent->object, parent->extra);
	slot->widths = parent->widths;
	err_t err = object_types[parent->type].narrow(slot, scope0, scope1);
	kernel_assert(err == DRV_OK);
	tree_insert(slot, slot_ref(parent));
	object_retain(slot);
}

void slot_raise_child(slot_t *slot)
{
	if (tree_raise(slot))
		tell_childless(slot);
}

void slot_clear(slot_t *slot)
{
	kernel_assert(slot->child == 0);
	slot_ref_t childless = tree_unlink(slot);
	if (childless)
		tell_childless(slot_at(childless));
	object_release(slot);
	kernel.audit.caps[slot->type]--;
	slot->type = CAP_NONE;
	slot->rights = 0;
	object_slot_emptied(slot);
}
