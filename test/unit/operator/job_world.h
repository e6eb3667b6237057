/* SPDX-License-Identifier: BSD-2-Clause */
/* A manager for the operator's jobs: a few drivers and one answer. Included once by a test. */
#ifndef TEST_JOB_WORLD_H
#define TEST_JOB_WORLD_H

#include "cap/operator.h"

#include "cap/manager.h"
#include "cap/syscall.h"
#include "cap/string.h"
#include "libs/libcap/operator/stats.h"

#define DRIVERS (MANAGER_STATUS_ROWS + 2)

static manager_status_t drivers[DRIVERS];
static uint32_t driver_count;
static err_t answer; /* to all calls but lists */
static err_t list_error;
static uint32_t list_from; /* … from this row on */
static uint32_t caps;	   /* of each driver */
static const char *why;
static char asked[64]; /* the last call that does something, and its name */
static uint32_t reports, audits;
static uint32_t users; /* of each driver */
static uint32_t said;  /* rows that a driver says it has besides */

static manager_log_ask_t log_asked;
static uint32_t log_lines; /* so many are left, and each says its number */

err_t manager_log_next(manager_log_t *log, manager_log_line_t *line)
{
	log_asked = log->ask;
	if (answer != DRV_OK)
		return answer;
	if (!log_lines)
		return DRV_EAGAIN;
	log_lines--;
	*line = (manager_log_line_t){.record = {.number = log->ask.from++,
						.time_ms = 61042,
						.level = LOG_WARN,
						.source = MANAGER_LOG_ABOUT_DRIVER,
						.skip = 16}};
	snprintf(line->line, sizeof(line->line), "drvmgr: serial: line %u",
		 (unsigned)line->record.number);
	return DRV_OK;
}

int32_t manager_list(uint32_t first, manager_status_t *rows, uint32_t most)
{
	uint32_t count = 0;
	if (list_error != DRV_OK && first >= list_from)
		return list_error;
	if (first >= driver_count)
		return DRV_ENOENT;
	for (; count < MANAGER_STATUS_ROWS && count < most && first + count < driver_count;
	     count++)
		rows[count] = drivers[first + count];
	return (int32_t)count;
}

err_t manager_explain(const char *name, char *text, size_t size)
{
	(void)name;
	if (!why)
		return DRV_EIO;
	snprintf(text, size, "%s", why);
	return DRV_OK;
}

err_t manager_held(const char *name, uint32_t index, manager_held_t *held)
{
	if (answer != DRV_OK)
		return answer;
	if (index >= caps)
		return DRV_ENOENT;
	*held = (manager_held_t){.type = CAP_PIO, .ranged = 1, .first = 0x60, .last = 0x64};
	snprintf(held->text, sizeof(held->text), "%s cap %u", name, (unsigned)index);
	return DRV_OK;
}

/* Nobody has died. */
static death_frame_t
    frames_given[2]; /* of every driver's last death; without facts it has number 0 */
static uint32_t frame_count, frames_of; /* of death number */

int32_t manager_death(const char *name, enum death_part part, uint32_t report, uint32_t at,
		      void *data, uint32_t size, uint32_t *number)
{
	(void)name, (void)report, (void)at;
	if (part != DEATH_FRAMES || !frame_count)
		return DRV_ENOENT;
	assert_true(size >= sizeof(frames_given));
	memcpy(data, frames_given, frame_count * sizeof(frames_given[0]));
	*number = frames_of;
	return (int32_t)(frame_count * sizeof(frames_given[0]));
}

static const char *manifest_text = "";

err_t manager_manifest(const char *name, uint32_t from, char *text, size_t size)
{
	(void)name;
	if (answer != DRV_OK)
		return answer;
	snprintf(text, size, "%s", manifest_text + from);
	return DRV_OK;
}

static uint32_t retries; /* of each policy */

err_t manager_policy(const char *name, uint32_t first, manager_policy_t *policy)
{
	(void)name;
	*policy = (manager_policy_t){.kind = 1, .retries = retries, .max_ms = 99};
	for (uint32_t i = first; i < retries && policy->count < MANAGER_RETRIES; i++)
		policy->retry[policy->count++] = (struct manager_retry){i, 10 * i};
	return answer;
}

