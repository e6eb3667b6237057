/* SPDX-License-Identifier: BSD-2-Clause */
/* An operator's command under way: what was typed is parsed, the manager, the kernel or a
 * driver asked, and the answer given one line at a time, so that a slow line never makes
 * anybody wait. For whoever has `operator` in `uses`; each line that commands come from has a
 * job of its own. */
#ifndef CAP_OPERATOR_H
#define CAP_OPERATOR_H

#include "abi/audit.h"
#include "abi/protocol/death.h"
#include "abi/protocol/manager.h"
#include "cap/client.h"
#include "cap/command.h"
#include "cap/manager.h"

#define JOB_ROWS    64u
#define JOB_LINE    200u /* characters of a line; what is longer is cut */
#define JOB_USAGE   32u	 /* drivers whose use is told */
#define JOB_RETRIES 101u
#define JOB_NAMES   264u /* bytes for the names in a list of a manifest */
/* And for those of all drivers, with room for one answer more. */
#define JOB_USERS   (32u * (MANAGER_NAME_MAX + 1u) + MANAGER_TEXT_MAX)

/* A driver's own rows, as far as they were asked for. */
typedef struct stats {
	client_t driver;       /* without an endpoint it is the asking process itself */
	uint32_t begun_ms;     /* when it was asked for the first page */
	err_t error;	       /* why the driver gave no rows, once the list has ended */
	uint32_t first, count; /* the rows that are held */
	uint32_t total;	       /* how many there are, as the driver says */
	driver_stat_t rows[DRIVER_STATS_EACH];
} stats_t;

#define JOB_X_MEMBER(table, fields, what) operator_##table##_t table;
/* One of an answer's records. */
typedef union job_record {
	OPERATOR_TABLES(JOB_X_MEMBER)
} job_record_t;
#undef JOB_X_MEMBER

/* `active`, `index`, `waits` and `due_ms` are for everybody to read, the rest is the job's. */
typedef struct job {
	bool active;
	uint32_t index;	 /* of the next line */
	bool waits;	 /* before the first one, or where it follows the log, it waits … */
	uint32_t due_ms; /* … until then, of clock_ms() */
	command_t command;
	err_t failed;		  /* why it was refused, or ended before its end; else DRV_OK */
	char wrong[JOB_LINE + 1]; /* why it is refused; COMMAND_WRONG: what to type instead */
	/* The record that is told, and where its texts are. */
	uint32_t row;		   /* its number */
	job_record_t record, item; /* `item`: of a list in the record */
	operator_error_t error;
	scratch_t scratch;
	/* JSON: what was written, and what is being written, so many bytes of which are out. */
	answer_writer_t writer;
	answer_event_t event;
	bool begun;
	size_t given;
	/* What it was asked for. */
	audit_report_t audit;
	stats_t stats;
	manager_held_t held;
	manager_report_t report;
	manager_log_t log;
	manager_log_line_t line; /* the first one, if has_line; then the one that is told */
	bool has_line;
	death_facts_t death;
	death_frame_t frames[DEATH_FRAMES_MOST]; /* the first `listed` of `why` */
	char lack[MANAGER_TEXT_MAX + 1];	 /* what keeps a driver from running, or "" */
	char names[3][JOB_NAMES], users[JOB_USERS];
	uint32_t listed; /* of what follows */
	manager_usage_t before[JOB_USAGE], after[MANAGER_USAGE_ROWS];
	uint32_t after_first, after_count;
	manager_margin_t margins[MARGIN_COUNT];
	manager_status_t status;
	char advice[JOB_LINE + 1];
	struct manager_retry retries[JOB_RETRIES];
	/* `ps`: all drivers as they were when it began. */
	uint32_t count, width;
	manager_status_t rows[JOB_ROWS];
} job_t;

/* Asks the manager how all drivers are, in as few calls as that takes: who asks it too often is
 * put off (MANAGER_SHARE). How many there are, at most `most`; or an error. */
int32_t job_list(manager_status_t *rows, uint32_t most);

/* Begins what `line` says. `path` has the names of those drivers through which the line comes,
 * and a null pointer behind them: what would cut it off is refused. If nothing was typed, the
 * job is not active. */
void job_begin(job_t *job, const char *line, const char *const *path);

/* Gives up what is under way; nothing of it is held any more. job_begin() does so, too. A job
 * is all zeros before its first line. */
void job_end(job_t *job);

/* Is it too early for the next step? Of what follows the log, lines were given before. */
bool job_waits(const job_t *job, uint32_t now_ms);

/* Does it go on for ever, until somebody calls job_end()? */
bool job_follows(const job_t *job);

/* Does the next piece and gives what is to be printed of it, printable ASCII, in a room of
 * `size` bytes, 64 at least. True: a line ends behind it, unless it is "", which is no line. An
 * error is a line too. Ends the job (active becomes false) with the last piece. */
bool job_step(job_t *job, char *text, size_t size);

#endif
