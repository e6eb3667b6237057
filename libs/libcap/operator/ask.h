/* SPDX-License-Identifier: BSD-2-Clause */
/* What each verb asks, as a table. A verb either changes something, or has records that are
 * told one after the other. */
#ifndef OPERATOR_ASK_H
#define OPERATOR_ASK_H

#include "cap/operator.h"

/* Functions that a verb has none of are null. */
typedef struct ask {
	/* Does what is asked for. An error is the manager's. */
	err_t (*change)(const char *name);
	/* Asks for what can fail before anything is told. DRV_EAGAIN with job->waits: again
	 * when that is over. */
	err_t (*begin)(job_t *job);
	/* Makes record number job->row, and says in job->event where it is. DRV_ENOENT: there
	 * are not so many. Another error ends a list; of an object begin() has all that can
	 * fail. */
	err_t (*record)(job_t *job);
	/* A record as a line of text; without, it is columns below a heading. */
	void (*tell)(const job_t *job, char *text, size_t size);
	/* Or line number `index` of an object. False: there are not so many. */
	bool (*line)(const job_t *job, uint32_t index, char *text, size_t size);
	const char *none; /* behind the driver's name, if there is no record */
} ask_t;

extern const ask_t asks[COMMAND_COUNT];

/* Those of ask_use.c, … */
err_t ask_top(job_t *job);
err_t ask_top_record(job_t *job);
err_t ask_tree_record(job_t *job);
void ask_tree_tell(const job_t *job, char *text, size_t size);
/* … and of ask_policy.c. */
err_t ask_policy(job_t *job);
err_t ask_policy_record(job_t *job);
bool ask_policy_line(const job_t *job, uint32_t index, char *text, size_t size);
err_t ask_explain(job_t *job);
err_t ask_explain_record(job_t *job);
bool ask_explain_line(const job_t *job, uint32_t index, char *text, size_t size);

/* Record `part` of those that a verb has is there. The answer is DRV_OK. */
static inline err_t ask_tell(job_t *job, uint32_t part, const void *record)
{
	job->event = (answer_event_t){.what = ANSWER_RECORD, .part = part, .record = record};
	return DRV_OK;
}

/* Looks for a driver in the manager's list, which job->rows becomes. */
bool ask_status(job_t *job, const char *name, manager_status_t *status);

/* What keeps a driver from running, or "", in MANAGER_TEXT_MAX + 1 bytes. */
void ask_lack(const char *name, char *why);

#endif
