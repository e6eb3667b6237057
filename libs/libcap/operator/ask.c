/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of ask.h. */
#include "ask.h"
#include "ask_log.h"

#include "cap/format.h"
#include "cap/manager.h"
#include "cap/report.h"
#include "cap/string.h"
#include "libs/libcap/answer/about.h"
#include "libs/libcap/answer/make.h"
#include "libs/libcap/answer/refusal.h"
#include "stats.h"

#define WHY_MAX (MANAGER_TEXT_MAX + 1)

int32_t job_list(manager_status_t *rows, uint32_t most)
{
	uint32_t count = 0, more = MANAGER_STATUS_ROWS;
	while (more == MANAGER_STATUS_ROWS && count < most) {
		int32_t answer = manager_list(count, &rows[count], most - count);
		if (answer < 0 && !count)
			return answer;
		more = answer < 0 ? 0 : (uint32_t)answer;
		count += more;
	}
	return (int32_t)count;
}

static err_t fetch(job_t *job)
{
	int32_t count = job_list(job->rows, JOB_ROWS);
	job->count = count > 0 ? (uint32_t)count : 0;
	return count < 0 ? count : DRV_OK;
}

bool ask_status(job_t *job, const char *name, manager_status_t *status)
{
	if (fetch(job) != DRV_OK)
		return false;
	for (uint32_t i = 0; i < job->count; i++)
		if (!strcmp(job->rows[i].name, name)) {
			*status = job->rows[i];
			return true;
		}
	return false;
}

void ask_lack(const char *name, char *why)
{
	*why = '\0';
	if (manager_explain(name, why, WHY_MAX) != DRV_OK)
		*why = '\0';
}

/* ---- help, ps, caps, audit, stats ---- */

static err_t help_record(job_t *job)
{
	if (!command_help(job->command.name, job->row, &job->record.help))
		return DRV_ENOENT;
	return ask_tell(job, 0, &job->record);
}

static bool help_line(const job_t *job, uint32_t index, char *text, size_t size)
{
	operator_help_t help;
	if (*job->command.name && index == 1) {
		command_help(job->command.name, 0, &help);
		format(text, size, "%s", help.more);
		return true;
	}
	if (!command_help(job->command.name, index, &help))
		return false;
	about_verb(&help, text, size);
	return true;
}

static err_t ps_begin(job_t *job)
{
	err_t error = fetch(job);
	job->width = report_width(job->rows, job->count, REPORT_WIDTH);
	return error == DRV_ENOENT ? DRV_OK : error;
}

static err_t ps_record(job_t *job)
{
	if (job->row >= job->count)
		return DRV_ENOENT;
	const manager_status_t *status = &job->rows[job->row];
	ask_lack(status->name, job->lack);
	job->record.ps = make_ps(status, job->lack);
	return ask_tell(job, 0, &job->record);
}

static err_t caps_begin(job_t *job)
{
	manager_status_t status;
	return ask_status(job, job->command.name, &status) ? DRV_OK : DRV_ENOENT;
}

static err_t caps_record(job_t *job)
{
	err_t error = manager_held(job->command.name, job->row, &job->held);
	if (error != DRV_OK)
		return error;
	job->record.caps = make_held(&job->held, &job->scratch);
	return ask_tell(job, 0, &job->record);
}

static void caps_tell(const job_t *job, char *text, size_t size)
{
	format(text, size, "%s", job->record.caps.text);
}

static err_t audit_begin(job_t *job)
{
	return manager_audit(&job->audit);
}

static err_t audit_record(job_t *job)
{
	if (!make_audit(&job->audit, job->row, &job->scratch, &job->record.audit))
		return DRV_ENOENT;
	return ask_tell(job, 0, &job->record);
}

static void audit_tell(const job_t *job, char *text, size_t size)
{
	about_counter(&job->record.audit, text, size);
}

static err_t stats_ask(job_t *job)
{
	return stats_begin(&job->stats, job->command.name);
}

