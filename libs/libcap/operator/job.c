/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of cap/operator.h. A list ends with DRV_ENOENT. */
#include "cap/operator.h"

#include "cap/format.h"
#include "cap/manager.h"
#include "cap/report.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "libs/libcap/answer/about.h"
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

static bool find_status(job_t *job, const char *name, manager_status_t *status)
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

static err_t list_help(job_t *job, char *text, size_t size)
{
	return command_help(job->index, text, size) ? DRV_OK : DRV_ENOENT;
}

/* The header, wide enough for all names. */
static err_t head_table(job_t *job, char *text, size_t size)
{
	err_t error = fetch(job);
	job->width = report_width(job->rows, job->count, REPORT_WIDTH);
	report_header(job->width, text, size);
	return error == DRV_ENOENT ? DRV_OK : error;
}

/* What keeps a driver from running, or "". */
static void explain(const char *name, char why[WHY_MAX])
{
	*why = '\0';
	if (manager_explain(name, why, WHY_MAX) != DRV_OK)
		*why = '\0';
}

static void describe(const manager_status_t *status, uint32_t width, char *text, size_t size)
{
	char why[WHY_MAX];
	explain(status->name, why);
	report_row(status, width, why, text, size);
}

static err_t list_drivers(job_t *job, char *text, size_t size)
{
	if (!job->index)
		return head_table(job, text, size);
	uint32_t index = job->index - 1;
	if (index >= job->count)
		return DRV_ENOENT;
	describe(&job->rows[index], job->width, text, size);
	return DRV_OK;
}

static err_t list_caps(job_t *job, char *text, size_t size)
{
	manager_status_t status;
	err_t error = manager_caps(job->command.name, job->index, text, size);
	if (error != DRV_ENOENT || job->index || !find_status(job, job->command.name, &status))
		return error;
	format(text, size, "%s holds no capabilities", job->command.name);
	return DRV_OK;
}

static err_t list_counters(job_t *job, char *text, size_t size)
{
	err_t error = job->index ? DRV_OK : manager_audit(&job->audit);
	if (error == DRV_OK && !report_audit(&job->audit, job->index, text, size))
		error = DRV_ENOENT;
	return error;
}

/* What a driver answered, or that it did not, ends its list with a line of its own. */
static err_t list_stats(job_t *job, char *text, size_t size)
{
	manager_status_t status;
	err_t error = job->index ? DRV_OK : stats_begin(&job->stats, job->command.name);
	if (error != DRV_OK || stats_line(&job->stats, job->index, text, size))
		return error;
	job->active = false;
	if (job->stats.error != DRV_OK) {
		bool known = find_status(job, job->command.name, &status);
		refusal_describe_silence(&job->command, job->stats.error,
					 known ? &status : NULL, STATS_LIMIT_MS, text, size);
	}
	return DRV_OK;
}

/* All lines are of one moment. */
static err_t list_about(job_t *job,
			bool (*line)(const manager_report_t *report, const char *lack,
				     uint32_t index, char *text, size_t size),
			char *text, size_t size)
{
	if (!job->index) {
		err_t error = manager_report(job->command.name, &job->report);
		if (error != DRV_OK)
			return error;
		explain(job->command.name, job->lack);
	}
	return line(&job->report, job->lack, job->index, text, size) ? DRV_OK : DRV_ENOENT;
}

/* What is done at once answers no text. */
static err_t end_job(job_t *job, err_t error)
{
	job->active = false;
	return error;
}

static err_t start(job_t *job, char *text, size_t size)
{
	manager_status_t status;
	err_t error = manager_start(job->command.name);
	if (error == DRV_OK && find_status(job, job->command.name, &status))
		refusal_describe_later(&job->command, &status, text, size);
	return end_job(job, error);
}

static err_t perform(job_t *job, char *text, size_t size)
{
	switch (job->command.verb) {
	case COMMAND_HELP:
		return list_help(job, text, size);
	case COMMAND_PS:
		return list_drivers(job, text, size);
	case COMMAND_CAPS:
		return list_caps(job, text, size);
	case COMMAND_AUDIT:
		return list_counters(job, text, size);
	case COMMAND_STATS:
		return list_stats(job, text, size);
	case COMMAND_HEALTH:
		return list_about(job, about_health, text, size);
	case COMMAND_WHY:
		return list_about(job, about_why, text, size);
	case COMMAND_VERSION:
		return list_about(job, about_version, text, size);
	case COMMAND_KILL:
		return end_job(job, manager_kill(job->command.name));
	case COMMAND_START:
		return start(job, text, size);
	case COMMAND_STOP:
		return end_job(job, manager_stop(job->command.name));
	case COMMAND_HOLD:
		return end_job(job, manager_hold(job->command.name));
	case COMMAND_RELEASE:
		return end_job(job, manager_release(job->command.name));
	case COMMAND_QUIESCE:
		return end_job(job, manager_quiesce(job->command.name));
	case COMMAND_RESET:
		return end_job(job, manager_reset(job->command.name));
	case COMMAND_REBOOT:
		return end_job(job, manager_reboot());
	case COMMAND_WRONG:
		format(text, size, "%s", job->wrong);
		return end_job(job, DRV_OK);
	default:
		return end_job(job, DRV_OK);
	}
}

/* Would it end what the line comes through? Nobody could start that again. */
static bool cuts_off(const command_t *command, const char *const *path)
{
	bool ends = command->verb == COMMAND_STOP || command->verb == COMMAND_HOLD ||
		    command->verb == COMMAND_QUIESCE;
	for (; ends && *path; path++)
		if (!strcmp(command->name, *path))
			return true;
	return false;
}

void job_begin(job_t *job, const char *line, const char *const *path)
{
	job->command = command_parse(line, job->wrong, sizeof(job->wrong));
	job->index = 0;
	if (cuts_off(&job->command, path)) {
		refusal_describe_path(&job->command, job->wrong, sizeof(job->wrong));
		job->command.verb = COMMAND_WRONG;
	}
	job->active = job->command.verb != COMMAND_NONE;
}

void job_step(job_t *job, char *text, size_t size)
{
	*text = '\0';
	err_t error = perform(job, text, size);
	bool is_end_of_list = error == DRV_ENOENT && job->index > 0;
	job->index++;
	if (error == DRV_OK)
		return;
	job->active = false;
	*text = '\0';
	if (is_end_of_list)
		return;
	manager_status_t status;
	bool known = *job->command.name && find_status(job, job->command.name, &status);
	char why[WHY_MAX] = "";
	if (known)
		explain(status.name, why);
	const char *near = refusal_guess(job->command.name, job->rows, job->count);
	refusal_describe(&job->command, error, known ? &status : NULL, known ? why : near, text,
			 size);
}
