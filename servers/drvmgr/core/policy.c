/* SPDX-License-Identifier: BSD-2-Clause */
/* The restart policy of policy.h. Needs no 64-bit division and no clock. */
#include "core/policy.h"

#include "cap/string.h"

/* What an ending asks for, before the limits have their say. */
static const policy_action_t reactions[POLICY_KIND_COUNT][ENDING_COUNT] = {
    [POLICY_NEVER] = {[ENDING_FAILURE] = POLICY_QUARANTINE,
		      [ENDING_CLEAN_EXIT] = POLICY_STOP,
		      [ENDING_STOPPED] = POLICY_STOP},
    [POLICY_ON_FAILURE] = {[ENDING_FAILURE] = POLICY_RESTART,
			   [ENDING_CLEAN_EXIT] = POLICY_STOP,
			   [ENDING_STOPPED] = POLICY_STOP},
    [POLICY_ALWAYS] = {[ENDING_FAILURE] = POLICY_RESTART,
		       [ENDING_CLEAN_EXIT] = POLICY_RESTART,
		       [ENDING_STOPPED] = POLICY_STOP},
};

#define PERCENT	      100u
#define FRACTION_BITS 16u

/* Grows exactly enough for whole milliseconds: 16 bits of fraction are kept. Nothing can
 * overflow: whole <= POLICY_MAX_MS_MAX and factor <= POLICY_FACTOR_MAX keep every product
 * below 2^32. */
uint32_t policy_delay(const policy_t *policy, uint32_t n)
{
	if (n <= 1)
		return policy->first_ms;
	uint32_t whole = policy->base_ms;
	uint32_t fraction = 0;
	bool grows = policy->factor_pct > PERCENT;
	for (uint32_t step = 2; grows && step < n && whole < policy->max_ms; step++) {
		uint32_t product = whole * policy->factor_pct;
		uint32_t rest =
		    ((product % PERCENT) << FRACTION_BITS) + fraction * policy->factor_pct;
		rest /= PERCENT;
		whole = product / PERCENT + (rest >> FRACTION_BITS);
		fraction = rest & ((1u << FRACTION_BITS) - 1);
	}
	return whole < policy->max_ms ? whole : policy->max_ms;
}
_Static_assert((uint64_t)POLICY_MAX_MS_MAX *POLICY_FACTOR_MAX <= UINT32_MAX,
	       "policy_delay() multiplies in 32 bits");

static void note_failure(policy_history_t *history, uint64_t now_ms)
{
	if (history->held == POLICY_BURST_MAX) {
		history->held--;
		memmove(&history->failures[0], &history->failures[1],
			history->held * sizeof(history->failures[0]));
	}
	history->failures[history->held++] = now_ms;
}

/* Noted failures that are younger than the window. */
static uint32_t failures_within(const policy_history_t *history, uint64_t now_ms,
				uint32_t window_ms)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < history->held; i++) {
		uint64_t then_ms = history->failures[i];
		if (then_ms > now_ms || now_ms - then_ms < window_ms)
			count++;
	}
	return count;
}

static bool is_spent(const policy_t *policy, const policy_history_t *history, uint64_t now_ms)
{
	if (!history->ever_ran && history->restarts >= POLICY_EARLY_RESTARTS)
		return true;
	return failures_within(history, now_ms, policy->window_ms) >= policy->burst;
}

policy_decision_t policy_decide(const policy_t *policy, policy_history_t *history,
				policy_ending_t ending, uint64_t now_ms)
{
	history->running = false;
	policy_decision_t decision = {.action = reactions[policy->kind][ending],
				      .within =
					  failures_within(history, now_ms, policy->window_ms)};
	if (decision.action == POLICY_STOP)
		return decision;
	if (decision.action == POLICY_RESTART && is_spent(policy, history, now_ms))
		decision.action = POLICY_QUARANTINE;
	note_failure(history, now_ms);
	if (decision.action == POLICY_RESTART) {
		decision.restart = ++history->restarts;
		decision.delay_ms = policy_delay(policy, decision.restart);
	}
	return decision;
}

void policy_on_running(policy_history_t *history, uint64_t now_ms)
{
	history->running = true;
	history->ever_ran = true;
	history->running_since = now_ms;
}

