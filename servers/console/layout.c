/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen of layout.h. */
#include "layout.h"

#include "cap/format.h"
#include "cap/string.h"

#define TEXT_SIZE (SCREEN_COLUMNS + 1)
#define MARGIN	  1u
#define LOG_SHARE 2u  /* of the rows that are left the log has so many … */
#define LOG_OF	  5u  /* … of so many */
#define LOG_FIRST 4u  /* its first row if there is no driver */
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

/* ---- above the prompt ---- */

/* Draws the table and returns the row below it. */
static uint32_t draw_table(const view_t *view, uint16_t *cells)
{
	char text[TEXT_SIZE];
	uint32_t row = 0, listed = view->count < VIEW_DRIVERS ? view->count : VIEW_DRIVERS;
	view_heading(view, text, sizeof(text));
	draw_row(cells, row++, text, SCREEN_HEADING);
	view_columns(view, text, sizeof(text));
	draw_row(cells, row++, text, SCREEN_BRIGHT);
	for (uint32_t i = 0; i < listed; i++) {
		view_row(view, i, text, sizeof(text));
		draw_row(cells, row++, text,
			 paint_attribute(paint_of_state(view->rows[i].status.state)));
	}
	if (view->count > listed) {
		format(text, sizeof(text), "and %u more: ps lists them",
		       (unsigned)(view->count - listed));
		draw_row(cells, row++, text, SCREEN_PLAIN);
	}
	draw_row(cells, row++, view->death ? view->last : "No driver has died.",
		 view->death ? SCREEN_BAD : SCREEN_PLAIN);
	return row;
}

_Static_assert((SCREEN_ROWS - 1 - LOG_FIRST) * LOG_SHARE / LOG_OF <= VIEW_LINES,
	       "there is never more room for the log than lines are held");

/* Draws the newest lines of the log into rows from .. to - 1, the last one at the bottom. A
 * line that there never was is empty. */
static void draw_log(const view_t *view, uint16_t *cells, uint32_t from, uint32_t to)
{
	for (uint32_t row = from; row < to; row++) {
		const view_line_t *line = &view->log[(view->lines - (to - row)) % VIEW_LINES];
		draw_row(cells, row, line->text, paint_attribute(line->paint));
	}
}

/* What Tab has to offer, as far as a row goes. */
static void list_offer(const desk_t *desk, const edit_side_t *side, char *text, size_t size)
{
	complete_t offer = edit_offer(&desk->line, side);
	const char *word;
	size_t used = 0;
	for (uint32_t i = 0; used < size - 1 && (word = complete_match(&offer, i)); i++)
		used += format(text + used, size - used, i ? "  %s" : "%s", word);
}

/* ---- all ---- */

uint32_t layout_draw(const view_t *view, const desk_t *desk, const desk_around_t *around,
		     uint16_t cells[SCREEN_CELLS], uint32_t *line)
{
	char text[TEXT_SIZE] = LAYOUT_HELP;
	uint32_t row = draw_table(view, cells), cursor;
	draw_row(cells, row++, "Log", SCREEN_INVERTED);
	uint32_t log = (SCREEN_ROWS - 1 - row) * LOG_SHARE / LOG_OF;
	draw_log(view, cells, row, row + log);
	row += log;
	if (desk->line.tabbed)
		list_offer(desk, &around->edit, text, sizeof(text));
	draw_row(cells, row++, text, SCREEN_INVERTED);
	uint32_t first = row * SCREEN_COLUMNS;
	desk_draw(desk, around->side, cells + first, SCREEN_ROWS - row, line, &cursor);
	*line += *line == SCREEN_NO_CURSOR ? 0 : first;
	return cursor + (cursor == SCREEN_NO_CURSOR ? 0 : first);
}

void layout_draw_line(const desk_t *desk, uint32_t line, uint32_t from, uint32_t to,
		      uint16_t cells[SCREEN_CELLS])
{
	for (uint32_t i = from; i < to && line + i < SCREEN_CELLS; i++)
		cells[line + i] = i < desk->line.length
				      ? SCREEN_CELL(desk->line.text[i], SCREEN_BRIGHT)
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
