/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on memory: retype, map, unmap. */
#include "object/iobitmap.h"
#include "object/kernel.h"
#include "object/untyped.h"
#include "object/vspace.h"
#include "syscall/syscall.h"

/* Zeroes what is planned, taking interrupts between pages; false: somebody more urgent
 * must run first. The progress is kept in the untyped. */
static bool zero_all(slot_t *untyped, const carve_t *carve)
{
	while (!untyped_zero_step(untyped, carve)) {
		arch_interrupt_window();
		if (sched_preempted())
			return false;
	}
	return true;
}

err_t sys_untyped_retype(syscall_t *call)
{
	slot_t *untyped;
	cspace_t *cspace;
	carve_t carve;
	err_t err = find_cap(call, call->arg[0], CAP_UNTYPED, RIGHT_WRITE, &untyped);
	if (!err)
		err = untyped_plan(untyped, call->arg[1], call->arg[2], &carve);
	if (!err)
		err = find_target(call, call->arg[3], &cspace);
	if (err)
		return err;
	if (!zero_all(untyped, &carve)) {
		call->restart = true;
		return DRV_OK;
	}
	slot_t *slot = cspace_take(cspace);
	untyped_commit(untyped, &carve, slot);
	return (err_t)cspace_handle(cspace, slot);
}

err_t sys_vspace_map(syscall_t *call)
{
	uint32_t virt = call->arg[2], rights = call->arg[3];
	slot_t *vspace, *slot;
	err_t err = find_cap(call, call->arg[0], CAP_VSPACE, RIGHT_WRITE, &vspace);
	if (!err)
		err = find_any(call, call->arg[1], &slot);
	if (err)
		return err;
	if (slot->type == CAP_PTABLE)
		return vspace_map_table(vspace->object, slot, virt);
	if (slot->type == CAP_IOBITMAP)
		return virt == 0 ? iobitmap_install(vspace->object, slot) : DRV_EFAULT;
	if (slot->type == CAP_FRAME)
		return vspace_map_frame(vspace->object, slot, virt, rights);
	return DRV_EINVAL;
}

err_t sys_vspace_unmap(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_any(call, call->arg[0], &slot);
	if (err)
		return err;
	bool mapped_by_map =
	    slot->type == CAP_FRAME || slot->type == CAP_PTABLE || slot->type == CAP_IOBITMAP;
	if (!mapped_by_map || !slot->map_space)
		return DRV_EINVAL;
	object_types[slot->type].detach(slot);
	return DRV_OK;
}

err_t sys_cap_mmio_map(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_MMIO, RIGHT_READ, &slot);
	if (err)
		return err;
	return vspace_map_range(thread_vspace(call->caller), slot, call->arg[1], call->arg[2]);
}

err_t sys_cap_mmio_unmap(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_MMIO, 0, &slot);
	if (err)
		return err;
	if (!slot->map_space)
		return DRV_EINVAL;
	vspace_unmap(slot);
	return DRV_OK;
}
