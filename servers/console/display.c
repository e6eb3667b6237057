/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen of display.h. */
#include "display.h"

#include "cap/string.h"

static uint16_t shown[SCREEN_CELLS], wanted[SCREEN_CELLS];
static uint32_t shown_cursor;
static bool drawn;	       /* the view is shown, … */
static uint32_t drawn_changes; /* … as it was after so many changes */
static uint32_t line = SCREEN_NO_CURSOR, pointer = SCREEN_NO_CURSOR; /* cells in `wanted` */
static uint32_t next_cell, next_session; /* behind the last write, and in which session */

void display_forget(void)
{
	memset(shown, LAYOUT_UNKNOWN, sizeof(shown));
	shown_cursor = SCREEN_NO_CURSOR;
	next_cell = SCREEN_CELLS;
	drawn = false;
}

bool display_has(const view_t *view)
{
	return drawn && drawn_changes == view->changes;
}

static err_t go_to(link_t *screen, uint32_t cell)
{
	bool is_there = screen->opened == next_session && cell == next_cell;
	next_cell = SCREEN_CELLS; /* nothing begins there: for now it is not known */
	return is_there ? DRV_OK : link_seek(screen, cell * SCREEN_CELL_BYTES);
}

/* Writes one span of cells. */
static err_t write_span(link_t *screen, span_t span)
{
	uint32_t bytes = span.count * SCREEN_CELL_BYTES;
	err_t error = go_to(screen, span.first);
	if (error != DRV_OK)
		return error;
	uint32_t session = screen->opened;
	int32_t count = link_write(screen, &wanted[span.first], bytes);
	if (count < 0)
		return count;
	if ((uint32_t)count != bytes)
		return DRV_EIO;
	memcpy(&shown[span.first], &wanted[span.first], bytes);
	next_cell = span.first + span.count;
	next_session = session;
	return DRV_OK;
}

/* Writes what differs from cell `from` on, before `to`. */
static err_t write_changes(link_t *screen, uint32_t from, uint32_t to)
{
	span_t span = {.first = from};
	err_t error = DRV_OK;
	while (error == DRV_OK &&
	       layout_next_change(shown, wanted, span.first + span.count, to,
				  DRIVER_DATA_MAX / SCREEN_CELL_BYTES, &span))
		error = write_span(screen, span);
	return error;
}

static void invert(uint32_t cell)
{
	if (cell < SCREEN_CELLS)
		wanted[cell] = layout_invert(wanted[cell]);
}

/* Does the change concern some cells alone, and do they stand where they stood? */
static bool is_small(const desk_t *desk, const desk_change_t *change)
{
	return drawn && !change->all && line != SCREEN_NO_CURSOR &&
	       line + desk->line.length < SCREEN_CELLS;
}

static err_t draw_change(link_t *screen, const desk_t *desk, const desk_change_t *change,
			 uint32_t *cursor)
{
	uint32_t old = pointer;
	invert(pointer);
	layout_draw_line(desk, line, change->from, change->to, wanted);
	pointer = desk_pointer(desk);
	invert(pointer);
	*cursor = line + desk->line.at;
	err_t error = write_changes(screen, line + change->from, line + change->to);
	if (error == DRV_OK && change->pointer && old < SCREEN_CELLS)
		error = write_changes(screen, old, old + 1);
	if (error == DRV_OK && change->pointer)
		error = write_changes(screen, pointer, pointer + 1);
	return error;
}

err_t display_draw(link_t *screen, const view_t *view, const desk_t *desk,
		   const desk_around_t *around, const desk_change_t *change)
{
	uint32_t cursor;
	err_t error;
	bool whole = !is_small(desk, change);
	if (!whole) {
		error = draw_change(screen, desk, change, &cursor);
	} else {
		drawn = false;
		cursor = layout_draw(view, desk, around, wanted, &line);
		pointer = desk_pointer(desk);
		invert(pointer);
		error = write_changes(screen, 0, SCREEN_CELLS);
	}
	if (error == DRV_OK && cursor != shown_cursor)
		error =
		    link_ioctl(screen, SCREEN_IOCTL_SET_CURSOR, cursor, NULL, NULL, NULL, 0);
	if (error != DRV_OK) {
		drawn = false;
		return error;
	}
	shown_cursor = cursor;
	if (whole)
		drawn_changes = view->changes;
	drawn = true;
	return DRV_OK;
}
