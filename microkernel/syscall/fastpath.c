/* SPDX-License-Identifier: BSD-2-Clause */
/* The short way. Its conditions: nothing happened since the scheduler chose the current thread
 * (D3), no capabilities travel, the peer waits already, and the scheduler would choose it. */
#include "syscall/fastpath.h"

#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/limit.h"
#include "object/notification.h"
#include "object/switch.h"
#include "object/transfer.h"
#include "object/wait.h"
#include "syscall/syscall.h"

/* Is the message one without capabilities, within bounds, not pretending to be the kernel's? */
static inline bool plain(uint32_t info)
{
	return (info & 0xffffu) <= MSG_WORDS && MSG_LABEL(info) < MSG_LABEL_KERNEL;
}
_Static_assert(MSG_INFO(0, MSG_WORDS, 0) == MSG_WORDS && MSG_INFO(0, 0, 1) > MSG_WORDS,
	       "the count of capabilities lies above that of words");

bool fastpath_call(tcb_t *caller)
{
	uint32_t info = frame_word(&caller->frame, 1);
	slot_t *slot;
	if (!kernel.sched.settled || !plain(info) || !caller->buffer ||
	    find_cap(caller, arg(caller, 0), CAP_ENDPOINT, RIGHT_WRITE, &slot))
		return false;
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *receiver = endpoint->queue.first;
	if (endpoint->closed || endpoint->sending || !receiver || !receiver->offered)
		return false;
	if (!switch_is_due(receiver))
		return false;
	reply_t *reply = receiver->offered;
	uint32_t timeout_ms = caller->buffer->timeout_ms;

	transfer_plain(caller, receiver, slot->extra, info);
	endpoint_end_receiving(receiver);
	caller->messages++;
	caller->message = MESSAGE_CALL;
	reply_tie(reply, caller);
	thread_limit(caller, timeout_ms);
	switch_now(caller, receiver, caller->slice);
	return true;
}

bool fastpath_reply_recv(tcb_t *server)
{
	uint32_t info = frame_word(&server->frame, 1);
	slot_t *slot, *reply_slot;
	const message_buffer_t *buffer = server->buffer;
	if (!kernel.sched.settled || !plain(info) || !buffer ||
	    buffer->timeout_ms == TIMEOUT_POLL ||
	    find_cap(server, arg(server, 0), CAP_ENDPOINT, RIGHT_READ, &slot) ||
	    find_cap(server, buffer->reply, CAP_REPLY, RIGHT_WRITE, &reply_slot))
		return false;
	uint32_t timeout_ms = buffer->timeout_ms;
	reply_t *reply = arch_pointer(reply_slot->object);
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *client = reply->caller;
	if (!client || !switch_is_due(client))
		return false;
	if (endpoint_first_sender(endpoint) || notification_pending(server))
		return false;
	if (client->message == MESSAGE_FAULT)
		endpoint_take_fault_reply(client, server, info);
	else
		transfer_plain(server, client, 0, info);
	client->answer = NULL;
	reply->caller = NULL;
	timer_stop(client);
	endpoint->sending = false;
	server->received_ms = kernel_now_ms();
	server->offered = reply;
	reply->waiter = server;
	thread_wait_in(server, THREAD_RECEIVING, &endpoint->queue, slot);
	thread_limit(server, timeout_ms);
	switch_now(server, client, server->slice);
	return true;
}
