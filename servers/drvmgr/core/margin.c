/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of margin.h. */
#include "core/margin.h"

typedef struct rows {
	manager_margin_t *to;
	uint32_t count;
} rows_t;

static void add(rows_t *rows, uint32_t rule, uint32_t value, uint32_t limit)
{
	if (limit)
		rows->to[rows->count++] = (manager_margin_t){rule, value, limit};
}

static uint32_t greater(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The interrupt that came nearest to its line's limit. */
static void add_lines(rows_t *rows, const watch_t *watch, const verdict_limits_t *limits)
{
	uint32_t near = 0;
	for (uint32_t i = 1; i < watch->line_count; i++)
		if (watch->lines[i].owed.most_ms * limits->ack_ms[near] >
		    watch->lines[near].owed.most_ms * limits->ack_ms[i])
			near = i;
	if (watch->line_count)
		add(rows, MARGIN_ACK, watch->lines[near].owed.most_ms, limits->ack_ms[near]);
}

static void add_instance(rows_t *rows, const watch_t *watch, const verdict_limits_t *limits,
			 const unit_t *unit, uint64_t now_ms)
{
	const budget_t *cpu = &limits->cpu;
	add(rows, MARGIN_SILENCE, watch->silent.most_ms, limits->silence_ms);
	add(rows, MARGIN_CALL, greater(watch->call.most_ms, watch->queue.most_ms),
	    limits->call_ms);
	add_lines(rows, watch, limits);
	add(rows, MARGIN_STATE, (uint32_t)(now_ms - unit->since_ms), limits->state_ms);
	if (cpu->period_ms)
		add(rows, MARGIN_PROCESSOR, watch->most_run_ms,
		    cpu->budget_ms * VERDICT_WINDOW_MS / cpu->period_ms);
	add(rows, MARGIN_SENT, watch->most_sent, VERDICT_MOST_SENT);
}

uint32_t margins_of(const watch_t *watch, const verdict_limits_t *limits, const unit_t *unit,
		    const policy_t *policy, uint64_t now_ms,
		    manager_margin_t rows[MARGIN_COUNT])
{
	rows_t made = {.to = rows};
	if (lifecycle_is_live(unit->state))
		add_instance(&made, watch, limits, unit, now_ms);
	if (policy->kind != POLICY_NEVER)
		add(&made, MARGIN_FAILURES, policy_failures(policy, &unit->history, now_ms),
		    policy->burst);
	if (policy->kind != POLICY_NEVER && !unit->history.ever_ran)
		add(&made, MARGIN_EARLY, unit->history.restarts, POLICY_EARLY_RESTARTS);
	return made.count;
}
