/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdicts of between.h. */
#include "core/between.h"

uint32_t between_waits_for(const bench_t *bench, uint32_t i)
{
	const inspect_thread_t *thread = &bench->sights[i].thread;
	if (thread->state != INSPECT_SENDING && thread->state != INSPECT_CALLING)
		return NOBODY;
	uint32_t number = thread->waits_for;
	for (uint32_t j = 0; number && j < bench->count; j++)
		if (bench->sights[j].endpoint == number || bench->sights[j].reply == number)
			return j;
	if (number == bench->manager)
		return BETWEEN_MANAGER;
	for (uint32_t j = 0; j < bench->reply_count; j++)
		if (number && bench->replies[j] == number)
			return BETWEEN_MANAGER;
	return NOBODY;
}

/* Did driver j suffer from what driver i sent it: do others wait at its endpoint, or has it
 * used up its share and does come to its event loop, so that it may have been by that? */
static bool suffers_from(const bench_t *bench, uint32_t j, uint32_t i)
{
	const sight_t *sight = &bench->sights[j];
	const inspect_thread_t *sender = &bench->sights[i].thread;
	uint32_t own = sender->state == INSPECT_SENDING && sender->waits_for == sight->endpoint;
	uint32_t silent_ms = sight->thread.now_ms - sight->thread.received_ms;
	return sight->senders > own ||
	       (sight->thread.spent && silent_ms <= 2 * VERDICT_WINDOW_MS);
}

/* Can it be driver j whom driver i sends to? */
static bool sends_to(const bench_t *bench, uint32_t i, uint32_t j)
{
	return j != i &&
	       (bench->sights[i].reaches >> j & 1 || between_waits_for(bench, i) == j);
}

/* Does somebody suffer whom driver i could have flooded? */
static uint32_t flooded_by(const bench_t *bench, uint32_t i)
{
	for (uint32_t j = 0; j < bench->count; j++)
		if (bench->sights[j].alive && !bench->watches[j].sends &&
		    sends_to(bench, i, j) && suffers_from(bench, j, i))
			return j;
	return NOBODY;
}

#define MUCH_MS (VERDICT_WINDOW_MS / 4) /* of a window */

static uint32_t starved_ms(const bench_t *bench, uint32_t i)
{
	return stretch_ready_ms(&bench->sights[i].thread) - bench->watches[i].silent.ready_ms;
}

/* Is driver i kept from running for longer than it may be silent? */
static bool is_starved(const bench_t *bench, uint32_t i)
{
	const sight_t *sight = &bench->sights[i];
	const watch_t *watch = &bench->watches[i];
	uint32_t limit_ms = bench->limits[i].silence_ms;
	if (!limit_ms)
		limit_ms = bench->limits[i].state_ms;
	return sight->alive && limit_ms && sight->thread.state == INSPECT_READY &&
	       !sight->thread.spent && watch->silent.begun && starved_ms(bench, i) >= limit_ms;
}

/* Who, except for the victim, ran most while that one starved, if that was much of the time and
 * goes on. Of all windows that are kept, too: who drives a server that just began to run much
 * is not known yet. */
static uint32_t who_ran(const bench_t *bench, uint32_t victim)
{
	uint32_t now_ms = bench->sights[victim].thread.now_ms, most_ms = 0, best = NOBODY;
	uint32_t count = starved_ms(bench, victim) / VERDICT_WINDOW_MS;
	count = count < 1 ? 1 : count > VERDICT_RAN ? VERDICT_RAN : count;
	for (uint32_t i = 0; i < bench->count; i++) {
		const watch_t *watch = &bench->watches[i];
		if (i == victim || !bench->sights[i].alive || bench->limits[i].essential ||
		    !watch->counted || !watch->runs ||
		    verdict_ran_ms(watch, now_ms, VERDICT_RAN) <= VERDICT_RAN * MUCH_MS)
			continue;
		uint32_t ran_ms = verdict_ran_ms(watch, now_ms, count);
		if (ran_ms > most_ms) {
			best = i;
			most_ms = ran_ms;
		}
	}
	return best;
}

/* Whose doing it is that driver i ran: the first that sent it more than a share in one of the
 * windows that are kept, whether it lives or not, or its own. */
static uint32_t who_drives(const bench_t *bench, uint32_t i)
{
	uint32_t now_ms = bench->sights[i].thread.now_ms;
	for (uint32_t j = 0; j < bench->count; j++) {
		const watch_t *watch = &bench->watches[j];
		if (watch->drove && !bench->limits[j].essential && sends_to(bench, j, i) &&
		    now_ms - watch->drove_ms <= VERDICT_RAN * VERDICT_WINDOW_MS)
			return j;
	}
	return i;
}

/* Names for a driver that starves who has the one run that ran most; nobody if that one has
 * ended, or does so no more. */
static void name_for_starving(const bench_t *bench, uint32_t victim, verdict_t *verdicts)
{
	uint32_t ran = who_ran(bench, victim);
	if (ran == NOBODY)
		return;
	uint32_t culprit = who_drives(bench, ran);
	const watch_t *watch = &bench->watches[culprit];
	bool goes_on =
	    bench->sights[culprit].alive && watch->counted && (culprit == ran || watch->sends);
	if (!goes_on || verdict_action(verdicts[culprit].kind) == VERDICT_FAILS)
		return;
	verdicts[culprit] =
	    verdict_of(VERDICT_STARVES, culprit == ran ? watch->runs_ms : watch->sends_ms);
	verdicts[culprit].harms = victim;
}

void between_judge(const bench_t *bench, verdict_t *verdicts)
{
	for (uint32_t i = 0; i < bench->count; i++) {
		uint32_t victim = NOBODY;
		if (verdicts[i].kind == VERDICT_BUSY || verdicts[i].kind == VERDICT_HOGS)
			if (who_drives(bench, i) != i) /* that one is named instead */
				verdicts[i].kind = VERDICT_WELL;
		if (verdicts[i].kind == VERDICT_WELL && bench->watches[i].counted &&
		    bench->watches[i].sends && bench->sights[i].alive &&
		    !bench->limits[i].essential)
			victim = flooded_by(bench, i);
		if (victim != NOBODY) {
			verdicts[i] = verdict_of(VERDICT_FLOODS, bench->watches[i].sends_ms);
			verdicts[i].harms = victim;
		}
		if (is_starved(bench, i))
			name_for_starving(bench, i, verdicts);
	}
}
