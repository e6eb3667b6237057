/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen of layout.h. */
#include "layout.h"

#include "cap/format.h"
#include "cap/string.h"
#include "cap/report.h"

#define TEXT_SIZE (SCREEN_COLUMNS + 1)
#define MARGIN	  1u
#define GAP	  12u /* equal cells that cost less than another request */

static void draw_row(uint16_t *cells, uint32_t row, const char *text, uint8_t attribute)
{
	uint16_t *cell = cells + row * SCREEN_COLUMNS, *end = cell + SCREEN_COLUMNS;
	for (uint32_t i = 0; i < MARGIN; i++)
		*cell++ = SCREEN_CELL(' ', attribute);
	for (; cell < end && *text; text++)
		*cell++ = SCREEN_CELL((uint8_t)*text, attribute);
	while (cell < end)
		*cell++ = SCREEN_CELL(' ', attribute);
}

static uint8_t attribute_of(uint32_t state)
{
	switch (state) {
	case STATE_RUNNING:
		return SCREEN_GOOD;
	case STATE_REJECTED:
	case STATE_RECOVERING:
	case STATE_BACKOFF:
	case STATE_QUARANTINED:
		return SCREEN_BAD;
	case STATE_STOPPED:
	case STATE_ABSENT:
	case STATE_QUIESCED:
		return SCREEN_PLAIN;
	default:
		return SCREEN_CHANGING;
	}
}

/* Draws the table and returns the row below it. */
static uint32_t draw_table(const manager_status_t *drivers, uint32_t count, uint16_t *cells)
{
	char text[TEXT_SIZE];
	uint32_t row = 0;
	uint32_t listed = count < LAYOUT_DRIVERS ? count : LAYOUT_DRIVERS;
	draw_row(cells, row++, "Castellan", SCREEN_HEADING);
	uint32_t width = report_width(drivers, listed, REPORT_WIDTH);
	report_header(width, text, sizeof(text));
	draw_row(cells, row++, text, SCREEN_BRIGHT);
	for (uint32_t i = 0; i < listed; i++) {
		report_row(&drivers[i], width, "", text, sizeof(text));
		draw_row(cells, row++, text, attribute_of(drivers[i].state));
	}
	if (count > listed) {
		format(text, sizeof(text), "and %u more", (unsigned)(count - listed));
		draw_row(cells, row++, text, SCREEN_PLAIN);
	}
	return row;
}

uint32_t layout_draw(const manager_status_t *drivers, uint32_t count, const desk_t *desk,
		     const char *history, uint16_t cells[SCREEN_CELLS], uint32_t *line)
{
	uint32_t row = draw_table(drivers, count, cells), cursor;
	draw_row(cells, row++, "", SCREEN_PLAIN);
	draw_row(cells, row++, "What is typed on the keyboard:", SCREEN_INVERTED);
	uint32_t first = row * SCREEN_COLUMNS;
	desk_draw(desk, history, cells + first, SCREEN_ROWS - row, line, &cursor);
	*line += *line == SCREEN_NO_CURSOR ? 0 : first;
	return cursor + (cursor == SCREEN_NO_CURSOR ? 0 : first);
}

void layout_draw_line(const desk_t *desk, uint32_t line, uint32_t from, uint32_t to,
		      uint16_t cells[SCREEN_CELLS])
{
	for (uint32_t i = from; i < to && line + i < SCREEN_CELLS; i++)
		cells[line + i] = i < desk->length ? SCREEN_CELL(desk->line[i], SCREEN_BRIGHT)
						   : SCREEN_CELL(' ', SCREEN_PLAIN);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t row_end(uint32_t cell)
{
	return cell - cell % SCREEN_COLUMNS + SCREEN_COLUMNS;
}

/* The first cell at or behind `from` that differs; `to`: there is none. Most rows of most
 * screens are as they were. */
static uint32_t find_change(const uint16_t *shown, const uint16_t *wanted, uint32_t from,
			    uint32_t to)
{
	while (from < to) {
		uint32_t end = least(row_end(from), to);
		size_t bytes = (end - from) * sizeof(*shown);
		if (memcmp(&shown[from], &wanted[from], bytes) != 0)
			break;
		from = end;
	}
	while (from < to && shown[from] == wanted[from])
		from++;
	return from;
}

/* The cell behind the last one that differs, before `end` and before a long run of equal ones.
 */
static uint32_t find_end(const uint16_t *shown, const uint16_t *wanted, uint32_t from,
			 uint32_t end)
{
	uint32_t behind = from;
	for (uint32_t i = from; i < end && i - behind < GAP; i++) {
		while (i < end && shown[i] != wanted[i])
			behind = ++i;
	}
	return behind;
}

bool layout_next_change(const uint16_t shown[SCREEN_CELLS], const uint16_t wanted[SCREEN_CELLS],
			uint32_t from, uint32_t to, uint32_t most, span_t *span)
{
	from = find_change(shown, wanted, from, to);
	if (from >= to)
		return false;
	uint32_t end = least(from + most, to);
	*span = (span_t){from, find_end(shown, wanted, from, end) - from};
	return true;
}
