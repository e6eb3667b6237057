/* SPDX-License-Identifier: BSD-2-Clause */
/* The text screen's glue: maps the cells and sets the cursor's registers. What may be
 * moved where is decided in text.c. */
#include "cap/driver.h"
#include "crtc.h"
#include "stats.h"
#include "text.h"

#define PIO_CRTC   0u /* positions in the manifest's caps.pio and caps.mmio */
#define MMIO_CELLS 0u

#define PROBE_VALUE 0x5au /* a cursor location that no driver leaves there by chance */

static volatile uint16_t *cells; /* null until mapped */
static uint32_t cursor = SCREEN_NO_CURSOR;
static screen_stats_t counts;

static err_t write_crtc(crtc_write_t write)
{
	err_t error = driver_out8(PIO_CRTC, CRTC_INDEX, write.index);
	if (error != DRV_OK)
		return error;
	return driver_out8(PIO_CRTC, CRTC_DATA, write.value);
}

static err_t read_crtc(uint8_t index, uint8_t *value)
{
	err_t error = driver_out8(PIO_CRTC, CRTC_INDEX, index);
	if (error != DRV_OK)
		return error;
	return driver_in8(PIO_CRTC, CRTC_DATA, value);
}

static err_t write_all(const crtc_write_t *writes, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		err_t error = write_crtc(writes[i]);
		if (error != DRV_OK)
			return error;
	}
	return DRV_OK;
}

static err_t place_cursor(uint32_t cell)
{
	crtc_write_t writes[TEXT_CURSOR_WRITES];
	err_t error = text_cursor(cell, writes);
	if (error == DRV_OK)
		error = write_all(writes, TEXT_CURSOR_WRITES);
	if (error == DRV_OK)
		cursor = cell;
	return error;
}

static err_t screen_probe(void)
{
	uint8_t value = 0;
	err_t error = write_crtc((crtc_write_t){CRTC_LOCATION_LOW, PROBE_VALUE});
	if (error == DRV_OK)
		error = read_crtc(CRTC_LOCATION_LOW, &value);
	if (error != DRV_OK)
		return error;
	return value == PROBE_VALUE ? DRV_OK : DRV_ENODEV;
}

/* In a reset, cells and cursor stay: clients go on in the sessions in which they wrote them. */
static err_t screen_init(void)
{
	if (!cells) {
		volatile void *address;
		err_t error = driver_map(MMIO_CELLS, &address);
		if (error != DRV_OK)
			return error;
		cells = address;
		text_blank(cells);
	}
	crtc_write_t origin[TEXT_ORIGIN_WRITES];
	text_origin(origin);
	err_t error = write_all(origin, TEXT_ORIGIN_WRITES);
	return error == DRV_OK ? place_cursor(cursor) : error;
}

static err_t screen_stop(void)
{
	return place_cursor(SCREEN_NO_CURSOR);
}

static err_t screen_seek(session_t *session, uint32_t position)
{
	(void)session;
	err_t error = text_check_position(position);
	counts.seeks += error == DRV_OK;
	counts.bad_seeks += error != DRV_OK;
	return error;
}

/* Behind a transfer of `count` of `bytes`: advances the position, and counts. */
static int32_t moved(session_t *session, int32_t count, uint32_t bytes, uint32_t *cells_moved)
{
	counts.half_cells += count < 0;
	if (count < 0)
		return count;
	counts.cut += (uint32_t)count < bytes;
	*cells_moved += (uint32_t)count / SCREEN_CELL_BYTES;
	session->position += (uint32_t)count;
	return count;
}

static int32_t screen_write(session_t *session, const void *from, uint32_t bytes)
{
	int32_t count = text_write(cells, session->position, from, bytes);
	return moved(session, count, bytes, &counts.cells_written);
}

static int32_t screen_read(session_t *session, void *to, uint32_t bytes)
{
	int32_t count = text_read(cells, session->position, to, bytes);
	return moved(session, count, bytes, &counts.cells_read);
}

static err_t set_cursor(uint32_t cell)
{
	err_t error = place_cursor(cell);
	counts.cursor_moves += error == DRV_OK;
	counts.bad_cursors += error == DRV_EINVAL;
	return error;
}

static err_t screen_ioctl(session_t *session, ioctl_t *request)
{
	(void)session;
	switch (request->code) {
	case SCREEN_IOCTL_GET_SIZE:
		request->value = SCREEN_SIZE;
		return DRV_OK;
	case SCREEN_IOCTL_SET_CURSOR:
		return set_cursor(request->argument);
	case SCREEN_IOCTL_GET_CURSOR:
		request->value = cursor;
		return DRV_OK;
	default:
		return DRV_ENOTSUP;
	}
}

static void screen_stats(driver_stats_t *rows)
{
#define SCREEN_X_ROW(name) driver_stat(rows, #name, counts.name);
	SCREEN_STATS(SCREEN_X_ROW)
#undef SCREEN_X_ROW
}

int main(void)
{
	static const driver_ops_t ops = {
	    .probe = screen_probe,
	    .init = screen_init,
	    .stop = screen_stop,
	    .seek = screen_seek,
	    .write = screen_write,
	    .read = screen_read,
	    .ioctl = screen_ioctl,
	    .stats = screen_stats,
	};
	return driver_main(&ops);
}
