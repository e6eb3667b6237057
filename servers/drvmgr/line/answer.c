/* SPDX-License-Identifier: BSD-2-Clause */
/* The answers of answer.h. */
#include "answer.h"

#include "cap/format.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define JSON " --json"
#define ROOM (JOB_LINE + 2) /* of a piece, for a line and its end */

/* ---- what is kept ---- */

static uint32_t check_of(const answer_kept_t *kept)
{
	return ~(kept->session * 31 ^ kept->number * 7);
}

static void store(uint32_t *to, uint32_t value)
{
	__atomic_store_n(to, value, __ATOMIC_SEQ_CST);
}

/* Whose state it is is there before the state, and it has none meanwhile. */
static void note(answer_t *answer, enum answer_state state, uint32_t code)
{
	answer_kept_t *kept = answer->kept;
	const answer_kept_t next = {.session = answer->frame.session,
				    .number = answer->frame.number};
	if (kept->session != next.session || kept->number != next.number ||
	    kept->check != check_of(&next)) {
		store(&kept->state, ANSWER_NONE);
		store(&kept->session, next.session);
		store(&kept->number, next.number);
		store(&kept->check, check_of(&next));
	}
	store(&kept->state, (uint32_t)state | code << 8);
}

static enum answer_state noted(const answer_t *answer, uint32_t session, uint32_t number)
{
	const answer_kept_t *kept = answer->kept;
	if (kept->check != check_of(kept) || kept->session != session || kept->number != number)
		return ANSWER_NONE;
	return (enum answer_state)(kept->state & 0xffu);
}

/* ---- pieces ---- */

/* As much of it as there is room for. */
static void put_text(frame_t *frame, const char *text)
{
	size_t length = strlen(text), room = LINE_DATA_MAX - frame->length;
	if (length > room)
		length = room;
	memcpy(frame->data + frame->length, text, length);
	frame->length = (uint16_t)(frame->length + length);
}

static bool changes(const answer_t *answer)
{
	return answer->job.command.verb < COMMAND_COUNT &&
	       command_rows[answer->job.command.verb].effect == OPERATOR_CHANGES;
}

static void end(answer_t *answer, uint32_t code)
{
	answer->frame.flags |= LINE_END;
	answer->frame.code = (uint8_t)code;
}

/* One that is refused because the line comes through whom it names has a name. */
static uint32_t code_of(const job_t *job)
{
	bool is_wrong = job->command.verb == COMMAND_WRONG && !*job->command.name;
	if (job->failed == DRV_OK)
		return LINE_EXIT_DONE;
	return is_wrong ? LINE_EXIT_WRONG : LINE_EXIT_REFUSED;
}

/* The next piece: as many lines as it has room for; none while the command waits. */
static void fill(answer_t *answer)
{
	char text[ROOM];
	bool ends = true;
	job_t *job = &answer->job;
	frame_t *frame = &answer->frame;
	frame->type = LINE_PIECE;
	frame->length = 0;
	frame->flags = changes(answer) ? LINE_CHANGES : 0;
	while (job->active && LINE_DATA_MAX - frame->length >= ROOM &&
	       !job_waits(job, clock_ms())) {
		ends = job_step(job, text, JOB_LINE + 1);
		put_text(frame, text);
		if (ends && *text)
			put_text(frame, "\n");
	}
	if (!job->active)
		end(answer, code_of(job));
}

static void begin(answer_t *answer, const frame_t *asked)
{
	char line[LINE_VERB_MAX + sizeof(JSON)];
	frame_t *frame = &answer->frame;
	*frame = (frame_t){.session = asked->session, .number = asked->number};
	answer->open = true;
	memcpy(line, asked->data, asked->length);
	line[asked->length] = '\0';
	if (asked->flags & LINE_JSON)
		memcpy(line + asked->length, JSON, sizeof(JSON));
	job_begin(&answer->job, line, answer->path);
	if (changes(answer))
		note(answer, ANSWER_BEGUN, 0);
	fill(answer);
	if (changes(answer))
		note(answer, ANSWER_DONE, frame->code);
}

/* Of one that an instance before this one did, or was about to. */
static void tell_kept(answer_t *answer, const frame_t *asked, enum answer_state state)
{
	frame_t *frame = &answer->frame;
	*frame = (frame_t){.type = LINE_PIECE,
			   .flags = LINE_CHANGES,
			   .session = asked->session,
			   .number = asked->number};
	answer->open = true;
	job_end(&answer->job);
	if (state == ANSWER_BEGUN)
		put_text(frame, "the line's server died meanwhile, and it may have been done: "
				"look with ps\n");
	end(answer,
	    state == ANSWER_DONE ? answer->kept->state >> 8 : (uint32_t)LINE_EXIT_REFUSED);
}

