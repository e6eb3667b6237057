/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole screen as an array of cells, and which of them differ from what is shown. Pure. */
#ifndef CONSOLE_LAYOUT_H
#define CONSOLE_LAYOUT_H

#include <stdbool.h>

#include "desk.h"
#include "view.h"

#define LAYOUT_UNKNOWN 0u /* a cell that no layout has: for a screen with unknown content */
#define LAYOUT_HELP                                                                            \
	"Type a command: help lists them. Tab completes, Up recalls, Shift+PgUp scrolls"

/* Draws all SCREEN_CELLS: the table of drivers, the last death, the log, a row that says how to
 * get at commands, or what Tab has to offer, and the prompt with what was answered. Returns the
 * cell for the cursor, and in *line is the one where the line begins that is being typed:
 * SCREEN_NO_CURSOR where those are not shown. */
uint32_t layout_draw(const view_t *view, const desk_t *desk, const desk_around_t *around,
		     uint16_t cells[SCREEN_CELLS], uint32_t *line);

/* Draws the characters from .. to - 1 of the line that begins at cell `line`, with a blank for
 * one behind its end. */
void layout_draw_line(const desk_t *desk, uint32_t line, uint32_t from, uint32_t to,
		      uint16_t cells[SCREEN_CELLS]);

/* Exchanges the colours of a cell, as the pointer does; twice is as before. */
static inline uint16_t layout_invert(uint16_t cell)
{
	return (uint16_t)((cell & 0x88ffu) | (cell & 0x0700u) << 4 | (cell & 0x7000u) >> 4);
}

/* Cells to be written together. */
typedef struct span {
	uint32_t first, count;
} span_t;

/* The next span at or behind cell `from`, and before `to`, in which `wanted` differs from
 * `shown`; at most `most` cells. Equal cells between two that differ are taken along where
 * that is cheaper than another span. False: there is none. */
bool layout_next_change(const uint16_t shown[SCREEN_CELLS], const uint16_t wanted[SCREEN_CELLS],
			uint32_t from, uint32_t to, uint32_t most, span_t *span);

#endif
