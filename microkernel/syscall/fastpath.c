/* SPDX-License-Identifier: BSD-2-Clause */
/* The short way. Its conditions: no work is pending, no capabilities travel, the peer is
 * waiting already, and after the switch the peer is the one that the scheduler would choose. */
#include "syscall/fastpath.h"

#include "base/memory.h"
#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "object/vspace.h"
#include "syscall/syscall.h"

/* The slot that the current thread's handle names, if it is of this type with this right. */
static inline slot_t *find(const tcb_t *tcb, cap_t handle, uint32_t type, uint32_t right)
{
	slot_t *slot = tcb->cspace ? cspace_lookup(tcb->cspace, handle) : NULL;
	return slot && slot->type == type && slot_allows(slot, right) ? slot : NULL;
}

/* Is the message one without capabilities, within bounds, not pretending to be the kernel's? */
static inline bool plain(uint32_t info)
{
	return (info & 0xffffu) <= MSG_WORDS && MSG_LABEL(info) < MSG_LABEL_KERNEL;
}
_Static_assert(MSG_INFO(0, MSG_WORDS, 0) == MSG_WORDS && MSG_INFO(0, 0, 1) > MSG_WORDS,
	       "the count of capabilities lies above that of words");

/* Would the scheduler choose `next` if the current thread blocked and `next` became ready? */
static inline bool would_run(const tcb_t *next)
{
	return kernel.sched.bitmap >> next->priority == 0 &&
	       (next->budget_ms == 0 || !sched_is_spent(next));
}

/* Moves a plain message, if there is room for it: words beyond two go from buffer to buffer. */
static inline bool move(const tcb_t *from, tcb_t *to, uint32_t badge, uint32_t info)
{
	uint32_t words = MSG_WORD_COUNT(info);
	if (words > 2) {
		if (!to->buffer)
			return false;
		memcpy(&to->buffer->words[2], &from->buffer->words[2],
		       (words - 2) * sizeof(uint32_t));
	}
	to->frame.eax = DRV_OK;
	to->frame.ebx = badge;
	to->frame.esi = info;
	to->frame.edi = from->frame.edi;
	to->frame.ebp = from->frame.ebp;
	return true;
}

/* Makes `next` current; the former current thread must be blocked already. */
static inline const arch_frame_t *run(tcb_t *next)
{
	next->state = THREAD_READY;
	next->slice = SCHED_SLICE_MS;
	kernel.sched.current = next;
	vspace_use(next->vspace);
	arch_frame_use(&next->frame);
	kernel.sched.settled = true;
	return &next->frame;
}

const arch_frame_t *fastpath_call(tcb_t *caller)
{
	uint32_t info = caller->frame.esi;
	slot_t *slot = find(caller, caller->frame.ebx, CAP_ENDPOINT, RIGHT_WRITE);
	if (!kernel.sched.settled || !slot || !plain(info) || !caller->buffer)
		return NULL;
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *receiver = endpoint->queue.first;
	if (endpoint->closed || endpoint->sending || !receiver || !receiver->offered)
		return NULL;
	if (!would_run(receiver) || !move(caller, receiver, slot->extra, info))
		return NULL;
	reply_t *reply = receiver->offered;
	uint32_t timeout_ms = caller->buffer->timeout_ms;

	thread_queue_pop(&endpoint->queue);
	thread_wait_over(receiver);
	receiver->offered = NULL;
	reply->waiter = NULL;
	timer_stop(receiver);
	caller->message = MESSAGE_CALL;
	reply_tie(reply, caller);
	timer_start(caller, timeout_ms);
	return run(receiver);
}

/* Has the thread's bound notification bits for it? */
static inline bool is_signalled(const tcb_t *tcb)
{
	const slot_t *slot = &tcb->slots[BIND_NOTIFICATION];
	return slot->type == CAP_NOTIFICATION &&
	       ((const notification_t *)arch_pointer(slot->object))->pending != 0;
}

const arch_frame_t *fastpath_reply_recv(tcb_t *server)
{
	uint32_t info = server->frame.esi;
	slot_t *slot = find(server, server->frame.ebx, CAP_ENDPOINT, RIGHT_READ);
	const message_buffer_t *buffer = server->buffer;
	if (!kernel.sched.settled || !slot || !plain(info) || !buffer ||
	    buffer->timeout_ms == TIMEOUT_POLL)
		return NULL;
	uint32_t timeout_ms = buffer->timeout_ms;
	slot_t *reply_slot = find(server, buffer->reply, CAP_REPLY, RIGHT_WRITE);
	if (!reply_slot)
		return NULL;
	reply_t *reply = arch_pointer(reply_slot->object);
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *client = reply->caller;
	if (!client || client->message != MESSAGE_CALL || !would_run(client))
		return NULL;
	if ((endpoint->queue.first && endpoint->sending) || is_signalled(server))
		return NULL;
	if (!move(server, client, 0, info))
		return NULL;

	client->answer = NULL;
	reply->caller = NULL;
	timer_stop(client);
	endpoint->sending = false;
	server->offered = reply;
	reply->waiter = server;
	thread_wait_in(server, THREAD_RECEIVING, &endpoint->queue, slot);
	timer_start(server, timeout_ms);
	return run(client);
}
