/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces. */
#include "object/vspace.h"

#include "abi/boot.h"
#include "base/range.h"
#include "object/kernel.h"

void vspace_note_mapping(uint32_t object, slot_t *slot, uint32_t virt, uint32_t pages)
{
	vspace_t *vspace = arch_pointer(object);
	slot->map_space = object;
	slot->map_virt = virt;
	slot->map_pages = slot->map_goal = pages;
	slot->map_prev = 0;
	slot->map_next = vspace->mappings;
	if (slot->map_next)
		slot_at(slot->map_next)->map_prev = slot_ref(slot);
	vspace->mappings = slot_ref(slot);
	if (slot->type == CAP_MMIO)
		kernel.audit.mmio_pages += pages;
}

void vspace_forget_mapping(slot_t *slot)
{
	vspace_t *vspace = arch_pointer(slot->map_space);
	if (slot->map_next)
		slot_at(slot->map_next)->map_prev = slot->map_prev;
	if (slot->map_prev)
		slot_at(slot->map_prev)->map_next = slot->map_next;
	else
		vspace->mappings = slot->map_next;
	if (slot->type == CAP_MMIO)
		kernel.audit.mmio_pages -= slot->map_pages;
	if (slot->type == CAP_FRAME)
		slot->flags &= (uint8_t)~FRAME_SEALING;
	slot->map_space = slot->map_virt = slot->map_pages = slot->map_goal = 0;
	slot->map_next = slot->map_prev = 0;
}

void vspace_create(uint32_t object, uint32_t bits)
{
	(void)bits;
	vspace_t *vspace = arch_pointer(object);
	*vspace = (vspace_t){.root = arch_directory_init(vspace_directory(object))};
	work_note(PAGE_SIZE / sizeof(uint32_t));
}

void vspace_leave(void)
{
	kernel.sched.space = 0;
	arch_directory_leave();
	arch_iobitmap_use(0);
}

/* May what is in `slot` be mapped on these pages, whatever is there? */
static err_t check_place(const slot_t *slot, uint32_t virt, uint32_t pages)
{
	if (!is_aligned(virt, PAGE_SIZE) || pages > USER_END / PAGE_SIZE ||
	    !span_inside(virt, pages * PAGE_SIZE, USER_START, USER_END - 1))
		return DRV_EFAULT;
	return slot->map_space ? DRV_EBUSY : DRV_OK;
}

err_t vspace_map_table(uint32_t object, slot_t *slot, uint32_t virt, uint32_t rights)
{
	(void)rights; /* those of what will be mapped in it */
	uint32_t directory = vspace_directory(object);
	if (!is_aligned(virt, arch_table_span()) || virt >= USER_END)
		return DRV_EFAULT;
	if (slot->map_space)
		return DRV_EBUSY;
	if (arch_table_present(directory, virt))
		return DRV_EEXIST;
	if (slot->flags) /* or it would carry its pages into this address space */
		arch_zero(slot->object, PAGE_SIZE);
	slot->flags = 0;
	arch_table_set(directory, virt, slot->object);
	vspace_note_mapping(object, slot, virt, 0);
	return DRV_OK;
}

/* What a page of a mapping costs to look at, to map and to unmap, in instructions, about. */
#define COST_OF_A_CHECK 9u
#define COST_OF_A_PAGE	16u

static uint32_t step_of(uint32_t pages)
{
	return pages < VSPACE_STEP ? pages : VSPACE_STEP;
}

/* Are the pages from `done` on free? CALL_AGAIN: the current thread has to stop. */
static err_t check_rest(uint32_t object, uint32_t virt, uint32_t done, uint32_t goal)
{
	while (done < goal) {
		uint32_t count = step_of(goal - done);
		err_t err =
		    arch_pages_check(vspace_directory(object), virt + done * PAGE_SIZE, count);
		done += count;
		if (err)
			return err;
		if (work_charge(count * COST_OF_A_CHECK))
			return CALL_AGAIN;
	}
	return DRV_OK;
}

/* Maps what is not mapped yet of `goal` pages. */
static err_t map_rest(slot_t *slot, uint32_t goal, uint32_t flags)
{
	slot->map_goal = goal;
	for (;;) {
		uint32_t count = step_of(goal - slot->map_pages);
		uint32_t offset = slot->map_pages * PAGE_SIZE;
		arch_pages_set(vspace_directory(slot->map_space), slot->map_virt + offset,
			       slot->object + offset, count, flags);
		slot->map_pages += count;
		if (slot->type == CAP_MMIO)
			kernel.audit.mmio_pages += count;
		if (slot->map_pages == goal)
			return DRV_OK;
		if (work_charge(count * COST_OF_A_PAGE))
			return CALL_AGAIN;
	}
}

/* Of an executable mapping that is not whole: nothing of it is left, and as long as nothing is
 * derived from the capability, nobody else has the frame. */
static void unseal(slot_t *slot)
{
	if (slot->type != CAP_FRAME || !(slot->flags & FRAME_SEALING) || slot->child)
		return;
	slot->flags &= (uint8_t)~FRAME_SEALED;
	slot->rights |= RIGHT_WRITE;
}

/* Somebody else was quicker, hence `err`: takes back what is mapped. */
static err_t unmap_all(slot_t *slot, err_t err)
{
	while (vspace_is_large(slot))
		if (work_charge(vspace_unmap_step(slot)))
			return CALL_AGAIN;
	unseal(slot);
	vspace_unmap(slot);
	return err;
}

/* Maps many pages, in pieces: a mapping that is a part of this one is gone on with, or taken
 * back, if there is no place for the rest. */
