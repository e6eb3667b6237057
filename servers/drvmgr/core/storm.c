/* SPDX-License-Identifier: BSD-2-Clause */
/* The search of storm.h. */
#include "core/storm.h"

static uint32_t number_of(uint32_t stored)
{
	return stored ? stored - 1 : NOBODY;
}

/* The one that was found before, or the one that came last. */
static uint32_t choose(const storm_t *storm, const storm_sight_t *sight)
{
	uint32_t left = sight->members & ~storm->tried, best = NOBODY;
	if (storm->culprit && (left >> (storm->culprit - 1) & 1))
		return storm->culprit - 1;
	for (uint32_t i = 0; i < 32; i++)
		if ((left >> i & 1) &&
		    (best == NOBODY || sight->began_ms[i] >= sight->began_ms[best]))
			best = i;
	return best;
}

static void begin_window(storm_t *storm, const storm_sight_t *sight)
{
	storm->begun = true;
	storm->window_ms = (uint32_t)sight->now_ms;
	storm->count = sight->count;
}

/* Did the line storm in the whole of the window that ends now? */
static bool stormed(const storm_t *storm, const storm_sight_t *sight, uint32_t length)
{
	uint32_t count = sight->count - storm->count, windows = length / STORM_WINDOW_MS;
	return count / STORM_MOST >= windows ||
	       (sight->foreign >= STORM_FOREIGN && count / STORM_FOREIGN >= windows);
}

static void judge_quiet(storm_t *storm, storm_answer_t *answer)
{
	if (storm->apart) {
		answer->found = number_of(storm->apart);
		storm->culprit = storm->apart;
	}
	storm->apart = storm->tried = 0;
}

static void judge_storm(storm_t *storm, const storm_sight_t *sight, storm_answer_t *answer)
{
	if (storm->apart) {
		answer->cleared = number_of(storm->apart);
		storm->tried |= 1u << answer->cleared;
		if (storm->culprit == storm->apart)
			storm->culprit = 0;
	}
	answer->suspect = choose(storm, sight);
	storm->apart = answer->suspect == NOBODY ? 0 : answer->suspect + 1;
	storm->apart_ms = sight->now_ms;
}

/* One that is back before it was known what happened without it says nothing: the line is
 * looked at anew. */
storm_answer_t storm_look(storm_t *storm, const storm_sight_t *sight)
{
	storm_answer_t answer = {NOBODY, NOBODY, NOBODY, storm->apart_ms};
	uint32_t length = (uint32_t)sight->now_ms - storm->window_ms;
	bool came_back = storm->apart && (sight->members >> (storm->apart - 1) & 1);
	if (came_back)
		storm->apart = 0;
	if (storm->begun && !came_back && length < STORM_WINDOW_MS)
		return answer;
	if (storm->begun && !came_back) {
		if (stormed(storm, sight, length))
			judge_storm(storm, sight, &answer);
		else
			judge_quiet(storm, &answer);
	}
	begin_window(storm, sight);
	return answer;
}
