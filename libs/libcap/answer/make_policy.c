/* SPDX-License-Identifier: BSD-2-Clause */
/* The makers of make.h: policies, and what keeps a driver from running or comes near to it. */
#include "cap/ms.h"
#include "make.h"

#define PERCENT 100u

/* ---- policy ---- */

operator_policy_t make_policy(const char *name, const manager_policy_t *policy)
{
	static const char *const kinds[] = {"never", "on-failure", "always"};
	operator_policy_t made = {0};
	bool known = policy->kind < sizeof(kinds) / sizeof(kinds[0]);
	ANSWER_SET(&made, policy, name, name);
	ANSWER_SET(&made, policy, policy, known ? kinds[policy->kind] : NULL);
	ANSWER_SET(&made, policy, first_ms, policy->first_ms);
	ANSWER_SET(&made, policy, base_ms, policy->base_ms);
	ANSWER_SET(&made, policy, factor_pct, policy->factor_pct);
	ANSWER_SET(&made, policy, max_ms, policy->max_ms);
	ANSWER_SET(&made, policy, burst, policy->burst);
	ANSWER_SET(&made, policy, window_ms, policy->window_ms);
	ANSWER_SET(&made, policy, reset_ms, policy->reset_ms);
	ANSWER_SET(&made, policy, failures, policy->failures);
	ANSWER_SET(&made, policy, restarts, policy->restarts);
	ANSWER_SET(&made, policy, essential, policy->essential);
	ANSWER_SET(&made, policy, then, policy->essential ? "each max_ms" : "quarantined");
	return made;
}

operator_retry_t make_retry(uint32_t number, const struct manager_retry *retry)
{
	operator_retry_t made = {0};
	ANSWER_SET(&made, retry, restart, number);
	ANSWER_SET(&made, retry, delay, retry->delay_ms);
	ANSWER_SET(&made, retry, at, retry->at_ms);
	return made;
}

/* ---- explain ---- */

operator_explain_t make_explain(const manager_status_t *status, const char *lack,
				const char *advice)
{
	operator_explain_t explain = {0};
	ANSWER_SET(&explain, explain, name, status->name);
	ANSWER_SET(&explain, explain, state, status->state);
	ANSWER_SET(&explain, explain, why, make_null(lack));
	ANSWER_SET(&explain, explain, advice, make_null(advice));
	return explain;
}

static uint32_t percent_of(const manager_margin_t *row)
{
	return row->limit ? ms_divide((uint64_t)row->value * PERCENT, row->limit) : 0;
}

uint32_t make_ranking(manager_margin_t *rows, uint32_t count)
{
	uint32_t ranked = 0;
	for (uint32_t i = 0; i < count; i++) {
		manager_margin_t row = rows[i];
		uint32_t at = ranked;
		if (row.rule >= MARGIN_COUNT)
			continue;
		for (; at && percent_of(&rows[at - 1]) < percent_of(&row); at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
		ranked++;
	}
	return ranked;
}

operator_near_t make_near(const manager_margin_t *row)
{
#define MARGIN_TEXTS(name, value, rule, unit, advice) [value] = {(rule), (unit), (advice)},
	static const struct {
		const char *rule, *unit, *advice;
	} texts[MARGIN_COUNT] = {MANAGER_MARGINS_OF(MARGIN_TEXTS)};
#undef MARGIN_TEXTS
	operator_near_t near = {0};
	ANSWER_SET(&near, near, rule, texts[row->rule].rule);
	ANSWER_SET(&near, near, value, row->value);
	ANSWER_SET(&near, near, limit, row->limit);
	ANSWER_SET(&near, near, unit, make_null(texts[row->rule].unit));
	ANSWER_SET(&near, near, percent, percent_of(row));
	ANSWER_SET(&near, near, advice, texts[row->rule].advice);
	return near;
}
