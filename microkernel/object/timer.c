/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits. */
#include "object/timer.h"

#include "object/kernel.h"

#define COST_OF_LOOKING 12u

void timer_pass(const tcb_t *tcb)
{
	timers_t *timers = &kernel.timers;
	uint32_t wheel = tcb->base_priority;
	if (timers->at[wheel] != tcb)
		return;
	timers->at[wheel] = tcb->timer_next;
	if (!tcb->timer_next)
		timers->halfway &= ~(1u << wheel);
}

void timer_tick(void)
{
	timers_t *timers = &kernel.timers;
	uint32_t now = (uint32_t)++timers->now_ms;
	uint32_t fresh = timers->filed[now % TIMER_BUCKETS] & ~timers->due;
	timers->due |= fresh;
	for (uint32_t left = fresh; left; left &= left - 1)
		timers->swept_ms[__builtin_ctz(left)] = now - 1;
	kernel.sched.bitmap |= fresh; /* sched_tick(), which is next, looks at it */
}

/* Goes on to the next bucket that there is something in, or says that there is none. Buckets
 * that have become empty are noted as such on the way. */
static void next_bucket(uint32_t wheel)
{
	timers_t *timers = &kernel.timers;
	uint32_t now = (uint32_t)timers->now_ms, bit = 1u << wheel;
	if (now - timers->swept_ms[wheel] > TIMER_BUCKETS)
		timers->swept_ms[wheel] = now - TIMER_BUCKETS;
	while (timers->swept_ms[wheel] != now) {
		uint32_t index = ++timers->swept_ms[wheel] % TIMER_BUCKETS;
		if (!(timers->filed[index] & bit))
			continue;
		timers->at[wheel] = timers->bucket[wheel][index];
		if (timers->at[wheel]) {
			timers->halfway |= bit;
			return;
		}
		timers->filed[index] &= ~bit;
	}
	timers->due &= ~bit;
}

uint32_t timer_sweep_step(uint32_t wheel)
{
	tcb_t *tcb = kernel.timers.at[wheel];
	if (!tcb) {
		uint32_t before = kernel.timers.swept_ms[wheel];
		next_bucket(wheel);
		uint32_t passed = kernel.timers.swept_ms[wheel] - before;
		return COST_OF_LOOKING * (passed < TIMER_BUCKETS ? passed : TIMER_BUCKETS) +
		       COST_OF_LOOKING;
	}
	timer_pass(tcb);
	if (tcb->deadline > kernel.timers.now_ms)
		return COST_OF_LOOKING;
	uint32_t cost = COST_OF_LOOKING + thread_wake_cost(tcb);
	if (tcb->state == THREAD_READY)
		sched_rank_again(tcb);
	else
		thread_abandon(tcb, DRV_ETIMEDOUT);
	return cost;
}
