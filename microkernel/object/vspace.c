/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces. */
#include "object/vspace.h"

#include "abi/boot.h"
#include "base/memory.h"
#include "base/range.h"
#include "object/kernel.h"

void vspace_note_mapping(uint32_t object, slot_t *slot, uint32_t virt, uint32_t pages)
{
	vspace_t *vspace = arch_pointer(object);
	slot->map_space = object;
	slot->map_virt = virt;
	slot->map_pages = pages;
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
	slot->map_space = slot->map_virt = slot->map_pages = 0;
	slot->map_next = slot->map_prev = 0;
}

void vspace_create(uint32_t object, uint32_t bits)
{
	(void)bits;
	vspace_t *vspace = arch_pointer(object);
	*vspace = (vspace_t){.root = arch_directory_init(vspace_directory(object))};
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

static err_t error_of(enum arch_pages there)
{
	if (there == ARCH_PAGES_FREE)
		return DRV_OK;
	return there == ARCH_PAGES_NO_TABLE ? DRV_ENOTABLE : DRV_EEXIST;
}

err_t vspace_map_table(uint32_t object, slot_t *slot, uint32_t virt)
{
	uint32_t directory = vspace_directory(object);
	if (!is_aligned(virt, arch_table_span()) || virt >= USER_END)
		return DRV_EFAULT;
	if (slot->map_space)
		return DRV_EBUSY;
	if (arch_table_present(directory, virt))
		return DRV_EEXIST;
	if (slot->widths) /* or it would carry its pages into this address space */
		memset(arch_pointer(slot->object), 0, PAGE_SIZE);
	slot->widths = 0;
	arch_table_set(directory, virt, slot->object);
	vspace_note_mapping(object, slot, virt, 0);
	return DRV_OK;
}

err_t vspace_map_frame(uint32_t object, slot_t *slot, uint32_t virt, uint32_t rights)
{
	if (rights == 0 || !slot_allows(slot, rights) || !(rights & RIGHT_READ))
		return DRV_EPERM;
	if ((rights & RIGHT_WRITE) && (rights & RIGHT_EXEC))
		return DRV_EPERM;
	err_t err = check_place(slot, virt, 1);
	if (err)
		return err;
	uint32_t flags = (rights & RIGHT_WRITE ? ARCH_PAGE_WRITE : 0) |
			 (rights & RIGHT_EXEC ? ARCH_PAGE_EXEC : 0);
	err = error_of(arch_page_set(vspace_directory(object), virt, slot->object, flags));
	if (!err)
		vspace_note_mapping(object, slot, virt, 1);
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
	uint32_t directory = vspace_directory(object);
	err_t err = check_place(slot, virt, pages);
	if (!err)
		err = error_of(arch_pages_check(directory, virt, pages));
	if (err)
		return err;
	uint32_t flags =
	    ARCH_PAGE_UNCACHED | (slot_allows(slot, RIGHT_WRITE) ? ARCH_PAGE_WRITE : 0);
	arch_pages_set(directory, virt, slot->object, pages, flags);
	vspace_note_mapping(object, slot, virt, pages);
	return DRV_OK;
}

void vspace_unmap(slot_t *slot)
{
	if (!slot->map_space)
		return;
	uint32_t directory = vspace_directory(slot->map_space);
	if (slot->type == CAP_PTABLE) {
		arch_table_clear(directory, slot->map_virt, slot->object);
		slot->widths = 1;
	}
	if (slot->map_pages)
		arch_pages_clear(directory, slot->map_virt, slot->object, slot->map_pages);
	vspace_forget_mapping(slot);
}

/* Threads hold the vspace by capabilities, so nobody runs in it any more. */
bool vspace_destroy_step(uint32_t object)
{
	vspace_t *vspace = arch_pointer(object);
	if (!vspace->mappings)
		return true;
	slot_t *slot = slot_at(vspace->mappings);
	object_types[slot->type].detach(slot);
	return false;
}
