/* SPDX-License-Identifier: BSD-2-Clause */
/* What sits before the screen, as the console knows it: the line that is being typed, the lines
 * before it, the mouse's pointer, and what is held. It lies in the page that outlives the
 * console, so that a new instance goes on where the last one was: desk_t is what is kept of it
 * in one step, and the lines lie beside it. Pure. */
#ifndef CONSOLE_DESK_H
#define CONSOLE_DESK_H

#include <stdbool.h>

#include "abi/protocol/input.h"
#include "abi/protocol/screen.h"

#define DESK_LINE    (2 * SCREEN_COLUMNS) /* characters of a line; a longer one goes on below */
#define DESK_HISTORY 2048u		  /* bytes of the lines before, a power of two */
#define DESK_KEPT    1664u		  /* of these the newest can be seen */
#define DESK_BATCH   32u		  /* events between two states that are kept, at most */
#define DESK_WRAP    '\r' /* in the lines before: one was too long, and goes on behind it */

/* The pointer moves over so many steps of the mouse in a cell. */
#define DESK_STEPS_X 8
#define DESK_STEPS_Y 16

/* Invariants:
 *   DK1  at <= length <= DESK_LINE.
 *   DK2  x < SCREEN_COLUMNS * DESK_STEPS_X, y < SCREEN_ROWS * DESK_STEPS_Y.
 *   DK3  What DESK_BATCH events put behind `history` reaches none of the newest DESK_KEPT bytes
 *       before it: a state that was not kept has damaged nothing of the one that was. */
typedef struct desk {
	uint32_t position; /* of the next event, if `known` */
	uint32_t history;  /* bytes that ever were put there */
	uint16_t length, at;
	uint16_t scrolled; /* rows between the end of the text and the end of the screen */
	uint16_t x, y;	   /* of the pointer, in steps */
	uint8_t known;	/* 0: no place is; else which one of those that were found, in turn */
	uint8_t points; /* the mouse has moved: the pointer is shown */
	input_state_t held;
	char line[DESK_LINE];
} desk_t;
ABI_ASSERT(DESK_HISTORY - DESK_KEPT >= DESK_LINE + 2 * DESK_BATCH, "invariant DK3");
ABI_ASSERT(sizeof(desk_t) % 4 == 0, "whole words are kept");
ABI_ASSERT(DESK_LINE % SCREEN_COLUMNS == 0, "behind DESK_WRAP a row begins");

/* What is to be drawn anew. All zeros: nothing. */
typedef struct desk_change {
	bool any;	   /* something of the following, or the cursor alone */
	bool all;	   /* the text as a whole */
	bool pointer;	   /* where it was and where it is */
	uint16_t from, to; /* the characters from .. to - 1 of the line */
} desk_change_t;

/* Takes one event: `desk` is the next state, `history` has DESK_HISTORY bytes, of which it
 * writes those behind the kept ones alone. Adds to *change. Events of types and codes that it
 * does not know change nothing. */
void desk_take(desk_t *desk, char *history, const input_event_t *event, desk_change_t *change);

/* Calls back for each key and button that is held here and not in `state`: it is up. */
void desk_release(desk_t *desk, const input_state_t *state,
		  void (*released)(const input_event_t *event));

/* The bytes of the text, from desk_first(), where a row begins, to history + length - 1;
 * desk_byte() is one. */
uint32_t desk_first(const desk_t *desk, const char *history);
char desk_byte(const desk_t *desk, const char *history, uint32_t index);

/* The cell of an endless page behind a character that stands at `cell`. */
static inline uint32_t desk_behind(uint32_t cell, char character)
{
	if (character == '\n')
		return (cell / SCREEN_COLUMNS + 1) * SCREEN_COLUMNS;
	return character == DESK_WRAP ? cell : cell + 1;
}

/* Draws the text into `rows` (>= 1) rows of cells, all of which it sets. `line` and `cursor`
 * become the cells of the line's first character and of the insertion point, or
 * SCREEN_NO_CURSOR if that row is not shown. */
void desk_draw(const desk_t *desk, const char *history, uint16_t *cells, uint32_t rows,
	       uint32_t *line, uint32_t *cursor);

/* The cell under the pointer, SCREEN_NO_CURSOR without one. */
uint32_t desk_pointer(const desk_t *desk);

#endif
