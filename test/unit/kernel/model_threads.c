/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's threads: who waits, who runs, what time does. */
#include "model.h"

#include <stddef.h>

#define SLICE_MS 10u

m_object_t *m_bound(const m_object_t *thread, uint32_t what)
{
	const m_cap_t *cap = thread->thread.bound[what];
	return cap ? cap->object : NULL;
}

message_buffer_t *m_buffer(const m_object_t *thread)
{
	m_object_t *frame = m_bound(thread, BIND_BUFFER);
	return frame ? &frame->buffer : NULL;
}

void m_set_result(m_object_t *thread, err_t result)
{
	thread->thread.regs.eax = (uint32_t)result;
}

m_object_t *m_next_thread(m_object_t *thread)
{
	uint32_t i = thread ? (uint32_t)(thread - model.object) + 1 : 0;
	while (i < model.objects &&
	       (!model.object[i].live || model.object[i].type != CAP_THREAD))
		i++;
	return i < model.objects ? &model.object[i] : NULL;
}

m_object_t *m_first(m_state_t state, const m_object_t *object, const m_cap_t *through)
{
	m_object_t *found = NULL;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at)) {
		const m_cap_t *its = at->thread.through;
		if (at->thread.state == state &&
		    (through ? its == through : its->object == object) &&
		    (!found || at->thread.since < found->thread.since))
			found = at;
	}
	return found;
}

/* -- Waiting and waking. ----------------------------------------------------------------- */

void m_ready(m_object_t *thread)
{
	thread->thread.state = M_READY;
	thread->thread.slice = SLICE_MS;
	thread->thread.since = (int32_t)++model.clock;
}

bool m_in_fault(const m_object_t *thread)
{
	return (thread->thread.state == M_SENDING || thread->thread.state == M_CALLING) &&
	       thread->thread.message == M_FAULT;
}

void m_unblock(m_object_t *thread)
{
	thread->thread.timed = false;
	thread->thread.through = NULL;
	thread->thread.answer = thread->thread.offered = NULL;
	thread->thread.state = M_STOPPED;
	if (model.current == thread)
		model.current = NULL;
}

void m_wake(m_object_t *thread, err_t result)
{
	if (!m_in_fault(thread))
		m_set_result(thread, result);
	m_unblock(thread);
	m_ready(thread);
}

void m_abandon(m_object_t *thread, err_t result)
{
	if (m_in_fault(thread))
		m_unblock(thread);
	else
		m_wake(thread, result);
}

void m_suspend(m_object_t *thread)
{
	m_state_t state = thread->thread.state;
	if (state != M_READY && state != M_STOPPED && state != M_PARKED && !m_in_fault(thread))
		m_set_result(thread, DRV_ECANCELED);
	m_unblock(thread);
}

void m_start_timer(m_object_t *thread, uint32_t timeout_ms)
{
	if (timeout_ms == TIMEOUT_FOREVER)
		return;
	thread->thread.timed = true; /* the millisecond under way does not count */
	thread->thread.deadline = (uint64_t)model.now_ms + timeout_ms + 1;
	thread->thread.timer_age = ++model.clock;
}

void m_block(m_state_t state, m_cap_t *through, uint32_t timeout_ms)
{
	m_object_t *thread = model.current;
	model.current = NULL;
	thread->thread.state = state;
	thread->thread.through = through;
	thread->thread.since = (int32_t)++model.clock;
	m_start_timer(thread, timeout_ms);
}

/* -- Who runs. --------------------------------------------------------------------------- */

static bool period_is_over(const m_thread_t *thread)
{
	return model.now_ms - thread->period_start >= thread->period;
}

static bool is_spent(const m_thread_t *thread)
{
	return thread->budget && thread->spent >= thread->budget * 1000 &&
	       !period_is_over(thread);
}

/* What was run too long is taken off the next period, and off none after that. */
static void begin_period(m_thread_t *thread)
{
	uint32_t budget = thread->budget * 1000;
	bool next = model.now_ms - thread->period_start < 2 * thread->period;
	thread->spent = next && thread->spent > budget ? thread->spent - budget : 0;
	thread->period_start = model.now_ms;
}

/* The most urgent of the ready ones, and of those the first; without the current one. */
static m_object_t *best_ready(void)
{
	m_object_t *best = NULL;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at)) {
		if (at->thread.state != M_READY || at == model.current)
			continue;
		if (!best || at->thread.priority > best->thread.priority ||
		    (at->thread.priority == best->thread.priority &&
		     at->thread.since < best->thread.since))
			best = at;
	}
	return best;
}

