/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that tell the time, which needs no capability, and the counters, which does. */
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
	frame_set_word(&caller->frame, 0, (uint32_t)now);
	frame_set_word(&caller->frame, 1, (uint32_t)(now >> 32));
	return DRV_OK;
}

err_t sys_audit(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_AUDIT, RIGHT_READ, &slot);
	if (err)
		return err;
	message_buffer_t *buffer = caller->buffer;
	if (!buffer)
		return DRV_EFAULT;
	memcpy(&buffer->words[0], &kernel.audit, sizeof(kernel.audit));
	return DRV_OK;
}
