/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits. */
#include "object/timer.h"

#include "object/endpoint.h"
#include "object/kernel.h"

/* What a tick, which has interrupts off, does at most: it looks at so many threads, and to wake
 * one counts as so many. The rest waits for the next tick. */
#define LOOKS_PER_TICK 1024u
#define LOOKS_PER_WAKE 16u

void timer_add(tcb_t *tcb, uint32_t timeout_ms)
{
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

void timer_remove(tcb_t *tcb)
{
	if (kernel.timers.at == tcb)
		kernel.timers.at = tcb->timer_next;
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

/* Wakes those of the bucket whose time is up at `due`; false: no looks are left. */
static bool sweep(uint32_t due, uint32_t *looks)
{
	while (kernel.timers.at) {
		tcb_t *tcb = kernel.timers.at;
		uint32_t cost = tcb->deadline == due ? LOOKS_PER_WAKE : 1;
		if (*looks < cost)
			return false;
		*looks -= cost;
		kernel.timers.at = tcb->timer_next;
		if (tcb->deadline != due)
			continue;
		if (tcb->state == THREAD_PARKED)
			sched_unpark(tcb);
		else
			thread_abandon(tcb, DRV_ETIMEDOUT);
	}
	return true;
}

void timer_tick(void)
{
	timers_t *timers = &kernel.timers;
	uint32_t looks = LOOKS_PER_TICK;
	timers->now_ms++;
	while (timers->swept_ms != timers->now_ms) {
		uint32_t due = timers->swept_ms + 1;
		if (!timers->sweeping)
			timers->at = timers->bucket[due % TIMER_BUCKETS];
		timers->sweeping = !sweep(due, &looks);
		if (timers->sweeping)
			return;
		timers->swept_ms = due;
	}
}
