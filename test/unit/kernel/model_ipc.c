/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's messages, signals and lines. */
#include "model.h"

#include <stddef.h>
#include <string.h>

/* -- Signals. ---------------------------------------------------------------------------- */

m_object_t *m_bound_thread(const m_object_t *notification)
{
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (m_bound(at, BIND_NOTIFICATION) == notification)
			return at;
	return NULL;
}

static void give_as_message(m_object_t *thread, uint32_t bits)
{
	m_set_result(thread, DRV_OK);
	thread->thread.regs.ebx = BADGE_NOTIFICATION;
	thread->thread.regs.esi = 0;
	thread->thread.regs.edi = bits;
	thread->thread.regs.ebp = (uint32_t)(model.time_us / 1000);
}

void m_signal(m_object_t *notification, uint32_t bits)
{
	m_object_t *waiter = m_first(M_WAITING, notification, NULL);
	m_object_t *bound = m_bound_thread(notification);
	if (bits == 0)
		return;
	if (waiter) {
		m_wake(waiter, DRV_OK);
		waiter->thread.regs.ebx = bits;
	} else if (bound && bound->thread.state == M_RECEIVING) {
		m_wake(bound, DRV_OK);
		give_as_message(bound, bits);
	} else {
		notification->pending |= bits;
	}
}

/* -- Messages. --------------------------------------------------------------------------- */

m_object_t *m_caller_of(const m_object_t *reply)
{
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (at->thread.answer == reply)
			return at;
	return NULL;
}

m_object_t *m_waiter_of(const m_object_t *reply)
{
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (at->thread.offered == reply)
			return at;
	return NULL;
}

/* The caller waits for an answer from now on. */
static void tie(m_object_t *reply, m_object_t *caller)
{
	m_object_t *waiter = m_waiter_of(reply);
	if (waiter)
		waiter->thread.offered = NULL;
	caller->thread.state = M_CALLING;
	caller->thread.since_ms = model.now_ms;
	caller->thread.through = NULL;
	caller->thread.answer = reply;
}

static void arrive(m_object_t *to, uint32_t badge, uint32_t info, uint32_t w0, uint32_t w1)
{
	thread_registers_t *regs = &to->thread.regs;
	regs->eax = DRV_OK;
	regs->ebx = badge;
	regs->esi = info;
	regs->edi = w0;
	regs->ebp = w1;
}

static err_t find_caps(const m_object_t *from, const m_object_t *to, bool grant, uint32_t count,
		       m_cap_t *caps[])
{
	const m_object_t *source = m_bound(from, BIND_CSPACE);
	const m_object_t *target = m_bound(to, BIND_CSPACE);
	if (!grant)
		return DRV_EPERM;
	if (!source)
		return DRV_EBADCAP;
	for (uint32_t i = 0; i < count; i++) {
		caps[i] = m_lookup(source, m_buffer(from)->caps[i]);
		if (!caps[i])
			return DRV_EBADCAP;
		bool device = caps[i]->type == CAP_IRQ || caps[i]->type == CAP_PIO ||
			      caps[i]->type == CAP_MMIO;
		if (device && !(caps[i]->rights & RIGHT_GRANT))
			return DRV_EPERM;
		err_t err = m_check_derive(caps[i], caps[i]->rights, 0, 0);
		if (err)
			return err;
	}
	if (!m_buffer(to) || m_buffer(to)->accept < count)
		return DRV_ENOTSUP;
	return target && m_free_slots(target) >= count ? DRV_OK : DRV_ENOMEM;
}

static err_t transfer(m_object_t *from, m_object_t *to, uint32_t badge, uint32_t info,
		      bool grant)
{
	uint32_t words = MSG_WORD_COUNT(info), count = MSG_CAP_COUNT(info);
	message_buffer_t *source = m_buffer(from), *target = m_buffer(to);
	m_cap_t *caps[MSG_CAPS];
	if (!source && (words > 2 || count > 0))
		return DRV_EFAULT;
	err_t err = count ? find_caps(from, to, grant, count, caps) : DRV_OK;
	if (err)
		return err;
	for (uint32_t i = 0; i < count; i++) {
		m_cap_t *cap =
		    m_take_slot(m_bound(to, BIND_CSPACE), caps[i]->type, caps[i]->rights);
		m_derive(cap, caps[i], 0, 0);
		target->caps[i] = cap->handle;
	}
	for (uint32_t i = 2; i < words && target; i++)
		target->words[i] = source->words[i];
	arrive(to, badge, MSG_INFO(MSG_LABEL(info), words > 2 && !target ? 2 : words, count),
	       words > 0 ? from->thread.regs.edi : 0, words > 1 ? from->thread.regs.ebp : 0);
	return DRV_OK;
}

/* A signal that takes the current thread's message along. */
bool m_tell(m_object_t *notification, uint32_t bits, uint32_t info)
{
	m_object_t *bound = m_bound_thread(notification);
	bool taken = bits && !m_first(M_WAITING, notification, NULL) && bound &&
		     bound->thread.state == M_RECEIVING;
	m_signal(notification, bits);
	if (!taken)
		return false;
	transfer(model.current, bound, BADGE_NOTIFICATION, info, false);
	bound->thread.regs.edi = bits;
	return true;
}