/* What a driver answered, or that it did not, ends its list with a line of its own. */
static err_t stats_record(job_t *job)
{
	manager_status_t status;
	bool broken;
	const driver_stat_t *row = stats_row(&job->stats, job->row, &broken);
	if (row) {
		job->record.stats = make_stat(row, &job->scratch);
		return ask_tell(job, 0, &job->record);
	}
	if (broken) {
		format(job->wrong, sizeof(job->wrong),
		       "stats: it says that it has %u rows and gave %u",
		       (unsigned)job->stats.total, (unsigned)job->row);
		return DRV_EIO;
	}
	if (job->stats.error == DRV_OK)
		return DRV_ENOENT;
	bool known = ask_status(job, job->command.name, &status);
	refusal_describe_silence(&job->command, job->stats.error, known ? &status : NULL,
				 STATS_LIMIT_MS, job->wrong, sizeof(job->wrong));
	return job->stats.error;
}

static void stats_tell(const job_t *job, char *text, size_t size)
{
	about_stat(&job->record.stats, text, size);
}

/* ---- health, why, version: all lines are of one moment ---- */

static err_t report_begin(job_t *job)
{
	err_t error = manager_report(job->command.name, &job->report);
	if (error == DRV_OK)
		ask_lack(job->command.name, job->lack);
	return error;
}

static err_t health_begin(job_t *job)
{
	err_t error = report_begin(job);
	if (error == DRV_OK)
		job->record.health = make_health(&job->report, job->lack, &job->scratch);
	return error;
}

/* Its last report; DRV_ENOENT: it has none. */
static err_t death_begin(job_t *job)
{
	uint32_t number;
	int32_t count = manager_death(job->command.name, DEATH_FACTS, 0, 0, &job->death,
				      sizeof(job->death), &number);
	if (count >= 0 && count < (int32_t)sizeof(job->death))
		return DRV_EIO;
	if (count < 0)
		job->death = (death_facts_t){0};
	death_facts_t *death = &job->death;
	char *const texts[] = {death->name, death->culprit, death->waits_for, death->client};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		texts[i][sizeof(death->name) - 1] = '\0';
	death->cause[sizeof(death->cause) - 1] = '\0';
	return count < 0 ? count : DRV_OK;
}

/* The frames of the same death; without any, where it was, if that is known. */
static void frames_begin(job_t *job)
{
	uint32_t number;
	int32_t count = manager_death(job->command.name, DEATH_FRAMES, 0, 0, job->frames,
				      sizeof(job->frames), &number);
	job->listed = 0;
	if (count > 0 && number == job->death.number)
		job->listed = (uint32_t)count / sizeof(job->frames[0]);
	for (uint32_t i = 0; i < job->listed; i++)
		job->frames[i].function[sizeof(job->frames[i].function) - 1] = '\0';
	if (job->listed || !ANSWER_HAS(&job->record.why, why, address))
		return;
	job->frames[0] = (death_frame_t){.address = job->record.why.address};
	job->listed = 1;
}

static err_t why_begin(job_t *job)
{
	err_t error = report_begin(job);
	if (error != DRV_OK)
		return error;
	death_begin(job);
	job->record.why = make_why(&job->report, &job->death, job->lack);
	frames_begin(job);
	const char *function = job->listed ? job->frames[0].function : "";
	if (*function)
		ANSWER_SET(&job->record.why, why, function, function);
	return DRV_OK;
}

/* The record, and behind it where it was. */
static err_t why_record(job_t *job)
{
	if (job->row == 0)
		return ask_tell(job, 0, &job->record);
	if (job->row > job->listed)
		return DRV_ENOENT;
	job->record.frame = make_frame(&job->frames[job->row - 1]);
	return ask_tell(job, 1, &job->record);
}

/* A driver that has no report is no error: it may have lived on. */
static err_t dump_begin(job_t *job)
{
	err_t error = report_begin(job);
	if (error == DRV_OK)
		death_begin(job);
	return error;
}

static err_t dump_record(job_t *job)
{
	uint8_t piece[MAKE_DUMP_BYTES];
	uint32_t at, bytes, number;
	if (!job->death.number)
		return DRV_ENOENT;
	err_t error =
	    make_dump(&job->death, job->row, &job->scratch, &job->record.dump, &at, &bytes);
	if (error != DRV_EAGAIN)
		return error == DRV_OK ? ask_tell(job, 0, &job->record) : error;
	int32_t count =
	    manager_death(job->command.name, DEATH_STACK_COPY, 0, at, piece, bytes, &number);
	if (count < (int32_t)bytes || number != job->death.number) {
		format(job->wrong, sizeof(job->wrong), "dump: it died again meanwhile");
		return DRV_EBUSY;
	}
	job->record.dump = make_dump_stack(&job->death, at, piece, bytes, &job->scratch);
	return ask_tell(job, 0, &job->record);
}

