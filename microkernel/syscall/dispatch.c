/* SPDX-License-Identifier: BSD-2-Clause */
/* From registers to handlers and back. */
#include "base/memory.h"
#include "object/kernel.h"
#include "syscall/syscall.h"

typedef err_t (*handler_t)(tcb_t *caller);

#define SYSCALL_ROW(number, NAME, handler, args, result) [number] = sys_##handler,
static const handler_t handlers[SYS_COUNT] = {SYSCALLS(SYSCALL_ROW)};
#undef SYSCALL_ROW

err_t find_any(tcb_t *caller, cap_t handle, slot_t **slot)
{
	cspace_t *cspace = thread_cspace(caller);
	slot_t *found = cspace ? cspace_lookup(cspace, handle) : NULL;
	if (!found)
		return DRV_EBADCAP;
	*slot = found;
	return DRV_OK;
}

err_t find_cap(tcb_t *caller, cap_t handle, uint32_t type, uint32_t rights, slot_t **slot)
{
	slot_t *found;
	err_t err = find_any(caller, handle, &found);
	if (err)
		return err;
	if (found->type != type)
		return DRV_EINVAL;
	if (!slot_allows(found, rights))
		return DRV_EPERM;
	*slot = found;
	return DRV_OK;
}

err_t find_target(tcb_t *caller, cap_t handle, cspace_t **cspace)
{
	cspace_t *found = thread_cspace(caller);
	if (handle != CAP_NULL) {
		slot_t *slot;
		err_t err = find_cap(caller, handle, CAP_CSPACE, RIGHT_WRITE, &slot);
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

/* The work that the caller helps with may also stop or end it; a stopped one has not made its
 * call yet. False: it is not to be made now. */
__attribute__((noinline)) static bool help(const tcb_t *caller)
{
	return !work_pending() || (work_run() && kernel.sched.current == caller);
}

void syscall_handle(void)
{
	tcb_t *caller = kernel.sched.current;
	if (!kernel.sched.settled && !help(caller)) {
		arch_frame_restart(&caller->frame);
		return;
	}
	uint32_t number = caller->frame.eax;
	err_t result = number < SYS_COUNT ? handlers[number](caller) : DRV_ENOSYS;
	if (result > CALL_SETTLED)
		thread_set_result(caller, result);
	else if (result == CALL_AGAIN)
		arch_frame_restart(&caller->frame);
	if (!kernel.sched.settled && work_pending() && kernel.sched.current == caller)
		kernel.work.helper = caller;
}