static void park(m_object_t *thread)
{
	thread->thread.state = M_PARKED;
	m_start_timer(thread,
		      thread->thread.period - (model.now_ms - thread->thread.period_start));
}

/* Does the current thread go on? If not, it is queued: in front if it was only interrupted by
 * somebody more urgent, at the end if its slice is over. */
static bool current_goes_on(void)
{
	m_object_t *current = model.current;
	if (!current)
		return false;
	if (is_spent(&current->thread)) {
		model.current = NULL;
		park(current);
		return false;
	}
	const m_object_t *best = best_ready();
	uint32_t mine = current->thread.priority, other = best ? best->thread.priority : 0;
	bool over = current->thread.slice == 0;
	if (over)
		current->thread.slice = SLICE_MS;
	if (!best || other < mine || (other == mine && !over))
		return true;
	current->thread.since =
	    other > mine && !over ? --model.before_all : (int32_t)++model.clock;
	model.current = NULL;
	return false;
}

void m_choose(void)
{
	m_bury();
	while (!current_goes_on()) {
		model.current = best_ready();
		if (!model.current)
			return;
	}
}

void model_switch_to(m_object_t *thread)
{
	m_object_t *current = model.current;
	if (current == thread)
		return;
	model.current = thread;
	if (current)
		m_ready(current);
}

/* -- What happens. ----------------------------------------------------------------------- */

void model_pass(uint32_t us)
{
	m_thread_t *thread = model.current ? &model.current->thread : NULL;
	model.time_us += us;
	if (us == 0 || !thread || !thread->budget)
		return;
	if (period_is_over(thread))
		begin_period(thread);
	thread->spent += us;
}

/* Of those whose time is up the one whose time limit was set last. */
static m_object_t *next_due(void)
{
	m_object_t *found = NULL;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (at->thread.timed && at->thread.deadline == model.now_ms &&
		    (!found || at->thread.timer_age > found->thread.timer_age))
			found = at;
	return found;
}

void model_tick(void)
{
	model_pass((uint32_t)(MODEL_TIME_US(model.now_ms + 1) - model.time_us));
	if (model.current && model.current->thread.slice > 0)
		model.current->thread.slice--;
	model.now_ms++;
	for (m_object_t *thread; (thread = next_due());) {
		if (thread->thread.state != M_PARKED) {
			m_abandon(thread, DRV_ETIMEDOUT);
			continue;
		}
		m_unblock(thread);
		begin_period(&thread->thread);
		m_ready(thread);
	}
	m_choose();
}

void model_interrupt(uint32_t number)
{
	m_line_t *line = &model.line[number];
	m_object_t *waiter = line->claimer ? m_first(M_WAITING, NULL, line->claimer) : NULL;
	line->unmasked = false;
	if (!line->claimer) {
		model.spurious++;
	} else if (line->target) {
		m_signal(line->target->object, line->bits);
	} else if (waiter) {
		m_wake(waiter, DRV_OK);
		waiter->thread.regs.ebx = 1;
	} else {
		line->pending++;
	}
	m_choose();
}

void m_fault(uint32_t label, uint32_t address, uint32_t code)
{
	m_object_t *thread = model.current;
	thread->thread.fault[0] = label;
	thread->thread.fault[1] = address;
	thread->thread.fault[2] = code;
	if (!m_send_fault(thread))
		m_unblock(thread);
}

void model_fault(uint32_t label, uint32_t address, uint32_t code)
{
	m_fault(label, address, code);
	m_choose();
}

audit_report_t model_audit(void)
{
	audit_report_t audit = {.abi_version = ABI_VERSION,
				.ram_bytes = model.ram_bytes,
				.spurious = model.spurious};
	for (uint32_t i = 0; i < model.caps; i++) {
		const m_cap_t *cap = &model.cap[i];
		if (!cap->live)
			continue;
		audit.caps[cap->type]++;
		if (cap->type == CAP_UNTYPED)
			audit.free_bytes += (1u << cap->last) - cap->used;
		if (cap->type == CAP_MMIO && cap->space)
			audit.mmio_pages += cap->pages;
	}
	for (uint32_t i = 0; i < model.objects; i++) {
		const m_object_t *object = &model.object[i];
		bool counted = object->type != CAP_FRAME && object->type != CAP_PTABLE &&
			       object->type != CAP_IOBITMAP;
		if (object->live && counted)
			audit.objects[object->type]++;
	}
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		audit.timers += at->thread.timed;
	for (uint32_t i = 0; i < IRQ_LINES; i++) {
		audit.irq_bound |= model.line[i].claimer ? 1u << i : 0;
		audit.irq_unmasked |= model.line[i].unmasked ? 1u << i : 0;
	}
	return audit;
}
