/* SPDX-License-Identifier: BSD-2-Clause */
/* The makers of make.h: what is known of one driver. */
#include "make.h"

#include "cap/format.h"
#include "cap/report.h"
#include "cap/string.h"

operator_ps_t make_ps(const manager_status_t *status, const char *why)
{
	operator_ps_t ps = {0};
	ANSWER_SET(&ps, ps, name, status->name);
	ANSWER_SET(&ps, ps, state, status->state);
	ANSWER_SET(&ps, ps, generation, status->generation);
	ANSWER_SET(&ps, ps, restarts, status->restarts);
	if (report_is_live(status->state))
		ANSWER_SET(&ps, ps, heartbeat, report_age_ms(status));
	ANSWER_SET(&ps, ps, why, make_null(why));
	return ps;
}

/* "does its work", or what it was named for; "" of one that does not live and was not. */
static void describe_verdicts(const manager_report_t *report, char *text, size_t size)
{
	size_t length = 0;
	*text = '\0';
	for (uint32_t kind = VERDICT_WELL + 1; kind < VERDICT_COUNT; kind++)
		if (report->named >> kind & 1)
			length += format(text + length, size - length, "%s%s",
					 length ? "; " : "", report_verdict(kind));
	if (!length && report->lives)
		format(text, size, "%s", report_verdict(VERDICT_WELL));
}

operator_health_t make_health(const manager_report_t *report, const char *lack,
			      scratch_t *scratch)
{
	operator_health_t health = {0};
	const struct manager_failure *failure = &report->failure;
	describe_verdicts(report, scratch->text[0], sizeof(scratch->text[0]));
	ANSWER_SET(&health, health, driver, report->status.name);
	ANSWER_SET(&health, health, state, report->status.state);
	ANSWER_SET(&health, health, state_ms, report->state_ms);
	ANSWER_SET(&health, health, generation, report->status.generation);
	ANSWER_SET(&health, health, verdict, make_null(scratch->text[0]));
	ANSWER_SET(&health, health, waits_for, make_null(report->waits_for));
	ANSWER_SET(&health, health, lack, make_null(lack));
	if (report->lives) {
		ANSWER_SET(&health, health, heartbeat, report->status.beat_age_ms);
		ANSWER_SET(&health, health, says_health, report->health);
		ANSWER_SET(&health, health, says_turns, report->beats);
		ANSWER_SET(&health, health, says_work, report->work);
		ANSWER_SET(&health, health, says_error, report->call_error);
	}
	if (report->lives && report->silence_ms)
		ANSWER_SET(&health, health, silence, report->silence_ms);
	if (failure->generation)
		ANSWER_SET(&health, health, ago, failure->ago_ms);
	if (failure->generation && !failure->killed)
		ANSWER_SET(&health, health, error, failure->error);
	return health;
}

static const char *kind_of(const struct manager_failure *failure)
{
	if (failure->killed)
		return "killed";
	switch (failure->error) {
	case DRV_EFAULT:
		return "fault";
	case DRV_EGONE:
		return "exit";
	case DRV_ETIMEDOUT:
		return "silent";
	default:
		return "failed";
	}
}

static const char *cause_of(const struct manager_failure *failure)
{
	if (failure->killed)
		return "killed by the operator";
	return *failure->why ? failure->why : error_text(failure->error);
}

const char *make_decision(uint32_t decided)
{
	static const char *const words[DECISION_COUNT] = {[DECIDED_NOTHING] = "nothing",
							  [DECIDED_RESTART] = "restart",
							  [DECIDED_STOP] = "stop",
							  [DECIDED_GIVE_UP] = "give-up",
							  [DECIDED_RETURN] = "return"};
	return decided < DECISION_COUNT ? words[decided] : "?";
}

static void add_decision(const struct manager_failure *failure, operator_why_t *why)
{
	if (failure->decided == DECIDED_NOTHING || failure->decided >= DECISION_COUNT)
		return;
	ANSWER_SET(why, why, decided, make_decision(failure->decided));
	if (failure->decided == DECIDED_RESTART || failure->decided == DECIDED_GIVE_UP)
		ANSWER_SET(why, why, restart, failure->restart);
	if (failure->decided == DECIDED_RESTART)
		ANSWER_SET(why, why, delay, failure->delay_ms);
}

const char *make_kind(uint32_t kind)
{
#define KIND_WORD(name, value, text) [value] = (text),
	static const char *const words[DEATH_KIND_COUNT] = {DEATH_KINDS(KIND_WORD)};
#undef KIND_WORD
	return kind < DEATH_KIND_COUNT && words[kind] ? words[kind] : "?";
}

