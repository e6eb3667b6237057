/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's system calls on threads. */
#include "model.h"

#include <string.h>

static err_t check_binding(m_call_t *call, const m_object_t *thread, m_cap_t **given)
{
	static const struct {
		uint8_t type, rights;
	} needed[BIND_COUNT] = {
	    [BIND_CSPACE] = {CAP_CSPACE, RIGHT_READ | RIGHT_WRITE},
	    [BIND_VSPACE] = {CAP_VSPACE, RIGHT_WRITE},
	    [BIND_BUFFER] = {CAP_FRAME, RIGHT_READ | RIGHT_WRITE},
	    [BIND_FAULT] = {CAP_ENDPOINT, RIGHT_WRITE},
	    [BIND_NOTIFICATION] = {CAP_NOTIFICATION, RIGHT_READ},
	};
	uint32_t what = call->arg[1];
	err_t err = m_find(call, call->arg[2], needed[what].type, needed[what].rights, given);
	if (!err)
		err = m_check_derive(*given, (*given)->rights, call->arg[3], 0);
	if (err || what != BIND_NOTIFICATION)
		return err;
	const m_object_t *other = m_bound_thread((*given)->object);
	return other && other != thread ? DRV_EBUSY : DRV_OK;
}

static void bind(m_object_t *thread, uint32_t what, m_cap_t *given, uint32_t badge)
{
	m_cap_t *bound = m_new_cap(thread, what, given->type, given->rights);
	thread->thread.bound[what] = bound;
	m_derive(bound, given, badge, 0);
	if (what == BIND_NOTIFICATION) {
		uint32_t bits = given->object->pending;
		given->object->pending = 0;
		m_signal(given->object, bits);
	}
}

err_t m_thread_bind(m_call_t *call)
{
	m_object_t *thread = call->cap->object;
	uint32_t what = call->arg[1], badge = call->arg[3];
	m_cap_t *given = NULL;
	if (what >= BIND_COUNT || (badge != 0 && what != BIND_FAULT))
		return DRV_EINVAL;
	err_t err = call->arg[2] ? check_binding(call, thread, &given) : DRV_OK;
	if (err)
		return err;
	m_cap_t **bound = &thread->thread.bound[what];
	if (*bound)
		m_clear(*bound);
	if (given)
		bind(thread, what, given, badge);
	m_pay(call->caller);
	return DRV_OK;
}

static void set_priority(m_object_t *thread, uint32_t priority)
{
	thread->thread.base_priority = priority;
	if (thread->thread.timed)
		m_file_timer(thread);
	m_rank_again(thread);
}

static err_t set_budget(m_object_t *thread, uint32_t value)
{
	m_thread_t *its = &thread->thread;
	uint32_t budget = value & 0xffff, period = value >> 16;
	if (value != 0 && (budget == 0 || budget >= period))
		return DRV_EINVAL;
	bool same = its->budget && its->period == period; /* then that goes on */
	its->budget = budget;
	its->period = period;
	its->period_run = same ? its->period_run : its->run;
	its->period_start = same ? its->period_start : model.now_ms;
	its->spent = false;
	m_rank_again(thread);
	return DRV_OK;
}

err_t m_thread_set(m_call_t *call)
{
	m_object_t *thread = call->cap->object;
	uint32_t what = call->arg[1], value = call->arg[2];
	if (what == THREAD_BUDGET)
		return set_budget(thread, value);
	if (what > THREAD_MAX_PRIORITY || value > PRIORITY_MAX)
		return DRV_EINVAL;
	if (value > call->caller->thread.max_priority)
		return DRV_EPERM;
	if (what == THREAD_PRIORITY)
		set_priority(thread, value);
	else
		thread->thread.max_priority = value;
	return DRV_OK;
}

err_t m_thread_resume(m_call_t *call)
{
	m_object_t *thread = call->cap->object;
	if (!m_bound(thread, BIND_VSPACE))
		return DRV_EINVAL;
	if (thread->thread.state == M_STOPPED) {
		thread->thread.fault[0] = 0;
		m_ready(thread);
	} else if (thread->thread.state != M_READY) {
		m_wake(thread, DRV_ECANCELED);
	}
	return DRV_OK;
}

err_t m_thread_suspend(m_call_t *call)
{
	m_suspend(call->cap->object);
	return DRV_OK;
}

err_t m_thread_registers(m_call_t *call)
{
	m_object_t *thread = call->cap->object;
	message_buffer_t *buffer = m_buffer(call->caller);
	if (!buffer)
		return DRV_EFAULT;
	if (thread == call->caller)
		return DRV_EINVAL;
	if (call->number == SYS_THREAD_WRITE) {
		m_suspend(thread);
		m_set_registers(thread, buffer->words);
	} else {
		memcpy(buffer->words, &thread->thread.regs, sizeof(thread_registers_t));
	}
	return DRV_OK;
}