static err_t map_pages(uint32_t object, slot_t *slot, uint32_t virt, uint32_t goal,
		       uint32_t flags)
{
	bool begun = slot->map_space == object && slot->map_virt == virt &&
		     slot->map_goal == goal && slot->map_pages < goal;
	err_t err = begun ? DRV_OK : check_place(slot, virt, goal);
	work_begin();
	if (!err)
		err = check_rest(object, virt, slot->map_pages, goal);
	if (err && err != CALL_AGAIN && begun)
		return unmap_all(slot, err);
	if (err)
		return err;
	if (!begun)
		vspace_note_mapping(object, slot, virt, 0);
	return map_rest(slot, goal, flags);
}

/* May the frame become, or is it already, one that is executed? What is mapped of it until then
 * could be written to. */
static err_t check_seal(const slot_t *slot)
{
	if (slot->flags & FRAME_SEALED)
		return DRV_OK;
	if (!(slot->flags & FRAME_FIRST))
		return DRV_EPERM;
	return slot->child || slot->map_space ? DRV_EBUSY : DRV_OK;
}

static void seal(slot_t *slot, bool whole)
{
	if (!whole && !(slot->flags & FRAME_SEALED))
		slot->flags |= FRAME_SEALING;
	slot->flags |= FRAME_SEALED;
	slot->rights &= (uint8_t)~RIGHT_WRITE;
}

err_t vspace_narrow_frame(reach_t *reach, uint32_t scope0, uint32_t scope1)
{
	reach->flags &= FRAME_SEALED;
	return object_narrow_none(reach, scope0, scope1);
}

static err_t map_page(uint32_t object, slot_t *slot, uint32_t virt, uint32_t flags)
{
	err_t err = check_place(slot, virt, 1);
	if (err)
		return err;
	err = arch_page_set(vspace_directory(object), virt, slot->object, flags);
	if (!err)
		vspace_note_mapping(object, slot, virt, 1);
	return err;
}

err_t vspace_map_frame(uint32_t object, slot_t *slot, uint32_t virt, uint32_t rights)
{
	bool exec = (rights & RIGHT_EXEC) != 0;
	err_t err = DRV_OK;
	if (!slot_allows(slot, rights) || !(rights & RIGHT_READ))
		return DRV_EPERM;
	if ((rights & RIGHT_WRITE) && exec)
		return DRV_EPERM;
	if (exec)
		err = check_seal(slot);
	if (err)
		return err;
	uint32_t flags =
	    (rights & RIGHT_WRITE ? ARCH_PAGE_WRITE : 0) | (exec ? ARCH_PAGE_EXEC : 0);
	uint32_t pages = 1u << (slot->extra - PAGE_BITS);
	err = pages == 1 ? map_page(object, slot, virt, flags)
			 : map_pages(object, slot, virt, pages, flags);
	if (!err)
		slot->flags &= (uint8_t)~FRAME_SEALING;
	if (exec && (!err || err == CALL_AGAIN) && slot->map_pages)
		seal(slot, !err);
	return err;
}

err_t vspace_map_range(uint32_t object, slot_t *slot, uint32_t virt, uint32_t pages)
{
	if (pages == 0)
		return DRV_EINVAL;
	if (!slot_allows(slot, RIGHT_READ) ||
	    pages - 1 > (slot->extra - slot->object) / PAGE_SIZE)
		return DRV_EPERM;
	if (pages > MMIO_MAP_PAGES)
		return DRV_EINVAL;
	uint32_t flags =
	    ARCH_PAGE_UNCACHED | (slot_allows(slot, RIGHT_WRITE) ? ARCH_PAGE_WRITE : 0);
	return map_pages(object, slot, virt, pages, flags);
}

bool vspace_is_large(const slot_t *slot)
{
	return (slot->type == CAP_FRAME || slot->type == CAP_MMIO) &&
	       slot->map_pages > VSPACE_STEP;
}

uint32_t vspace_unmap_step(slot_t *slot)
{
	slot->map_pages -= VSPACE_STEP;
	uint32_t offset = slot->map_pages * PAGE_SIZE;
	arch_pages_clear(vspace_directory(slot->map_space), slot->map_virt + offset,
			 slot->object + offset, VSPACE_STEP);
	if (slot->type == CAP_MMIO)
		kernel.audit.mmio_pages -= VSPACE_STEP;
	return VSPACE_STEP * COST_OF_A_PAGE;
}

void vspace_unmap(slot_t *slot)
{
	if (!slot->map_space)
		return;
	uint32_t directory = vspace_directory(slot->map_space);
	if (slot->type == CAP_PTABLE) {
		arch_table_clear(directory, slot->map_virt, slot->object);
		slot->flags = 1;
	}
	if (slot->map_pages)
		arch_pages_clear(directory, slot->map_virt, slot->object, slot->map_pages);
	vspace_forget_mapping(slot);
}

uint32_t vspace_unmap_cost(const slot_t *slot)
{
	return slot->map_pages * COST_OF_A_PAGE;
}

/* Threads hold the vspace by capabilities, so nobody runs in it any more. */
uint32_t vspace_destroy_step(uint32_t object)
{
	vspace_t *vspace = arch_pointer(object);
	if (!vspace->mappings)
		return 0;
	slot_t *slot = slot_at(vspace->mappings);
	if (vspace_is_large(slot))
		return vspace_unmap_step(slot);
	uint32_t cost = COST_OF_CLEARING;
	if (object_types[slot->type].detach_cost)
		cost += object_types[slot->type].detach_cost(slot);
	object_types[slot->type].detach(slot);
	return cost;
}
