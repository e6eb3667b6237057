/* SPDX-License-Identifier: BSD-2-Clause */
/* What sits before the screen, as the console knows it: the prompt with the line that is being
 * typed, the commands that wait, the text before, the mouse's pointer, and what is held. It
 * lies in the page that outlives the console, so that a new instance goes on where the last one
 * was: desk_t is what is kept of it in one step, and text and commands lie beside it. Pure. */
#ifndef CONSOLE_DESK_H
#define CONSOLE_DESK_H

#include <stdbool.h>

#include "abi/protocol/input.h"
#include "abi/protocol/screen.h"
#include "edit.h"

#define DESK_PROMPT  "castellan> "
#define DESK_HISTORY 2048u /* bytes of the text before, a power of two */
#define DESK_KEPT    1408u /* of these the newest can be seen */
#define DESK_BATCH   32u   /* events between two states that are kept, at most */
#define DESK_QUEUE   256u  /* bytes of the commands that wait, a power of two */
#define DESK_PRINTED 256u  /* bytes that are printed between two states, at most */

/* The pointer moves over so many steps of the mouse in a cell. */
#define DESK_STEPS_X 8
#define DESK_STEPS_Y 16

/* Invariants:
 *   DK1  of the line: ED1 to ED3.
 *   DK2  x < SCREEN_COLUMNS * DESK_STEPS_X, y < SCREEN_ROWS * DESK_STEPS_Y.
 *   DK3  What DESK_BATCH events put behind `history`, or what is printed in one step, reaches
 *        none of the newest DESK_KEPT bytes before it: a state that was not kept has damaged
 *        nothing of the one that was. The same holds of the commands that wait, since one that
 *        does not fit is not taken. */
typedef struct desk {
	uint32_t position; /* of the next event, if `known` */
	uint32_t history;  /* bytes of text that ever were put there */
	uint32_t begins;   /* before this one nothing is shown */
	uint32_t queued;   /* bytes of commands that ever were entered */
	uint16_t scrolled; /* rows between the end of the text and the end of the screen */
	uint16_t x, y;	   /* of the pointer, in steps */
	uint8_t known;	/* 0: no place is; else which one of those that were found, in turn */
	uint8_t points; /* the mouse has moved: the pointer is shown */
	input_state_t held;
	edit_t line;
} desk_t;
ABI_ASSERT(sizeof(desk_t) % 4 == 0, "whole words are kept");

/* What lies beside it. A command that waits ends with a line feed. */
typedef struct desk_side {
	uint32_t done;	    /* bytes of commands that were begun */
	uint32_t under_way; /* 1: the last one of these has not ended */
	draft_t drafts[2];
	char queue[DESK_QUEUE];
	char text[DESK_HISTORY];
} desk_side_t;
ABI_ASSERT(DESK_HISTORY - DESK_KEPT >= DESK_QUEUE + DESK_BATCH * sizeof(DESK_PROMPT),
	   "invariant DK3");
ABI_ASSERT(DESK_HISTORY - DESK_KEPT >= DESK_PRINTED, "invariant DK3");

/* Where all of that is, and what Tab knows. */
typedef struct desk_around {
	desk_side_t *side;
	edit_side_t edit;
} desk_around_t;

/* What is to be drawn anew. All zeros: nothing. */
typedef struct desk_change {
	bool any;	   /* something of the following, or the cursor alone */
	bool all;	   /* the text as a whole */
	bool pointer;	   /* where it was and where it is */
	uint16_t from, to; /* the characters from .. to - 1 of the line */
} desk_change_t;

/* Takes one event: `desk` is the next state, and beside it that is written alone which the one
 * before does not see. Adds to *change. Events of types and codes that it does not know change
 * nothing. */
void desk_take(desk_t *desk, const desk_around_t *around, const input_event_t *event,
	       desk_change_t *change);

/* Calls back for each key and button that is held here and not in `state`: it is up. */
void desk_release(desk_t *desk, const input_state_t *state,
		  void (*released)(const input_event_t *event));

/* Prints text of at most DESK_PRINTED - 1 bytes, with the end of a line if it `ends`. */
void desk_print(desk_t *desk, desk_side_t *side, const char *text, bool ends);

/* ---- commands ---- */

/* Does one wait, or go on? Then there is no prompt. */
bool desk_is_busy(const desk_t *desk, const desk_side_t *side);

/* Do so many wait that no more events are to be taken? */
bool desk_is_full(const desk_t *desk, const desk_side_t *side);

/* Takes the next one, once: whoever asks again gets the next. It is under way until
 * side->under_way is set to 0. False: none waits. */
bool desk_next_command(const desk_t *desk, desk_side_t *side, char text[LINE_MOST + 1]);

/* ---- drawing ---- */

/* The bytes of all that is shown, from desk_first(), where a row begins, to desk_end() - 1:
 * text, prompt and line; desk_byte() is one. */
uint32_t desk_first(const desk_t *desk, const desk_side_t *side);
uint32_t desk_end(const desk_t *desk, const desk_side_t *side);
char desk_byte(const desk_t *desk, const desk_side_t *side, uint32_t index);

/* The cell of an endless page behind a character that stands at `cell`. */
static inline uint32_t desk_behind(uint32_t cell, char character)
{
	return character == '\n' ? (cell / SCREEN_COLUMNS + 1) * SCREEN_COLUMNS : cell + 1;
}

/* Draws it into `rows` (>= 1) rows of cells, all of which it sets. `line` and `cursor`
 * become the cells of the line's first character and of the insertion point, or
 * SCREEN_NO_CURSOR if that row is not shown. */
void desk_draw(const desk_t *desk, const desk_side_t *side, uint16_t *cells, uint32_t rows,
	       uint32_t *line, uint32_t *cursor);

/* The cell under the pointer, SCREEN_NO_CURSOR without one. */
uint32_t desk_pointer(const desk_t *desk);

#endif
