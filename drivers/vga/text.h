/* SPDX-License-Identifier: BSD-2-Clause */
/* The text screen without its device: which part of a transfer lies inside, moving cells,
 * and which register values make a cursor. Pure: no I/O. No function here ever reaches
 * outside SCREEN_BYTES, whatever it is given. */
#ifndef VGA_TEXT_H
#define VGA_TEXT_H

#include <stdbool.h>

#include "abi/protocol/screen.h"

/* One register of the CRT controller and what it becomes. */
typedef struct crtc_write {
	uint8_t index, value;
} crtc_write_t;
#define TEXT_CURSOR_WRITES 3u
#define TEXT_ORIGIN_WRITES 2u

/* DRV_EINVAL: `position` is odd or above SCREEN_BYTES. */
err_t text_check_position(uint32_t position);

/* How many of `bytes` from `position` on are on the screen: a count, 0 at the end, or
 * DRV_EINVAL for a bad position or half a cell. */
int32_t text_span(uint32_t position, uint32_t bytes);

/* Moves cells between a client's bytes and the screen and returns text_span(). */
int32_t text_write(volatile uint16_t *cells, uint32_t position, const void *from,
		   uint32_t bytes);
int32_t text_read(const volatile uint16_t *cells, uint32_t position, void *to, uint32_t bytes);

/* Makes all cells blank. */
void text_blank(volatile uint16_t *cells);

/* What shows the cursor at `cell`, or hides it (SCREEN_NO_CURSOR). DRV_EINVAL: no such
 * cell. */
err_t text_cursor(uint32_t cell, crtc_write_t writes[TEXT_CURSOR_WRITES]);

/* What makes cell 0 the first that is shown. */
void text_origin(crtc_write_t writes[TEXT_ORIGIN_WRITES]);

#endif
