/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole screen as an array of cells, and which of them differ from what is shown. Pure. */
#ifndef CONSOLE_LAYOUT_H
#define CONSOLE_LAYOUT_H

#include <stdbool.h>

#include "abi/protocol/manager.h"
#include "desk.h"

#define LAYOUT_DRIVERS 14u /* rows of the table; what is beyond is counted in one more */
#define LAYOUT_UNKNOWN 0u  /* a cell that no layout has: for a screen with unknown content */

/* Draws the table of `count` drivers, and below it what was typed, into all SCREEN_CELLS.
 * Returns the cell for the cursor, and in *line is the one where the line begins that is being
 * typed: SCREEN_NO_CURSOR where those are not shown. Only the first LAYOUT_DRIVERS of `drivers`
 * are read. */
uint32_t layout_draw(const manager_status_t *drivers, uint32_t count, const desk_t *desk,
		     const char *history, uint16_t cells[SCREEN_CELLS], uint32_t *line);

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
