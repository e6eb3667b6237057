/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints. */
#include "object/endpoint.h"

#include "abi/inspect.h"
#include "object/kernel.h"
#include "object/limit.h"
#include "object/notification.h"
#include "object/switch.h"
#include "object/transfer.h"
#include "object/wait.h"

/* What it costs at most to find that a message cannot be taken, in instructions. */
#define COST_OF_REFUSING 300u

/* Waiting senders that inspection counts at most. */
#define COUNT_MAX 255u

/* The current thread's message goes to a waiting receiver. */
static err_t send_to(tcb_t *receiver, const slot_t *slot, thread_message_t message,
		     uint32_t info, uint32_t timeout_ms)
{
	tcb_t *sender = kernel.sched.current;
	reply_t *reply = receiver->offered;
	if (message == MESSAGE_CALL && !reply)
		return DRV_ENOTSUP;
	err_t err =
	    transfer_message(&(transfer_t){.from = sender,
					   .to = receiver,
					   .info = info,
					   .badge = slot->extra,
					   .can_grant = slot_allows(slot, RIGHT_GRANT)});
	if (err)
		return err;
	sender->messages++;
	thread_unblock(receiver);
	if (message == MESSAGE_SEND) {
		sched_ready(receiver);
		return DRV_OK;
	}
	sched_hand_over(receiver);
	sched_remove(sender);
	sender->message = MESSAGE_CALL;
	reply_tie(reply, sender);
	thread_limit(sender, timeout_ms);
	return CALL_NO_RESULT;
}

