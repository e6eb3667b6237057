/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's system calls: docs/syscalls/ as code, one function a call. */
#include "model.h"

#include <string.h>

err_t m_find_any(const m_call_t *call, uint32_t handle, m_cap_t **cap)
{
	const m_object_t *cspace = m_bound(call->caller, BIND_CSPACE);
	*cap = cspace ? m_lookup(cspace, handle) : NULL;
	return *cap ? DRV_OK : DRV_EBADCAP;
}

err_t m_find(const m_call_t *call, uint32_t handle, uint32_t type, uint32_t rights,
	     m_cap_t **cap)
{
	err_t err = m_find_any(call, handle, cap);
	if (err)
		return err;
	if ((*cap)->type != type)
		return DRV_EINVAL;
	return ((*cap)->rights & rights) == rights ? DRV_OK : DRV_EPERM;
}

err_t m_find_target(const m_call_t *call, uint32_t handle, m_object_t **cspace)
{
	m_cap_t *cap;
	*cspace = m_bound(call->caller, BIND_CSPACE);
	if (handle != CAP_NULL) {
		err_t err = m_find(call, handle, CAP_CSPACE, RIGHT_WRITE, &cap);
		if (err)
			return err;
		*cspace = cap->object;
	}
	if (!*cspace)
		return DRV_EBADCAP;
	return m_free_slots(*cspace) ? DRV_OK : DRV_ENOMEM;
}

void m_set_registers(m_object_t *thread, const uint32_t *words)
{
	memcpy(&thread->thread.regs, words, sizeof(thread_registers_t));
	thread->thread.regs.eflags &= 0x0cd5; /* what a user may set */
	thread->thread.regs.eflags |= 0x0202; /* interrupts are on */
}

/* -- Capabilities. ----------------------------------------------------------------------- */

static err_t derive_into(m_object_t *cspace, m_cap_t *parent, uint32_t rights, uint32_t s0,
			 uint32_t s1)
{
	m_cap_t *cap = m_take_slot(cspace, parent->type, rights);
	m_derive(cap, parent, s0, s1);
	return (err_t)cap->handle;
}

static err_t acquire(m_call_t *call)
{
	uint32_t type = call->arg[0], s0 = call->arg[1], s1 = call->arg[2];
	m_object_t *cspace;
	if (type != CAP_PIO && type != CAP_IRQ && type != CAP_MMIO)
		return DRV_EINVAL;
	err_t err = m_find_target(call, CAP_NULL, &cspace);
	if (err)
		return err;
	for (uint32_t i = 1; s0 != 0 && i < cspace->cspace.fresh; i++) {
		m_cap_t *cap = cspace->cspace.slot[i];
		if (cap && cap->type == type && !m_check_derive(cap, cap->rights, s0, s1))
			return derive_into(cspace, cap, cap->rights, s0, s1);
	}
	return DRV_EPERM;
}

static err_t copy(m_call_t *call, uint32_t cspace, m_cap_t *parent, uint32_t rights,
		  uint32_t s0, uint32_t s1)
{
	m_object_t *target;
	err_t err = m_check_derive(parent, rights, s0, s1);
	if (!err)
		err = m_find_target(call, cspace, &target);
	return err ? err : derive_into(target, parent, rights, s0, s1);
}

static err_t derive(m_call_t *call)
{
	const uint32_t *arg = call->arg;
	m_cap_t *cap;
	err_t err = m_find_any(call, arg[0], &cap);
	return err ? err : copy(call, CAP_NULL, cap, arg[1], arg[2], arg[3]);
}

static err_t delegate(m_call_t *call)
{
	const uint32_t *arg = call->arg;
	m_cap_t *cap;
	err_t err = m_find_any(call, arg[1], &cap);
	return err ? err : copy(call, arg[0], cap, arg[2], arg[3], 0);
}

static err_t end(m_call_t *call)
{
	m_cap_t *cap;
	err_t err = m_find_any(call, call->arg[0], &cap);
	if (err)
		return err;
	if (call->number == SYS_CAP_RELEASE)
		m_release(cap);
	else
		m_revoke(cap);
	return DRV_OK;
}

static err_t info(m_call_t *call)
{
	m_cap_t *cap;
	err_t err = m_find_any(call, call->arg[0], &cap);
	if (err)
		return err;
	call->result[0] = cap->type;
	call->result[1] = cap->rights;
	m_scope(cap, &call->result[2]);
	return DRV_OK;
}

