/* SPDX-License-Identifier: BSD-2-Clause */
/* The makers of make.h: capabilities, what is used, policies and limits. */
#include "cap/format.h"
#include "cap/report.h"
#include "cap/string.h"
#include "make.h"

#define TENTHS	     1000u /* of a percent in a whole */
#define PERCENT	     100u
#define MS_IN_SECOND 1000u
#define BYTES_IN_KIB 1024u

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static const char *type_name(uint32_t type)
{
#define TYPE_TEXT(name, value, text, rights) [value] = (text),
	static const char *const names[CAP_TYPE_COUNT] = {CAP_TYPES(TYPE_TEXT)};
#undef TYPE_TEXT
	return type < CAP_TYPE_COUNT ? names[type] : "?";
}

operator_caps_t make_held(const manager_held_t *held, scratch_t *scratch)
{
	operator_caps_t caps = {0};
	char *rights = scratch->text[0];
	format(rights, sizeof(scratch->text[0]), "%c%c%c%c%s",
	       held->rights & RIGHT_READ ? 'r' : '-', held->rights & RIGHT_WRITE ? 'w' : '-',
	       held->rights & RIGHT_EXEC ? 'x' : '-', held->rights & RIGHT_GRANT ? 'g' : '-',
	       held->rights & RIGHT_INSPECT ? "i" : "");
	ANSWER_SET(&caps, caps, type, type_name(held->type));
	ANSWER_SET(&caps, caps, rights, rights);
	ANSWER_SET(&caps, caps, owner, or_null(held->owner));
	ANSWER_SET(&caps, caps, text, held->text);
	if (held->ranged) {
		ANSWER_SET(&caps, caps, first, held->first);
		ANSWER_SET(&caps, caps, last, held->last);
	}
	return caps;
}

/* ---- top ---- */

/* How often `part` goes into `amount`, without a division in 64 bits: both are halved until
 * `amount` fits 32. */
static uint32_t divide(uint64_t amount, uint32_t part)
{
	while (amount >> 32) {
		amount >>= 1;
		part >>= 1;
	}
	return part ? (uint32_t)amount / part : 0;
}

static uint64_t ticks_of(const manager_usage_t *usage)
{
	return (uint64_t)usage->run_high << 32 | usage->run_low;
}

static uint32_t a_second(uint32_t count, uint32_t ms)
{
	return ms ? divide((uint64_t)count * MS_IN_SECOND, ms) : 0;
}

operator_top_t make_top(const manager_usage_t *before, const manager_usage_t *after)
{
	operator_top_t top = {0};
	bool same = before->generation == after->generation && before->ticks_per_ms &&
		    !strcmp(before->name, after->name);
	manager_usage_t zero = {.interrupts = before->interrupts};
	const manager_usage_t *from = same ? before : &zero;
	uint32_t ms = after->now_ms - before->now_ms;
	ANSWER_SET(&top, top, name, after->name);
	ANSWER_SET(&top, top, state, after->state);
	ANSWER_SET(&top, top, memory, after->memory_kib * BYTES_IN_KIB);
	if (after->restarted)
		ANSWER_SET(&top, top, restart, after->restart_ms);
	if (!report_is_live(after->state) || !after->ticks_per_ms || !ms)
		return top;
	uint32_t run_ms = divide(ticks_of(after) - ticks_of(from), after->ticks_per_ms);
	ANSWER_SET(&top, top, cpu, divide((uint64_t)run_ms * TENTHS, ms));
	ANSWER_SET(&top, top, interrupts, a_second(after->interrupts - from->interrupts, ms));
	ANSWER_SET(&top, top, messages, a_second(after->messages - from->messages, ms));
	ANSWER_SET(&top, top, work, a_second(after->work - from->work, ms));
	return top;
}

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
	ANSWER_SET(&explain, explain, why, or_null(lack));
	ANSWER_SET(&explain, explain, advice, or_null(advice));
	return explain;
}

static uint32_t percent_of(const manager_margin_t *row)
{
	return row->limit ? divide((uint64_t)row->value * PERCENT, row->limit) : 0;
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
	ANSWER_SET(&near, near, unit, or_null(texts[row->rule].unit));
	ANSWER_SET(&near, near, percent, percent_of(row));
	ANSWER_SET(&near, near, advice, texts[row->rule].advice);
	return near;
}

operator_frame_t make_frame(const death_frame_t *frame)
{
	operator_frame_t made = {0};
	ANSWER_SET(&made, frame, address, frame->address);
	if (*frame->function)
		ANSWER_SET(&made, frame, function, frame->function);
	return made;
}
