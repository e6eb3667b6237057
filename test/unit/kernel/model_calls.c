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
	for (uint32_t i = 2; s0 != 0 && i < cspace->cspace.fresh; i++) {
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
	return copy(call, CAP_NULL, call->cap, arg[1], arg[2], arg[3]);
}

/* Here the second argument is looked up first. */
static err_t delegate(m_call_t *call)
{
	const uint32_t *arg = call->arg;
	m_cap_t *cap;
	err_t err = m_find_any(call, arg[1], &cap);
	return err ? err : copy(call, arg[0], cap, arg[2], arg[3], 0);
}

/* CAP_NULL: what is owed alone. */
static err_t release(m_call_t *call)
{
	err_t err = m_find_any(call, call->arg[0], &call->cap);
	if (err && call->arg[0] != CAP_NULL)
		return err;
	if (!err) {
		m_forget(call->caller);
		m_clear(call->cap);
	}
	return m_pay(call->caller);
}

static err_t revoke(m_call_t *call)
{
	uint32_t limit = call->arg[1];
	while (call->cap->child) {
		m_revoke_step(call->cap);
		if (limit && --limit == 0 && call->cap->child)
			return DRV_EAGAIN;
	}
	m_pay(call->caller);
	return DRV_OK;
}

static err_t info(m_call_t *call)
{
	call->result[0] = call->cap->type;
	call->result[1] = call->cap->rights;
	m_scope(call->cap, call->cap, &call->result[2]);
	call->results = 4;
	return DRV_OK;
}

static err_t list(m_call_t *call)
{
	const m_cspace_t *cspace = &call->cap->object->cspace;
	uint32_t i = (call->arg[1] & ((1u << cspace->bits) - 1)) + 1;
	if (i < 2)
		i = 2;
	while (i < cspace->fresh && !cspace->slot[i])
		i++;
	if (i >= cspace->fresh)
		return DRV_ENOENT;
	call->result[0] = cspace->slot[i]->handle;
	call->result[1] = cspace->slot[i]->type | ((uint32_t)cspace->slot[i]->rights << 8);
	m_scope(cspace->slot[i], call->cap, &call->result[2]);
	call->results = 4;
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
	err_t err = check_info(call, call->arg[1]);
	return err ? err : m_send(call->cap, message, call->arg[1], &call->no_result);
}

static err_t receive(m_call_t *call)
{
	m_cap_t *cap = NULL;
	err_t err = DRV_OK;
	if (call->arg[1] != CAP_NULL)
		err = m_find(call, call->arg[1], CAP_REPLY, RIGHT_WRITE, &cap);
	if (err)
		return err;
	if (!m_buffer(call->caller))
		return DRV_EFAULT;
	m_object_t *reply = cap ? cap->object : NULL;
	if (reply && (m_caller_of(reply) || m_waiter_of(reply)))
		return DRV_EBUSY;
	if (call->arg[3] != CAP_NULL)
		err = m_find(call, call->arg[3], CAP_IRQ, RIGHT_READ, &cap);
	if (!err && call->arg[3] != CAP_NULL)
		err = m_acknowledge(cap);
	return err ? err : m_receive(call->cap, reply, call->arg[2], &call->no_result);
}

static err_t reply(m_call_t *call)
{
	err_t err = check_info(call, call->arg[1]);
	return err ? err : m_reply(call->cap->object, call->arg[1], false);
}

static err_t reply_receive(m_call_t *call)
{
	m_cap_t *answer;
	err_t err = check_info(call, call->arg[1]);
	if (err)
		return err;
	uint32_t timeout_ms = m_buffer(call->caller)->timeout_ms;
	err = m_find(call, m_buffer(call->caller)->reply, CAP_REPLY, RIGHT_WRITE, &answer);
	if (err)
		return err;
	if (m_waiter_of(answer->object))
		return DRV_EBUSY;
	err = m_reply(answer->object, call->arg[1], true);
	if (err && err != DRV_EGONE)
		return err;
	return m_receive(call->cap, answer->object, timeout_ms, &call->no_result);
}

