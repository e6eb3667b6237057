/* SPDX-License-Identifier: BSD-2-Clause */
/* From registers to handlers and back. */
#include "object/kernel.h"
#include "syscall/syscall.h"

__attribute__((noinline)) static void make_again(tcb_t *caller)
{
	arch_frame_restart(&caller->frame);
}

/* Puts the result where the caller finds it, or has the call made again. */
static inline void give_result(tcb_t *caller, err_t result)
{
	if (result > CALL_NO_RESULT)
		frame_set_result(&caller->frame, (uint32_t)result);
	else if (result == CALL_AGAIN)
		make_again(caller);
}

/* A handler together with its end. */
#define SYSCALL_TAKE(number, NAME, handler, args, result)                                      \
	static void take_##handler(tcb_t *caller)                                              \
	{                                                                                      \
		give_result(caller, sys_##handler(caller));                                    \
	}
SYSCALLS(SYSCALL_TAKE)
#undef SYSCALL_TAKE

#define SYSCALL_ROW(number, NAME, handler, args, result) [number] = take_##handler,
static void (*const handlers[SYS_COUNT])(tcb_t *caller) = {SYSCALLS(SYSCALL_ROW)};
#undef SYSCALL_ROW

__attribute__((noinline)) err_t find_failed(const slot_t *slot, cap_t handle, uint32_t type)
{
	if (slot->name != handle || slot->type == CAP_NONE)
		return DRV_EBADCAP;
	return slot->type == type ? DRV_EPERM : DRV_EINVAL;
}

err_t find_target(tcb_t *caller, cap_t handle, cspace_t **cspace)
{
	cspace_t *found = caller->cspace;
	if (handle != CAP_NULL) {
		slot_t *slot;
		err_t err = find_cap(caller, handle, CAP_CSPACE, RIGHT_WRITE, &slot);
		if (err)
			return err;
		found = arch_pointer(slot->object);
	}
	*cspace = found;
	if (found->free_count)
		return DRV_OK;
	return handle == CAP_NULL && !thread_cspace(caller) ? DRV_EBADCAP : DRV_ENOMEM;
}

void syscall_handle(uint32_t number)
{
	if (number < SYS_COUNT)
		handlers[number](kernel.sched.current);
	else
		frame_set_result(&kernel.sched.current->frame, (uint32_t)DRV_ENOSYS);
}

const arch_frame_t *kernel_syscall(uint32_t number)
{
	syscall_handle(number);
	return kernel_leave();
}