void policy_on_progress(const policy_t *policy, policy_history_t *history, uint64_t now_ms)
{
	if (history->restarts && history->running && now_ms >= history->running_since &&
	    now_ms - history->running_since >= policy->reset_ms)
		history->restarts = 0;
}

bool policy_forgive(policy_history_t *history, uint64_t since_ms)
{
	bool found = false;
	while (history->held && history->failures[history->held - 1] >= since_ms) {
		history->held--;
		if (history->restarts)
			history->restarts--;
		found = true;
	}
	return found;
}

void policy_clear(policy_history_t *history)
{
	memset(history, 0, sizeof(*history));
}

/* The shortest time from a failure that restart `from` follows to the last of `gaps` further
 * failures. Behind each of them the driver may run for reset_ms, and the delays start again;
 * rest[n] is the shortest time for n gaps from such a start on. */
static uint32_t shortest(const policy_t *policy, uint32_t from, uint32_t gaps,
			 const uint32_t *rest)
{
	uint32_t sum = 0, best = UINT32_MAX;
	if (!gaps)
		return 0;
	for (uint32_t n = 0; n < gaps; n++) {
		sum += policy_delay(policy, from + n);
		uint32_t left = gaps - n - 1;
		uint32_t time = sum + (left ? policy->reset_ms + rest[left] : 0);
		if (time < best)
			best = time;
	}
	return best;
}
_Static_assert(2ull * POLICY_MAX_MS_MAX * POLICY_BURST_MAX <= UINT32_MAX,
	       "shortest() adds in 32 bits");
_Static_assert(POLICY_RESET_MS_MAX <= POLICY_MAX_MS_MAX &&
		   POLICY_FIRST_MS_MAX <= POLICY_MAX_MS_MAX,
	       "and no term is longer than the longest delay");

/* The shortest time in which `burst` + 1 failures can happen. The first of them may be any;
 * delays from the second on never shrink. */
static uint32_t shortest_burst(const policy_t *policy)
{
	uint32_t rest[POLICY_BURST_MAX + 1] = {0};
	for (uint32_t gaps = 1; gaps <= policy->burst; gaps++)
		rest[gaps] = shortest(policy, 1, gaps, rest);
	uint32_t late = shortest(policy, 2, policy->burst, rest);
	return late < rest[policy->burst] ? late : rest[policy->burst];
}

const char *policy_problem(const policy_t *policy)
{
	if (policy->kind == POLICY_NEVER)
		return NULL;
	if (policy->max_ms < policy->base_ms)
		return "max_ms is below base_ms";
	if (policy->burst * POLICY_EACH_MS > policy->window_ms)
		return "forgives too much: window_ms is less than 50 ms for each failure of "
		       "burst";
	if (shortest_burst(policy) >= policy->window_ms)
		return "never gives up: with its delays, burst + 1 failures do not fit into "
		       "window_ms";
	return NULL;
}

uint32_t policy_failures(const policy_t *policy, const policy_history_t *history,
			 uint64_t now_ms)
{
	return failures_within(history, now_ms, policy->window_ms);
}

size_t policy_forecast(const policy_t *policy, policy_history_t *history, uint64_t now_ms,
		       bool reaches_running, uint32_t run_ms, policy_retry_t *retries,
		       size_t most, policy_decision_t *last)
{
	size_t count = 0;
	do {
		*last = policy_decide(policy, history, ENDING_FAILURE, now_ms);
		if (last->action != POLICY_RESTART || count == most)
			break;
		now_ms += last->delay_ms;
		retries[count++] =
		    (policy_retry_t){.at_ms = now_ms, .delay_ms = last->delay_ms};
		if (reaches_running)
			policy_on_running(history, now_ms);
		now_ms += run_ms;
		policy_on_progress(policy, history, now_ms);
	} while (true);
	return count;
}

size_t policy_simulate(const policy_t *policy, bool reaches_running, uint32_t run_ms,
		       policy_retry_t *retries, size_t most, policy_decision_t *last)
{
	policy_history_t history;
	policy_clear(&history);
	return policy_forecast(policy, &history, 0, reaches_running, run_ms, retries, most,
			       last);
}
