/* SPDX-License-Identifier: BSD-2-Clause */
/* Switching to a thread at once, where it is plain that the scheduler would choose it: the
 * result is the same as that of making it ready and choosing. Only while kernel.sched.settled.
 */
#ifndef OBJECT_SWITCH_H
#define OBJECT_SWITCH_H

#include "object/kernel.h"
#include "object/vspace.h"

/* Would the scheduler choose `next`, which is about to become ready, if the current thread
 * blocked or were less urgent? False as well if it has a budget, which only the scheduler
 * charges. */
static inline bool switch_is_due(const tcb_t *next)
{
	return kernel.sched.bitmap >> next->priority == 0 && next->budget_ms == 0;
}

/* Makes `next` current; the former current thread must be blocked, or queued, already. */
static inline void switch_now(tcb_t *next)
{
	next->state = THREAD_READY;
	next->slice = SCHED_SLICE_MS;
	kernel.sched.current = next;
	vspace_use(next->vspace);
	arch_frame_use(&next->frame);
}

#endif
