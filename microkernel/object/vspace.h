/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces and what is mapped in them. One capability is mapped at most once; the
 * mapping goes when the capability, its page table or the address space goes.
 *
 * Layout of the object: the first page is the header, the others the page directory. */
#ifndef OBJECT_VSPACE_H
#define OBJECT_VSPACE_H

#include "object/kernel.h"
#include "object/object.h"

#define VSPACE_BITS 14u

typedef struct vspace {
	object_header_t header;
	slot_ref_t mappings; /* what is mapped here, linked by map_next */
	uint32_t root;	     /* of its directory, for the machine */
	uint32_t iobitmap;   /* physical address of the installed I/O bitmap, or 0 */
} vspace_t;

/* Physical address of the directory of the vspace object at `object`. */
static inline uint32_t vspace_directory(uint32_t object)
{
	return object + PAGE_SIZE;
}

/* Makes the vspace at `object` current. */
static inline void vspace_use(uint32_t object)
{
	if (kernel.sched.space == object)
		return;
	const vspace_t *vspace = arch_pointer(object);
	kernel.sched.space = object;
	arch_directory_use(vspace->root);
	arch_iobitmap_use(vspace->iobitmap);
}

/* Makes none current. */
void vspace_leave(void);

/* Check and commit in one: maps the capability in `slot` at `virt`.
 *   DRV_EFAULT   unaligned, page 0, kernel addresses or past the end
 *   DRV_EBUSY    the capability is mapped already
 *   DRV_EEXIST   something is mapped there
 *   DRV_ENOTABLE no page table there (frame, mmio)
 *   DRV_EPERM    rights beyond the capability's, or write and exec together */
err_t vspace_map_table(uint32_t object, slot_t *slot, uint32_t virt);
err_t vspace_map_frame(uint32_t object, slot_t *slot, uint32_t virt, uint32_t rights);

/* The same for the first `pages` pages of a physical range; DRV_EINVAL: no pages;
 * DRV_EPERM: more than the range has. */
err_t vspace_map_range(uint32_t object, slot_t *slot, uint32_t virt, uint32_t pages);

/* Unmaps what the slot has mapped, if anything. */
void vspace_unmap(slot_t *slot);

/* Lists a capability among what is mapped in the vspace, or takes it out. */
void vspace_note_mapping(uint32_t object, slot_t *slot, uint32_t virt, uint32_t pages);
void vspace_forget_mapping(slot_t *slot);

void vspace_create(uint32_t object, uint32_t bits);
bool vspace_destroy_step(uint32_t object);

#endif
