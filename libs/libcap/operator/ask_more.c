/* SPDX-License-Identifier: BSD-2-Clause */
/* What `top`, `tree`, `policy` and `explain` ask. */
#include "ask.h"

#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "libs/libcap/answer/about.h"
#include "libs/libcap/answer/make.h"
#include "libs/libcap/answer/refusal.h"

#define SAMPLE_MS  1000u /* between the two of `top` */
#define HEAD_LINES 3u	 /* of a policy */

static err_t tell(job_t *job, uint32_t part, const void *record)
{
	job->event = (answer_event_t){.what = ANSWER_RECORD, .part = part, .record = record};
	return DRV_OK;
}

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
	return tell(job, 0, &job->record);
}

/* ---- tree ---- */

err_t ask_tree_record(job_t *job)
{
	static const enum manager_uses which[] = {MANAGER_REQUIRES, MANAGER_MAY_USE,
						  MANAGER_PROVIDES};
	if (job->row >= job->count)
		return DRV_ENOENT;
	const manager_status_t *status = &job->rows[job->row];
	for (size_t i = 0; i < sizeof(which) / sizeof(which[0]); i++) {
		err_t error = manager_uses(status->name, which[i], job->names[i], JOB_NAMES);
		if (error != DRV_OK)
			return error;
	}
	operator_tree_t *tree = &job->record.tree;
	*tree = (operator_tree_t){0};
	ANSWER_SET(tree, tree, name, status->name);
	ANSWER_SET(tree, tree, state, status->state);
	ANSWER_SET(tree, tree, requires, job->names[0]);
	ANSWER_SET(tree, tree, uses, job->names[1]);
	ANSWER_SET(tree, tree, provides, job->names[2]);
	return tell(job, 0, &job->record);
}

void ask_tree_tell(const job_t *job, char *text, size_t size)
{
	about_needs(&job->record.tree, job->width, text, size);
}

/* ---- policy ---- */

err_t ask_policy(job_t *job)
{
	manager_policy_t page;
	err_t error;
	job->listed = 0;
	do {
		error = manager_policy(job->command.name, job->listed, &page);
		for (uint32_t i = 0; !error && i < page.count && job->listed < JOB_RETRIES; i++)
			job->retries[job->listed++] = page.retry[i];
	} while (!error && page.count == MANAGER_RETRIES && job->listed < JOB_RETRIES);
	if (error == DRV_OK)
		job->record.policy = make_policy(job->command.name, &page);
	return error;
}

err_t ask_policy_record(job_t *job)
{
	if (job->row == 0)
		return tell(job, 0, &job->record);
	if (job->row > job->listed)
		return DRV_ENOENT;
	job->item.retry = make_retry(job->row, &job->retries[job->row - 1]);
	return tell(job, 1, &job->item);
}

bool ask_policy_line(const job_t *job, uint32_t index, char *text, size_t size)
{
	if (about_policy(&job->record.policy, index, text, size))
		return true;
	uint32_t at = index - HEAD_LINES;
	if (at < job->listed) {
		operator_retry_t retry = make_retry(at + 1, &job->retries[at]);
		about_retry(&retry, text, size);
	} else if (at == job->listed) {
		about_policy_end(&job->record.policy, text, size);
	}
	return at <= job->listed;
}

/* ---- explain ---- */

/* Of one whose files were refused there are no limits. */
err_t ask_explain(job_t *job)
{
	const char *name = job->command.name;
	if (!ask_status(job, name, &job->status))
		return DRV_ENOENT;
	int32_t count = manager_margins(name, job->margins);
	job->listed = count > 0 ? make_ranking(job->margins, (uint32_t)count) : 0;
	ask_lack(name, job->lack);
	refusal_advise(&job->status, job->advice, sizeof(job->advice));
	job->record.explain = make_explain(&job->status, job->lack, job->advice);
	return DRV_OK;
}

err_t ask_explain_record(job_t *job)
{
	if (job->row == 0)
		return tell(job, 0, &job->record);
	if (job->row > job->listed)
		return DRV_ENOENT;
	job->item.near = make_near(&job->margins[job->row - 1]);
	return tell(job, 1, &job->item);
}

bool ask_explain_line(const job_t *job, uint32_t index, char *text, size_t size)
{
	uint32_t head = job->record.explain.advice ? 2 : 1;
	if (about_explain(&job->record.explain, index, text, size))
		return true;
	if (index - head >= job->listed)
		return false;
	operator_near_t near = make_near(&job->margins[index - head]);
	about_near(&near, text, size);
	return true;
}
