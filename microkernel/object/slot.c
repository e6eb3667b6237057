/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation tree. Every function here takes a bounded number of steps; what is as long
 * as the tree is done step by step in object/work.c. */
#include "object/slot.h"

#include "base/assert.h"
#include "object/kernel.h"
#include "object/object.h"

static void tree_insert(slot_t *slot, slot_ref_t parent)
{
	slot->parent = parent;
	slot->child = 0;
	slot->prev = 0;
	slot->next = 0;
	if (!parent)
		return;
	slot_t *above = slot_at(parent);
	slot->next = above->child;
	if (slot->next)
		slot_at(slot->next)->prev = slot_ref(slot);
	above->child = slot_ref(slot);
}

static void first_child_changed(slot_t *parent, slot_ref_t child)
{
	parent->child = child;
	if (!child && object_types[parent->type].childless)
		object_types[parent->type].childless(parent);
}

static void tree_unlink(slot_t *slot)
{
	if (slot->next)
		slot_at(slot->next)->prev = slot->prev;
	if (slot->prev)
		slot_at(slot->prev)->next = slot->next;
	else if (slot->parent)
		first_child_changed(slot_at(slot->parent), slot->next);
	slot->parent = slot->next = slot->prev = 0;
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
	slot_t *child = slot_at(slot->child);
	slot_ref_t below = child->child;
	tree_unlink(child);
	tree_insert(child, slot->parent);
	child->child = below;
}

void slot_clear(slot_t *slot)
{
	kernel_assert(slot->child == 0);
	tree_unlink(slot);
	object_release(slot);
	kernel.audit.caps[slot->type]--;
	slot->type = CAP_NONE;
	slot->rights = 0;
	object_slot_emptied(slot);
}
