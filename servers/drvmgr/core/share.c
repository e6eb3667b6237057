/* SPDX-License-Identifier: BSD-2-Clause */
/* The shares of share.h. */
#include "core/share.h"

/* The low half will do: one period in 49 days is longer or shorter than the others. */
static uint32_t period_of(uint64_t now_ms)
{
	return (uint32_t)now_ms / MANAGER_PERIOD_MS;
}

share_t share_begin(uint64_t now_ms)
{
	return (share_t){.period = period_of(now_ms), .lines = SHARE_LINES_SAVED};
}

void share_renew(share_t *share, uint64_t now_ms)
{
	uint32_t period = period_of(now_ms), passed = period - share->period;
	uint32_t room = (uint32_t)((int32_t)SHARE_LINES_SAVED - share->lines);
	if (!passed)
		return;
	share->period = period;
	share->messages = share->signals = 0;
	share->told = false;
	share->lines += (int32_t)(passed < room / SHARE_LINES ? passed * SHARE_LINES : room);
}

share_answer_t share_message(share_t *share, uint32_t most)
{
	if (++share->messages <= most)
		return SHARE_NOW;
	return share->messages <= 2 * most ? SHARE_LATER : SHARE_CLOSE;
}

share_answer_t share_signal(share_t *share)
{
	return ++share->signals <= MANAGER_SHARE ? SHARE_NOW : SHARE_CLOSE;
}

bool share_line(share_t *share)
{
	if (share->lines <= 0)
		return false;
	share->lines--;
	return true;
}

uint32_t share_last_lines(const share_t *share)
{
	int32_t most = share->lines + (int32_t)SHARE_LINES_SAVED;
	if (most < (int32_t)SHARE_LINES_LAST)
		return SHARE_LINES_LAST;
	return most < (int32_t)SHARE_LINES_SAVED ? (uint32_t)most : SHARE_LINES_SAVED;
}

void share_owe(share_t *share)
{
	if (share->lines > -(int32_t)SHARE_LINES_SAVED)
		share->lines--;
}

uint32_t share_wait_ms(uint64_t now_ms)
{
	return MANAGER_PERIOD_MS - (uint32_t)now_ms % MANAGER_PERIOD_MS;
}
