/* SPDX-License-Identifier: BSD-2-Clause */
/* Does with drivers what a list in its own image says, which the script of a test writes there:
 * loads, unloads, starts, stops, waits for states. One pair of files is with each entry that
 * needs one. Says how each went. */
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define ROOM	(320u << 10)
#define LOOK_MS 10u
#define TRIES	300u
#define PIECE	MANAGER_TEXT_MAX
#define PIECES	8u /* in a look: with what else it asks, half of MANAGER_SHARE */

enum order {
	END,
	LOAD, /* all of it, and commits */
	UNLOAD,
	START,
	STOP,
	AWAIT,	 /* the state `argument` */
	NOTE,	 /* what is held from now on … */
	COMPARE, /* … is what is held now */
	AGAIN, /* goes back to entry `argument`, `times` times, or until that driver is Stopped
		*/
	BEGIN, /* only begins, … */
	PUT,   /* … puts `times` bytes at `argument`, */
	COMMIT,
	ABORT,
	CUT,	 /* everything but the commit */
	KILL,	 /* a driver, or drvmgr */
	REPLACE, /* all of it, for a driver that is there, and commits */
	OUTCOME, /* waits until the driver's replacement is as outcomes[argument] says */
};

typedef struct entry {
	uint32_t order, argument, times, expected;
	char name[32];
	uint32_t image_at, image_bytes, manifest_at, manifest_bytes;
} entry_t;

#define QUIET	 1u
#define STUBBORN 2u

/* Not const: that it is as it is here nobody may assume. */
static struct script {
	char mark[16];
	uint32_t ways; /* QUIET: says nothing of what went as expected; STUBBORN: the manager
			  dies meanwhile, and what it may not have done is done again */
	uint8_t room[ROOM];
} script = {.mark = "loader's script"};

static uint32_t at, done, put;
static audit_report_t before;

static const entry_t *entries(void)
{
	return (const entry_t *)(const void *)script.room;
}

/* What is held; who waits just now and what interrupted in vain is left out. */
static void read_audit(audit_report_t *report)
{
	manager_audit(report);
	report->timers = report->spurious = 0;
}

/* DRV_EAGAIN: it is not, and under a manager that dies that may pass: what a dead incarnation
 * had is released little by little. */
static err_t compare(void)
{
	static uint32_t tries;
	audit_report_t after;
	read_audit(&after);
	const uint32_t *a = (const uint32_t *)&before, *b = (const uint32_t *)&after;
	bool equal = memcmp(a, b, sizeof(before)) == 0;
	if (!equal && (script.ways & STUBBORN) && tries++ < TRIES)
		return DRV_EAGAIN;
	tries = 0;
	for (uint32_t i = 0; i < AUDIT_WORDS; i++)
		if (a[i] != b[i])
			driver_log("word %u of the audit: %u before, %u after", (unsigned)i,
				   (unsigned)a[i], (unsigned)b[i]);
	driver_log("audit %s", equal ? "equal" : "different");
	return DRV_OK;
}

static err_t begin(const entry_t *entry)
{
	manager_load_t what = {.image_bytes = entry->image_bytes,
			       .manifest_bytes = entry->manifest_bytes};
	memcpy(what.name, entry->name, sizeof(what.name));
	return entry->order == REPLACE ? manager_replace_begin(&what)
				       : manager_load_begin(&what);
}

/* One piece of what is left, some of them twice. */
static err_t put_piece(const uint8_t *data, uint32_t bytes)
{
	uint32_t piece = bytes < PIECE ? bytes : PIECE;
	err_t err = manager_load_put(put, data, piece);
	if (!err && put % (16 * PIECE) == 0)
		err = manager_load_put(put, data, piece);
	if (!err)
		put += piece;
	return err;
}

/* The next pieces, so many that the sender stays far below its share. DRV_EAGAIN: there are
 * more. */
static err_t put_files(const entry_t *entry)
{
	uint32_t all = entry->image_bytes + entry->manifest_bytes;
	err_t err = put ? DRV_OK : begin(entry);
	for (uint32_t i = 0; !err && i < PIECES && put < all; i++) {
		if (put < entry->image_bytes)
			err = put_piece(&script.room[entry->image_at + put],
					entry->image_bytes - put);
		else
			err = put_piece(
			    &script.room[entry->manifest_at + put - entry->image_bytes],
			    all - put);
	}
	if (err == DRV_EAGAIN || (!err && put < all))
		return DRV_EAGAIN;
	put = 0;
	return err;
}

