/* SPDX-License-Identifier: BSD-2-Clause */
/* The search of storm.h. */
#include "core/storm.h"

/* Of those that were not away yet the one that was named before, or the one that came last. */
static uint32_t choose(const storm_t *storm, const storm_sight_t *sight)
{
	uint32_t left = sight->members & ~storm->loud & ~storm->quiet, best = NOBODY;
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
	uint32_t away = storm->apart ? 1u << (storm->apart - 1) : 0;
	storm->all = sight->members & ~away;
	storm->any = (sight->members | sight->others) & ~away;
}

/* Did the line storm in the whole of the window that ends now? */
static bool stormed(const storm_t *storm, const storm_sight_t *sight, uint32_t length)
{
	uint32_t count = sight->count - storm->count, windows = length / STORM_WINDOW_MS;
	return count / STORM_MOST >= windows ||
	       (sight->foreign >= STORM_FOREIGN && count / STORM_FOREIGN >= windows);
}

/* What was found says nothing of later. */
static void forget(storm_t *storm)
{
	storm->loud = storm->quiet = 0;
	storm->again = storm->rests = false;
}

/* The one without which it was quiet, that was there all the time, and but for which all that
 * were there at any time are cleared. */
static uint32_t whom_to_name(const storm_t *storm)
{
	for (uint32_t i = 0; i < 32; i++)
		if ((storm->quiet & storm->all) >> i & 1 &&
		    !(storm->any & ~storm->loud & ~(1u << i)))
			return i;
	return NOBODY;
}

static void take_away(storm_t *storm, const storm_sight_t *sight, storm_answer_t *answer)
{
	answer->suspect = choose(storm, sight);
	if (answer->suspect == NOBODY && !storm->again) {
		storm->again = true;
		storm->quiet = 0;
		answer->suspect = choose(storm, sight);
	}
	if (answer->suspect == NOBODY) {
		forget(storm);
		answer->gave_up = storm->rests = true;
		return;
	}
	answer->ms = storm->again ? STORM_LONGER_MS : STORM_APART_MS;
	storm->apart = answer->suspect + 1;
	storm->apart_for_ms = answer->ms;
	storm->apart_ms = sight->now_ms;
}

static void judge_storm(storm_t *storm, const storm_sight_t *sight, storm_answer_t *answer)
{
	if (storm->rests)
		return;
	storm->last_ms = sight->now_ms;
	if (storm->apart) {
		answer->cleared = storm->apart - 1;
		storm->loud |= 1u << answer->cleared;
		if (storm->culprit == storm->apart)
			storm->culprit = 0;
		storm->apart = 0;
	}
	answer->found = whom_to_name(storm);
	if (answer->found == NOBODY) {
		take_away(storm, sight, answer);
		return;
	}
	storm->culprit = answer->found + 1;
	storm->quiet = 0;
	storm->again = false;
}

/* Whoever is away has been for long enough, or is back, which says nothing if it is too early.
 * From then on the line is looked at anew: its device may raise it again. */
static bool end_apart(storm_t *storm, const storm_sight_t *sight)
{
	bool over = sight->now_ms - storm->apart_ms >= storm->apart_for_ms;
	if (!over && !(storm->any >> (storm->apart - 1) & 1))
		return false;
	if (over)
		storm->quiet |= 1u << (storm->apart - 1);
	storm->apart = 0;
	return true;
}

storm_answer_t storm_look(storm_t *storm, const storm_sight_t *sight)
{
	storm_answer_t answer = {NOBODY, NOBODY, NOBODY, 0, false};
	uint32_t length = (uint32_t)sight->now_ms - storm->window_ms;
	storm->all &= sight->members;
	storm->any |= sight->members | sight->others;
	if (!storm->apart && sight->now_ms - storm->last_ms >= STORM_REST_MS)
		forget(storm);
	if (!storm->begun || (storm->apart && end_apart(storm, sight))) {
		begin_window(storm, sight);
	} else if (length >= STORM_WINDOW_MS) {
		if (stormed(storm, sight, length))
			judge_storm(storm, sight, &answer);
		begin_window(storm, sight);
	}
	return answer;
}
