/* SPDX-License-Identifier: BSD-2-Clause */
/* How a thread begins to wait: in a queue, or for the answer to its call. */
#ifndef OBJECT_WAIT_H
#define OBJECT_WAIT_H

#include "object/kernel.h"
#include "object/limit.h"
#include "object/reply.h"

/* Queues a thread that is about to wait through `slot`. */
static inline void thread_wait_in(tcb_t *tcb, thread_state_t state, thread_queue_t *queue,
				  slot_t *slot)
{
	tcb->state = (uint8_t)state;
	tcb->since_ms = kernel_now_ms();
	tcb->waiting_in = queue;
	thread_queue_push(queue, tcb);
	tcb->wait_slot = slot;
	if (slot->waiter)
		thread_join_peers(slot, tcb);
	else
		slot->waiter = arch_physical(tcb);
}

/* Blocks the current thread in `queue` through `slot`, for at most `timeout_ms` (not POLL). */
static inline __attribute__((always_inline)) void
thread_block(thread_state_t state, thread_queue_t *queue, slot_t *slot, uint32_t timeout_ms)
{
	tcb_t *tcb = kernel.sched.current;
	sched_end_turn();
	kernel.sched.settled = false;
	thread_wait_in(tcb, state, queue, slot);
	thread_limit(tcb, timeout_ms);
}

/* Ties a caller, whose message was just taken, to the reply object, which nobody offers any
 * more; the caller is blocked (or the current thread, which this blocks) and keeps its time
 * limit. */
static inline void reply_tie(reply_t *reply, tcb_t *caller)
{
	reply->caller = caller;
	caller->answer = reply;
	caller->state = THREAD_CALLING;
	caller->since_ms = kernel_now_ms();
}

#endif
