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
		sched_take_interrupts();
		if (sched_preempted())
			return false;
	}
	return true;
}

err_t sys_untyped_retype(tcb_t *caller)
{
	slot_t *untyped;
	cspace_t *cspace;
	carve_t carve;
	err_t err = find_cap(caller, arg0(caller), CAP_UNTYPED, RIGHT_WRITE, &untyped);
	if (!err)
		err = untyped_plan(untyped, arg1(caller), arg2(caller), &carve);
	if (!err)
		err = find_target(caller, arg3(caller), &cspace);
	if (err)
		return err;
	if (!zero_all(untyped, &carve))
		return CALL_AGAIN;
	slot_t *slot = cspace_take(cspace);
	untyped_commit(untyped, &carve, slot);
	return (err_t)slot->name;
}

err_t sys_vspace_map(tcb_t *caller)
{
	uint32_t virt = arg2(caller), rights = arg3(caller);
	slot_t *vspace, *slot;
	err_t err = find_cap(caller, arg0(caller), CAP_VSPACE, RIGHT_WRITE, &vspace);
	if (!err)
		err = find_any(caller, arg1(caller), &slot);
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

err_t sys_vspace_unmap(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_any(caller, arg0(caller), &slot);
	if (err)
		return err;
	bool mapped_by_map =
	    slot->type == CAP_FRAME || slot->type == CAP_PTABLE || slot->type == CAP_IOBITMAP;
	if (!mapped_by_map || !slot->map_space)
		return DRV_EINVAL;
	object_types[slot->type].detach(slot);
	return DRV_OK;
}

err_t sys_cap_mmio_map(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg0(caller), CAP_MMIO, RIGHT_READ, &slot);
	if (err)
		return err;
	return vspace_map_range(thread_vspace(caller), slot, arg1(caller), arg2(caller));
}

err_t sys_cap_mmio_unmap(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg0(caller), CAP_MMIO, 0, &slot);
	if (err)
		return err;
	if (!slot->map_space)
		return DRV_EINVAL;
	vspace_unmap(slot);
	return DRV_OK;
}