static err_t commit(void)
{
	char text[MANAGER_TEXT_MAX + 1];
	err_t err = manager_load_commit(text, sizeof(text));
	for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		driver_log("told: %s", line);
	}
	return err;
}

/* DRV_EAGAIN: not yet. */
static err_t await(const char *name, uint32_t state)
{
	manager_report_t report;
	err_t err = manager_report(name, &report);
	if (err)
		return err;
	return report.status.state == state ? DRV_OK : DRV_EAGAIN;
}

static bool has(const char *text, const char *part)
{
	size_t length = strlen(part);
	for (; *text; text++)
		if (strncmp(text, part, length) == 0)
			return true;
	return false;
}

static const char *const outcomes[] = {"on probation for", "is confirmed",
				       "failed on probation"};

static err_t await_outcome(const entry_t *entry)
{
	char text[MANAGER_TEXT_MAX + 1];
	err_t err = manager_explain(entry->name, text, sizeof(text));
	if (err)
		return err;
	return has(text, outcomes[entry->argument]) ? DRV_OK : DRV_EAGAIN;
}

/* Is it done already, or to be done again? */
static err_t look_whether_replaced(const entry_t *entry)
{
	char text[MANAGER_TEXT_MAX + 1];
	err_t err = manager_explain(entry->name, text, sizeof(text));
	return !err && has(text, outcomes[0]) ? DRV_OK : DRV_EAGAIN;
}

static err_t perform(const entry_t *entry)
{
	err_t err;
	switch (entry->order) {
	case LOAD:
	case REPLACE:
		err = put_files(entry);
		return err ? err : commit();
	case UNLOAD:
		return manager_unload(entry->name);
	case START:
		return manager_start(entry->name);
	case STOP:
		return manager_stop(entry->name);
	case AWAIT:
		return await(entry->name, entry->argument);
	case NOTE:
		read_audit(&before);
		return DRV_OK;
	case COMPARE:
		return compare();
	case BEGIN:
		return begin(entry);
	case PUT:
		return manager_load_put(entry->argument, script.room, entry->times);
	case COMMIT:
		return commit();
	case ABORT:
		return manager_load_abort();
	case CUT:
		return put_files(entry);
	case KILL:
		return manager_kill(entry->name);
	case OUTCOME:
		return await_outcome(entry);
	default:
		return DRV_ENOTSUP;
	}
}

/* Under a manager that dies: DRV_EAGAIN, once more; DRV_OK, it was done before. */
static err_t insist(const entry_t *entry, err_t err)
{
	if (err == DRV_EGONE || err == DRV_ETIMEDOUT)
		return entry->order == KILL ? DRV_OK : DRV_EAGAIN;
	if (entry->order == LOAD && (err == DRV_ENOENT || err == DRV_EBUSY))
		return DRV_EAGAIN;
	if (entry->order == REPLACE && (err == DRV_ENOENT || err == DRV_EBUSY))
		return look_whether_replaced(entry);
	if ((entry->order == LOAD && err == DRV_EEXIST) ||
	    (entry->order == UNLOAD && err == DRV_ENOENT) ||
	    ((entry->order == START || entry->order == STOP) && err == DRV_EBUSY))
		return DRV_OK;
	return err;
}

static bool goes_back(const entry_t *entry)
{
	bool ends = entry->name[0] && await(entry->name, STATE_STOPPED) == DRV_OK;
	return ++done <= entry->times && !ends;
}

/* One entry; the same again while it says so. */
static void look(void)
{
	const entry_t *entry = &entries()[at];
	if (entry->order == END) {
		driver_log("all %u done", (unsigned)done);
		return;
	}
	driver_set_timer(LOOK_MS);
	if (entry->order == AGAIN) {
		at = goes_back(entry) ? entry->argument : at + 1;
		return;
	}
	err_t err = perform(entry);
	if (script.ways & STUBBORN)
		err = insist(entry, err);
	if (err == DRV_EAGAIN)
		return;
	bool expected = err == (err_t)entry->expected;
	if (!expected || !(script.ways & QUIET))
		driver_log("%s%u %s: %s", expected ? "" : "unexpected: ", (unsigned)at,
			   entry->name, error_name(err));
	at++;
}

static err_t loader_run(void)
{
	driver_set_timer(LOOK_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = loader_run, .timer = look};
	return driver_main(&ops);
}
