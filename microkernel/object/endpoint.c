/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints. */
#include "object/endpoint.h"

#include "object/kernel.h"
#include "object/notification.h"
#include "object/switch.h"
#include "object/transfer.h"

/* Senders that one receive turns away before interrupts are taken. */
#define REFUSALS_MAX 16u

static endpoint_t *endpoint_of(const slot_t *slot)
{
	return arch_pointer(slot->object);
}

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
	thread_unblock(receiver);
	sched_ready(receiver);
	if (message == MESSAGE_SEND)
		return DRV_OK;
	sched_remove(sender);
	sender->message = MESSAGE_CALL;
	reply_tie(reply, sender);
	timer_start(sender, timeout_ms);
	return CALL_SETTLED;
}

err_t endpoint_send(slot_t *slot, thread_message_t message, uint32_t info, uint32_t timeout_ms)
{
	endpoint_t *endpoint = endpoint_of(slot);
	tcb_t *sender = kernel.sched.current;
	if (endpoint->closed)
		return endpoint->closed;
	if (endpoint->queue.first && !endpoint->sending)
		return send_to(endpoint->queue.first, slot, message, info, timeout_ms);
	if (timeout_ms == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	endpoint->sending = true;
	sender->message = (uint8_t)message;
	sender->info = info;
	sender->badge = slot->extra;
	sender->can_grant = slot_allows(slot, RIGHT_GRANT);
	thread_block(THREAD_SENDING, &endpoint->queue, slot, timeout_ms);
	return CALL_SETTLED;
}

/* A queued sender's message was taken: what becomes of the sender. */
static void settle_sender(tcb_t *sender, reply_t *reply)
{
	if (sender->message == MESSAGE_SEND) {
		thread_wake(sender, DRV_OK);
		return;
	}
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
		settle_sender(sender, reply);
	return err;
}

err_t endpoint_receive(slot_t *slot, reply_t *reply, uint32_t timeout_ms)
{
	endpoint_t *endpoint = endpoint_of(slot);
	tcb_t *receiver = kernel.sched.current;
	if (notification_take_bound(receiver))
		return CALL_SETTLED;
	for (uint32_t refused = 0; endpoint->queue.first && endpoint->sending; refused++) {
		if (refused == REFUSALS_MAX)
			return CALL_AGAIN;
		if (take_from(endpoint->queue.first, reply) == DRV_OK)
			return CALL_SETTLED;
	}
	if (timeout_ms == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	endpoint->sending = false;
	receiver->offered = reply;
	if (reply)
		reply->waiter = receiver;
	thread_block(THREAD_RECEIVING, &endpoint->queue, slot, timeout_ms);
	return CALL_SETTLED;
}

void endpoint_take_fault_reply(tcb_t *faulted, const tcb_t *replier, uint32_t info)
{
	if ((replier->frame.edi & FAULT_REPLY_SET_REGISTERS) && replier->buffer &&
	    MSG_WORD_COUNT(info) >= FAULT_WORDS)
		arch_frame_set(&faulted->frame, fault_registers(replier->buffer));
}

err_t endpoint_reply(reply_t *reply, uint32_t info)
{
	tcb_t *caller = reply->caller;
	if (!caller)
		return DRV_EGONE;
	if (thread_in_fault(caller)) {
		endpoint_take_fault_reply(caller, kernel.sched.current, info);
		thread_wake(caller, DRV_OK);
		return DRV_OK;
	}
	err_t err = transfer_message(&(transfer_t){
	    .from = kernel.sched.current, .to = caller, .info = info, .can_grant = true});
	if (err)
		return err;
	thread_unblock(caller);
	sched_ready(caller);
	return DRV_OK;
}

bool endpoint_send_fault(tcb_t *tcb, slot_t *slot)
{
	endpoint_t *endpoint = endpoint_of(slot);
	if (endpoint->closed)
		return false;
	tcb_t *receiver = endpoint->sending ? NULL : endpoint->queue.first;
	tcb->message = MESSAGE_FAULT;
	if (!receiver) {
		endpoint->sending = true;
		tcb->badge = slot->extra;
		thread_block(THREAD_SENDING, &endpoint->queue, slot, TIMEOUT_FOREVER);
		return true;
	}
	reply_t *reply = receiver->offered;
	if (!reply)
		return false;
	transfer_fault(tcb, receiver, slot->extra);
	if (kernel.sched.settled && switch_is_due(receiver)) {
		endpoint_take_receiver(endpoint);
		switch_now(receiver);
	} else {
		thread_unblock(receiver);
		sched_ready(receiver);
		sched_remove(tcb);
	}
	reply_tie(reply, tcb);
	return true;
}

bool endpoint_cancel_one(endpoint_t *endpoint, err_t error)
{
	tcb_t *sender = endpoint->queue.first;
	if (!sender || !endpoint->sending)
		return false;
	thread_abandon(sender, error);
	return true;
}
