/* SPDX-License-Identifier: BSD-2-Clause */
/* The sentences of refusal.h. */
#include "refusal.h"

#include "cap/format.h"
#include "cap/guess.h"
#include "cap/report.h"
#include "cap/string.h"

#define NAME_SIZE sizeof(((manager_status_t *)0)->name)

#define MANAGER "drvmgr" /* no driver, but `kill` knows it */

/* What to do about a driver in a state: type `command` with its name, or nothing; and why. */
typedef struct advice {
	const char *command, *text;
} advice_t;

static const advice_t advices[STATE_COUNT] = {
    [STATE_LOADED] = {"", "it is about to be started"},
    [STATE_REJECTED] = {"", "its manifest or image was refused, the log says why"},
    [STATE_WAITING] = {"", "ps says what it waits for"},
    [STATE_PROBING] = {"", "it is about to run"},
    [STATE_ABSENT] = {"start", "looks for its device again"},
    [STATE_INITIALISING] = {"", "it is about to run"},
    [STATE_RUNNING] = {"kill", "restarts it"},
    [STATE_QUIESCING] = {"", "it finishes what is under way; try again in a moment"},
    [STATE_QUIESCED] = {"start", "sets it up afresh"},
    [STATE_STOPPING] = {"", "it is about to stop"},
    [STATE_STOPPED] = {"start", "starts it"},
    [STATE_RECOVERING] = {"", "try again in a moment"},
    [STATE_BACKOFF] = {"", "it starts again by itself"},
    [STATE_QUARANTINED] = {"start", "starts it"},
};

static size_t begin(const command_t *command, char *text, size_t size)
{
	return format(text, size, "%s%s%s: ", command_word(command->verb),
		      *command->name ? " " : "", command->name);
}

/* Is `word` in the text? */
static bool has(const char *text, const char *word)
{
	size_t length = strlen(word);
	for (; *text; text++)
		if (!strncmp(text, word, length))
			return true;
	return false;
}

/* Takes the name behind `words` at the beginning of `why`; "" if others are there. */
static void take_name(const char *why, const char *words, char name[NAME_SIZE])
{
	size_t skipped = strlen(words), length = 0;
	name[0] = '\0';
	if (strncmp(why, words, skipped) != 0)
		return;
	for (why += skipped;
	     length + 1 < NAME_SIZE && *why && *why != ' ' && *why != ',' && *why != ':';)
		name[length++] = *why++;
	name[length] = '\0';
}

/* Of one that waits for the driver `other`, which is in a state in which it does not run. */
static void advise_on_other(const char *other, const char *why, char *text, size_t size)
{
	char state[32];
	for (uint32_t i = 0; i < STATE_COUNT; i++) {
		format(state, sizeof(state), "that one is %s", report_state(i));
		if (!has(why, state))
			continue;
		if (i == STATE_REJECTED)
			format(text, size, "mend the manifest or image of %s, and boot", other);
		else if (i == STATE_WAITING)
			format(text, size, "explain %s says what to do about that one", other);
		else if (i != STATE_RUNNING && *advices[i].command)
			format(text, size, "start %s starts that one", other);
	}
}

/* Of one that waits, by what the manager says of it (servers/drvmgr/log/tell.c). */
static void advise_waiting(const manager_status_t *status, const char *why, char *text,
			   size_t size)
{
	char other[NAME_SIZE], service[NAME_SIZE];
	take_name(why, "waits for ", other);
	take_name(why, "requires ", service);
	format(text, size, "it starts by itself when that is so");
	if (has(why, "is held until"))
		format(text, size, "release %s lets it start", status->name);
	else if (*service)
		format(text, size, "load a driver that provides %s, or boot with one", service);
	else if (*other && has(why, ", which it has "))
		format(text, size, "stop %s makes room for it", other);
	else if (*other)
		advise_on_other(other, why, text, size);
}

void refusal_advise(const manager_status_t *status, const char *why, char *text, size_t size)
{
	*text = '\0';
	if (status->state == STATE_RUNNING || status->state >= STATE_COUNT)
		return;
	const advice_t *advice = &advices[status->state];
	if (status->state == STATE_WAITING)
		advise_waiting(status, why, text, size);
	else if (status->state == STATE_REJECTED)
		format(text, size, "mend its manifest or image, and boot");
	else if (*advice->command)
		format(text, size, "%s %s %s", advice->command, status->name, advice->text);
	else
		format(text, size, "%s", advice->text);
}

/* "it is Stopped; start NAME starts it", "it is Waiting: it requires OTHER, which nobody
 * provides", "it is Rejected; its manifest or image was refused, the log says why: image a.elf
 * is missing" */
static void describe_state(const manager_status_t *status, const char *why, char *text,
			   size_t size)
{
	static const advice_t none = {"", "ps shows it"};
	const advice_t *advice = status->state < STATE_COUNT ? &advices[status->state] : &none;
	bool tells = status->state == STATE_WAITING || status->state == STATE_BACKOFF;
	if (tells && *why)
		format(text, size, "it is %s: it %s%s", report_state(status->state), why,
		       status->state == STATE_BACKOFF ? ", or now with stop, then start" : "");
	else if (*advice->command)
		format(text, size, "it is %s; %s %s %s", report_state(status->state),
		       advice->command, status->name, advice->text);
	else
		format(text, size, "it is %s; %s%s%s", report_state(status->state),
		       advice->text, *why && status->state == STATE_REJECTED ? ": " : "",
		       status->state == STATE_REJECTED ? why : "");
}