static bool is_printable(const frame_t *asked)
{
	for (uint32_t i = 0; i < asked->length; i++)
		if (asked->data[i] < ' ' || asked->data[i] > '~')
			return false;
	return asked->length <= LINE_VERB_MAX;
}

static bool take_ask(answer_t *answer, const frame_t *asked, bool same)
{
	if (same)
		return answer->frame.piece == 0; /* a late one, of which more was given */
	if (!is_printable(asked))
		return false;
	enum answer_state state = noted(answer, asked->session, asked->number);
	if (state == ANSWER_NONE)
		begin(answer, asked);
	else
		tell_kept(answer, asked, state);
	return true;
}

static bool take_next(answer_t *answer, const frame_t *asked, bool same)
{
	frame_t *frame = &answer->frame;
	if (same && asked->piece == frame->piece)
		return true;
	if (same && asked->piece == frame->piece + 1u && !(frame->flags & LINE_END)) {
		frame->piece++;
		fill(answer);
		return true;
	}
	if (same && asked->piece < frame->piece)
		return false; /* a late one */
	*frame = (frame_t){.type = LINE_GONE,
			   .session = asked->session,
			   .number = asked->number,
			   .piece = asked->piece};
	answer->open = false;
	return true;
}

/* ---- files ---- */

static void tell_error(frame_t *frame, err_t error, const char *text)
{
	put_text(frame, error_name(error));
	put_text(frame, "\n");
	put_text(frame, text);
	frame->flags |= LINE_END;
	frame->code = error ? LINE_EXIT_REFUSED : LINE_EXIT_DONE;
}

static err_t load(const frame_t *asked)
{
	manager_load_t what;
	if (asked->length != sizeof(what))
		return DRV_EMSGSIZE;
	memcpy(&what, asked->data, sizeof(what));
	return asked->type == LINE_LOAD ? manager_load_begin(&what)
					: manager_replace_begin(&what);
}

static bool begins(const frame_t *asked)
{
	return asked->type == LINE_LOAD || asked->type == LINE_REPLACE;
}

static err_t put(const frame_t *asked)
{
	return manager_load_put(asked->piece * LINE_PUT_BYTES, asked->data, asked->length);
}

/* False: it is asked for again in a while. An upload is this instance's, and ends with it: so
 * nothing is committed twice. */
static bool take_files(answer_t *answer, const frame_t *asked, bool same)
{
	char text[MANAGER_TEXT_MAX + 1] = "";
	frame_t *frame = &answer->frame;
	if (same)
		return true;
	*frame = (frame_t){.type = LINE_PIECE,
			   .session = asked->session,
			   .number = asked->number,
			   .piece = asked->piece};
	answer->open = false;
	job_end(&answer->job);
	err_t error = begins(asked)		? load(asked)
		      : asked->type == LINE_PUT ? put(asked)
						: manager_load_commit(text, sizeof(text));
	if (error == DRV_EAGAIN)
		return false;
	answer->open = true;
	if (error == DRV_EGONE || (error == DRV_ENOENT && !begins(asked)))
		frame->type = LINE_GONE;
	else
		tell_error(frame, error, text);
	return true;
}

/* Of a session whose later commands are known: nobody waits for it any more. A line that
 * repeats bytes may bring it again, and what it changes was done. */
static bool is_late(const answer_t *answer, const frame_t *asked)
{
	const answer_kept_t *kept = answer->kept;
	bool is_kept = kept->check == check_of(kept) && kept->session == asked->session;
	return (is_kept && asked->number < kept->number) ||
	       (answer->frame.session == asked->session &&
		asked->number < answer->frame.number);
}

bool answer_take(answer_t *answer, const frame_t *frame)
{
	if (is_late(answer, frame))
		return false;
	bool same = answer->open && answer->frame.session == frame->session &&
		    answer->frame.number == frame->number;
	if (frame->type == LINE_ASK)
		return take_ask(answer, frame, same);
	if (frame->type == LINE_NEXT)
		return take_next(answer, frame, same);
	return frame->type >= LINE_LOAD && frame->type <= LINE_REPLACE &&
	       take_files(answer, frame, same);
}
