/* SPDX-License-Identifier: BSD-2-Clause */
/* A row of the screen as text. */
#ifndef TEST_SCREEN_ROW_H
#define TEST_SCREEN_ROW_H

#include <stdint.h>

#include "abi/protocol/screen.h"

static char row_text[SCREEN_COLUMNS + 1];

/* Row `number` of these cells, without the blanks at its end. */
static inline const char *row_of(const uint16_t *cells, uint32_t number)
{
	uint32_t length = 0;
	for (uint32_t i = 0; i < SCREEN_COLUMNS; i++) {
		row_text[i] = (char)(cells[number * SCREEN_COLUMNS + i] & 0xff);
		if (row_text[i] != ' ')
			length = i + 1;
	}
	row_text[length] = '\0';
	return row_text;
}

#endif
