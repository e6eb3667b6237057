/* SPDX-License-Identifier: BSD-2-Clause */
/* The reckoning of used.h. */
#include "core/used.h"

static uint64_t whole(budget_t of)
{
	return (uint64_t)(of.budget_ms * US_IN_MS) * of.period_ms;
}

/* The clock of who asks may be some milliseconds behind the evidence: then none has passed. */
static void come_back(used_t *used, uint32_t now_ms, budget_t of)
{
	uint32_t passed_ms = now_ms - used->at_ms;
	used->at_ms = now_ms;
	if (used->amount > whole(of)) /* it ran beyond it, or had a larger one */
		used->amount = whole(of);
	if ((int32_t)passed_ms < 0)
		return;
	if (passed_ms > of.period_ms)
		passed_ms = of.period_ms;
	uint64_t back = (uint64_t)(of.budget_ms * US_IN_MS) * passed_ms;
	used->amount -= back < used->amount ? back : used->amount;
}

static void used_up(used_t *used, uint32_t now_ms, budget_t of)
{
	used->amount = whole(of);
	used->at_ms = now_ms;
}

/* What came back since the last time is taken off first: all that ran since may have run just
 * now. */
void used_count(used_t *used, const inspect_thread_t *thread, budget_t of)
{
	uint64_t ran = ticks_run(thread) - used->run;
	used->run += ran;
	come_back(used, thread->now_ms, of);
	if (ran >= (uint64_t)of.budget_ms * thread->ticks_per_ms) {
		used_up(used, thread->now_ms, of);
		return;
	}
	used->amount +=
	    (uint64_t)ms_divide(ran * US_IN_MS, thread->ticks_per_ms) * of.period_ms;
}

void used_end(used_t *used, const inspect_thread_t *thread, budget_t of)
{
	used_count(used, thread, of);
	used->run = 0;
}

uint32_t used_leaves_ms(used_t *used, uint32_t now_ms, budget_t of)
{
	come_back(used, now_ms, of);
	uint64_t left = whole(of) - used->amount;
	uint32_t left_ms = left ? ms_divide(left - 1, of.period_ms * US_IN_MS) + 1 : 1;
	return left_ms < of.budget_ms ? left_ms : of.budget_ms;
}