static err_t list(m_call_t *call)
{
	m_cap_t *cap;
	err_t err = m_find(call, call->arg[0], CAP_CSPACE, RIGHT_READ, &cap);
	if (err)
		return err;
	const m_cspace_t *cspace = &cap->object->cspace;
	uint32_t i = call->arg[1] ? call->arg[1] : 1;
	while (i < cspace->fresh && !cspace->slot[i])
		i++;
	if (i >= cspace->fresh)
		return DRV_ENOENT;
	call->result[0] = i;
	call->result[1] = cspace->slot[i]->type | ((uint32_t)cspace->slot[i]->rights << 8);
	m_scope(cspace->slot[i], &call->result[2]);
	return DRV_OK;
}

/* -- Messages. --------------------------------------------------------------------------- */

static err_t check_info(const m_call_t *call, uint32_t word)
{
	if (MSG_WORD_COUNT(word) > MSG_WORDS || MSG_CAP_COUNT(word) > MSG_CAPS)
		return DRV_EMSGSIZE;
	if (MSG_LABEL(word) >= MSG_LABEL_KERNEL)
		return DRV_EPERM;
	return m_buffer(call->caller) ? DRV_OK : DRV_EFAULT;
}

static err_t send(m_call_t *call)
{
	m_message_t message = call->number == SYS_IPC_SEND ? M_SEND : M_CALL;
	m_cap_t *cap;
	err_t err = m_find(call, call->arg[0], CAP_ENDPOINT, RIGHT_WRITE, &cap);
	if (!err)
		err = check_info(call, call->arg[1]);
	return err ? err : m_send(cap, message, call->arg[1], &call->settled);
}

static err_t receive(m_call_t *call)
{
	m_cap_t *cap, *reply = NULL;
	err_t err = m_find(call, call->arg[0], CAP_ENDPOINT, RIGHT_READ, &cap);
	if (!err && call->arg[1] != CAP_NULL)
		err = m_find(call, call->arg[1], CAP_REPLY, RIGHT_WRITE, &reply);
	if (err)
		return err;
	if (!m_buffer(call->caller))
		return DRV_EFAULT;
	if (reply && (m_caller_of(reply->object) || m_waiter_of(reply->object)))
		return DRV_EBUSY;
	return m_receive(cap, reply ? reply->object : NULL, call->arg[2], &call->settled);
}

static err_t reply(m_call_t *call)
{
	m_cap_t *cap;
	err_t err = m_find(call, call->arg[0], CAP_REPLY, RIGHT_WRITE, &cap);
	if (!err)
		err = check_info(call, call->arg[1]);
	return err ? err : m_reply(cap->object, call->arg[1]);
}

static err_t reply_receive(m_call_t *call)
{
	m_cap_t *cap, *answer;
	err_t err = m_find(call, call->arg[0], CAP_ENDPOINT, RIGHT_READ, &cap);
	if (!err)
		err = check_info(call, call->arg[1]);
	if (err)
		return err;
	uint32_t timeout_ms = m_buffer(call->caller)->timeout_ms;
	err = m_find(call, m_buffer(call->caller)->reply, CAP_REPLY, RIGHT_WRITE, &answer);
	if (err)
		return err;
	if (m_waiter_of(answer->object))
		return DRV_EBUSY;
	err = m_reply(answer->object, call->arg[1]);
	if (err && err != DRV_EGONE)
		return err;
	return m_receive(cap, answer->object, timeout_ms, &call->settled);
}

static err_t cancel(m_call_t *call)
{
	uint32_t mode = call->arg[1];
	err_t error = (err_t)call->arg[2];
	m_cap_t *cap;
	err_t err = m_find(call, call->arg[0], CAP_ENDPOINT, RIGHT_READ, &cap);
	if (err)
		return err;
	bool is_error = error <= DRV_EPERM && error >= DRV_ERROR_LAST;
	if (mode > CANCEL_REOPEN || (mode == CANCEL_REOPEN ? error != 0 : !is_error))
		return DRV_EINVAL;
	if (mode != CANCEL_WAITING)
		cap->object->closed = error;
	if (mode == CANCEL_REOPEN)
		return DRV_OK;
	for (m_object_t *sender; (sender = m_first(M_SENDING, cap->object, NULL));)
		m_abandon(sender, error);
	return DRV_OK;
}

static err_t signal(m_call_t *call)
{
	m_cap_t *cap;
	err_t err = m_find(call, call->arg[0], CAP_NOTIFICATION, RIGHT_WRITE, &cap);
	if (!err)
		m_signal(cap->object, cap->last ? cap->last : call->arg[1]);
	return err;
}

