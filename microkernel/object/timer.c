/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits. */
#include "object/timer.h"

#include "object/endpoint.h"
#include "object/kernel.h"

/* More that are due at once wait for the next tick: a tick has interrupts off. */
#define WAKES_PER_TICK 64u

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

/* Wakes those whose time is up at `due`; false: there are more than may be woken at once. */
static bool sweep(uint32_t due, uint32_t *wakes)
{
	for (tcb_t *tcb = kernel.timers.bucket[due % TIMER_BUCKETS]; tcb;) {
		tcb_t *next = tcb->timer_next;
		if (tcb->deadline == due) {
			if (*wakes == 0)
				return false;
			(*wakes)--;
			if (tcb->state == THREAD_PARKED)
				sched_unpark(tcb);
			else
				thread_abandon(tcb, DRV_ETIMEDOUT);
		}
		tcb = next;
	}
	return true;
}

void timer_tick(void)
{
	uint32_t wakes = WAKES_PER_TICK;
	kernel.timers.now_ms++;
	while (kernel.timers.swept_ms != kernel.timers.now_ms &&
	       sweep(kernel.timers.swept_ms + 1, &wakes))
		kernel.timers.swept_ms++;
}
