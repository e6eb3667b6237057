/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints: synchronous messages between threads.
 *
 * Invariants:
 *   E1  the queue holds senders only (sending) or receivers only (not sending).
 *   E2  closed != DRV_OK  =>  no sender joins the queue.
 *   E3  faults holds threads that faulted, which are received before all others; if there are
 *       any, the queue holds no receivers (sending). */
#ifndef OBJECT_ENDPOINT_H
#define OBJECT_ENDPOINT_H

#include "object/reply.h"
#include "object/limit.h"

#define ENDPOINT_BITS 6u

typedef struct endpoint {
	object_header_t header;
	thread_queue_t queue;
	thread_queue_t faults;
	bool sending; /* the queue holds senders; else receivers, if anybody */
	err_t closed; /* what later senders are told */
} endpoint_t;
_Static_assert(sizeof(endpoint_t) <= 1u << ENDPOINT_BITS, "an endpoint fits its object");

/* The current thread sends through `slot`. `message` is SEND or CALL. CALL_NO_RESULT: it is
 * blocked. */
err_t endpoint_send(slot_t *slot, thread_message_t message, uint32_t info, uint32_t timeout_ms);

/* The current thread receives. `reply` may be null: calls are then refused with
 * DRV_ENOTSUP. CALL_NO_RESULT: the message is in the thread's registers and buffer, or it is
 * blocked; DRV_EAGAIN: a window full of senders was refused, and others are left. */
err_t endpoint_receive(slot_t *slot, reply_t *reply, uint32_t timeout_ms);

/* The current thread answers the call tied to `reply`, and gives back what is left of its slice
 * if it is about to wait. DRV_EGONE: nobody waits for it. After other errors the caller still
 * waits. */
err_t endpoint_reply(reply_t *reply, uint32_t info, bool hand_back);

/* Ends the wait of a receiver, wherever it is in the queue: it is neither queued nor ready
 * then. */
static inline void endpoint_end_receiving(tcb_t *receiver)
{
	timer_stop(receiver);
	thread_queue_remove(receiver->waiting_in, receiver);
	thread_wait_over(receiver);
	if (receiver->offered)
		receiver->offered->waiter = NULL;
	receiver->offered = NULL;
}

/* Does to a faulted thread's registers what the answer to its fault asks for: word 0 may say
 * that they are to be set. */
void endpoint_take_fault_reply(tcb_t *faulted, const tcb_t *replier, uint32_t info);

/* Sends the fault that is noted in the thread; false: it cannot be told to anybody. */
bool endpoint_send_fault(tcb_t *tcb, slot_t *slot);

/* Wakes queued senders with `error`. DRV_EAGAIN: a window is full, and some are left. */
err_t endpoint_cancel(endpoint_t *endpoint, err_t error);

/* The sender that is to be received next; null: none. */
static inline tcb_t *endpoint_first_sender(const endpoint_t *endpoint)
{
	if (!endpoint->sending)
		return NULL;
	return endpoint->faults.first ? endpoint->faults.first : endpoint->queue.first;
}

/* For the table of types. */
void endpoint_inspect(const slot_t *slot, void *words);

#endif
