/* SPDX-License-Identifier: BSD-2-Clause */
/* Switching to a thread at once, where it is plain that the scheduler would choose it: the
 * result is that of making it ready and choosing. Only while kernel.sched.settled. */
#ifndef OBJECT_SWITCH_H
#define OBJECT_SWITCH_H

#include "object/kernel.h"
#include "object/vspace.h"

/* Would the scheduler choose `next`, if it became ready before others of its priority, and the
 * current thread blocked or were less urgent? False as well if its budget is spent. */
static inline bool switch_is_due(tcb_t *next)
{
	if (next->budget_ms && !sched_rank_thrifty(next, kernel_now_ms())) {
		sched_rank(next);
		if (next->spent)
			return false;
	}
	return kernel.sched.bitmap >> next->priority <= 1;
}

/* Makes `next` current, with that slice, in place of `current`, which is kernel.sched.current
 * and has been blocked or queued, or else is blocked by the caller right after this.
 */
static inline void switch_now(tcb_t *current, tcb_t *next, uint8_t slice)
{
	uint64_t ticks = arch_ticks();
	current->run += ticks;
	next->run -= ticks;
	next->state = THREAD_READY;
	next->slice = slice;
	next->since_ms = kernel_now_ms();
	kernel.sched.current = next;
	vspace_use(next->vspace);
	arch_frame_use(&next->frame);
}

#endif
