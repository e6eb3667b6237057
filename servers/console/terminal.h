/* SPDX-License-Identifier: BSD-2-Clause */
/* The terminal on the serial line: a prompt that gives way to lines of text and comes back
 * with what was typed so far. Pure: what is to be sent waits in a ring until the owner has
 * sent it.
 *
 * The line is changed on the terminal by what any has: characters, BS and CR. Only where the
 * owner says that it has colours, and to clear the screen when that is asked for (Ctrl-L), are
 * there sequences of ECMA-48. */
#ifndef CONSOLE_TERMINAL_H
#define CONSOLE_TERMINAL_H

#include "cap/ring.h"
#include "edit.h"
#include "keys.h"
#include "pump.h"

#define TERMINAL_PROMPT "castellan> "
#define TERMINAL_BYTES	4096u
#define TERMINAL_LINE	200u /* characters of a line of text; what is longer is cut */
#define TERMINAL_LEAST	24u  /* fewer columns are taken for no number */

/* Any one of the functions below puts at most so much: the prompt and what was typed erased
 * (blanks, twice CR) and printed again, and a line or a change. */
#define TERMINAL_ROOM 1280u

/* Invariants:
 *   TE1  if `prompt`, the last line of the terminal is the prompt and `shown`, of which the
 *	  cursor is at `shown_at`.
 *   TE2  with `columns`, prompt and `shown` are shorter than that. */
typedef struct terminal {
	bool prompt;
	bool colours;
	uint32_t columns; /* 0: a line of any length; else a longer one is shown in part */
	uint32_t from;	  /* the first character of the line that is shown */
	uint32_t shown_length, shown_at;
	char shown[LINE_MOST];
	keys_t keys;
	edit_t line;
	ring_t out;
	char data[TERMINAL_BYTES];
} terminal_t;

/* Must not be moved afterwards: the ring points into it. */
void terminal_init(terminal_t *terminal);

/* What the terminal is like: fewer than TERMINAL_LEAST columns are taken for any number. */
void terminal_set(terminal_t *terminal, bool colours, uint32_t columns);

/* Whether there is room for a call of any of the next six. Without, they must not be
 * called. */
bool terminal_has_room(const terminal_t *terminal);

/* Prints the prompt, unless it stands. */
void terminal_prompt(terminal_t *terminal);

/* Prints a line of text in place of the prompt; what is not printable ASCII becomes '?'. */
void terminal_print(terminal_t *terminal, const char *text);

/* The same in the colour of what it tells, if there are colours. */
void terminal_tell(terminal_t *terminal, const char *text);

/* Prints a piece of a line, whose rest comes in further ones, the last of which is printed as a
 * line. Nothing else is to be printed before that. */
void terminal_print_piece(terminal_t *terminal, const char *text);

/* Prints log text that the pump holds, in place of the prompt, up to the end of a line: what is
 * typed and answered meanwhile does not stand behind more. */
void terminal_log(terminal_t *terminal, pump_t *pump);

/* Takes one typed byte. True: a line is complete and stands printed; `text` has it, and it is
 * in side->recall. */
bool terminal_feed(terminal_t *terminal, const edit_side_t *side, char byte,
		   char text[LINE_MOST + 1]);

/* What is to be sent next: copies at most `most` bytes and returns the count. They stay
 * until terminal_sent() says how many of them were taken. */
uint32_t terminal_peek(const terminal_t *terminal, char *to, uint32_t most);
void terminal_sent(terminal_t *terminal, uint32_t bytes);

/* Forgets what is to be sent. What is typed stays, and the prompt comes again. */
void terminal_forget(terminal_t *terminal);

#endif
