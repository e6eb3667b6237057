/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of about.h. A list of lines is a list of functions: one that writes nothing has
 * none. */
#include "about.h"

#include "cap/format.h"
#include "cap/report.h"
#include "cap/string.h"

#define CELL	   96u /* of what the manager sees */
#define WHAT_WIDTH 11

/* What a line is made of, one of the records, and where it goes. */
typedef struct about {
	const operator_health_t *health;
	const operator_version_t *version;
	const operator_why_t *why;
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
	size_t width = strlen(about->health->driver); /* which is in the first row */
	format(about->text, about->size, "%-*s %-44s %s",
	       width > WHAT_WIDTH ? (int)width : WHAT_WIDTH, what, seen, said);
}

static bool lives(const about_t *about)
{
	return ANSWER_HAS(about->health, health, says_turns);
}

static void put_head(const about_t *about)
{
	put_row(about, about->health->driver, "THE MANAGER SEES", "THE DRIVER SAYS");
}

static void put_state(const about_t *about)
{
	char seen[CELL];
	const operator_health_t *health = about->health;
	format(seen, sizeof(seen), "%s for %u ms, generation %u", report_state(health->state),
	       (unsigned)health->state_ms, (unsigned)health->generation);
	put_row(about, "state", seen, "-");
}

static void put_health(const about_t *about)
{
	const operator_health_t *health = about->health;
	put_row(about, "health", health->verdict ? health->verdict : "-",
		lives(about) ? error_name(health->says_health) : "-");
}

static void put_turns(const about_t *about)
{
	char seen[CELL] = "-", said[CELL] = "-";
	const operator_health_t *health = about->health;
	size_t length = 0;
	if (lives(about)) {
		length =
		    format(seen, sizeof(seen), "in it %u ms ago", (unsigned)health->heartbeat);
		format(said, sizeof(said), "%u turns", (unsigned)health->says_turns);
	}
	if (lives(about) && health->silence)
		format(seen + length, sizeof(seen) - length, ", may be out of it for %u",
		       (unsigned)health->silence);
	put_row(about, "event loop", seen, said);
}

static void put_work(const about_t *about)
{
	char seen[CELL] = "-", said[CELL] = "-";
	const operator_health_t *health = about->health;
	if (lives(about))
		format(said, sizeof(said), "%u requests, interrupts and timers",
		       (unsigned)health->says_work);
	if (health->waits_for)
		format(seen, sizeof(seen), "waits for %s", health->waits_for);
	put_row(about, "work", seen, said);
}

static void put_errors(const about_t *about)
{
	char seen[CELL] = "it has not failed";
	const operator_health_t *health = about->health;
	bool failed = ANSWER_HAS(health, health, error);
	if (ANSWER_HAS(health, health, ago))
		format(seen, sizeof(seen), "%s %u ms ago; see why",
		       failed ? error_name(health->error) : "killed", (unsigned)health->ago);
	put_row(about, "last error", seen, lives(about) ? error_name(health->says_error) : "-");
}

static void put_lack(const about_t *about)
{
	if (about->health->lack)
		put_row(about, "ps says", about->health->lack, "");
}

bool about_health(const operator_health_t *health, uint32_t index, char *text, size_t size)
{
	static const about_line_t lines[] = {put_head, put_state,  put_health, put_turns,
					     put_work, put_errors, put_lack};
	const about_t about = {.health = health, .text = text, .size = size};
	return PICK(lines);
}

/* ---- version ---- */

static void put_abi(const about_t *about)
{
	const operator_version_t *version = about->version;
	if (version->abi)
		format(about->text, about->size,
		       "version: driver ABI %u is in use: the manifest takes %u..%u, the "
		       "binary %u..%u, the manager %u..%u",
		       (unsigned)version->abi, (unsigned)version->manifest_min,
		       (unsigned)version->manifest_max, (unsigned)version->binary_min,
		       (unsigned)version->binary_max, (unsigned)version->manager_min,
		       (unsigned)version->manager_max);
	else
		format(about->text, about->size, "version: none is in use: %s",
		       version->lack ? version->lack : "");
}

static void put_build(const about_t *about)
{
	const operator_version_t *version = about->version;
	if (version->abi)
		format(about->text, about->size,
		       "version: built for kernel ABI %u.%u, driver context %u",
		       (unsigned)(version->kernel >> 16), (unsigned)(version->kernel & 0xffffu),
		       (unsigned)version->context);
}

static void put_build_id(const about_t *about)
{
	const operator_version_t *version = about->version;
	if (version->abi)
		format(about->text, about->size, "version: build id %s",
		       version->build_id ? version->build_id : "none");
}

