/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits: a hashed wheel of one bucket a millisecond. Starting and stopping are constant
 * time; a tick looks at one bucket, or at as much of it as is bounded and at the rest later.
 *
 * Invariant T6: `at` is null or a thread of the bucket of swept_ms + 1. */
#ifndef OBJECT_TIMER_H
#define OBJECT_TIMER_H

#include "object/thread.h"

#define TIMER_BUCKETS 256u

typedef struct timers {
	uint32_t now_ms;   /* wraps; deadlines are compared for equality only */
	uint32_t swept_ms; /* all that was due up to here was woken; now_ms but after a crowd */
	bool sweeping;	   /* the bucket of the next millisecond is not looked through yet: */
	tcb_t *at;	   /* from here on; null: it is */
	tcb_t *bucket[TIMER_BUCKETS];
} timers_t;

void timer_add(tcb_t *tcb, uint32_t timeout_ms);
void timer_remove(tcb_t *tcb);

/* Gives a thread that is about to block a limit; none for TIMEOUT_FOREVER. */
static inline void timer_start(tcb_t *tcb, uint32_t timeout_ms)
{
	if (timeout_ms != TIMEOUT_FOREVER)
		timer_add(tcb, timeout_ms);
}

/* Without a limit: no effect. */
static inline void timer_stop(tcb_t *tcb)
{
	if (tcb->timed)
		timer_remove(tcb);
}

/* One millisecond has passed: wakes those whose time is up with DRV_ETIMEDOUT. */
void timer_tick(void);

#endif
