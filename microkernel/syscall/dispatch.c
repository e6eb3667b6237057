/* SPDX-License-Identifier: BSD-2-Clause */
/* From registers to handlers and back. */
#include "base/memory.h"
#include "object/kernel.h"
#include "syscall/syscall.h"

typedef err_t (*handler_t)(syscall_t *call);

#define SYSCALL_ROW(number, NAME, handler, args, result) [number] = sys_##handler,
static const handler_t handlers[SYS_COUNT] = {SYSCALLS(SYSCALL_ROW)};
#undef SYSCALL_ROW

err_t find_any(syscall_t *call, cap_t handle, slot_t **slot)
{
	cspace_t *cspace = thread_cspace(call->caller);
	slot_t *found = cspace ? cspace_lookup(cspace, handle) : NULL;
	if (!found)
		return DRV_EBADCAP;
	*slot = found;
	return DRV_OK;
}

err_t find_cap(syscall_t *call, cap_t handle, uint32_t type, uint32_t rights, slot_t **slot)
{
	slot_t *found;
	err_t err = find_any(call, handle, &found);
	if (err)
		return err;
	if (found->type != type)
		return DRV_EINVAL;
	if (!slot_allows(found, rights))
		return DRV_EPERM;
	*slot = found;
	return DRV_OK;
}

err_t find_target(syscall_t *call, cap_t handle, cspace_t **cspace)
{
	cspace_t *found = thread_cspace(call->caller);
	if (handle != CAP_NULL) {
		slot_t *slot;
		err_t err = find_cap(call, handle, CAP_CSPACE, RIGHT_WRITE, &slot);
		if (err)
			return err;
		found = arch_pointer(slot->object);
	}
	if (!found)
		return DRV_EBADCAP;
	if (!found->free_count)
		return DRV_ENOMEM;
	*cspace = found;
	return DRV_OK;
}

static void finish(syscall_t *call, err_t result)
{
	arch_frame_t *frame = &call->caller->frame;
	frame->eax = (uint32_t)result;
	frame->ebx = call->result[0];
	frame->esi = call->result[1];
	frame->edi = call->result[2];
	frame->ebp = call->result[3];
}

void syscall_handle(void)
{
	tcb_t *caller = kernel.sched.current;
	arch_frame_t *frame = &caller->frame;
	/* The work that it helps with may also stop or end the caller; a stopped one has not
	 * made its call yet. */
	if (work_pending() && (!work_run() || kernel.sched.current != caller)) {
		arch_frame_restart(frame);
		return;
	}
	/* Field by field: an initialiser would be a slow string instruction. */
	syscall_t call;
	call.caller = caller;
	call.arg[0] = frame->ebx;
	call.arg[1] = frame->esi;
	call.arg[2] = frame->edi;
	call.arg[3] = frame->ebp;
	call.result[0] = call.result[1] = call.result[2] = call.result[3] = 0;
	call.settled = call.restart = false;
	uint32_t number = frame->eax;
	err_t result = number < SYS_COUNT ? handlers[number](&call) : DRV_ENOSYS;
	if (work_pending() && !kernel.work.helper && kernel.sched.current == caller)
		kernel.work.helper = caller;
	if (call.restart)
		arch_frame_restart(frame);
	else if (!call.settled)
		finish(&call, result);
}
