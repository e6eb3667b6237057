/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen of display.h. */
#include "display.h"

#include "cap/string.h"
#include "report.h"

#define DRAWN_UNKNOWN UINT32_MAX

static uint16_t shown[SCREEN_CELLS], wanted[SCREEN_CELLS];
static uint32_t shown_cursor;
static manager_status_t drawn[LAYOUT_DRIVERS]; /* the rows that are shown whole, … */
static uint32_t drawn_count = DRAWN_UNKNOWN;   /* … of so many drivers */
static uint32_t next_cell, next_session;       /* behind the last write, and in which session */

void display_forget(void)
{
	memset(shown, LAYOUT_UNKNOWN, sizeof(shown));
	shown_cursor = SCREEN_NO_CURSOR;
	next_cell = SCREEN_CELLS;
	drawn_count = DRAWN_UNKNOWN;
}

static uint32_t listed(uint32_t count)
{
	return count < LAYOUT_DRIVERS ? count : LAYOUT_DRIVERS;
}

bool display_has(const manager_status_t *drivers, uint32_t count)
{
	if (count != drawn_count)
		return false;
	for (uint32_t i = 0; i < listed(count); i++)
		if (!report_is_same(&drivers[i], &drawn[i]))
			return false;
	return true;
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

err_t display_draw(link_t *screen, const manager_status_t *drivers, uint32_t count,
		   const typed_t *typed)
{
	span_t span = {0};
	err_t error = DRV_OK;
	drawn_count = DRAWN_UNKNOWN;
	uint32_t cursor = layout_draw(drivers, count, typed, wanted);
	while (error == DRV_OK &&
	       layout_next_change(shown, wanted, span.first + span.count,
				  DRIVER_DATA_MAX / SCREEN_CELL_BYTES, &span))
		error = write_span(screen, span);
	if (error == DRV_OK && cursor != shown_cursor)
		error =
		    link_ioctl(screen, SCREEN_IOCTL_SET_CURSOR, cursor, NULL, NULL, NULL, 0);
	if (error != DRV_OK)
		return error;
	shown_cursor = cursor;
	memcpy(drawn, drivers, listed(count) * sizeof(drawn[0]));
	drawn_count = count;
	return DRV_OK;
}
