/* SPDX-License-Identifier: BSD-2-Clause */
/* The questions of look.h. */
#include "look.h"

#include "cap/manager.h"
#include "cap/string.h"
#include "libs/libcap/answer/make.h"

#define LINES_EACH  16u /* lines of the log at once, … */
#define BEHIND_MOST 32u /* … and so many that were missed are read; others are passed over */
#define BUSY_MS	    1000u  /* between two looks at shares, if something was told or used */
#define QUIET_MS    10000u /* … and if not */
#define TENTHS	    10u

static manager_log_t lines = {.ask.level = LOG_INFO};
static bool log_due = true, told = true, used;
static uint32_t asked_ms;   /* for shares */
static uint32_t deaths_due; /* rows, one bit each */
static manager_usage_t before[VIEW_DRIVERS];

void look_told(void)
{
	log_due = told = true;
}

/* ---- the log ---- */

/* The number that the next line will have; 0: it is not known. */
static uint32_t next_number(void)
{
	manager_log_ask_t ask = {.from = INT32_MAX, .level = LOG_INFO};
	uint32_t next = 0;
	int32_t bytes = manager_log_records(&ask, &next, lines.records, sizeof(lines.records));
	lines.at = lines.bytes = 0;
	return bytes == 0 ? next : 0;
}

static void pass_over(void)
{
	uint32_t next = next_number();
	if (next - lines.ask.from > BEHIND_MOST)
		lines.ask.from = next > BEHIND_MOST ? next - BEHIND_MOST : 0;
}

static bool look_log(view_t *view)
{
	manager_log_line_t line;
	if (lines.at >= lines.bytes)
		pass_over();
	for (uint32_t i = 0; i < LINES_EACH; i++) {
		if (manager_log_next(&lines, &line) != DRV_OK)
			return false;
		view_log(view, &line.record, line.line);
	}
	return true;
}

/* ---- deaths ---- */

static void look_deaths(view_t *view, uint32_t row)
{
	static death_line_t deaths[DEATH_LINES];
	char cause[DEATH_CAUSE];
	uint32_t number;
	const char *name = view->rows[row].status.name;
	int32_t bytes =
	    manager_death(name, DEATH_HISTORY, 0, 0, deaths, sizeof(deaths), &number);
	if (bytes <= 0 || !view_deaths(view, row, deaths, (uint32_t)bytes / sizeof(deaths[0])))
		return;
	bytes = manager_death(name, DEATH_FACTS, 0, offsetof(death_facts_t, cause), cause,
			      sizeof(cause), &number);
	cause[sizeof(cause) - 1] = '\0';
	if (bytes > 0)
		view_cause(view, row, &deaths[0], cause);
}

/* ---- shares ---- */

static void take_share(view_t *view, uint32_t row, const manager_usage_t *now)
{
	operator_top_t top = make_top(&before[row], now);
	uint32_t share = VIEW_UNKNOWN;
	if (ANSWER_HAS(&top, top, cpu))
		share = (top.cpu + TENTHS / 2) / TENTHS;
	used |= share != VIEW_UNKNOWN && share > 0;
	if (before[row].now_ms)
		view_share(view, row, share);
	before[row] = *now;
}

static void look_shares(view_t *view)
{
	manager_usage_t now[MANAGER_USAGE_ROWS];
	used = false;
	for (uint32_t row = 0; row < VIEW_DRIVERS;) {
		int32_t count = manager_usage(row, now, MANAGER_USAGE_ROWS);
		for (int32_t i = 0; i < count && row < VIEW_DRIVERS; i++)
			take_share(view, row++, &now[i]);
		if (count < (int32_t)MANAGER_USAGE_ROWS)
			break;
	}
}

void look_drivers(view_t *view, const manager_status_t *drivers, uint32_t count)
{
	deaths_due |= view_drivers(view, drivers, count);
}

/* Shares are asked for first, though seldom: there may be a line of the log at each look. */
bool look(view_t *view, uint32_t now_ms)
{
	if (now_ms - asked_ms >= (told || used ? BUSY_MS : QUIET_MS)) {
		asked_ms = now_ms;
		told = false;
		look_shares(view);
	} else if (log_due) {
		log_due = look_log(view);
	} else if (deaths_due) {
		uint32_t row = (uint32_t)__builtin_ctz(deaths_due);
		deaths_due &= deaths_due - 1;
		look_deaths(view, row);
	}
	return log_due || deaths_due;
}
