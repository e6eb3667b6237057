/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of about.h. A list of lines is a list of functions: one that writes nothing has
 * none. */
#include "about.h"

#include "cap/format.h"
#include "cap/report.h"
#include "cap/string.h"

#define CELL	   96u /* of what the manager sees */
#define WHAT_WIDTH 11

/* What a line is made of, and where it goes. */
typedef struct about {
	const manager_report_t *report;
	const char *lack;
	char *text;
	size_t size;
} about_t;

typedef void (*about_line_t)(const about_t *about);

/* Calls the function that writes line number `index`, passing over those that write none. */
static bool pick(const about_line_t *lines, size_t count, uint32_t index, const about_t *about)
{
	for (size_t i = 0; i < count; i++) {
		*about->text = '\0';
		lines[i](about);
		if (*about->text && index-- == 0)
			return true;
	}
	*about->text = '\0';
	return false;
}
#define PICK(lines) pick((lines), sizeof(lines) / sizeof((lines)[0]), index, &about)

/* ---- health: two columns ---- */

static void put_row(const about_t *about, const char *what, const char *seen, const char *said)
{
	size_t width = strlen(about->report->status.name); /* which is in the first row */
	format(about->text, about->size, "%-*s %-44s %s",
	       width > WHAT_WIDTH ? (int)width : WHAT_WIDTH, what, seen, said);
}

static void put_head(const about_t *about)
{
	put_row(about, about->report->status.name, "THE MANAGER SEES", "THE DRIVER SAYS");
}

static void put_state(const about_t *about)
{
	char seen[CELL];
	const manager_status_t *status = &about->report->status;
	format(seen, sizeof(seen), "%s for %u ms, generation %u", report_state(status->state),
	       (unsigned)about->report->state_ms, (unsigned)status->generation);
	put_row(about, "state", seen, "-");
}

static const char *verdict_text(uint32_t kind)
{
#define VERDICT_TEXT(name, value, text) [value] = (text),
	static const char *const texts[VERDICT_COUNT] = {MANAGER_VERDICTS(VERDICT_TEXT)};
#undef VERDICT_TEXT
	return texts[kind];
}

static void put_health(const about_t *about)
{
	char seen[CELL] = "";
	const manager_report_t *report = about->report;
	size_t length = 0;
	for (uint32_t kind = VERDICT_WELL + 1; kind < VERDICT_COUNT; kind++)
		if (report->named >> kind & 1)
			length += format(seen + length, sizeof(seen) - length, "%s%s",
					 length ? "; " : "", verdict_text(kind));
	if (!length && report->lives)
		format(seen, sizeof(seen), "%s", verdict_text(VERDICT_WELL));
	put_row(about, "health", *seen ? seen : "-",
		report->lives ? error_name(report->health) : "-");
}

static void put_turns(const about_t *about)
{
	char seen[CELL] = "-", said[CELL] = "-";
	const manager_report_t *report = about->report;
	size_t length = 0;
	if (report->lives) {
		length = format(seen, sizeof(seen), "in it %u ms ago",
				(unsigned)report->status.beat_age_ms);
		format(said, sizeof(said), "%u turns", (unsigned)report->beats);
	}
	if (report->lives && report->silence_ms)
		format(seen + length, sizeof(seen) - length, ", may be out of it for %u",
		       (unsigned)report->silence_ms);
	put_row(about, "event loop", seen, said);
}

static void put_work(const about_t *about)
{
	char seen[CELL] = "-", said[CELL] = "-";
	const manager_report_t *report = about->report;
	if (report->lives)
		format(said, sizeof(said), "%u requests, interrupts and timers",
		       (unsigned)report->work);
	if (*report->waits_for)
		format(seen, sizeof(seen), "waits for %s", report->waits_for);
	put_row(about, "work", seen, said);
}

static void put_errors(const about_t *about)
{
	char seen[CELL] = "it has not failed";
	const manager_report_t *report = about->report;
	if (report->failure.generation)
		format(seen, sizeof(seen), "%s %u ms ago; see why",
		       report->failure.killed ? "killed" : error_name(report->failure.error),
		       (unsigned)report->failure.ago_ms);
	put_row(about, "last error", seen,
		report->lives ? error_name(report->call_error) : "-");
}

static void put_lack(const about_t *about)
{
	if (*about->lack)
		put_row(about, "ps says", about->lack, "");
}

bool about_health(const manager_report_t *report, const char *lack, uint32_t index, char *text,
		  size_t size)
{
	static const about_line_t lines[] = {put_head, put_state,  put_health, put_turns,
					     put_work, put_errors, put_lack};
	const about_t about = {report, lack, text, size};
	return PICK(lines);
}

/* ---- version ---- */

