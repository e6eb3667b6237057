/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of cap/operator.h: what a verb asks becomes lines of text, or JSON. */
#include "ask.h"
#include "stats.h"

#include "cap/format.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "libs/libcap/answer/refusal.h"

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

void job_end(job_t *job)
{
	if (job->active && job->command.verb == COMMAND_STATS)
		stats_end(&job->stats);
	job->active = false;
}

void job_begin(job_t *job, const char *line, const char *const *path)
{
	job_end(job);
	*job->wrong = '\0';
	job->command = command_parse(line, job->wrong, sizeof(job->wrong));
	job->index = job->row = 0;
	job->begun = job->waits = false;
	job->given = 0;
	job->failed = DRV_OK;
	job->active = job->command.verb != COMMAND_NONE;
	if (cuts_off(&job->command, path)) {
		refusal_describe_path(&job->command, job->wrong, sizeof(job->wrong));
		job->command.verb = COMMAND_WRONG;
	}
	job->writer = (answer_writer_t){.shape = OPERATOR_OBJECT};
	if (job->command.verb >= COMMAND_COUNT)
		return;
	const command_row_t *row = &command_rows[job->command.verb];
	job->writer.shape = (enum operator_shape)row->shape;
	job->writer.table = &answer_tables[row->table];
}

/* Says why it is refused, unless that is said. */
static void describe_error(job_t *job, err_t error)
{
	const char *name = job->command.name;
	manager_status_t status;
	if (*job->wrong)
		return;
	bool known = *name && ask_status(job, name, &status);
	*job->lack = '\0';
	if (known)
		ask_lack(name, job->lack);
	const char *near = refusal_guess(name, job->rows, job->count);
	refusal_describe(&job->command, error, known ? &status : NULL, known ? job->lack : near,
			 job->wrong, sizeof(job->wrong));
}

/* Does what the verb changes. What is to be said of it is in job->wrong, or "". */
static err_t change(job_t *job, const ask_t *ask)
{
	manager_status_t status;
	err_t error = ask->change(job->command.name);
	if (error == DRV_OK && job->command.verb == COMMAND_START &&
	    ask_status(job, job->command.name, &status))
		refusal_describe_later(&job->command, &status, job->wrong, sizeof(job->wrong));
	if (!refusal_is_none(&job->command, error))
		return error;
	refusal_describe(&job->command, error, NULL, "", job->wrong, sizeof(job->wrong));
	return DRV_OK;
}

/* ---- text ---- */

static err_t tell_record(job_t *job, const ask_t *ask, char *text, size_t size)
{
	const answer_table_t *table = job->writer.table;
	if (!ask->tell && !job->index) {
		answer_heading(table, job->width, text, size);
		return DRV_OK;
	}
	err_t error = ask->record(job);
	if (error == DRV_ENOENT && !job->row && ask->none) {
		format(text, size, "%s %s", job->command.name, ask->none);
		job->row++;
		return DRV_OK;
	}
	if (error == DRV_OK && ask->tell)
		ask->tell(job, text, size);
	else if (error == DRV_OK)
		answer_row(table, job->event.record, job->width, text, size);
	job->row++;
	return error;
}

static err_t tell(job_t *job, char *text, size_t size)
{
	const ask_t *ask = &asks[job->command.verb];
	err_t error = DRV_OK;
	if (ask->change) {
		job->active = false;
		error = change(job, ask);
		if (error == DRV_OK)
			format(text, size, "%s", job->wrong);
		return error;
	}
	if (!job->index && ask->begin)
		error = ask->begin(job);
	if (error != DRV_OK && !job->waits)
		describe_error(job, error); /* no such driver is no end of a list */
	if (error != DRV_OK)
		return error;
	if (ask->line)
		return ask->line(job, job->index, text, size) ? DRV_OK : DRV_ENOENT;
	return tell_record(job, ask, text, size);
}

static bool step_text(job_t *job, char *text, size_t size)
{
	bool is_wrong = job->command.verb >= COMMAND_COUNT;
	err_t error = is_wrong ? DRV_EINVAL : tell(job, text, size);
	if (job->waits)
		return true;
	bool is_end = error == DRV_ENOENT && !*job->wrong && !asks[job->command.verb].change;
	job->index++;
	if (error == DRV_OK)
		return true;
	job->active = false;
	*text = '\0';
	if (is_end)
		return true;
	job->failed = error;
	describe_error(job, error);
	format(text, size, "%s", job->wrong);
	return true;
}

