/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of text.h. */
#include "text.h"

#include "cap/string.h"
#include "crtc.h"

err_t text_check_position(uint32_t position)
{
	if (position % SCREEN_CELL_BYTES || position > SCREEN_BYTES)
		return DRV_EINVAL;
	return DRV_OK;
}

int32_t text_span(uint32_t position, uint32_t bytes)
{
	if (text_check_position(position) != DRV_OK || bytes % SCREEN_CELL_BYTES)
		return DRV_EINVAL;
	uint32_t left = SCREEN_BYTES - position;
	return (int32_t)(bytes < left ? bytes : left);
}

/* The cells are memory, and lie there as a client writes them: a character, its attribute. */
int32_t text_write(volatile uint16_t *cells, uint32_t position, const void *from,
		   uint32_t bytes)
{
	int32_t span = text_span(position, bytes);
	if (span > 0)
		memcpy((char *)(uintptr_t)cells + position, from, (uint32_t)span);
	return span;
}

int32_t text_read(const volatile uint16_t *cells, uint32_t position, void *to, uint32_t bytes)
{
	uint8_t *target = to;
	int32_t span = text_span(position, bytes);
	uint32_t first = position / SCREEN_CELL_BYTES;
	for (int32_t i = 0; i < span / (int32_t)SCREEN_CELL_BYTES; i++) {
		uint16_t cell = cells[first + (uint32_t)i];
		*target++ = (uint8_t)cell;
		*target++ = (uint8_t)(cell >> 8);
	}
	return span;
}

void text_blank(volatile uint16_t *cells)
{
	for (uint32_t i = 0; i < SCREEN_CELLS; i++)
		cells[i] = SCREEN_CELL(' ', SCREEN_PLAIN);
}

err_t text_cursor(uint32_t cell, crtc_write_t writes[TEXT_CURSOR_WRITES])
{
	bool hidden = cell == SCREEN_NO_CURSOR;
	if (!hidden && cell >= SCREEN_CELLS)
		return DRV_EINVAL;
	if (hidden)
		cell = 0;
	writes[0] = (crtc_write_t){CRTC_LOCATION_HIGH, (uint8_t)(cell >> 8)};
	writes[1] = (crtc_write_t){CRTC_LOCATION_LOW, (uint8_t)cell};
	writes[2] =
	    (crtc_write_t){CRTC_CURSOR_START, hidden ? CRTC_CURSOR_OFF : CRTC_CURSOR_LINE};
	return DRV_OK;
}

void text_origin(crtc_write_t writes[TEXT_ORIGIN_WRITES])
{
	writes[0] = (crtc_write_t){CRTC_START_HIGH, 0};
	writes[1] = (crtc_write_t){CRTC_START_LOW, 0};
}