static void put_abi(const about_t *about)
{
	const manager_report_t *report = about->report;
	if (report->abi)
		format(about->text, about->size,
		       "version: driver ABI %u is in use: the manifest takes %u..%u, the "
		       "binary %u..%u, the manager %u..%u",
		       (unsigned)report->abi, (unsigned)report->manifest_min,
		       (unsigned)report->manifest_max, (unsigned)report->binary_min,
		       (unsigned)report->binary_max, DRIVER_ABI_MIN, DRIVER_ABI_MAX);
	else
		format(about->text, about->size, "version: none is in use: %s", about->lack);
}

static void put_build(const about_t *about)
{
	const manager_report_t *report = about->report;
	if (report->abi)
		format(about->text, about->size,
		       "version: built for kernel ABI %u.%u, driver context %u",
		       (unsigned)(report->kernel_abi >> 16),
		       (unsigned)(report->kernel_abi & 0xffffu), (unsigned)report->context);
}

static void put_build_id(const about_t *about)
{
	const manager_report_t *report = about->report;
	uint32_t any = 0;
	for (size_t i = 0; i < sizeof(report->build_id); i++)
		any |= report->build_id[i];
	if (!report->abi)
		return;
	size_t length =
	    format(about->text, about->size, "version: build id %s", any ? "" : "none");
	for (size_t i = 0; any && i < sizeof(report->build_id); i++)
		length += format(about->text + length, about->size - length, "%02x",
				 (unsigned)report->build_id[i]);
}

bool about_version(const manager_report_t *report, const char *lack, uint32_t index, char *text,
		   size_t size)
{
	static const about_line_t lines[] = {put_abi, put_build, put_build_id};
	const about_t about = {report, lack, text, size};
	return PICK(lines);
}

/* ---- why ---- */

static void put_failure(const about_t *about)
{
	const manager_report_t *report = about->report;
	const struct manager_failure *failure = &report->failure;
	if (!failure->generation) {
		format(about->text, about->size, "why: it has not failed");
		return;
	}
	size_t length =
	    format(about->text, about->size, "why: generation %u %s in %s, %u ms ago",
		   (unsigned)failure->generation,
		   failure->killed ? "was killed by the operator" : "failed",
		   report_state(failure->state), (unsigned)failure->ago_ms);
	if (!failure->killed)
		format(about->text + length, about->size - length, ": %s: %s",
		       error_name(failure->error),
		       *failure->why ? failure->why : error_text(failure->error));
}

static void put_culprit(const about_t *about)
{
	if (*about->report->failure.culprit)
		format(about->text, about->size, "why: because of %s",
		       about->report->failure.culprit);
}

static void put_call(const about_t *about)
{
	int32_t error = about->report->failure.call_error;
	if (error)
		format(about->text, about->size,
		       "why: it said that its last failing call answered %s (%s)",
		       error_name(error), error_text(error));
}

/* What was decided may not have come yet, or may have been prevented since: by a hold, or by
 * what is missing. */
static void put_restart(const about_t *about, const struct manager_failure *failure)
{
	bool came = about->report->status.generation != failure->generation;
	size_t length = format(about->text, about->size, "why: then ");
	if (failure->restart)
		length += format(about->text + length, about->size - length, "restart %u",
				 (unsigned)failure->restart);
	else
		length += format(about->text + length, about->size - length,
				 "a restart that its policy does not count");
	format(about->text + length, about->size - length, "%s, after %u ms%s",
	       came ? "" : " was decided", (unsigned)failure->delay_ms,
	       came ? "" : ", and has not come yet");
}

static void put_decision(const about_t *about)
{
	const struct manager_failure *failure = &about->report->failure;
	switch (failure->decided) {
	case DECIDED_RESTART:
		put_restart(about, failure);
		break;
	case DECIDED_STOP:
		format(about->text, about->size, "why: then it was left stopped");
		break;
	case DECIDED_GIVE_UP:
		format(
		    about->text, about->size,
		    "why: then it was given up, after %u restarts within its policy's window",
		    (unsigned)failure->restart);
		break;
	default:
		break;
	}
}

static void put_now(const about_t *about)
{
	const manager_report_t *report = about->report;
	bool refused = report->status.state == STATE_REJECTED; /* that is no sentence */
	format(about->text, about->size, "why: now it is %s, for %u ms%s%s",
	       report_state(report->status.state), (unsigned)report->state_ms,
	       !*about->lack ? ""
	       : refused     ? ": "
			     : ": it ",
	       about->lack);
}

bool about_why(const manager_report_t *report, const char *lack, uint32_t index, char *text,
	       size_t size)
{
	static const about_line_t lines[] = {put_failure, put_culprit, put_call, put_decision,
					     put_now};
	const about_t about = {report, lack, text, size};
	return PICK(lines);
}
