/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines that `log` tells. It ends, however fast others log meanwhile, unless it was to go
 * on. */
#include "ask_log.h"

#include "cap/string.h"
#include "cap/syscall.h"
#include "libs/libcap/answer/log.h"

#define LINES_MAX 4096u /* more than the manager keeps */
#define FOLLOW_MS 250u	/* between two looks for what was logged */

/* The first line is asked for here, so that a name that is none is no end of a list. */
err_t ask_log_begin(job_t *job)
{
	job->log =
	    (manager_log_t){.ask = {.from = job->command.from, .level = job->command.level}};
	memcpy(job->log.ask.name, job->command.name, sizeof(job->command.name));
	err_t error = manager_log_next(&job->log, &job->line);
	job->has_line = error == DRV_OK;
	job->waits = false;
	job->row = 0; /* before there was one it was asked before */
	return error == DRV_EAGAIN ? DRV_OK : error;
}

err_t ask_log_record(job_t *job)
{
	err_t error = DRV_OK;
	job->waits = false;
	if (job->row || !job->has_line)
		error = manager_log_next(&job->log, &job->line);
	if (error == DRV_EAGAIN && job->command.follows) {
		job->due_ms = clock_ms() + FOLLOW_MS;
		job->waits = true;
		return DRV_EAGAIN;
	}
	if (error == DRV_EAGAIN || (job->row == LINES_MAX && !job->command.follows))
		return DRV_ENOENT;
	if (error != DRV_OK)
		return error;
	job->record.log = make_log(&job->line.record, job->line.line, &job->scratch);
	job->event = (answer_event_t){.what = ANSWER_RECORD, .record = &job->record};
	return DRV_OK;
}

void ask_log_tell(const job_t *job, char *text, size_t size)
{
	about_log(&job->line.record, job->line.line, text, size);
}
