/* SPDX-License-Identifier: BSD-2-Clause */
/* The judgements of judge.h. */
#include "judge.h"

bool judge_hangs(look_t *look, const inspect_thread_t *thread)
{
	uint64_t run = (uint64_t)thread->run_high << 32 | thread->run_low;
	bool loads = !thread->received_ms && look->signals != thread->signals;
	if (!look->begun || loads || look->received_ms != thread->received_ms ||
	    thread->state == INSPECT_RECEIVING) {
		*look = (look_t){.begun = true,
				 .received_ms = thread->received_ms,
				 .signals = thread->signals,
				 .run = run};
		return false;
	}
	uint64_t limit = (uint64_t)JUDGE_HANG_MS * thread->ticks_per_ms;
	return limit != 0 && run - look->run >= limit;
}

void judge_serves(row_t *row, const inspect_thread_t *thread)
{
	bool waits = thread->state == INSPECT_RECEIVING;
	uint32_t until_ms = waits ? thread->now_ms : thread->received_ms;
	if (until_ms && (int32_t)(until_ms - row->next_ms) >= 0)
		row->count = 0;
}

uint32_t judge_delay(row_t *row, uint32_t now_ms)
{
	uint32_t delay = 0;
	row->count++;
	for (uint32_t i = JUDGE_FREE; i < row->count && delay < JUDGE_DELAY_MAX_MS; i++)
		delay = delay ? 2 * delay : JUDGE_DELAY_MS;
	if (delay > JUDGE_DELAY_MAX_MS)
		delay = JUDGE_DELAY_MAX_MS;
	row->next_ms = now_ms + delay + JUDGE_WINDOW_MS;
	return delay;
}