/* ---- JSON ---- */

static void make_done(job_t *job)
{
	operator_done_t *done = &job->record.done;
	*done = (operator_done_t){0};
	ANSWER_SET(done, done, verb, command_word(job->command.verb));
	ANSWER_SET(done, done, name, *job->command.name ? job->command.name : NULL);
	ANSWER_SET(done, done, done, true);
	ANSWER_SET(done, done, note, *job->wrong ? job->wrong : NULL);
	job->event = (answer_event_t){.what = ANSWER_RECORD, .record = done};
}

static err_t ask_event(job_t *job, const ask_t *ask)
{
	err_t error = DRV_OK;
	if (ask->change) {
		error = change(job, ask);
		if (error == DRV_OK)
			make_done(job);
		return error;
	}
	if (!job->index && ask->begin)
		error = ask->begin(job);
	if (error != DRV_OK)
		return error;
	error = ask->record(job);
	job->row++;
	if (error != DRV_ENOENT)
		return error;
	job->event = (answer_event_t){.what = ANSWER_ENDS};
	return DRV_OK;
}

static void fail(job_t *job, err_t error)
{
	job->failed = error;
	describe_error(job, error);
	job->error = (operator_error_t){0};
	ANSWER_SET(&job->error, error, error, error);
	ANSWER_SET(&job->error, error, text, job->wrong);
	job->event = (answer_event_t){.what = ANSWER_FAILS, .record = &job->error};
	job->begun = true;
}

static void make_event(job_t *job)
{
	bool is_wrong = job->command.verb >= COMMAND_COUNT;
	err_t error = is_wrong ? DRV_EINVAL : ask_event(job, &asks[job->command.verb]);
	if (job->waits)
		return;
	job->begun = true;
	job->given = 0;
	if (error != DRV_OK)
		fail(job, error);
}

static bool step_json(job_t *job, char *text, size_t size)
{
	if (!job->begun)
		make_event(job);
	if (job->waits)
		return true;
	json_sink_t sink = {.to = text, .size = size, .skip = job->given};
	answer_json(&job->writer, &job->event, &sink);
	text[sink.used] = '\0';
	job->given += sink.used;
	if (sink.full)
		return false;
	job->begun = false;
	job->index++;
	job->active = !answer_advance(&job->writer, &job->event);
	return true;
}

/* ---- a manifest, which is JSON already ---- */

/* One call a piece, so that what was given need not be kept; it has more than any piece. A line
 * that just fits ends with it. */
static bool step_manifest(job_t *job, char *text, size_t size)
{
	uint32_t used = 0,
		 most = size <= MANAGER_TEXT_MAX ? (uint32_t)size - 1 : MANAGER_TEXT_MAX;
	err_t error = manager_manifest(job->command.name, (uint32_t)job->given, job->lack,
				       sizeof(job->lack));
	if (error != DRV_OK && !job->given) {
		fail(job, error);
		job->active = job->command.json;
		format(text, size, "%s", job->wrong);
		return job->command.json ? step_json(job, text, size) : true;
	}
	if (error != DRV_OK || !*job->lack) { /* of a manifest without an end none is made */
		job->active = false;
		return true;
	}
	while (used < most && job->lack[used] && job->lack[used] != '\n')
		used++;
	bool ends = job->lack[used] == '\n';
	memcpy(text, job->lack, used);
	text[used] = '\0';
	job->given += used + ends;
	job->index += ends;
	return ends;
}

bool job_waits(const job_t *job, uint32_t now_ms)
{
	return job->active && job->waits && (int32_t)(now_ms - job->due_ms) < 0;
}

bool job_follows(const job_t *job)
{
	return job->active && job->command.follows;
}

bool job_step(job_t *job, char *text, size_t size)
{
	*text = '\0';
	if (job->command.verb == COMMAND_MANIFEST && !job->begun)
		return step_manifest(job, text, size);
	return job->command.json ? step_json(job, text, size) : step_text(job, text, size);
}
