/* SPDX-License-Identifier: BSD-2-Clause */
/* The text area of typed.h. */
#include "typed.h"

#include "cap/string.h"

static void forget_oldest(typed_t *typed)
{
	typed->length -= TYPED_MOST / 2;
	memmove(typed->text, typed->text + TYPED_MOST / 2, typed->length);
}

void typed_feed(typed_t *typed, char character)
{
	if (character == '\b') {
		if (typed->length)
			typed->length--;
		return;
	}
	if (character == '\t')
		character = ' ';
	if (character != '\n' && (character < ' ' || character > '~'))
		return;
	if (typed->length == TYPED_MOST)
		forget_oldest(typed);
	typed->text[typed->length++] = character;
}

/* The cell of an endless page behind a character that stands at `cell`. */
static uint32_t cell_behind(uint32_t cell, char character)
{
	if (character == '\n')
		return (cell / SCREEN_COLUMNS + 1) * SCREEN_COLUMNS;
	return cell + 1;
}

static void clear_rows(uint16_t *cells, uint32_t rows)
{
	for (uint32_t i = 0; i < SCREEN_COLUMNS; i++)
		cells[i] = SCREEN_CELL(' ', SCREEN_PLAIN);
	for (uint32_t row = 1; row < rows; row++)
		memcpy(&cells[row * SCREEN_COLUMNS], cells, SCREEN_COLUMNS * sizeof(*cells));
}

uint32_t typed_draw(const typed_t *typed, uint16_t *cells, uint32_t rows)
{
	uint32_t end = 0, hidden = 0;
	for (uint32_t i = 0; i < typed->length; i++)
		end = cell_behind(end, typed->text[i]);
	if (end / SCREEN_COLUMNS >= rows)
		hidden = (end / SCREEN_COLUMNS - rows + 1) * SCREEN_COLUMNS;
	clear_rows(cells, rows);
	for (uint32_t i = 0, cell = 0; i < typed->length; i++) {
		if (typed->text[i] != '\n' && cell >= hidden)
			cells[cell - hidden] = SCREEN_CELL(typed->text[i], SCREEN_BRIGHT);
		cell = cell_behind(cell, typed->text[i]);
	}
	return end - hidden;
}
