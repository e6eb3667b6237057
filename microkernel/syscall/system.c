/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that need no capability: they tell the time and the counters, nothing else. */
#include "base/memory.h"
#include "object/kernel.h"
#include "syscall/syscall.h"

err_t sys_null(syscall_t *call)
{
	(void)call;
	return DRV_OK;
}

err_t sys_clock(syscall_t *call)
{
	uint64_t now = arch_time_us();
	call->result[0] = (uint32_t)now;
	call->result[1] = (uint32_t)(now >> 32);
	return DRV_OK;
}

err_t sys_audit(syscall_t *call)
{
	message_buffer_t *buffer = thread_buffer(call->caller);
	if (!buffer)
		return DRV_EFAULT;
	memcpy(&buffer->words[0], &kernel.audit, sizeof(kernel.audit));
	return DRV_OK;
}