static err_t cancel(m_call_t *call)
{
	m_object_t *endpoint = call->cap->object;
	uint32_t mode = call->arg[1];
	err_t error = (err_t)call->arg[2];
	bool is_error = error <= DRV_EPERM && error >= DRV_ERROR_LAST;
	if (mode > CANCEL_REOPEN || (mode == CANCEL_REOPEN ? error != 0 : !is_error))
		return DRV_EINVAL;
	if (mode != CANCEL_WAITING)
		endpoint->closed = error;
	if (mode == CANCEL_REOPEN)
		return DRV_OK;
	for (m_object_t *sender; (sender = m_first_sender(endpoint));)
		m_abandon(sender, error);
	return DRV_OK;
}

static err_t signal(m_call_t *call)
{
	call->caller->thread.signals++;
	m_signal(call->cap->object, call->cap->last ? call->cap->last : call->arg[1]);
	return DRV_OK;
}

static err_t tell(m_call_t *call)
{
	uint32_t info = call->arg[1];
	err_t err = check_info(call, info);
	if (err || MSG_CAP_COUNT(info))
		return err ? err : DRV_EMSGSIZE;
	call->caller->thread.signals++;
	call->result[0] =
	    m_tell(call->cap->object, call->cap->last ? call->cap->last : call->arg[2], info);
	call->results = 1;
	return DRV_OK;
}

