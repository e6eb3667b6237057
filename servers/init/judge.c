/* SPDX-License-Identifier: BSD-2-Clause */
/* The judgements of judge.h. */
#include "judge.h"

bool judge_hangs(look_t *look, const inspect_thread_t *thread)
{
	uint64_t run = (uint64_t)thread->run_high << 32 | thread->run_low;
	if (!look->begun || look->received_ms != thread->received_ms ||
	    thread->state == INSPECT_RECEIVING) {
		*look = (look_t){.begun = true, .received_ms = thread->received_ms, .run = run};
		return false;
	}
	uint64_t limit = (uint64_t)JUDGE_HANG_MS * thread->ticks_per_ms;
	return limit != 0 && run - look->run >= limit;
}

uint32_t judge_delay(row_t *row, uint32_t now_ms)
{
	uint32_t delay = 0;
	if (row->count == 0 || (int32_t)(now_ms - row->next_ms) >= 0)
		row->count = 0;
	row->count++;
	for (uint32_t i = JUDGE_FREE; i < row->count && delay < JUDGE_DELAY_MAX_MS; i++)
		delay = delay ? 2 * delay : JUDGE_DELAY_MS;
	if (delay > JUDGE_DELAY_MAX_MS)
		delay = JUDGE_DELAY_MAX_MS;
	row->next_ms = now_ms + delay + JUDGE_WINDOW_MS;
	return delay;
}
