/* SPDX-License-Identifier: BSD-2-Clause */
/* The short way. Its conditions: no work is pending, no capabilities travel, the peer is
 * waiting already, and after the switch the peer is the one that the scheduler would choose. */
#include "syscall/fastpath.h"

#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "object/switch.h"
#include "object/transfer.h"
#include "syscall/syscall.h"

/* The slot that the current thread's handle names, if it is of this type with this right. */
static inline slot_t *find(const tcb_t *tcb, cap_t handle, uint32_t type, uint32_t right)
{
	slot_t *slot = cspace_slot(tcb->cspace, handle & tcb->cspace->mask);
	return slot->name == handle && slot->type == type && slot_allows(slot, right) ? slot
										      : NULL;
}

/* Is the message one without capabilities, within bounds, not pretending to be the kernel's? */
static inline bool plain(uint32_t info)
{
	return (info & 0xffffu) <= MSG_WORDS && MSG_LABEL(info) < MSG_LABEL_KERNEL;
}
_Static_assert(MSG_INFO(0, MSG_WORDS, 0) == MSG_WORDS && MSG_INFO(0, 0, 1) > MSG_WORDS,
	       "the count of capabilities lies above that of words");

/* Moves a plain message, if there is room for it: words beyond two go from buffer to buffer. */
static inline bool move(const tcb_t *from, tcb_t *to, uint32_t badge, uint32_t info)
{
	uint32_t words = MSG_WORD_COUNT(info);
	if (words > 2) {
		if (!to->buffer)
			return false;
		transfer_words(to->buffer, from->buffer, words);
	}
	to->frame.eax = DRV_OK;
	to->frame.ebx = badge;
	to->frame.esi = info;
	to->frame.edi = from->frame.edi;
	to->frame.ebp = from->frame.ebp;
	return true;
}

bool fastpath_call(tcb_t *caller)
{
	uint32_t info = caller->frame.esi;
	slot_t *slot = find(caller, caller->frame.ebx, CAP_ENDPOINT, RIGHT_WRITE);
	if (!kernel.sched.settled || !slot || !plain(info) || !caller->buffer)
		return false;
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *receiver = endpoint->queue.first;
	if (endpoint->closed || endpoint->sending || !receiver || !receiver->offered)
		return false;
	if (!switch_is_due(receiver) || !move(caller, receiver, slot->extra, info))
		return false;
	reply_t *reply = receiver->offered;
	uint32_t timeout_ms = caller->buffer->timeout_ms;

	endpoint_take_receiver(endpoint);
	caller->message = MESSAGE_CALL;
	reply_tie(reply, caller);
	timer_start(caller, timeout_ms);
	switch_now(receiver);
	return true;
}

/* Has the thread's bound notification bits for it? */
static inline bool is_signalled(const tcb_t *tcb)
{
	const slot_t *slot = &tcb->slots[BIND_NOTIFICATION];
	return slot->type == CAP_NOTIFICATION &&
	       ((const notification_t *)arch_pointer(slot->object))->pending != 0;
}

bool fastpath_reply_recv(tcb_t *server)
{
	uint32_t info = server->frame.esi;
	slot_t *slot = find(server, server->frame.ebx, CAP_ENDPOINT, RIGHT_READ);
	const message_buffer_t *buffer = server->buffer;
	if (!kernel.sched.settled || !slot || !plain(info) || !buffer ||
	    buffer->timeout_ms == TIMEOUT_POLL)
		return false;
	uint32_t timeout_ms = buffer->timeout_ms;
	slot_t *reply_slot = find(server, buffer->reply, CAP_REPLY, RIGHT_WRITE);
	if (!reply_slot)
		return false;
	reply_t *reply = arch_pointer(reply_slot->object);
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *client = reply->caller;
	if (!client || !switch_is_due(client))
		return false;
	if ((endpoint->queue.first && endpoint->sending) || is_signalled(server))
		return false;
	if (client->message == MESSAGE_FAULT)
		endpoint_take_fault_reply(client, server, info);
	else if (!move(server, client, 0, info))
		return false;

	client->answer = NULL;
	reply->caller = NULL;
	timer_stop(client);
	endpoint->sending = false;
	server->offered = reply;
	reply->waiter = server;
	thread_wait_in(server, THREAD_RECEIVING, &endpoint->queue, slot);
	timer_start(server, timeout_ms);
	switch_now(client);
	return true;
}