bool refusal_is_none(const command_t *command, err_t error)
{
	return command->verb == COMMAND_KILL && error == DRV_EGONE &&
	       !strcmp(command->name, MANAGER);
}

static const char *advice_on(command_verb_t verb, err_t error)
{
	if (error == DRV_EPERM)
		return "the console's manifest lacks operator in uses";
	if (error == DRV_ETIMEDOUT)
		return "the manager did not answer; try again";
	if (error == DRV_EGONE)
		return "the manager died meanwhile and may have done it; look with ps";
	if (error == DRV_EBADCAP)
		return "the console asked too much at once; try again";
	if (error == DRV_ENOMEM)
		return "memory is short; stop a driver that is not needed";
	if (error == DRV_ENOTSUP && verb == COMMAND_REBOOT)
		return "this machine has no reset that is known here; switch it off and on";
	return "the log may say more";
}

const char *refusal_guess(const char *name, const manager_status_t *drivers, uint32_t count)
{
	guess_t guess = {.given = name};
	for (uint32_t i = 0; i < count; i++)
		guess_offer(&guess, drivers[i].name);
	guess_offer(&guess, MANAGER);
	return guess.best ? guess.best : "";
}

/* Why it is not unloaded; or nothing. */
static const char *why_it_stays(const command_t *command, err_t error,
				const manager_status_t *status)
{
	if (command->verb != COMMAND_UNLOAD)
		return NULL;
	bool ends = error == DRV_EBUSY && status &&
		    (status->state == STATE_QUIESCING || status->state == STATE_STOPPING ||
		     status->state == STATE_STOPPED);
	return ends		     ? "it has not ended yet; try again in a moment"
	       : error == DRV_EINVAL ? "it came with the system; only what was loaded can go"
	       : error == DRV_EBUSY  ? "it has not ended; stop it first"
				     : NULL;
}

void refusal_describe(const command_t *command, err_t error, const manager_status_t *status,
		      const char *why, char *text, size_t size)
{
	size_t length = begin(command, text, size);
	bool unheld = command->verb == COMMAND_RELEASE && error == DRV_EBUSY &&
		      !(status && status->state == STATE_STOPPED);
	bool in_state = error == DRV_EBUSY || error == DRV_ENOENT ||
			(status && status->state == STATE_REJECTED);
	const char *stays = why_it_stays(command, error, status);
	text += length;
	size -= length;
	if (stays)
		format(text, size, "%s", stays);
	else if (refusal_is_none(command, error))
		format(text, size, "killed; init starts it again, the drivers go on");
	else if (error == DRV_ENOENT && !strcmp(command->name, MANAGER))
		format(text, size, "it is the manager and no driver; kill alone knows it");
	else if (*command->name && error == DRV_ENOENT && !status)
		format(text, size, "there is no driver of that name; %s%s%sps lists them",
		       *why ? "did you mean " : "", why, *why ? "? " : "");
	else if (unheld)
		format(text, size, "it is not held; ps says which are");
	else if (command->verb == COMMAND_HOLD && error == DRV_EEXIST)
		format(text, size, "it is held already; release %s lets go of it",
		       command->name);
	else if (status && in_state)
		describe_state(status, why, text, size);
	else
		format(text, size, "%s: %s: %s", error_name(error), error_text(error),
		       advice_on(command->verb, error));
}

static bool has_nobody(const manager_status_t *status)
{
	return status && !report_is_live(status->state);
}

void refusal_describe_silence(const command_t *command, err_t error,
			      const manager_status_t *status, uint32_t limit_ms, char *text,
			      size_t size)
{
	size_t length = begin(command, text, size);
	text += length;
	size -= length;
	if (has_nobody(status))
		describe_state(status, "", text, size);
	else if (error == DRV_ETIMEDOUT)
		format(text, size,
		       "it did not answer within %u ms; health %s says what the manager sees",
		       (unsigned)limit_ms, command->name);
	else if (error == DRV_EGONE)
		format(text, size, "it ended meanwhile; try again");
	else if (error == DRV_ENOTSUP)
		format(text, size, "it knows no such question: built before driver ABI 7?");
	else if (error == DRV_EIO)
		format(text, size, "what it answered makes no sense");
	else
		format(text, size, "it answered %s: %s", error_name(error), error_text(error));
}

void refusal_describe_path(const command_t *command, char *text, size_t size)
{
	size_t length = begin(command, text, size);
	format(text + length, size - length,
	       "this prompt runs through it; use kill %s to restart it", command->name);
}

void refusal_describe_later(const command_t *command, const manager_status_t *status,
			    char *text, size_t size)
{
	if (status->state != STATE_QUIESCING && status->state != STATE_STOPPING)
		return;
	size_t length = begin(command, text, size);
	format(text + length, size - length, "it starts when that is over");
}