static void dump_tell(const job_t *job, char *text, size_t size)
{
	format(text, size, "dump: %s %s", job->record.dump.name, job->record.dump.value);
}

static err_t version_begin(job_t *job)
{
	err_t error = report_begin(job);
	if (error == DRV_OK)
		job->record.version = make_version(&job->report, job->lack, &job->scratch);
	return error;
}

/* The record is there already. */
static err_t only_record(job_t *job)
{
	return job->row ? DRV_ENOENT : ask_tell(job, 0, &job->record);
}

static bool health_line(const job_t *job, uint32_t index, char *text, size_t size)
{
	return about_health(&job->record.health, index, text, size);
}

static bool why_line(const job_t *job, uint32_t index, char *text, size_t size)
{
	uint32_t head = 0;
	if (about_why(&job->record.why, index, text, size))
		return true;
	while (about_why(&job->record.why, head, text, size))
		head++;
	if (index - head >= job->listed || !*job->frames[0].function)
		return false;
	operator_frame_t frame = make_frame(&job->frames[index - head]);
	about_frame(&frame, text, size);
	return true;
}

static bool version_line(const job_t *job, uint32_t index, char *text, size_t size)
{
	return about_version(&job->record.version, index, text, size);
}

static err_t reboot(const char *name)
{
	(void)name;
	return manager_reboot();
}

/* clang-format off */
const ask_t asks[COMMAND_COUNT] = {
    [COMMAND_HELP]    = {.record = help_record, .line = help_line},
    [COMMAND_PS]      = {.begin = ps_begin, .record = ps_record},
    [COMMAND_CAPS]    = {.begin = caps_begin, .record = caps_record, .tell = caps_tell,
			 .none = "holds no capabilities"},
    [COMMAND_STATS]   = {.begin = stats_ask, .record = stats_record, .tell = stats_tell},
    [COMMAND_HEALTH]  = {.begin = health_begin, .record = only_record, .line = health_line},
    [COMMAND_WHY]     = {.begin = why_begin, .record = why_record, .line = why_line},
    [COMMAND_DUMP]    = {.begin = dump_begin, .record = dump_record, .tell = dump_tell,
			 .none = "has not died"},
    [COMMAND_VERSION] = {.begin = version_begin, .record = only_record, .line = version_line},
    [COMMAND_TOP]     = {.begin = ask_top, .record = ask_top_record},
    [COMMAND_TREE]    = {.begin = ps_begin, .record = ask_tree_record, .tell = ask_tree_tell},
    [COMMAND_POLICY]  = {.begin = ask_policy, .record = ask_policy_record,
			 .line = ask_policy_line},
    [COMMAND_EXPLAIN] = {.begin = ask_explain, .record = ask_explain_record,
			 .line = ask_explain_line},
    [COMMAND_RESTART] = {.change = manager_restart},
    [COMMAND_CLEAR]   = {.change = manager_clear},
    [COMMAND_KILL]    = {.change = manager_kill},
    [COMMAND_START]   = {.change = manager_start},
    [COMMAND_STOP]    = {.change = manager_stop},
    [COMMAND_HOLD]    = {.change = manager_hold},
    [COMMAND_RELEASE] = {.change = manager_release},
    [COMMAND_QUIESCE] = {.change = manager_quiesce},
    [COMMAND_RESET]   = {.change = manager_reset},
    [COMMAND_UNLOAD]  = {.change = manager_unload},
    [COMMAND_LOG]     = {.begin = ask_log_begin, .record = ask_log_record,
			 .tell = ask_log_tell},
    [COMMAND_AUDIT]   = {.begin = audit_begin, .record = audit_record, .tell = audit_tell},
    [COMMAND_REBOOT]  = {.change = reboot},
};
/* clang-format on */
