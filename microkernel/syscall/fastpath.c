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
static inline slot_t *find(tcb_t *tcb, cap_t handle, uint32_t type, uint32_t right)
{
	slot_t *space = &tcb->slots[BIND_CSPACE];
	if (space->type != CAP_CSPACE)
		return NULL;
	slot_t *slot = cspace_lookup(arch_pointer(space->object), handle);
	return slot && slot->type == type && slot_allows(slot, right) ? slot : NULL;
}

/* Is the message one without capabilities, within bounds, not pretending to be the kernel's? */
static bool plain(uint32_t info)
{
	return MSG_CAP_COUNT(info) == 0 && MSG_WORD_COUNT(info) <= MSG_WORDS &&
	       MSG_LABEL(info) < MSG_LABEL_KERNEL;
}

/* Would the scheduler choose `next` if the current thread blocked and `next` became ready? */
static bool would_run(const tcb_t *next)
{
	return kernel.sched.bitmap >> next->priority == 0 && !sched_is_spent(next);
}

/* Moves a plain message; words beyond two need both buffers. */
static inline void move(tcb_t *from, tcb_t *to, uint32_t badge, uint32_t info)
{
	uint32_t words = MSG_WORD_COUNT(info);
	if (words > 2)
		memcpy(&thread_buffer(to)->words[2], &thread_buffer(from)->words[2],
		       (words - 2) * sizeof(uint32_t));
	to->frame.eax = DRV_OK;
	to->frame.ebx = badge;
	to->frame.esi = info;
	to->frame.edi = from->frame.edi;
	to->frame.ebp = from->frame.ebp;
}

/* Makes `next` current; the former current thread must be blocked already. */
static inline void run(tcb_t *next)
{
	next->state = THREAD_READY;
	next->slice = SCHED_SLICE_MS;
	kernel.sched.current = next;
	vspace_use(thread_vspace(next));
	arch_frame_use(&next->frame);
	kernel.sched.settled = true;
}

static bool try_call(tcb_t *caller)
{
	uint32_t info = caller->frame.esi;
	slot_t *slot = find(caller, caller->frame.ebx, CAP_ENDPOINT, RIGHT_WRITE);
	const message_buffer_t *buffer = thread_buffer(caller);
	if (!slot || !plain(info) || !buffer)
		return false;
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *receiver = endpoint->queue.first;
	if (endpoint->closed || endpoint->sending || !receiver || !receiver->offered)
		return false;
	if (!would_run(receiver) || !thread_buffer(receiver))
		return false;
	reply_t *reply = receiver->offered;

	move(caller, receiver, slot->extra, info);
	thread_queue_remove(&endpoint->queue, receiver);
	receiver->waiting_in = NULL;
	receiver->wait_slot->waiting--;
	receiver->wait_slot = NULL;
	timer_stop(receiver);
	caller->message = MESSAGE_CALL;
	reply_tie(reply, caller);
	timer_start(caller, buffer->timeout_ms);
	run(receiver);
	return true;
}

/* Has the thread's bound notification bits for it? */
static bool is_signalled(const tcb_t *tcb)
{
	const slot_t *slot = &tcb->slots[BIND_NOTIFICATION];
	return slot->type == CAP_NOTIFICATION &&
	       ((const notification_t *)arch_pointer(slot->object))->pending != 0;
}

static bool try_reply_recv(tcb_t *server)
{
	uint32_t info = server->frame.esi;
	slot_t *slot = find(server, server->frame.ebx, CAP_ENDPOINT, RIGHT_READ);
	const message_buffer_t *buffer = thread_buffer(server);
	if (!slot || !plain(info) || !buffer || buffer->timeout_ms == TIMEOUT_POLL)
		return false;
	uint32_t timeout_ms = buffer->timeout_ms;
	slot_t *reply_slot = find(server, buffer->reply, CAP_REPLY, RIGHT_WRITE);
	if (!reply_slot)
		return false;
	reply_t *reply = arch_pointer(reply_slot->object);
	endpoint_t *endpoint = arch_pointer(slot->object);
	tcb_t *client = reply->caller;
	if (!client || thread_in_fault(client) || !would_run(client) || !thread_buffer(client))
		return false;
	if ((endpoint->queue.first && endpoint->sending) || is_signalled(server))
		return false;

	move(server, client, 0, info);
	client->answer = NULL;
	reply->caller = NULL;
	timer_stop(client);
	endpoint->sending = false;
	server->offered = reply;
	reply->waiter = server;
	thread_block(THREAD_RECEIVING, &endpoint->queue, slot, timeout_ms);
	run(client);
	return true;
}

bool fastpath_try(void)
{
	tcb_t *current = kernel.sched.current;
	if (work_pending())
		return false;
	if (current->frame.eax == SYS_IPC_CALL)
		return try_call(current);
	if (current->frame.eax == SYS_IPC_REPLY_RECV)
		return try_reply_recv(current);
	return false;
}
