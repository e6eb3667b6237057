/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces and what is mapped in them. One capability is mapped at most once; its
 * pages go when it, their page table or the address space goes. Without its page table it still
 * counts as mapped.
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
	_Alignas(64) slot_t tomb;
} vspace_t;

/* Pages that one step maps or unmaps. */
#define VSPACE_STEP 128u

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
 *   DRV_EBUSY    the capability is mapped already; or others are derived from the frame that is
 *                to become executable
 *   DRV_EEXIST   something is mapped there
 *   DRV_ENOTABLE no page table there (frame, mmio)
 *   DRV_EPERM    rights beyond the capability's, or without read; write and exec together; exec
 *                through a capability that is not the frame's first
 *   CALL_AGAIN   a part is mapped, and the current thread has to stop
 *
 * A frame's first mapping that is executable takes the right to write from the capability, and
 * so from all that will be derived from it: until the frame is made anew, nobody writes to what
 * somebody executes. */
err_t vspace_map_table(uint32_t object, slot_t *slot, uint32_t virt, uint32_t rights);
err_t vspace_map_frame(uint32_t object, slot_t *slot, uint32_t virt, uint32_t rights);

/* The same for the first `pages` pages of a physical range; DRV_EINVAL: none, or more
 * than MMIO_MAP_PAGES; DRV_EPERM: more than the range has. */
err_t vspace_map_range(uint32_t object, slot_t *slot, uint32_t virt, uint32_t pages);

/* A narrow() for frames, which have no scope: accepts only (0, 0). */
err_t vspace_narrow_frame(reach_t *reach, uint32_t scope0, uint32_t scope1);

/* Unmaps what the slot has mapped, if anything, of which vspace_is_large() must be false. */
void vspace_unmap(slot_t *slot);

/* Is more mapped than vspace_unmap() takes? */
bool vspace_is_large(const slot_t *slot);

/* What vspace_unmap() costs, in instructions, about. */
uint32_t vspace_unmap_cost(const slot_t *slot);

/* Unmaps VSPACE_STEP pages of it, the last ones; what that cost, in instructions. */
uint32_t vspace_unmap_step(slot_t *slot);

/* Lists a capability among what is mapped in the vspace, or takes it out. */
void vspace_note_mapping(uint32_t object, slot_t *slot, uint32_t virt, uint32_t pages);
void vspace_forget_mapping(slot_t *slot);

/* For the table of types: object/object.h. */
void vspace_create(uint32_t object, uint32_t bits);
uint32_t vspace_destroy_step(uint32_t object);

#endif
