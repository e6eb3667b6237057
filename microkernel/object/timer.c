/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits. */
#include "object/timer.h"

#include "object/kernel.h"

#define COST_OF_A_LOOK 12u

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

/* Is there nobody in the bucket of this millisecond, or one thread alone, whose limit ends in a
 * later lap? Then it has been looked through. */
static bool is_early(uint32_t wheel)
{
	timers_t *timers = &kernel.timers;
	uint32_t index = kernel_now_ms() % TIMER_BUCKETS;
	const tcb_t *tcb = timers->bucket[wheel][index];
	if (!tcb)
		timers->filed[index] &= ~(1u << wheel);
	return !tcb || (!tcb->timer_next && tcb->deadline > timers->now_ms);
}

__attribute__((noinline)) void timer_note_due(uint32_t wheels)
{
	timers_t *timers = &kernel.timers;
	for (uint32_t left = wheels; left; left &= left - 1) {
		uint32_t wheel = (uint32_t)__builtin_ctz(left);
		if (is_early(wheel))
			continue;
		timers->due |= 1u << wheel;
		timers->swept_ms[wheel] = kernel_now_ms() - 1;
	}
	kernel.sched.bitmap |= timers->due; /* sched_tick(), which is next, looks at it */
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

__attribute__((noinline)) uint32_t timer_sweep_step(uint32_t wheel)
{
	tcb_t *tcb = kernel.timers.at[wheel];
	if (!tcb) {
		uint32_t before = kernel.timers.swept_ms[wheel];
		next_bucket(wheel);
		uint32_t passed = kernel.timers.swept_ms[wheel] - before;
		return COST_OF_A_LOOK * (passed < TIMER_BUCKETS ? passed : TIMER_BUCKETS) +
		       COST_OF_A_LOOK;
	}
	timer_pass(tcb);
	if (tcb->deadline > kernel.timers.now_ms)
		return COST_OF_A_LOOK;
	uint32_t cost = COST_OF_A_LOOK + thread_wake_cost(tcb);
	uint32_t end_ms = (uint32_t)tcb->deadline; /* it could have gone on then */
	if (tcb->state == THREAD_READY) {
		sched_rank_again(tcb);
	} else {
		thread_abandon(tcb, DRV_ETIMEDOUT);
		tcb->since_ms = end_ms;
	}
	return cost;
}
