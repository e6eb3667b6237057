/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that tell the time, which needs no capability, and the counters, and have calls
 * recorded, which do. */
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
	if (!caller->buffer)
		return DRV_EFAULT;
	memcpy(&caller->buffer->words[0], &kernel.audit, sizeof(kernel.audit));
	return DRV_OK;
}

/* The memory is taken for ever: nothing that can be revoked is above it, or below. */
err_t sys_trace(tcb_t *caller)
{
	slot_t *audit, *memory;
	err_t err = find_cap(caller, arg(caller, 0), CAP_AUDIT, RIGHT_WRITE, &audit);
	if (!err)
		err = find_cap(caller, arg(caller, 1), CAP_UNTYPED, RIGHT_WRITE, &memory);
	if (err)
		return err;
	if (kernel.audit.flags & AUDIT_TRACE)
		return DRV_EEXIST;
	if (memory->child || memory->parent || memory->next != slot_ref(memory))
		return DRV_EINVAL;
	kernel.audit.flags |= AUDIT_TRACE;
	arch_trace(memory->object, memory->extra);
	slot_clear(memory);
	return DRV_OK;
}
