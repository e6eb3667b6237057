/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits. */
#include "object/timer.h"

#include "object/endpoint.h"
#include "object/kernel.h"

void timer_start(tcb_t *tcb, uint32_t timeout_ms)
{
	if (timeout_ms == TIMEOUT_FOREVER)
		return;
	/* The tick under way is partly over: one more keeps the limit a lower bound. */
	tcb->deadline = kernel.timers.now_ms + timeout_ms + 1;
	tcb_t **bucket = &kernel.timers.bucket[tcb->deadline % TIMER_BUCKETS];
	tcb->timer_prev = NULL;
	tcb->timer_next = *bucket;
	if (*bucket)
		(*bucket)->timer_prev = tcb;
	*bucket = tcb;
	tcb->timed = true;
	kernel.audit.timers++;
}

void timer_stop(tcb_t *tcb)
{
	if (!tcb->timed)
		return;
	if (tcb->timer_prev)
		tcb->timer_prev->timer_next = tcb->timer_next;
	else
		kernel.timers.bucket[tcb->deadline % TIMER_BUCKETS] = tcb->timer_next;
	if (tcb->timer_next)
		tcb->timer_next->timer_prev = tcb->timer_prev;
	tcb->timer_next = tcb->timer_prev = NULL;
	tcb->timed = false;
	kernel.audit.timers--;
}

void timer_tick(void)
{
	uint32_t now = ++kernel.timers.now_ms;
	for (tcb_t *tcb = kernel.timers.bucket[now % TIMER_BUCKETS]; tcb;) {
		tcb_t *next = tcb->timer_next;
		if (tcb->deadline == now && tcb->state == THREAD_PARKED)
			sched_unpark(tcb);
		else if (tcb->deadline == now)
			thread_abandon(tcb, DRV_ETIMEDOUT);
		tcb = next;
	}
}