err_t endpoint_send(slot_t *slot, thread_message_t message, uint32_t info, uint32_t timeout_ms)
{
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *sender = kernel.sched.current;
	if (endpoint->closed)
		return endpoint->closed;
	if (endpoint->queue.first && !endpoint->sending)
		return send_to(endpoint->queue.first, slot, message, info, timeout_ms);
	if (timeout_ms == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	endpoint->sending = true;
	sender->messages++;
	sender->message = (uint8_t)message;
	sender->info = info;
	sender->badge = slot->extra;
	sender->can_grant = slot_allows(slot, RIGHT_GRANT);
	thread_block(THREAD_SENDING, &endpoint->queue, slot, timeout_ms);
	return CALL_NO_RESULT;
}

/* A queued sender's message was taken: what becomes of the sender. What is left of a caller's
 * slice goes along. */
static void end_sending(tcb_t *sender, reply_t *reply)
{
	if (sender->message == MESSAGE_SEND) {
		thread_wake(sender, DRV_OK);
		return;
	}
	kernel.sched.current->slice = sender->slice;
	thread_queue_remove(sender->waiting_in, sender);
	thread_wait_over(sender);
	reply_tie(reply, sender);
}

/* Tries to take the message of a queued sender; on error the sender was told. */
static err_t take_from(tcb_t *sender, reply_t *reply)
{
	tcb_t *receiver = kernel.sched.current;
	err_t err = DRV_OK;
	if (sender->message != MESSAGE_SEND && !reply)
		err = DRV_ENOTSUP;
	else if (sender->message == MESSAGE_FAULT)
		transfer_fault(sender, receiver, sender->badge);
	else
		err = transfer_message(&(transfer_t){.from = sender,
						     .to = receiver,
						     .info = sender->info,
						     .badge = sender->badge,
						     .can_grant = sender->can_grant});
	if (err)
		thread_abandon(sender, err);
	else
		end_sending(sender, reply);
	return err;
}

err_t endpoint_receive(slot_t *slot, reply_t *reply, uint32_t timeout_ms)
{
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *receiver = kernel.sched.current, *sender;
	receiver->received_ms = kernel_now_ms();
	if (notification_take_bound(receiver))
		return CALL_NO_RESULT;
	while ((sender = endpoint_first_sender(endpoint)) != NULL) {
		if (work_is_due())
			return DRV_EAGAIN;
		uint32_t cost = COST_OF_REFUSING + thread_wake_cost(sender);
		if (take_from(sender, reply) == DRV_OK)
			return CALL_NO_RESULT;
		work_note(cost);
	}
	if (timeout_ms == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	endpoint->sending = false;
	receiver->offered = reply;
	if (reply)
		reply->waiter = receiver;
	thread_block(THREAD_RECEIVING, &endpoint->queue, slot, timeout_ms);
	return CALL_NO_RESULT;
}

void endpoint_take_fault_reply(tcb_t *faulted, const tcb_t *replier, uint32_t info)
{
	faulted->fault_label = 0;
	if (MSG_WORD_COUNT(info) >= FAULT_WORDS && replier->buffer &&
	    (frame_word(&replier->frame, 2) & FAULT_REPLY_SET_REGISTERS))
		arch_frame_set(&faulted->frame, fault_registers(replier->buffer));
}

err_t endpoint_reply(reply_t *reply, uint32_t info, bool hand_back)
{
	tcb_t *caller = reply->caller;
	if (!caller)
		return DRV_EGONE;
	if (thread_in_fault(caller)) {
		endpoint_take_fault_reply(caller, kernel.sched.current, info);
	} else {
		err_t err = transfer_message(&(transfer_t){.from = kernel.sched.current,
							   .to = caller,
							   .info = info,
							   .can_grant = true});
		if (err)
			return err;
	}
	thread_unblock(caller);
	if (hand_back)
		sched_hand_over(caller);
	else
		sched_ready(caller);
	return DRV_OK;
}

bool endpoint_send_fault(tcb_t *tcb, slot_t *slot)
{
	endpoint_t *endpoint = arch_pointer(slot->object);
	if (endpoint->closed)
		return false;
	tcb_t *receiver = endpoint->sending ? NULL : endpoint->queue.first;
	tcb->message = MESSAGE_FAULT;
	if (!receiver) {
		endpoint->sending = true;
		tcb->badge = slot->extra;
		thread_block(THREAD_SENDING, &endpoint->faults, slot, TIMEOUT_FOREVER);
		return true;
	}
	reply_t *reply = receiver->offered;
	if (!reply)
		return false;
	transfer_fault(tcb, receiver, slot->extra);
	/* A fault comes from user mode: the scheduler has chosen. */
	if (switch_is_due(receiver)) {
		endpoint_end_receiving(receiver);
		timer_stop(tcb);
		switch_now(tcb, receiver, tcb->slice);
	} else {
		thread_unblock(receiver);
		sched_hand_over(receiver);
		thread_unblock(tcb);
	}
	reply_tie(reply, tcb);
	return true;
}

err_t endpoint_cancel(endpoint_t *endpoint, err_t error)
{
	tcb_t *sender;
	while ((sender = endpoint_first_sender(endpoint)) != NULL) {
		if (work_is_due())
			return DRV_EAGAIN;
		work_note(thread_wake_cost(sender));
		thread_abandon(sender, error);
	}
	return DRV_OK;
}

/* Whoever is received next may be new, again and again; the others wait all the same. */
static void look_at_waiting(const thread_queue_t *queue, inspect_endpoint_t *report)
{
	const tcb_t *tcb = queue->first;
	for (; tcb && report->senders < COUNT_MAX; tcb = tcb->next) {
		report->senders++;
		if ((int32_t)(tcb->since_ms - report->oldest_ms) < 0)
			report->oldest_ms = tcb->since_ms;
	}
}

void endpoint_inspect(const slot_t *slot, void *words)
{
	const endpoint_t *endpoint = arch_pointer(slot->object);
	uint32_t now_ms = kernel_now_ms();
	inspect_endpoint_t report = {.now_ms = now_ms,
				     .oldest_ms = now_ms,
				     .receivers = !endpoint->sending && endpoint->queue.first};
	if (endpoint->sending)
		look_at_waiting(&endpoint->queue, &report);
	look_at_waiting(&endpoint->faults, &report);
	*(inspect_endpoint_t *)words = report;
}