err_t m_wait(m_call_t *call, uint32_t timeout_ms)
{
	if (timeout_ms == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	m_block(M_WAITING, call->cap, timeout_ms);
	call->no_result = true;
	return DRV_OK;
}

static err_t wait(m_call_t *call)
{
	m_object_t *notification = call->cap->object;
	call->result[0] = notification->pending;
	call->results = 1;
	if (!model.lies)
		notification->pending = 0;
	return call->result[0] ? DRV_OK : m_wait(call, call->arg[1]);
}

/* -- The table. -------------------------------------------------------------------------- */

static err_t clock_of(m_call_t *call)
{
	uint64_t now = model.time_us;
	call->result[0] = (uint32_t)now;
	call->result[1] = (uint32_t)(now >> 32);
	call->results = 2;
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
	call->no_result = true;
	return DRV_OK;
}

static err_t yield(m_call_t *call)
{
	call->caller->thread.slice = m_has_rival() ? 0 : 10;
	return DRV_OK;
}

/* A call, and what its first argument must name: type and rights. */
typedef struct row {
	err_t (*handler)(m_call_t *call);
	uint8_t type, rights;
} row_t;

#define ANY_TYPE 0xff
#define RW	 (RIGHT_READ | RIGHT_WRITE)

static const row_t rows[] = {
    [SYS_NULL] = {nothing, 0, 0},
    [SYS_CAP_ACQUIRE] = {acquire, 0, 0},
    [SYS_CAP_RELEASE] = {release, 0, 0},
    [SYS_CAP_PIO_RW] = {m_port_access, CAP_PIO, 0},
    [SYS_CAP_IRQ_WAIT] = {m_irq_wait, CAP_IRQ, RIGHT_READ},
    [SYS_CAP_MMIO_MAP] = {m_mmio_map, CAP_MMIO, RIGHT_READ},
    [SYS_CAP_MMIO_UNMAP] = {m_unmap_call, CAP_MMIO, 0},
    [SYS_CAP_DERIVE] = {derive, ANY_TYPE, 0},
    [SYS_CAP_DELEGATE] = {delegate, 0, 0},
    [SYS_CAP_REVOKE] = {revoke, ANY_TYPE, 0},
    [SYS_CAP_INFO] = {info, ANY_TYPE, 0},
    [SYS_CSPACE_LIST] = {list, CAP_CSPACE, RIGHT_READ},
    [SYS_UNTYPED_RETYPE] = {m_retype, CAP_UNTYPED, RIGHT_WRITE},
    [SYS_VSPACE_MAP] = {m_map, CAP_VSPACE, RIGHT_WRITE},
    [SYS_VSPACE_UNMAP] = {m_unmap_call, ANY_TYPE, 0},
    [SYS_THREAD_BIND] = {m_thread_bind, CAP_THREAD, RIGHT_WRITE},
    [SYS_THREAD_SET] = {m_thread_set, CAP_THREAD, RIGHT_WRITE},
    [SYS_THREAD_RESUME] = {m_thread_resume, CAP_THREAD, RIGHT_WRITE},
    [SYS_THREAD_SUSPEND] = {m_thread_suspend, CAP_THREAD, RIGHT_WRITE},
    [SYS_THREAD_READ] = {m_thread_registers, CAP_THREAD, RIGHT_READ},
    [SYS_THREAD_WRITE] = {m_thread_registers, CAP_THREAD, RIGHT_WRITE},
    [SYS_THREAD_EXIT] = {leave, 0, 0},
    [SYS_YIELD] = {yield, 0, 0},
    [SYS_IPC_SEND] = {send, CAP_ENDPOINT, RIGHT_WRITE},
    [SYS_IPC_RECV] = {receive, CAP_ENDPOINT, RIGHT_READ},
    [SYS_IPC_CALL] = {send, CAP_ENDPOINT, RIGHT_WRITE},
    [SYS_IPC_REPLY] = {reply, CAP_REPLY, RIGHT_WRITE},
    [SYS_IPC_REPLY_RECV] = {reply_receive, CAP_ENDPOINT, RIGHT_READ},
    [SYS_ENDPOINT_CANCEL] = {cancel, CAP_ENDPOINT, RIGHT_READ},
    [SYS_NOTIFICATION_SIGNAL] = {signal, CAP_NOTIFICATION, RIGHT_WRITE},
    [SYS_NOTIFICATION_WAIT] = {wait, CAP_NOTIFICATION, RIGHT_READ},
    [SYS_IRQ_BIND] = {m_irq_bind, CAP_IRQ, RIGHT_READ},
    [SYS_IRQ_ACK] = {m_irq_ack, CAP_IRQ, RIGHT_READ},
    [SYS_CLOCK] = {clock_of, 0, 0},
    [SYS_AUDIT] = {audit, CAP_AUDIT, RIGHT_READ},
    [SYS_TRACE] = {m_trace, CAP_AUDIT, RIGHT_WRITE},
    [SYS_CAP_PIO_MAP] = {m_pio_map, CAP_PIO, RW},
    [SYS_CAP_PIO_UNMAP] = {m_unmap_call, CAP_PIO, 0},
    [SYS_INSPECT] = {m_inspect, ANY_TYPE, 0},
    [SYS_CAP_PIO_KEEP] = {m_port_keep, CAP_PIO, RIGHT_READ},
    [SYS_NOTIFICATION_TELL] = {tell, CAP_NOTIFICATION, RIGHT_WRITE},
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == SYS_COUNT, "a row for each call");

static err_t do_call(m_call_t *call)
{
	if (call->number >= SYS_COUNT)
		return DRV_ENOSYS;
	const row_t *row = &rows[call->number];
	err_t err = DRV_OK;
	if (row->type == ANY_TYPE)
		err = m_find_any(call, call->arg[0], &call->cap);
	else if (row->type)
		err = m_find(call, call->arg[0], row->type, row->rights, &call->cap);
	return err ? err : row->handler(call);
}

void model_call(uint32_t number, const uint32_t arg[4])
{
	m_call_t call = {.caller = model.current, .number = number, .arg = arg};
	thread_registers_t *regs = &call.caller->thread.regs;
	uint32_t *const r[] = {&regs->ebx, &regs->esi, &regs->edi, &regs->ebp};
	err_t result = do_call(&call);
	if (!call.no_result)
		regs->eax = (uint32_t)result;
	for (uint32_t i = 0; i < call.results && !call.no_result && result == DRV_OK; i++)
		*r[i] = call.result[i];
	model_leave();
}
