/* SPDX-License-Identifier: BSD-2-Clause */
/* What was typed on the keyboard, as it stands on the screen: wrapped at the last column,
 * the newest lines kept in sight. Pure. */
#ifndef CONSOLE_TYPED_H
#define CONSOLE_TYPED_H

#include "abi/protocol/screen.h"

#define TYPED_MOST 2048u /* characters kept: more than a screen */

typedef struct typed {
	uint32_t length;
	char text[TYPED_MOST];
} typed_t;

/* Takes what key_char() gives: a printable character, '\n', '\t' (a blank), or '\b', which
 * takes the newest away. Others are ignored. When there is no room the oldest half goes. */
void typed_feed(typed_t *typed, char character);

/* Draws the end of the text into `rows` (>= 1) rows of SCREEN_COLUMNS cells, all of which
 * it sets, and returns the cell behind the text. */
uint32_t typed_draw(const typed_t *typed, uint16_t *cells, uint32_t rows);

#endif
