/* SPDX-License-Identifier: BSD-2-Clause */
/* What `policy` and `explain` ask. */
#include "ask.h"

#include "cap/manager.h"
#include "libs/libcap/answer/about.h"
#include "libs/libcap/answer/make.h"
#include "libs/libcap/answer/refusal.h"

#define HEAD_LINES 3u /* of a policy */

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
		return ask_tell(job, 0, &job->record);
	if (job->row > job->listed)
		return DRV_ENOENT;
	job->item.retry = make_retry(job->row, &job->retries[job->row - 1]);
	return ask_tell(job, 1, &job->item);
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
	refusal_advise(&job->status, job->lack, job->advice, sizeof(job->advice));
	job->record.explain = make_explain(&job->status, job->lack, job->advice);
	return DRV_OK;
}

err_t ask_explain_record(job_t *job)
{
	if (job->row == 0)
		return ask_tell(job, 0, &job->record);
	if (job->row > job->listed)
		return DRV_ENOENT;
	job->item.near = make_near(&job->margins[job->row - 1]);
	return ask_tell(job, 1, &job->item);
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