const char *make_verdict(uint32_t verdict)
{
#define VERDICT_NAME(name, value, text) [value] = #name,
	static const char *const names[VERDICT_COUNT] = {MANAGER_VERDICTS(VERDICT_NAME)};
#undef VERDICT_NAME
	return verdict < VERDICT_COUNT ? names[verdict] : "?";
}

operator_why_t make_why(const manager_report_t *report, const death_facts_t *death,
			const char *lack)
{
	operator_why_t why = {0};
	const struct manager_failure *failure = &report->failure;
	ANSWER_SET(&why, why, driver, report->status.name);
	ANSWER_SET(&why, why, instance, report->status.generation);
	ANSWER_SET(&why, why, state, report->status.state);
	ANSWER_SET(&why, why, state_ms, report->state_ms);
	ANSWER_SET(&why, why, lack, make_null(lack));
	if (!failure->generation)
		return why;
	ANSWER_SET(&why, why, generation, failure->generation);
	ANSWER_SET(&why, why, cause, cause_of(failure));
	ANSWER_SET(&why, why, kind, kind_of(failure));
	ANSWER_SET(&why, why, in, failure->state);
	if (!failure->killed)
		ANSWER_SET(&why, why, error, failure->error);
	ANSWER_SET(&why, why, ago, failure->ago_ms);
	ANSWER_SET(&why, why, culprit, make_null(failure->culprit));
	if (failure->call_error)
		ANSWER_SET(&why, why, says_error, failure->call_error);
	add_decision(failure, &why);
	if (death->generation == failure->generation) {
		ANSWER_SET(&why, why, cause, death->cause);
		ANSWER_SET(&why, why, kind, make_kind(death->kind));
		if (death->kind == DEATH_VERDICT)
			ANSWER_SET(&why, why, verdict, make_verdict(death->verdict));
		if (death->registers_known)
			ANSWER_SET(&why, why, address, death->registers.eip);
	}
	return why;
}

/* In hexadecimal digits; "" if there is none. */
static void describe_build(const uint8_t *id, size_t bytes, char *text, size_t size)
{
	uint32_t any = 0;
	size_t length = 0;
	*text = '\0';
	for (size_t i = 0; i < bytes; i++)
		any |= id[i];
	for (size_t i = 0; any && i < bytes; i++)
		length += format(text + length, size - length, "%02x", (unsigned)id[i]);
}

operator_version_t make_version(const manager_report_t *report, const char *lack,
				scratch_t *scratch)
{
	operator_version_t version = {0};
	ANSWER_SET(&version, version, driver, report->status.name);
	ANSWER_SET(&version, version, lack, make_null(lack));
	ANSWER_SET(&version, version, manager_min, DRIVER_ABI_MIN);
	ANSWER_SET(&version, version, manager_max, DRIVER_ABI_MAX);
	if (!report->abi)
		return version;
	describe_build(report->build_id, sizeof(report->build_id), scratch->text[0],
		       sizeof(scratch->text[0]));
	ANSWER_SET(&version, version, abi, report->abi);
	ANSWER_SET(&version, version, manifest_min, report->manifest_min);
	ANSWER_SET(&version, version, manifest_max, report->manifest_max);
	ANSWER_SET(&version, version, binary_min, report->binary_min);
	ANSWER_SET(&version, version, binary_max, report->binary_max);
	ANSWER_SET(&version, version, kernel, report->kernel_abi);
	ANSWER_SET(&version, version, context, report->context);
	ANSWER_SET(&version, version, build_id, make_null(scratch->text[0]));
	return version;
}

#define ERROR_END "error"

static bool ends_in_error(const char *name)
{
	size_t length = strlen(name), tail = strlen(ERROR_END);
	return length >= tail && !strcmp(name + length - tail, ERROR_END);
}

/* The name is the driver's word: what is no printable character of it becomes '?'. */
operator_stats_t make_stat(const driver_stat_t *row, scratch_t *scratch)
{
	operator_stats_t stat = {0};
	char *name = scratch->text[0];
	size_t i = 0;
	for (; i < sizeof(row->name) - 1 && row->name[i]; i++)
		name[i] = row->name[i] > ' ' && row->name[i] <= '~' ? row->name[i] : '?';
	name[i] = '\0';
	ANSWER_SET(&stat, stats, name, name);
	ANSWER_SET(&stat, stats, value, row->value);
	err_t error = (err_t)row->value;
	if (ends_in_error(name) && error <= DRV_OK && error >= DRV_ERROR_LAST)
		ANSWER_SET(&stat, stats, error, error);
	return stat;
}

operator_frame_t make_frame(const death_frame_t *frame)
{
	operator_frame_t made = {0};
	ANSWER_SET(&made, frame, address, frame->address);
	if (*frame->function)
		ANSWER_SET(&made, frame, function, frame->function);
	return made;
}
