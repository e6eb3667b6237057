/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits. Each priority has a hashed wheel of its own, of one bucket a millisecond.
 * Starting and stopping a limit take a few instructions; so does a tick, which only notes in
 * whose wheels something may be due. The scheduler has a wheel looked through when nobody more
 * urgent is ready, in bounded steps between which interrupts are taken: no crowd that waits at
 * a low priority makes the limits of more urgent threads late.
 *
 * Invariants:
 *   L1  bucket b of wheel p is not empty  =>  bit p of filed[b] is set.
 *   L2  bit p of due is set  =>  wheel p is looked through up to swept_ms, and after that up to
 *       `at`. It is clear  =>  no limit of wheel p is over, and its `at` is null.
 *   L3  at[p] is null, or a thread of the bucket of swept_ms[p] and bit p of halfway is set. */
#ifndef OBJECT_TIMER_H
#define OBJECT_TIMER_H

#include "object/thread.h"

#define TIMER_BUCKETS 64u
#define TIMER_WHEELS  (PRIORITY_MAX + 1)

typedef struct timers {
	uint64_t now_ms;
	uint32_t due;	  /* bit p: in wheel p a limit may be over */
	uint32_t halfway; /* bit p: a look through wheel p stopped within a bucket */
	uint32_t filed[TIMER_BUCKETS];
	uint32_t swept_ms[TIMER_WHEELS];
	tcb_t *at[TIMER_WHEELS];
	tcb_t *bucket[TIMER_WHEELS][TIMER_BUCKETS];
} timers_t;

/* Has the thread a limit? */
static inline bool timer_runs(const tcb_t *tcb)
{
	return tcb->timer_link != NULL;
}

/* In these wheels, one bit a wheel, which are not due, somebody may be in the bucket of this
 * millisecond: notes which of them are due now. */
void timer_note_due(uint32_t wheels);

/* One step of looking through a wheel that is due: goes on to the next bucket that somebody is
 * in, or looks at one thread and, if its time is up, wakes it with DRV_ETIMEDOUT or gives it
 * its new period. What that cost, in instructions. */
uint32_t timer_sweep_step(uint32_t wheel);

/* Moves on a look through its wheel that would go on with this thread. */
void timer_pass(const tcb_t *tcb);

#endif
