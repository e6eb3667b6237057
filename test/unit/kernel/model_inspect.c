/* SPDX-License-Identifier: BSD-2-Clause */
/* What the model tells of an object: abi/inspect.h. */
#include "abi/inspect.h"

#include <string.h>

#include "call_table.h"
#include "model.h"

#define TICKS_IN_MS 1000u

static uint32_t waits_for(const m_thread_t *thread)
{
	if (thread->answer)
		return thread->answer->address / 64;
	if (!thread->through)
		return 0;
	if (thread->through->type == CAP_IRQ)
		return INSPECT_LINE(thread->through->first);
	return m_number(thread->through);
}

static void inspect_thread(const m_object_t *object, void *words)
{
	const m_thread_t *thread = &object->thread;
	uint64_t run = thread->run;
	bool stopped = thread->fault[0] != 0;
	bool late =
	    thread->state != M_READY && thread->timed && thread->deadline <= model.now_ms;
	inspect_thread_t report = {.now_ms = model.now_ms,
				   .state = late ? INSPECT_READY : (uint32_t)thread->state,
				   .since_ms =
				       late ? (uint32_t)thread->deadline : thread->since_ms,
				   .waits_for = late ? 0 : waits_for(thread),
				   .run_low = (uint32_t)run,
				   .run_high = (uint32_t)(run >> 32),
				   .ticks_per_ms = TICKS_IN_MS,
				   .ready_ms = thread->ready_ms,
				   .received_ms = thread->received_ms,
				   .messages = thread->messages,
				   .signals = thread->signals,
				   .stop_label = thread->fault[0],
				   .stop_address = stopped ? thread->fault[1] : 0,
				   .stop_code = stopped ? thread->fault[2] : 0,
				   .priority = thread->priority,
				   .spent = thread->spent};
	memcpy(words, &report, sizeof(report));
}

static void inspect_endpoint(const m_object_t *object, void *words)
{
	inspect_endpoint_t report = {.now_ms = model.now_ms,
				     .oldest_ms = model.now_ms,
				     .receivers = m_first(M_RECEIVING, object, NULL) != NULL};
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at)) {
		if (at->thread.state != M_SENDING || at->thread.through->object != object)
			continue;
		report.senders++;
		if ((int32_t)(at->thread.since_ms - report.oldest_ms) < 0)
			report.oldest_ms = at->thread.since_ms;
	}
	memcpy(words, &report, sizeof(report));
}

static void inspect_reply(const m_object_t *object, void *words)
{
	const m_object_t *caller = m_caller_of(object);
	inspect_reply_t report = {.now_ms = model.now_ms,
				  .tied = caller != NULL,
				  .since_ms = caller ? caller->thread.since_ms : model.now_ms,
				  .offered = m_waiter_of(object) != NULL};
	memcpy(words, &report, sizeof(report));
}

static void inspect_line(const m_cap_t *cap, void *words)
{
	const m_line_t *line = &model.line[cap->first];
	const m_cap_t *child = cap->first == cap->last ? cap->child : NULL;
	inspect_irq_t report = {
	    .now_ms = model.now_ms, .count = line->count, .own = IRQ_CLAIMERS};
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++) {
		const m_claim_t *claim = &line->claim[i];
		report.claimers |= claim->claimer ? 1u << i : 0;
		report.unacknowledged |= claim->owes ? 1u << i : 0;
		report.since_ms[i] = claim->owes ? claim->since_ms : model.now_ms;
		if (claim->claimer == cap)
			report.own = i;
		else if (claim->claimer && claim->claimer == child && !child->next &&
			 report.own == IRQ_CLAIMERS)
			report.own = i;
	}
	memcpy(words, &report, sizeof(report));
}

err_t m_inspect(m_call_t *call)
{
	const m_cap_t *cap = call->cap;
	message_buffer_t *buffer = m_buffer(call->caller);
	if (!(cap->rights & RIGHT_INSPECT))
		return call_rights_of(cap->type) & RIGHT_INSPECT ? DRV_EPERM : DRV_EINVAL;
	if (!buffer)
		return DRV_EFAULT;
	if (cap->type == CAP_THREAD)
		inspect_thread(cap->object, buffer->words);
	else if (cap->type == CAP_ENDPOINT)
		inspect_endpoint(cap->object, buffer->words);
	else if (cap->type == CAP_REPLY)
		inspect_reply(cap->object, buffer->words);
	else if (cap->type == CAP_IRQ)
		inspect_line(cap, buffer->words);
	call->result[0] = cap->type;
	call->result[1] = m_number(cap);
	call->results = 2;
	return DRV_OK;
}
