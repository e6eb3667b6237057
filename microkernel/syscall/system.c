/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that need no capability: they tell the time and the counters, nothing else. */
#include "base/memory.h"
#include "object/kernel.h"
#include "syscall/syscall.h"

err_t sys_null(tcb_t *caller)
{
	(void)caller;
	return DRV_OK;
}

err_t sys_clock(tcb_t *caller)
{
	uint64_t now = arch_time_us();
	caller->frame.ebx = (uint32_t)now;
	caller->frame.esi = (uint32_t)(now >> 32);
	return DRV_OK;
}

err_t sys_audit(tcb_t *caller)
{
	message_buffer_t *buffer = thread_buffer(caller);
	if (!buffer)
		return DRV_EFAULT;
	memcpy(&buffer->words[0], &kernel.audit, sizeof(kernel.audit));
	return DRV_OK;
}
