/* SPDX-License-Identifier: BSD-2-Clause */
/* A command under way: asks the manager and the kernel, one line of text at a time, so that
 * a slow terminal never makes it wait. */
#ifndef CONSOLE_JOB_H
#define CONSOLE_JOB_H

#include "abi/audit.h"
#include "abi/protocol/manager.h"
#include "command.h"
#include "stats.h"

#define JOB_ROWS 64u

typedef struct job {
	bool active;
	command_t command;
	uint32_t index; /* of the next line */
	audit_report_t audit;
	stats_t stats;
	manager_report_t report;
	char lack[MANAGER_TEXT_MAX + 1]; /* what keeps the driver from running, or "" */
	/* `ps`: all drivers as they were when it began. */
	uint32_t count, width;
	manager_status_t rows[JOB_ROWS];
} job_t;

/* Asks the manager how all drivers are, in as few calls as that takes: who asks it too often is
 * put off (MANAGER_SHARE). How many there are, at most `most`; or an error. */
int32_t job_list(manager_status_t *rows, uint32_t most);

void job_begin(job_t *job, command_t command);

/* Does the next piece and gives its line; "" for none. An error is a line too. Ends the job
 * (active becomes false) with the last piece. */
void job_step(job_t *job, char *text, size_t size);

#endif
