/* SPDX-License-Identifier: BSD-2-Clause */
/* The reckoning of busy.h. */
#include "core/busy.h"

#include "core/stretch.h"
#include "core/verdict.h"

static void look(busy_t *busy, const inspect_thread_t *thread)
{
	busy->ready_ms = stretch_ready_ms(thread);
	busy->spent = thread->spent;
	busy->at_ms = thread->now_ms;
}

void busy_begin(busy_t *busy, const inspect_thread_t *thread)
{
	busy->begun = true;
	busy->since_ms = thread->now_ms;
	busy->ran = false;
	busy->owes_ms = 0;
	busy->run = ticks_run(thread);
	look(busy, thread);
}

/* For how many milliseconds pays what the thread has run since the last look, and what it could
 * not? What is less than a millisecond is counted with what comes. */
static int64_t pays_ms(busy_t *busy, const inspect_thread_t *thread, budget_t of)
{
	uint64_t ran = ticks_run(thread) - busy->run;
	uint32_t ran_ms = ms_divide(ran, thread->ticks_per_ms);
	uint64_t counted = (uint64_t)ran_ms * thread->ticks_per_ms;
	int32_t ready_ms = (int32_t)(stretch_ready_ms(thread) - busy->ready_ms);
	bool kept = (busy->spent || thread->spent) && ready_ms > 0;
	busy->ran |= ran != 0;
	busy->run += counted < ran ? counted : ran;
	return (int64_t)ms_divide((uint64_t)ran_ms * of.period_ms, of.budget_ms) +
	       (kept ? ready_ms : 0);
}

/* How much it may owe. */
static uint32_t arrears_ms(uint32_t lasts_ms)
{
	uint32_t most = lasts_ms / 8;
	if (most < VERDICT_WINDOW_MS)
		return VERDICT_WINDOW_MS;
	return most < VERDICT_PERSISTS_MS / 8 ? most : VERDICT_PERSISTS_MS / 8;
}

void busy_count(busy_t *busy, const inspect_thread_t *thread, budget_t of)
{
	int64_t owes_ms =
	    (int64_t)busy->owes_ms + (thread->now_ms - busy->at_ms) - pays_ms(busy, thread, of);
	int64_t least_ms = -(int64_t)of.period_ms;
	if (!busy->begun || !busy->ran || of.period_ms == 0 ||
	    owes_ms > arrears_ms(thread->now_ms - busy->since_ms)) {
		busy_begin(busy, thread);
		return;
	}
	busy->owes_ms = (int32_t)(owes_ms > least_ms ? owes_ms : least_ms);
	look(busy, thread);
}

void busy_end(busy_t *busy, const inspect_thread_t *thread, budget_t of)
{
	busy_count(busy, thread, of);
	busy->run -= ticks_run(thread);
	busy->ready_ms = 0;
	busy->spent = false;
}
