/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting and stopping time limits, and their clock. */
#ifndef OBJECT_LIMIT_H
#define OBJECT_LIMIT_H

#include "object/kernel.h"

/* The current thread runs no more. */
static inline void sched_end_turn(void)
{
	kernel.sched.current->run += arch_ticks();
	kernel.sched.current = NULL;
}

/* One millisecond has passed. */
static inline void timer_tick(void)
{
	const timers_t *timers = &kernel.timers;
	uint32_t now = (uint32_t)++kernel.timers.now_ms;
	uint32_t fresh = timers->filed[now % TIMER_BUCKETS] & ~timers->due;
	if (fresh)
		timer_note_due(fresh);
}

/* Files a thread under its deadline in the wheel of its base priority. */
static inline void timer_file(tcb_t *tcb)
{
	timers_t *timers = &kernel.timers;
	uint32_t index = (uint32_t)tcb->deadline % TIMER_BUCKETS;
	tcb_t **bucket = &timers->bucket[tcb->base_priority][index];
	tcb_t *next = *bucket;
	tcb->timer_next = next;
	if (next)
		next->timer_link = &tcb->timer_next;
	tcb->timer_link = bucket;
	*bucket = tcb;
	timers->filed[index] |= 1u << tcb->base_priority;
	kernel.audit.timers++;
}

/* Takes out a thread that has a limit. */
static inline void timer_remove(tcb_t *tcb)
{
	tcb_t *next = tcb->timer_next;
	if (kernel.timers.halfway)
		timer_pass(tcb);
	*tcb->timer_link = next;
	if (next)
		next->timer_link = tcb->timer_link;
	tcb->timer_link = NULL;
	kernel.audit.timers--;
}

/* Gives a thread a limit from now on; it must not have one. */
static inline void timer_add(tcb_t *tcb, uint32_t timeout_ms)
{
	/* The tick under way is partly over: one more keeps the limit a lower bound. */
	tcb->deadline = kernel.timers.now_ms + timeout_ms + 1;
	timer_file(tcb);
}

/* Without a limit: no effect. */
static inline void timer_stop(tcb_t *tcb)
{
	if (timer_runs(tcb))
		timer_remove(tcb);
}

/* Gives a thread that is about to block a limit; none for TIMEOUT_FOREVER. */
static inline void thread_limit(tcb_t *tcb, uint32_t timeout_ms)
{
	timer_stop(tcb); /* it has one if its budget is spent */
	if (timeout_ms != TIMEOUT_FOREVER)
		timer_add(tcb, timeout_ms);
}

#endif
