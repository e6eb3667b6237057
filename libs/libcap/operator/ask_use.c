/* SPDX-License-Identifier: BSD-2-Clause */
/* What `top` and `tree` ask: what drivers use. */
#include "ask.h"

#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "cap/word.h"
#include "libs/libcap/answer/about.h"
#include "libs/libcap/answer/make.h"

#define SAMPLE_MS 1000u /* between the two of `top` */

/* ---- top ---- */

static err_t sample(job_t *job)
{
	uint32_t more = MANAGER_USAGE_ROWS;
	for (job->listed = 0; more == MANAGER_USAGE_ROWS && job->listed < JOB_USAGE;) {
		int32_t count = manager_usage(job->listed, &job->before[job->listed],
					      JOB_USAGE - job->listed);
		if (count < 0 && !job->listed)
			return count;
		more = count < 0 ? 0 : (uint32_t)count;
		job->listed += more;
	}
	return DRV_OK;
}

err_t ask_top(job_t *job)
{
	if (job->waits) { /* that is over */
		job->waits = false;
		return DRV_OK;
	}
	err_t error = sample(job);
	if (error != DRV_OK)
		return error;
	job->width = 0;
	for (uint32_t i = 0; i < job->listed; i++)
		if (strlen(job->before[i].name) > job->width)
			job->width = (uint32_t)strlen(job->before[i].name);
	job->after_count = job->after_first = 0;
	job->due_ms = clock_ms() + SAMPLE_MS;
	job->waits = true;
	return DRV_EAGAIN;
}

/* The second sample is taken a page at a time, each row with the time at which it was. */
err_t ask_top_record(job_t *job)
{
	uint32_t at = job->row;
	if (at >= job->listed)
		return DRV_ENOENT;
	if (at - job->after_first >= job->after_count) {
		int32_t count = manager_usage(at, job->after, MANAGER_USAGE_ROWS);
		if (count <= 0)
			return count ? count : DRV_ENOENT;
		job->after_first = at;
		job->after_count = (uint32_t)count;
	}
	job->record.top = make_top(&job->before[at], &job->after[at - job->after_first]);
	return ask_tell(job, 0, &job->record);
}

/* ---- tree ---- */

static uint32_t count_words(const char *text)
{
	uint32_t count = 0;
	while (word_next(&text).length)
		count++;
	return count;
}

/* Those who use the driver, into job->users. An answer in which one more name had found room
 * has the last ones. */
static err_t list_users(job_t *job, const char *name)
{
	size_t length = 0, got = MANAGER_TEXT_MAX;
	*job->users = '\0';
	while (got + 1 + MANAGER_NAME_MAX > MANAGER_TEXT_MAX) {
		char *at = &job->users[length + (length != 0)];
		size_t room = (size_t)(&job->users[JOB_USERS] - at);
		if (room <= MANAGER_TEXT_MAX)
			return DRV_OK; /* so many there cannot be */
		err_t error =
		    manager_uses(name, MANAGER_USED_BY, count_words(job->users), at, room);
		if (error != DRV_OK)
			return error;
		got = strlen(at);
		if (got && length)
			job->users[length] = ' ';
		length = got ? (size_t)(at - job->users) + got : length;
	}
	return DRV_OK;
}

err_t ask_tree_record(job_t *job)
{
	static const enum manager_uses which[] = {MANAGER_REQUIRES, MANAGER_MAY_USE,
						  MANAGER_PROVIDES};
	if (job->row >= job->count)
		return DRV_ENOENT;
	const manager_status_t *status = &job->rows[job->row];
	for (size_t i = 0; i < sizeof(which) / sizeof(which[0]); i++) {
		err_t error = manager_uses(status->name, which[i], 0, job->names[i], JOB_NAMES);
		if (error != DRV_OK)
			return error;
	}
	err_t error = list_users(job, status->name);
	if (error != DRV_OK)
		return error;
	operator_tree_t *tree = &job->record.tree;
	*tree = (operator_tree_t){0};
	ANSWER_SET(tree, tree, name, status->name);
	ANSWER_SET(tree, tree, state, status->state);
	ANSWER_SET(tree, tree, requires, job->names[0]);
	ANSWER_SET(tree, tree, uses, job->names[1]);
	ANSWER_SET(tree, tree, provides, job->names[2]);
	ANSWER_SET(tree, tree, used_by, job->users);
	return ask_tell(job, 0, &job->record);
}

void ask_tree_tell(const job_t *job, char *text, size_t size)
{
	about_needs(&job->record.tree, job->width, text, size);
}