static void transfer_fault(const m_object_t *from, m_object_t *to, uint32_t badge)
{
	message_buffer_t *target = m_buffer(to);
	const uint32_t *fault = from->thread.fault;
	if (target)
		memcpy(&target->words[FAULT_WORD_REGISTERS], &from->thread.regs,
		       sizeof(thread_registers_t));
	arrive(to, badge, MSG_INFO(fault[0], target ? FAULT_WORDS : FAULT_WORD_REGISTERS, 0),
	       fault[1], fault[2]);
}

err_t m_send(m_cap_t *cap, m_message_t message, uint32_t info, bool *no_result)
{
	m_object_t *sender = model.current, *endpoint = cap->object;
	uint32_t timeout_ms = m_buffer(sender)->timeout_ms;
	bool grant = cap->rights & RIGHT_GRANT;
	m_object_t *receiver = m_first(M_RECEIVING, endpoint, NULL);
	if (endpoint->closed)
		return endpoint->closed;
	if (receiver) {
		m_object_t *reply = receiver->thread.offered;
		if (message == M_CALL && !reply)
			return DRV_ENOTSUP;
		err_t err = transfer(sender, receiver, cap->last, info, grant);
		if (err)
			return err;
		sender->thread.messages++;
		m_unblock(receiver);
		if (message == M_SEND) {
			m_ready(receiver);
			return DRV_OK;
		}
		m_hand_over(receiver);
		model.current = NULL;
		sender->thread.message = M_CALL;
		tie(reply, sender);
		m_start_timer(sender, timeout_ms);
	} else if (timeout_ms == TIMEOUT_POLL) {
		return DRV_ETIMEDOUT;
	} else {
		sender->thread.messages++;
		sender->thread.message = message;
		sender->thread.info = info;
		sender->thread.badge = cap->last;
		sender->thread.can_grant = grant;
		m_block(M_SENDING, cap, timeout_ms);
	}
	*no_result = true;
	return DRV_OK;
}

bool m_send_fault(m_object_t *thread)
{
	m_cap_t *cap = thread->thread.bound[BIND_FAULT];
	if (!cap || cap->object->closed)
		return false;
	m_object_t *receiver = m_first(M_RECEIVING, cap->object, NULL);
	thread->thread.message = M_FAULT;
	thread->thread.badge = cap->last;
	if (!receiver) {
		m_block(M_SENDING, cap, TIMEOUT_FOREVER);
		return true;
	}
	m_object_t *reply = receiver->thread.offered;
	if (!reply)
		return false;
	transfer_fault(thread, receiver, cap->last);
	m_unblock(receiver);
	m_hand_over(receiver);
	m_unblock(thread);
	tie(reply, thread);
	return true;
}

/* Takes one sender's message, or tells it why not. */
static err_t take_from(m_object_t *sender, m_object_t *reply)
{
	m_thread_t *its = &sender->thread;
	err_t err = DRV_OK;
	if (its->message != M_SEND && !reply)
		err = DRV_ENOTSUP;
	else if (its->message == M_FAULT)
		transfer_fault(sender, model.current, its->badge);
	else
		err = transfer(sender, model.current, its->badge, its->info, its->can_grant);
	if (err)
		m_abandon(sender, err);
	else if (its->message == M_SEND)
		m_wake(sender, DRV_OK);
	else {
		model.current->thread.slice = its->slice;
		tie(reply, sender);
	}
	return err;
}

err_t m_receive(m_cap_t *cap, m_object_t *reply, uint32_t timeout_ms, bool *no_result)
{
	m_object_t *receiver = model.current, *bits = m_bound(receiver, BIND_NOTIFICATION);
	*no_result = true;
	receiver->thread.received_ms = model.now_ms;
	if (bits && bits->pending) {
		give_as_message(receiver, bits->pending);
		bits->pending = 0;
		return DRV_OK;
	}
	for (m_object_t *sender; (sender = m_first_sender(cap->object));)
		if (take_from(sender, reply) == DRV_OK)
			return DRV_OK;
	if (timeout_ms == TIMEOUT_POLL) {
		*no_result = false;
		return DRV_ETIMEDOUT;
	}
	receiver->thread.offered = reply;
	m_block(M_RECEIVING, cap, timeout_ms);
	return DRV_OK;
}

err_t m_reply(m_object_t *reply, uint32_t info, bool hand_back)
{
	m_object_t *caller = m_caller_of(reply), *replier = model.current;
	const message_buffer_t *buffer = m_buffer(replier);
	err_t err = DRV_OK;
	if (!caller)
		return DRV_EGONE;
	if (!m_in_fault(caller)) {
		err = transfer(replier, caller, 0, info, true);
	} else {
		caller->thread.fault[0] = 0;
		if ((replier->thread.regs.edi & FAULT_REPLY_SET_REGISTERS) &&
		    MSG_WORD_COUNT(info) >= FAULT_WORDS)
			m_set_registers(caller, &buffer->words[FAULT_WORD_REGISTERS]);
	}
	if (err)
		return err;
	m_unblock(caller);
	if (hand_back)
		m_hand_over(caller);
	else
		m_ready(caller);
	return DRV_OK;
}
