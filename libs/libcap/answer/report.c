/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of cap/report.h. */
#include "cap/report.h"

#include "cap/answer.h"
#include "cap/string.h"
#include "make.h"

const char *report_verdict(uint32_t kind)
{
#define VERDICT_TEXT(name, value, text) [value] = (text),
	static const char *const texts[VERDICT_COUNT] = {MANAGER_VERDICTS(VERDICT_TEXT)};
#undef VERDICT_TEXT
	return kind < VERDICT_COUNT ? texts[kind] : "?";
}

const char *report_state(uint32_t state)
{
#define STATE_TEXT(name, value, text) [value] = (text),
	static const char *const states[STATE_COUNT] = {MANAGER_STATES(STATE_TEXT)};
#undef STATE_TEXT
	return state < STATE_COUNT && states[state] ? states[state] : "?";
}

bool report_is_live(uint32_t state)
{
	return state == STATE_PROBING || state == STATE_INITIALISING ||
	       state == STATE_RUNNING || state == STATE_QUIESCING || state == STATE_QUIESCED ||
	       state == STATE_STOPPING;
}

uint32_t report_width(const manager_status_t *drivers, uint32_t count, uint32_t least)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t length = (uint32_t)strlen(drivers[i].name);
		if (length > least)
			least = length;
	}
	return least;
}

uint32_t report_age_ms(const manager_status_t *status)
{
	uint32_t age = status->beat_age_ms;
	return age < 3 * REPORT_LOOK_MS ? 0 : age - age % REPORT_LOOK_MS;
}

bool report_is_same(const manager_status_t *status, const manager_status_t *other)
{
	return !strcmp(status->name, other->name) && status->state == other->state &&
	       status->generation == other->generation && status->restarts == other->restarts &&
	       report_age_ms(status) == report_age_ms(other);
}

void report_header(uint32_t width, char *text, size_t size)
{
	answer_heading(&answer_tables[ANSWER_OF_ps], width, text, size);
}

void report_row(const manager_status_t *status, uint32_t width, const char *why, char *text,
		size_t size)
{
	operator_ps_t record = make_ps(status, why);
	answer_row(&answer_tables[ANSWER_OF_ps], &record, width, text, size);
}
