/* SPDX-License-Identifier: BSD-2-Clause */
/* A command under way: asks the manager and the kernel, one line of text at a time, so that
 * a slow terminal never makes it wait. */
#ifndef CONSOLE_JOB_H
#define CONSOLE_JOB_H

#include "abi/audit.h"
#include "abi/protocol/manager.h"
#include "command.h"

typedef struct job {
	bool active;
	command_t command;
	uint32_t index; /* of the next line */
	audit_report_t audit;
	/* `ps`: the drivers that the manager told with one call, the first of them number
	 * `first` */
	uint32_t first, count, width;
	manager_status_t rows[MANAGER_STATUS_ROWS];
} job_t;

void job_begin(job_t *job, command_t command);

/* Does the next piece and gives its line; "" for none. An error is a line too. Ends the job
 * (active becomes false) with the last piece. */
void job_step(job_t *job, char *text, size_t size);

#endif
