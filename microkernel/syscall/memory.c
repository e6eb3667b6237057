/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on memory: retype, map, unmap. */
#include "object/kernel.h"
#include "object/object.h"
#include "object/untyped.h"
#include "object/vspace.h"
#include "syscall/syscall.h"

#define COST_OF_ZEROING 1120u /* a page */

/* Zeroes what is planned, `limit` pages of it at most if that is not 0, taking interrupts
 * between them. The progress is kept in the untyped. DRV_OK: all is zero. */
static err_t zero(slot_t *untyped, const carve_t *carve, uint32_t limit)
{
	work_begin();
	for (uint32_t pages = 1; !untyped_zero_step(untyped, carve); pages++) {
		bool stop = work_charge(COST_OF_ZEROING);
		if (pages == limit)
			return DRV_EAGAIN;
		if (stop)
			return CALL_AGAIN;
	}
	return DRV_OK;
}

err_t sys_untyped_retype(tcb_t *caller)
{
	uint32_t form = arg(caller, 2);
	slot_t *untyped;
	cspace_t *cspace;
	carve_t carve;
	err_t err = find_cap(caller, arg(caller, 0), CAP_UNTYPED, RIGHT_WRITE, &untyped);
	if (!err)
		err = untyped_plan(untyped, arg(caller, 1), form, &carve);
	if (!err)
		err = find_target(caller, arg(caller, 3), &cspace);
	if (!err)
		err = zero(untyped, &carve, RETYPE_LIMIT_PAGES(form));
	if (err)
		return err;
	slot_t *slot = cspace_take(cspace);
	untyped_commit(untyped, &carve, slot);
	return (err_t)slot->name;
}

err_t sys_vspace_map(tcb_t *caller)
{
	uint32_t virt = arg(caller, 2), rights = arg(caller, 3);
	slot_t *vspace, *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_VSPACE, RIGHT_WRITE, &vspace);
	if (!err)
		err = find_any(caller, arg(caller, 1), &slot);
	if (err)
		return err;
	if (!object_types[slot->type].map)
		return DRV_EINVAL;
	return object_types[slot->type].map(vspace->object, slot, virt, rights);
}

/* Unmaps in pieces. */
static err_t unmap(slot_t *slot)
{
	if (!slot->map_space)
		return DRV_EINVAL;
	work_begin();
	while (vspace_is_large(slot))
		if (work_charge(vspace_unmap_step(slot)))
			return CALL_AGAIN;
	object_types[slot->type].detach(slot);
	return DRV_OK;
}

err_t sys_vspace_unmap(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_any(caller, arg(caller, 0), &slot);
	if (err)
		return err;
	return object_types[slot->type].map ? unmap(slot) : DRV_EINVAL;
}

err_t sys_cap_mmio_map(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_MMIO, RIGHT_READ, &slot);
	return err ? err
		   : vspace_map_range(caller->vspace, slot, arg(caller, 1), arg(caller, 2));
}

err_t sys_cap_mmio_unmap(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_MMIO, 0, &slot);
	return err ? err : unmap(slot);
}