static err_t wait(m_call_t *call)
{
	m_cap_t *cap;
	err_t err = m_find(call, call->arg[0], CAP_NOTIFICATION, RIGHT_READ, &cap);
	if (err)
		return err;
	call->result[0] = cap->object->pending;
	if (!model.lies)
		cap->object->pending = 0;
	if (call->result[0])
		return DRV_OK;
	if (call->arg[1] == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	m_block(M_WAITING, cap, call->arg[1]);
	call->settled = true;
	return DRV_OK;
}

/* -- The table. -------------------------------------------------------------------------- */

static err_t clock_of(m_call_t *call)
{
	uint64_t now = MODEL_TIME_US(model.now_ms);
	call->result[0] = (uint32_t)now;
	call->result[1] = (uint32_t)(now >> 32);
	return DRV_OK;
}

static err_t audit(m_call_t *call)
{
	audit_report_t report = model_audit();
	if (!m_buffer(call->caller))
		return DRV_EFAULT;
	memcpy(m_buffer(call->caller)->words, &report, sizeof(report));
	return DRV_OK;
}

static err_t nothing(m_call_t *call)
{
	(void)call;
	return DRV_OK;
}

static err_t leave(m_call_t *call)
{
	m_set_result(call->caller, DRV_OK);
	m_fault(FAULT_EXIT, 0, call->arg[0]);
	call->settled = true;
	return DRV_OK;
}

static err_t yield(m_call_t *call)
{
	call->caller->thread.slice = 0;
	return DRV_OK;
}

typedef err_t (*handler_t)(m_call_t *call);

_Static_assert(SYS_COUNT == 37, "one row for each call");

static const handler_t handlers[SYS_COUNT] = {
    [SYS_NULL] = nothing,
    [SYS_CAP_ACQUIRE] = acquire,
    [SYS_CAP_RELEASE] = end,
    [SYS_CAP_PIO_RW] = m_port_access,
    [SYS_CAP_IRQ_WAIT] = m_irq_wait,
    [SYS_CAP_MMIO_MAP] = m_mmio_map,
    [SYS_CAP_MMIO_UNMAP] = m_unmap_range,
    [SYS_CAP_DERIVE] = derive,
    [SYS_CAP_DELEGATE] = delegate,
    [SYS_CAP_REVOKE] = end,
    [SYS_CAP_INFO] = info,
    [SYS_CSPACE_LIST] = list,
    [SYS_UNTYPED_RETYPE] = m_retype,
    [SYS_VSPACE_MAP] = m_map,
    [SYS_VSPACE_UNMAP] = m_unmap_object,
    [SYS_THREAD_BIND] = m_on_thread,
    [SYS_THREAD_SET] = m_on_thread,
    [SYS_THREAD_RESUME] = m_on_thread,
    [SYS_THREAD_SUSPEND] = m_on_thread,
    [SYS_THREAD_READ] = m_on_thread,
    [SYS_THREAD_WRITE] = m_on_thread,
    [SYS_THREAD_EXIT] = leave,
    [SYS_YIELD] = yield,
    [SYS_IPC_SEND] = send,
    [SYS_IPC_RECV] = receive,
    [SYS_IPC_CALL] = send,
    [SYS_IPC_REPLY] = reply,
    [SYS_IPC_REPLY_RECV] = reply_receive,
    [SYS_ENDPOINT_CANCEL] = cancel,
    [SYS_NOTIFICATION_SIGNAL] = signal,
    [SYS_NOTIFICATION_WAIT] = wait,
    [SYS_IRQ_BIND] = m_irq_bind,
    [SYS_IRQ_ACK] = m_irq_ack,
    [SYS_CLOCK] = clock_of,
    [SYS_AUDIT] = audit,
    [SYS_CAP_PIO_MAP] = m_pio_map,
    [SYS_CAP_PIO_UNMAP] = m_unmap_range,
};

void model_call(uint32_t number, const uint32_t arg[4])
{
	m_call_t call = {.caller = model.current, .number = number, .arg = arg};
	thread_registers_t *regs = &call.caller->thread.regs;
	err_t result = number < SYS_COUNT ? handlers[number](&call) : DRV_ENOSYS;
	if (!call.settled) {
		regs->eax = (uint32_t)result;
		regs->ebx = call.result[0];
		regs->esi = call.result[1];
		regs->edi = call.result[2];
		regs->ebp = call.result[3];
	}
	m_choose();
}
