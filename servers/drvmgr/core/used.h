/* SPDX-License-Identifier: BSD-2-Clause */
/* How much of its budget a driver has used up, over the lives of its instances: what they ran
 * is added, and as time passes it comes back, a whole budget in a period. It is never more than
 * a whole budget, so what is run when nobody else wants to costs no more than that. Pure: time
 * and run time are the kernel's evidence. */
#ifndef DRVMGR_USED_H
#define DRVMGR_USED_H

#include <stdbool.h>

#include "core/ticks.h"

/* A share of the processor, and in what time. Neither is 0. */
typedef struct budget {
	uint32_t budget_ms, period_ms;
} budget_t;

/* All zero: nothing was used yet. */
typedef struct used {
	uint64_t amount; /* microseconds, times the period in milliseconds, … */
	uint32_t at_ms;	 /* … at this time */
	uint64_t run;	 /* ticks that are counted of the instance's thread */
} used_t;

/* Has the thread run for a millisecond or more that is not counted yet? Less can wait. */
static inline bool used_is_behind(const used_t *used, const inspect_thread_t *thread)
{
	return ticks_run(thread) - used->run >= thread->ticks_per_ms;
}

/* Counts what the thread has run. */
void used_count(used_t *used, const inspect_thread_t *thread, budget_t of);

/* The same for the last time: the next instance's thread begins at 0. */
void used_end(used_t *used, const inspect_thread_t *thread, budget_t of);

/* Milliseconds of the budget that are left, rounded up: 1 where none are, budget_ms at most. */
uint32_t used_leaves_ms(used_t *used, uint32_t now_ms, budget_t of);

#endif
