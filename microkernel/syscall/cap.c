/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on capabilities as such: acquire, derive, delegate, release, revoke, look. */
#include "base/range.h"
#include "object/kernel.h"
#include "syscall/syscall.h"

/* Derives what was checked into a cspace that has room. */
static err_t derive_into(cspace_t *cspace, slot_t *parent, uint32_t rights,
			 const reach_t *reach)
{
	slot_t *slot = cspace_take(cspace);
	slot_derive_checked(slot, parent, rights, reach);
	return (err_t)slot->name;
}

/* What a search pays for a slot that it passes. */
#define COST_OF_A_SLOT 75u

/* The one exception, in a kernel built with RE36_DEV_TRUST_BOOT=1 alone: the root task's
 * thread, and nobody else, gets physical ranges that it was not given: below and above all RAM
 * that is in use. */
static bool trusted(const tcb_t *caller, uint32_t type, uint32_t base, uint32_t size)
{
	if (!(kernel.audit.flags & AUDIT_TRUST_BOOT) || caller != kernel.root ||
	    type != CAP_MMIO || !is_aligned(base, PAGE_SIZE) || !is_aligned(size, PAGE_SIZE))
		return false;
	return span_inside(base, size, 0, kernel.ram_first - 1) ||
	       span_inside(base, size, kernel.ram_last + 1, UINT32_MAX);
}

err_t sys_cap_acquire(tcb_t *caller)
{
	uint32_t type = arg(caller, 0), scope0 = arg(caller, 1), scope1 = arg(caller, 2);
	cspace_t *cspace;
	reach_t reach;
	if (type != CAP_PIO && type != CAP_IRQ && type != CAP_MMIO)
		return DRV_EINVAL;
	err_t err = find_target(caller, CAP_NULL, &cspace);
	if (err)
		return err;
	if (scope0 == 0)
		return DRV_EPERM;
	work_begin();
	for (uint32_t i = CSPACE_FIRST; i < cspace->fresh; i++) {
		slot_t *slot = cspace_slot(cspace, i);
		if (slot->type == type &&
		    slot_check_derive(slot, slot->rights, scope0, scope1, &reach) == DRV_OK)
			return derive_into(cspace, slot, slot->rights, &reach);
		if (work_charge(COST_OF_A_SLOT))
			return CALL_AGAIN;
	}
	if (!trusted(caller, type, scope0, scope1))
		return DRV_EPERM;
	slot_t *slot = cspace_take(cspace);
	slot_fill_root(slot, CAP_MMIO, RIGHT_READ | RIGHT_WRITE, scope0, scope0 + (scope1 - 1));
	return (err_t)slot->name;
}

/* Derives from a capability of the caller. */
static inline err_t derive(tcb_t *caller, cap_t target, cap_t handle, uint32_t rights,
			   uint32_t scope0, uint32_t scope1)
{
	slot_t *parent;
	cspace_t *cspace;
	reach_t reach;
	err_t err = find_any(caller, handle, &parent);
	if (!err)
		err = slot_check_derive(parent, rights, scope0, scope1, &reach);
	if (!err)
		err = find_target(caller, target, &cspace);
	return err ? err : derive_into(cspace, parent, rights, &reach);
}

/* Grants are made by it: all that it calls becomes part of it. */
__attribute__((flatten)) err_t sys_cap_derive(tcb_t *caller)
{
	return derive(caller, CAP_NULL, arg(caller, 0), arg(caller, 1), arg(caller, 2),
		      arg(caller, 3));
}

err_t sys_cap_delegate(tcb_t *caller)
{
	return derive(caller, arg(caller, 0), arg(caller, 1), arg(caller, 2), arg(caller, 3),
		      0);
}

/* CAP_NULL, which names nothing: goes on with what the caller owes. To release something else
 * gives that up: object/work.h. */
err_t sys_cap_release(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_any(caller, arg(caller, 0), &slot);
	if (err && arg(caller, 0) != CAP_NULL)
		return err;
	work_begin();
	if (err)
		return work_pay(caller);
	if (!owed_is_empty(&caller->owes))
		work_forget(caller);
	for (;;) {
		uint32_t cost = slot_clear_step(slot);
		if (slot->type == CAP_NONE) {
			work_note(cost);
			return owed_is_empty(&caller->owes) ? DRV_OK : work_pay(caller);
		}
		if (work_charge(cost))
			return CALL_AGAIN;
	}
}

/* `limit` is how many steps may be made, 0: all that are needed. Where the call is made again,
 * the rest of them is in its argument. */
err_t sys_cap_revoke(tcb_t *caller)
{
	uint32_t limit = arg(caller, 1);
	slot_t *slot;
	err_t err = find_any(caller, arg(caller, 0), &slot);
	if (err)
		return err;
	bool stop = false;
	work_begin();
	while (slot->child) {
		stop = work_charge(work_revoke_step(slot));
		if (!slot->child)
			break;
		if (limit && --limit == 0)
			return DRV_EAGAIN;
		if (!stop)
			continue;
		frame_set_word(&caller->frame, 1, limit);
		return CALL_AGAIN;
	}
	if (!stop)
		work_pay(caller);
	return DRV_OK;
}

err_t sys_cap_info(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_any(caller, arg(caller, 0), &slot);
	if (err)
		return err;
	uint32_t scope[2];
	object_scope(slot, slot, scope);
	return answer(caller, slot->type, slot->rights, scope[0], scope[1]);
}

err_t sys_cspace_list(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_CSPACE, RIGHT_READ, &slot);
	if (err)
		return err;
	const cspace_t *cspace = arch_pointer(slot->object);
	uint32_t index = (arg(caller, 1) & cspace->mask) + 1;
	if (index < CSPACE_FIRST)
		index = CSPACE_FIRST;
	work_begin();
	for (; index < cspace->fresh; index++) {
		const slot_t *used = cspace_slot(cspace, index);
		uint32_t scope[2];
		if (used->type != CAP_NONE) {
			object_scope(used, slot, scope);
			return answer(caller, used->name,
				      used->type | ((uint32_t)used->rights << 8), scope[0],
				      scope[1]);
		}
		if (work_charge(COST_OF_A_SLOT))
			return CALL_AGAIN;
	}
	return DRV_ENOENT;
}

err_t sys_inspect(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_any(caller, arg(caller, 0), &slot);
	if (err)
		return err;
	if (!slot_allows(slot, RIGHT_INSPECT))
		return object_types[slot->type].rights & RIGHT_INSPECT ? DRV_EPERM : DRV_EINVAL;
	if (!caller->buffer)
		return DRV_EFAULT;
	if (object_types[slot->type].inspect)
		object_types[slot->type].inspect(slot, &caller->buffer->words[0]);
	frame_set_word(&caller->frame, 0, slot->type);
	frame_set_word(&caller->frame, 1, object_number(slot));
	return DRV_OK;
}
