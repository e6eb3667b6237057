/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's threads: who waits, and for what. */
#include "model.h"

#include <stddef.h>

m_object_t *m_bound(const m_object_t *thread, uint32_t what)
{
	const m_cap_t *cap = thread->thread.bound[what];
	return cap ? cap->object : NULL;
}

message_buffer_t *m_buffer(const m_object_t *thread)
{
	const m_object_t *frame = m_bound(thread, BIND_BUFFER);
	return frame ? m_memory(frame->address) : NULL;
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

/* Faults first, then whoever has waited longest. */
m_object_t *m_first_sender(const m_object_t *endpoint)
{
	m_object_t *found = NULL;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at)) {
		const m_thread_t *its = &at->thread;
		if (its->state != M_SENDING || its->through->object != endpoint)
			continue;
		bool fault = its->message == M_FAULT;
		bool other = found && found->thread.message == M_FAULT;
		if (!found || (fault && !other) ||
		    (fault == other && its->since < found->thread.since))
			found = at;
	}
	return found;
}

bool m_in_fault(const m_object_t *thread)
{
	return (thread->thread.state == M_SENDING || thread->thread.state == M_CALLING) &&
	       thread->thread.message == M_FAULT;
}

void m_unblock(m_object_t *thread)
{
	m_thread_t *its = &thread->thread;
	if (model.current == thread)
		model.current = NULL;
	else if (its->state == M_READY)
		its->ready_ms += model.now_ms - its->since_ms;
	its->timed = false;
	its->through = NULL;
	its->answer = its->offered = NULL;
	its->state = M_STOPPED;
	its->since_ms = model.now_ms;
}

void m_wake(m_object_t *thread, err_t result)
{
	if (m_in_fault(thread))
		thread->thread.fault[0] = 0;
	else
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
	if (state != M_READY && state != M_STOPPED && !m_in_fault(thread))
		m_set_result(thread, DRV_ECANCELED);
	m_unblock(thread);
}

void m_block(m_state_t state, m_cap_t *through, uint32_t timeout_ms)
{
	m_object_t *thread = model.current;
	model.current = NULL;
	thread->thread.state = state;
	thread->thread.since_ms = model.now_ms;
	thread->thread.through = through;
	thread->thread.since = (int32_t)++model.clock;
	m_start_timer(thread, timeout_ms);
}

/* -- What happens. ----------------------------------------------------------------------- */

static void tell(m_claim_t *claim)
{
	m_object_t *waiter = m_first(M_WAITING, NULL, claim->claimer);
	if (claim->target) {
		m_signal(claim->target->object, claim->bits);
	} else if (waiter) {
		m_wake(waiter, DRV_OK);
		waiter->thread.regs.ebx = 1;
	} else {
		claim->pending++;
	}
}

void model_interrupt(uint32_t number)
{
	m_line_t *line = &model.line[number];
	bool wanted = false;
	line->unmasked = false;
	line->count++;
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++) {
		m_claim_t *claim = &line->claim[i];
		if (!claim->claimer)
			continue;
		wanted = true;
		if (!claim->owes)
			claim->since_ms = model.now_ms;
		claim->owes = true;
		tell(claim);
	}
	model.spurious += !wanted;
	model_leave();
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
	model_leave();
}

audit_report_t model_audit(void)
{
	audit_report_t audit = {.abi_version = ABI_VERSION,
				.flags = model.traced ? AUDIT_TRACE : 0,
				.ram_bytes = model.ram_bytes,
				.spurious = model.spurious};
	for (uint32_t i = 0; i < model.caps; i++) {
		const m_cap_t *cap = &model.cap[i];
		if (!cap->live || cap->tomb)
			continue;
		audit.caps[cap->type]++;
		if (cap->type == CAP_UNTYPED)
			audit.free_bytes += (1u << cap->last) - cap->used;
		if (cap->type == CAP_MMIO && cap->space)
			audit.mmio_pages += cap->pages;
	}
	for (uint32_t i = 0; i < model.objects; i++) {
		const m_object_t *object = &model.object[i];
		if (object->live && m_has_header(object->type))
			audit.objects[object->type]++;
	}
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		audit.timers += at->thread.timed;
	for (uint32_t i = 0; i < IRQ_LINES; i++) {
		for (uint32_t k = 0; k < IRQ_CLAIMERS; k++)
			audit.irq_bound |= model.line[i].claim[k].claimer ? 1u << i : 0;
		audit.irq_unmasked |= model.line[i].unmasked ? 1u << i : 0;
	}
	return audit;
}
