/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on threads. */
#include "object/thread.h"

#include "base/memory.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "syscall/syscall.h"

typedef struct binding {
	uint8_t type;
	uint8_t rights; /* needed of the capability given */
} binding_t;

static const binding_t bindings[BIND_COUNT] = {
    [BIND_CSPACE] = {CAP_CSPACE, RIGHT_READ | RIGHT_WRITE},
    [BIND_VSPACE] = {CAP_VSPACE, RIGHT_WRITE},
    [BIND_BUFFER] = {CAP_FRAME, RIGHT_READ | RIGHT_WRITE},
    [BIND_FAULT] = {CAP_ENDPOINT, RIGHT_WRITE},
    [BIND_NOTIFICATION] = {CAP_NOTIFICATION, RIGHT_READ},
};

static err_t check_binding(tcb_t *caller, const tcb_t *tcb, slot_t **given)
{
	uint32_t what = arg(caller, 1), badge = arg(caller, 3);
	reach_t reach;
	const binding_t *binding = &bindings[what];
	err_t err = find_cap(caller, arg(caller, 2), binding->type, binding->rights, given);
	if (!err)
		err = slot_check_derive(*given, (*given)->rights, badge, 0, &reach);
	if (err)
		return err;
	if (what == BIND_NOTIFICATION) {
		const notification_t *notification = arch_pointer((*given)->object);
		if (notification->bound && notification->bound != tcb)
			return DRV_EBUSY;
	}
	return DRV_OK;
}

/* What emptying and filling a binding costs, in instructions, beyond what hangs on it. */
#define COST_OF_BINDING 400u

err_t sys_thread_bind(tcb_t *caller)
{
	uint32_t what = arg(caller, 1), badge = arg(caller, 3);
	slot_t *thread, *given = NULL;
	err_t err = find_cap(caller, arg(caller, 0), CAP_THREAD, RIGHT_WRITE, &thread);
	if (err)
		return err;
	if (what >= BIND_COUNT || (badge != 0 && what != BIND_FAULT))
		return DRV_EINVAL;
	tcb_t *tcb = arch_pointer(thread->object);
	if (arg(caller, 2) != CAP_NULL)
		err = check_binding(caller, tcb, &given);
	if (err)
		return err;

	slot_t *slot = &tcb->slots[what];
	work_begin();
	if (slot->type != CAP_NONE)
		slot_clear(slot);
	work_note(COST_OF_BINDING);
	if (given) {
		slot_derive(slot, given, given->rights, badge, 0);
		thread_slot_filled(slot);
		if (what == BIND_NOTIFICATION)
			notification_bind(arch_pointer(given->object), tcb);
	}
	work_pay(caller);
	return DRV_OK;
}

static err_t set_budget(tcb_t *tcb, uint32_t value)
{
	uint32_t budget_ms = value & 0xffffu, period_ms = value >> 16;
	if (value != 0 && (budget_ms == 0 || budget_ms >= period_ms))
		return DRV_EINVAL;
	sched_set_budget(tcb, budget_ms, period_ms);
	return DRV_OK;
}

err_t sys_thread_set(tcb_t *caller)
{
	uint32_t what = arg(caller, 1), value = arg(caller, 2);
	slot_t *thread;
	err_t err = find_cap(caller, arg(caller, 0), CAP_THREAD, RIGHT_WRITE, &thread);
	if (err)
		return err;
	if (what == THREAD_BUDGET)
		return set_budget(arch_pointer(thread->object), value);
	if (what > THREAD_MAX_PRIORITY || value > PRIORITY_MAX)
		return DRV_EINVAL;
	if (value > caller->max_priority)
		return DRV_EPERM;
	tcb_t *tcb = arch_pointer(thread->object);
	if (what == THREAD_PRIORITY)
		thread_set_priority(tcb, value);
	else
		tcb->max_priority = (uint8_t)value;
	return DRV_OK;
}

err_t sys_thread_resume(tcb_t *caller)
{
	slot_t *thread;
	err_t err = find_cap(caller, arg(caller, 0), CAP_THREAD, RIGHT_WRITE, &thread);
	if (err)
		return err;
	tcb_t *tcb = arch_pointer(thread->object);
	if (!tcb->vspace)
		return DRV_EINVAL;
	thread_resume(tcb);
	return DRV_OK;
}

err_t sys_thread_suspend(tcb_t *caller)
{
	slot_t *thread;
	err_t err = find_cap(caller, arg(caller, 0), CAP_THREAD, RIGHT_WRITE, &thread);
	if (err)
		return err;
	thread_suspend(arch_pointer(thread->object));
	return DRV_OK;
}

/* The registers of another thread, and the caller's buffer that they go through. */
static err_t find_registers(tcb_t *caller, uint32_t right, tcb_t **tcb,
			    message_buffer_t **buffer)
{
	slot_t *thread;
	err_t err = find_cap(caller, arg(caller, 0), CAP_THREAD, right, &thread);
	if (err)
		return err;
	*tcb = arch_pointer(thread->object);
	*buffer = caller->buffer;
	if (!*buffer)
		return DRV_EFAULT;
	return *tcb == caller ? DRV_EINVAL : DRV_OK;
}

err_t sys_thread_read(tcb_t *caller)
{
	tcb_t *tcb;
	message_buffer_t *buffer;
	err_t err = find_registers(caller, RIGHT_READ, &tcb, &buffer);
	if (err)
		return err;
	thread_registers_t registers;
	arch_frame_get(&tcb->frame, &registers);
	memcpy(&buffer->words[0], &registers, sizeof(registers));
	return DRV_OK;
}

err_t sys_thread_write(tcb_t *caller)
{
	tcb_t *tcb;
	message_buffer_t *buffer;
	err_t err = find_registers(caller, RIGHT_WRITE, &tcb, &buffer);
	if (err)
		return err;
	thread_registers_t registers;
	memcpy(&registers, &buffer->words[0], sizeof(registers));
	thread_suspend(tcb);
	arch_frame_set(&tcb->frame, &registers);
	return DRV_OK;
}

err_t sys_thread_exit(tcb_t *caller)
{
	uint32_t code = arg(caller, 0);
	frame_set_result(&caller->frame, DRV_OK);
	thread_fault(caller, FAULT_EXIT, 0, code);
	return CALL_NO_RESULT;
}

err_t sys_yield(tcb_t *caller)
{
	(void)caller;
	sched_yield();
	return DRV_OK;
}
