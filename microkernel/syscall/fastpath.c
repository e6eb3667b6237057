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

/* Moves the words of a message that does not have two; false: there is no room. A receiver sees
 * nothing of its peer that the message does not name. */
static bool move_words(const tcb_t *from, tcb_t *to, uint32_t words)
{
	if (words > 2) {
		if (!to->buffer)
			return false;
		transfer_words(to->buffer, from->buffer, words);
	}
	frame_set_word(&to->frame, 2, words > 0 ? frame_word(&from->frame, 2) : 0);
	frame_set_word(&to->frame, 3, words > 1 ? frame_word(&from->frame, 3) : 0);
	return true;
}

/* Moves a plain message, if there is room for it. */
static inline bool move(const tcb_t *from, tcb_t *to, uint32_t badge, uint32_t info)
{
	uint32_t words = MSG_WORD_COUNT(info);
	if (words == 2) {
		frame_set_word(&to->frame, 2, frame_word(&from->frame, 2));
		frame_set_word(&to->frame, 3, frame_word(&from->frame, 3));
	} else if (!move_words(from, to, words)) {
		return false;
	}
	frame_set_result(&to->frame, DRV_OK);
	frame_set_word(&to->frame, 0, badge);
	frame_set_word(&to->frame, 1, info);
	return true;
}

bool fastpath_call(tcb_t *caller)
{
	uint32_t info = frame_word(&caller->frame, 1);
	slot_t *slot = find(caller, frame_word(&caller->frame, 0), CAP_ENDPOINT, RIGHT_WRITE);
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
	caller->messages++;
	caller->message = MESSAGE_CALL;
	reply_tie(reply, caller);
	thread_limit(caller, timeout_ms);
	switch_now(caller, receiver, caller->slice);
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
	uint32_t info = frame_word(&server->frame, 1);
	slot_t *slot = find(server, frame_word(&server->frame, 0), CAP_ENDPOINT, RIGHT_READ);
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
	if (endpoint_first_sender(endpoint) || is_signalled(server))
		return false;
	if (client->message == MESSAGE_FAULT)
		endpoint_take_fault_reply(client, server, info);
	else if (!move(server, client, 0, info))
		return false;

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
