/* SPDX-License-Identifier: BSD-2-Clause */
/* The colours of paint.h. */
#include "paint.h"

#include <stdbool.h>

#include "abi/protocol/screen.h"
#include "cap/string.h"

#define FAILED	"failed"
#define BECOMES "->"

paint_t paint_of_state(uint32_t state)
{
	switch (state) {
	case STATE_RUNNING:
		return PAINT_GOOD;
	case STATE_REJECTED:
	case STATE_RECOVERING:
	case STATE_BACKOFF:
	case STATE_QUARANTINED:
		return PAINT_BAD;
	case STATE_STOPPED:
	case STATE_ABSENT:
	case STATE_QUIESCED:
		return PAINT_PLAIN;
	default:
		return PAINT_CHANGING;
	}
}

paint_t paint_of_level(uint32_t level)
{
	return level == LOG_ERROR  ? PAINT_BAD
	       : level == LOG_WARN ? PAINT_CHANGING
				   : PAINT_PLAIN;
}

/* ---- words of a line ---- */

typedef struct piece {
	const char *at;
	size_t length;
} piece_t;

static bool is_part(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '>';
}

/* The next word of letters from *at on. */
static piece_t next_piece(const char **at, const char *end)
{
	while (*at < end && !is_part(**at))
		++*at;
	piece_t piece = {.at = *at};
	while (*at < end && is_part(**at))
		++*at, piece.length++;
	return piece;
}

static bool is_word(piece_t piece, const char *word)
{
	return piece.length == strlen(word) && !memcmp(piece.at, word, piece.length);
}

static uint32_t state_of(piece_t piece)
{
#define STATE_TEXT(name, value, text) [value] = (text),
	static const char *const states[STATE_COUNT] = {MANAGER_STATES(STATE_TEXT)};
#undef STATE_TEXT
	uint32_t state = 0;
	while (state < STATE_COUNT && !is_word(piece, states[state]))
		state++;
	return state;
}

/* Does the line begin with a time, as those of `log` do? */
static bool has_time(const char *line, const char *end)
{
	while (line < end && *line == ' ')
		line++;
	return line < end && *line >= '0' && *line <= '9';
}

static paint_t paint_of_word(piece_t word)
{
#define LEVEL_PAINT(name, value, text)                                                         \
	if (is_word(word, text))                                                               \
		return paint_of_level(value);
	LOG_LEVELS(LEVEL_PAINT)
#undef LEVEL_PAINT
	return PAINT_PLAIN;
}

paint_t paint_of_line(const char *line, size_t length)
{
	const char *at = line, *end = line + length;
	uint32_t first = STATE_COUNT, becomes = STATE_COUNT;
	bool is_first = true, leads = false;
	for (;;) {
		piece_t piece = next_piece(&at, end);
		if (!piece.length)
			break;
		if (is_first && has_time(line, end) && paint_of_word(piece) != PAINT_PLAIN)
			return paint_of_word(piece);
		if (is_word(piece, FAILED))
			return PAINT_BAD;
		uint32_t state = state_of(piece);
		if (leads && state != STATE_COUNT && becomes == STATE_COUNT)
			becomes = state;
		if (state != STATE_COUNT && first == STATE_COUNT)
			first = state;
		leads = is_word(piece, BECOMES);
		is_first = false;
	}
	uint32_t told = becomes != STATE_COUNT ? becomes : first;
	return told == STATE_COUNT ? PAINT_PLAIN : paint_of_state(told);
}

/* ---- what a colour is ---- */

uint8_t paint_attribute(paint_t paint)
{
	static const uint8_t attributes[] = {[PAINT_PLAIN] = SCREEN_PLAIN,
					     [PAINT_GOOD] = SCREEN_GOOD,
					     [PAINT_BAD] = SCREEN_BAD,
					     [PAINT_CHANGING] = SCREEN_CHANGING};
	return attributes[paint];
}

const char *paint_sequence(paint_t paint)
{
	static const char *const sequences[] = {[PAINT_PLAIN] = "",
						[PAINT_GOOD] = "\x1b[32m",
						[PAINT_BAD] = "\x1b[31m",
						[PAINT_CHANGING] = "\x1b[33m"};
	return sequences[paint];
}
