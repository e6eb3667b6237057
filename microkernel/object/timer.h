/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits: a hashed wheel of one bucket a millisecond. Starting and stopping are constant
 * time; a tick looks at one bucket. */
#ifndef OBJECT_TIMER_H
#define OBJECT_TIMER_H

#include <stdint.h>

struct tcb;

#define TIMER_BUCKETS 256u

typedef struct timers {
	uint32_t now_ms;   /* wraps; deadlines are compared for equality only */
	uint32_t swept_ms; /* all that was due up to here was woken; now_ms but after a crowd */
	struct tcb *bucket[TIMER_BUCKETS];
} timers_t;

/* Gives a thread that is about to block a limit; none for TIMEOUT_FOREVER. */
void timer_start(struct tcb *tcb, uint32_t timeout_ms);

/* Without a limit: no effect. */
void timer_stop(struct tcb *tcb);

/* One millisecond has passed: wakes those whose time is up with DRV_ETIMEDOUT. */
void timer_tick(void);

#endif