static manager_margin_t margins[MARGIN_COUNT];
static uint32_t margin_count;

int32_t manager_margins(const char *name, manager_margin_t rows[MARGIN_COUNT])
{
	(void)name;
	memcpy(rows, margins, sizeof(margins));
	return answer != DRV_OK ? answer : (int32_t)margin_count;
}

static uint32_t now_ms, usages;

uint32_t clock_ms(void)
{
	return now_ms;
}

/* Each uses a tenth of the processor. */
int32_t manager_usage(uint32_t first, manager_usage_t *rows, uint32_t most)
{
	uint32_t count = 0;
	usages++;
	if (answer != DRV_OK)
		return answer;
	if (first >= driver_count)
		return DRV_ENOENT;
	for (; count < MANAGER_USAGE_ROWS && count < most && first + count < driver_count;
	     count++) {
		rows[count] = (manager_usage_t){.state = drivers[first + count].state,
						.generation = 1,
						.now_ms = now_ms,
						.run_low = now_ms * 100,
						.ticks_per_ms = 1000,
						.has_lines = 1,
						.memory_kib = 2,
						.messages = now_ms / 100};
		strcpy(rows[count].name, drivers[first + count].name);
	}
	return (int32_t)count;
}

/* Users are 31 drivers with the longest names, as many to an answer as find room; or one. */
err_t manager_uses(const char *name, enum manager_uses which, uint32_t from, char *text,
		   size_t size)
{
	static const char *const names[] = {"", "a b", "c", ""};
	(void)name;
	assert_true(which != MANAGER_USED_BY || size > MANAGER_TEXT_MAX);
	snprintf(text, size, "%s", names[which]);
	size_t length = 0;
	for (uint32_t i = from; which == MANAGER_USED_BY && i < users; i++) {
		if (length + 1 + MANAGER_NAME_MAX > MANAGER_TEXT_MAX)
			break;
		length += (size_t)snprintf(&text[length], size - length, "%suser-%026u",
					   length ? " " : "", (unsigned)i);
	}
	return answer;
}

err_t manager_report(const char *name, manager_report_t *report)
{
	reports++;
	if (answer != DRV_OK)
		return answer;
	memset(report, 0, sizeof(*report));
	report->status = drivers[0];
	(void)name;
	return DRV_OK;
}

err_t manager_audit(audit_report_t *report)
{
	audits++;
	memset(report, 0, sizeof(*report));
	return answer;
}

static err_t called(const char *call, const char *name)
{
	snprintf(asked, sizeof(asked), "%s %s", call, name);
	return answer;
}

#define CALL(verb)                                                                             \
	err_t manager_##verb(const char *name)                                                 \
	{                                                                                      \
		return called(#verb, name);                                                    \
	}
CALL(start)
CALL(stop)
CALL(kill)
CALL(hold)
CALL(release)
CALL(quiesce)
CALL(reset)
CALL(unload)
CALL(restart)
CALL(clear)

err_t manager_reboot(void)
{
	return called("reboot", "");
}

/* `stats` has two rows, unless the driver does not answer. */
err_t stats_begin(stats_t *stats, const char *name)
{
	(void)name;
	*stats = (stats_t){.count = 2, .total = said};
	return answer == DRV_ETIMEDOUT ? DRV_OK : answer;
}

static uint32_t stats_ended;

void stats_end(stats_t *stats)
{
	(void)stats;
	stats_ended++;
}

const driver_stat_t *stats_row(stats_t *stats, uint32_t number, bool *broken)
{
	static driver_stat_t row = {.name = "row"};
	stats->error = answer;
	*broken = answer == DRV_OK && number == stats->count && stats->total;
	row.value = number;
	return answer != DRV_OK || number >= stats->count ? NULL : &row;
}

static int fresh(void **state)
{
	frame_count = frames_of = 0;
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	driver_count = 2;
	for (uint32_t i = 0; i < DRIVERS; i++) {
		snprintf(drivers[i].name, sizeof(drivers[i].name), "driver%u", (unsigned)i);
		drivers[i].state = STATE_RUNNING;
	}
	answer = list_error = DRV_OK;
	said = margin_count = retries = usages = now_ms = list_from = caps = reports = audits =
	    0;
	why = "";
	asked[0] = '\0';
	return 0;
}

#endif
