/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling: 32 fixed priorities, round robin within one, choice in constant time.
 *
 * The rest of a caller's slice goes along with its call, and back with the answer: a client and
 * its server are one to those that wait for their turn. A thread that has used its budget goes
 * on at PRIORITY_SPENT until its next period (POSIX's SCHED_SPORADIC).
 *
 * Invariants:
 *   D1  a thread in state THREAD_READY is the current one or in exactly one ready queue.
 *   D2  bit p of `bitmap` is set  <=>  queue p is not empty, or wheel p is due
 *       (object/timer.h).
 *   D3  settled  =>  current is ready, nothing more urgent is in `bitmap`, its slice is not
 *       over, and its space and frame are in place. True when a thread enters the kernel from
 *       user mode, false when the kernel takes interrupts.
 *   D4  priority is base_priority, or PRIORITY_SPENT where the budget is spent. */
#ifndef OBJECT_SCHED_H
#define OBJECT_SCHED_H

#include "abi/syscalls.h"
#include "object/thread.h"

#define SCHED_SLICE_MS 10u

typedef struct sched {
	tcb_t *current;	 /* null: idle */
	bool settled;	 /* nothing happened since `current` was chosen: it goes on */
	uint32_t worked; /* instructions since interrupts were last taken: object/work.h */
	uint32_t space;	 /* vspace object that is in place, 0 for none */
	uint32_t bitmap;
	thread_queue_t ready[PRIORITY_MAX + 1];
} sched_t;

/* Makes a thread ready to run, behind others of its priority, with a slice of its own. */
void sched_ready(tcb_t *tcb);

/* Makes a thread ready to run, before others of its priority, with what is left of the current
 * one's slice. */
void sched_hand_over(tcb_t *tcb);

/* Queues the current thread before others of its priority: somebody more urgent goes on. */
void sched_pre_empt(void);

/* Takes a thread out of the choice, whether it is current or queued. */
void sched_remove(tcb_t *tcb);

/* Takes pending interrupts now, between two bounded steps of long work. */
void sched_take_interrupts(void);

/* For work that goes on where it stopped: is somebody more urgent ready, or does somebody wait
 * for his turn and the slice is over, or is there no current thread any more? */
bool sched_has_to_stop(void);

/* The current thread lets others of its priority run first. */
void sched_yield(void);

/* Gives a thread a budget of `budget_ms` in every `period_ms`, 0: none. The first period begins
 * now; but where the budget before it has the same period, the one under way goes on, and what
 * the thread has run in it counts. */
void sched_set_budget(tcb_t *tcb, uint32_t budget_ms, uint32_t period_ms);

/* Sets `priority` by base priority and budget; the thread is in no ready queue. Where the
 * budget is spent and the thread is ready, its next period is waited for. */
void sched_rank(tcb_t *tcb);

/* The same for one that has a budget and waits, if it has not spent it; false: nothing is done.
 */
static inline bool sched_rank_thrifty(tcb_t *tcb, uint32_t now_ms)
{
	if (tcb->spent ||
	    tcb->run - tcb->period_run >= (uint64_t)tcb->budget_ms * arch_ticks_per_ms())
		return false;
	if (now_ms - tcb->period_start >= tcb->period_ms) {
		tcb->period_run = tcb->run;
		tcb->period_start = now_ms;
	}
	return true;
}

/* The same for a thread in whatever state, which is queued anew if it was in a ready queue. */
void sched_rank_again(tcb_t *tcb);

/* What the thread has run, in arch_ticks(). */
uint64_t sched_run_time(const tcb_t *tcb);

/* One millisecond of the current thread's slice is gone, and its budget is looked at; there is
 * one. */
void sched_tick(void);

/* Chooses who runs next and makes it current: its frame and address space are in place when
 * this returns. Waits while nobody is ready. */
tcb_t *sched_choose(void);

#endif
