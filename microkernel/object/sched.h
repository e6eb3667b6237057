/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling: 32 fixed priorities, round robin within one, choice in constant time.
 *
 * Invariants:
 *   D1  a thread in state THREAD_READY is the current one or in exactly one ready queue.
 *   D2  bit p of `bitmap` is set <=> queue p is not empty.
 *   D3  settled => current is ready, not out-ranked, without a budget, its space and frame are
 *       in place, and no work is pending. True whenever a thread without a budget enters the
 *       kernel from user mode, unless work is pending; false whenever interrupts are taken in
 *       the kernel. */
#ifndef OBJECT_SCHED_H
#define OBJECT_SCHED_H

#include "abi/syscalls.h"
#include "object/thread.h"

#define SCHED_SLICE_MS 10u

typedef struct sched {
	tcb_t *current;	     /* null: idle */
	bool settled;	     /* nothing happened since `current` was chosen: it goes on */
	uint32_t charged_us; /* up to when the current thread's time is off its budget */
	uint32_t space;	     /* vspace object that is in place, 0 for none */
	uint32_t bitmap;
	thread_queue_t ready[PRIORITY_MAX + 1];
} sched_t;

/* Makes a thread ready to run, behind others of its priority. */
void sched_ready(tcb_t *tcb);

/* Queues the current thread before others of its priority: somebody more urgent goes on. */
void sched_pre_empt(void);

/* Takes a thread out of the choice, whether it is current or queued. */
void sched_remove(tcb_t *tcb);

/* Takes pending interrupts now, between two bounded steps of long work. */
void sched_take_interrupts(void);

/* Is a thread ready that is more urgent than the current one, or is there no current one? */
bool sched_preempted(void);

/* The same, or is the budget of the current one spent? For work that goes on where it stopped.
 */
bool sched_has_to_stop(void);

/* The current thread lets others of its priority run first. */
void sched_yield(void);

/* Gives a thread a budget of `budget_ms` in every `period_ms` from now on; 0: none. A parked
 * one goes on. */
void sched_set_budget(tcb_t *tcb, uint32_t budget_ms, uint32_t period_ms);

/* The next period of a parked thread has begun. */
void sched_unpark(tcb_t *tcb);

/* One millisecond of the current thread's slice is gone, and its budget is looked at. */
void sched_tick(void);

/* Chooses who runs next and makes it current: its frame and address space are in place when
 * this returns. Waits while nobody is ready. */
tcb_t *sched_choose(void);

#endif