bool about_version(const operator_version_t *version, uint32_t index, char *text, size_t size)
{
	static const about_line_t lines[] = {put_abi, put_build, put_build_id};
	const about_t about = {.version = version, .text = text, .size = size};
	return PICK(lines);
}

/* ---- why ---- */

static void put_failure(const about_t *about)
{
	const operator_why_t *why = about->why;
	bool killed = !ANSWER_HAS(why, why, error);
	if (!why->generation) {
		format(about->text, about->size, "why: it has not failed");
		return;
	}
	size_t length =
	    format(about->text, about->size, "why: generation %u %s in %s, %u ms ago",
		   (unsigned)why->generation, killed ? "was killed by the operator" : "failed",
		   report_state(why->in), (unsigned)why->ago);
	if (!killed)
		length += format(about->text + length, about->size - length, ": %s: %s",
				 error_name(why->error), why->cause);
	if (ANSWER_HAS(why, why, address))
		format(about->text + length, about->size - length, ", at 0x%x",
		       (unsigned)why->address);
}

static void put_culprit(const about_t *about)
{
	if (about->why->culprit)
		format(about->text, about->size, "why: because of %s", about->why->culprit);
}

static void put_call(const about_t *about)
{
	int32_t error = about->why->says_error;
	if (error)
		format(about->text, about->size,
		       "why: it said that its last failing call answered %s (%s)",
		       error_name(error), error_text(error));
}

/* What was decided may not have come yet, or may have been prevented since: by a hold, or by
 * what is missing. */
static void put_restart(const about_t *about, const operator_why_t *why)
{
	bool came = why->instance != why->generation;
	size_t length = format(about->text, about->size, "why: then ");
	if (why->restart)
		length += format(about->text + length, about->size - length, "restart %u",
				 (unsigned)why->restart);
	else
		length += format(about->text + length, about->size - length,
				 "a restart that its policy does not count");
	format(about->text + length, about->size - length, "%s, after %u ms%s",
	       came ? "" : " was decided", (unsigned)why->delay,
	       came ? "" : ", and has not come yet");
}

static void put_decision(const about_t *about)
{
	const operator_why_t *why = about->why;
	if (ANSWER_HAS(why, why, delay))
		put_restart(about, why);
	else if (ANSWER_HAS(why, why, restart))
		format(
		    about->text, about->size,
		    "why: then it was given up, after %u restarts within its policy's window",
		    (unsigned)why->restart);
	else if (why->decided && strcmp(why->decided, "return") == 0)
		format(about->text, about->size, "why: then the image before it came back");
	else if (why->decided)
		format(about->text, about->size, "why: then it was left stopped");
}

static void put_now(const about_t *about)
{
	const operator_why_t *why = about->why;
	bool refused = why->state == STATE_REJECTED; /* that is no sentence */
	format(about->text, about->size, "why: now it is %s, for %u ms%s%s",
	       report_state(why->state), (unsigned)why->state_ms,
	       !why->lack ? ""
	       : refused  ? ": "
			  : ": it ",
	       why->lack ? why->lack : "");
}

bool about_why(const operator_why_t *why, uint32_t index, char *text, size_t size)
{
	static const about_line_t lines[] = {put_failure, put_culprit, put_call, put_decision,
					     put_now};
	const about_t about = {.why = why, .text = text, .size = size};
	return PICK(lines);
}

/* ---- lists ---- */

void about_stat(const operator_stats_t *stat, char *text, size_t size)
{
	if (ANSWER_HAS(stat, stats, error))
		format(text, size, "stats: %s %s", stat->name, error_name(stat->error));
	else
		format(text, size, "stats: %s %u", stat->name, (unsigned)stat->value);
}

void about_counter(const operator_audit_t *counter, char *text, size_t size)
{
	format(text, size, "audit: %s %s", counter->name, counter->text);
}

void about_verb(const operator_help_t *help, char *text, size_t size)
{
	format(text, size, "%-8s %-5s %s", help->verb, help->argument ? help->argument : "",
	       help->does);
}

void about_frame(const operator_frame_t *frame, char *text, size_t size)
{
	format(text, size, "why: 0x%x  %s", (unsigned)frame->address,
	       ANSWER_HAS(frame, frame, function) ? frame->function : "?");
}

void about_needs(const operator_tree_t *tree, uint32_t width, char *text, size_t size)
{
	const struct {
		const char *what, *names;
	} parts[] = {{"requires", tree->requires},
		     {"uses", tree->uses},
		     {"provides", tree->provides},
		     {"used by", tree->used_by}};
	const char *before = "";
	size_t length = format(text, size, "%-*s %-12s ", (int)width, tree->name,
			       report_state(tree->state));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i].names || !*parts[i].names)
			continue;
		length += format(text + length, size - length, "%s%s %s", before, parts[i].what,
				 parts[i].names);
		before = "; ";
	}
}
