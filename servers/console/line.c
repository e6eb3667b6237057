/* SPDX-License-Identifier: BSD-2-Clause */
/* The line editor of line.h. */
#include "line.h"

#define CTRL_C	  0x03
#define CTRL_U	  0x15
#define BACKSPACE '\b'
#define RUBOUT	  0x7f
#define ESCAPE	  0x1b

/* Escape sequences (ECMA-48 5.4): ESC, then one byte, or '[' and bytes up to a final one. */
enum escape_state { ESCAPE_NONE = 0, ESCAPE_BEGUN, ESCAPE_SEQUENCE, ESCAPE_LAST };
#define FINAL_FIRST 0x40
#define FINAL_LAST  0x7e

static bool in_escape(line_t *line, char byte)
{
	switch (line->escape) {
	case ESCAPE_BEGUN:
		if (byte == '[')
			line->escape = ESCAPE_SEQUENCE;
		else
			line->escape = byte == 'O' ? ESCAPE_LAST : ESCAPE_NONE;
		return true;
	case ESCAPE_SEQUENCE:
		if (byte >= FINAL_FIRST && byte <= FINAL_LAST)
			line->escape = ESCAPE_NONE;
		return true;
	case ESCAPE_LAST:
		line->escape = ESCAPE_NONE;
		return true;
	default:
		if (byte == ESCAPE)
			line->escape = ESCAPE_BEGUN;
		return byte == ESCAPE;
	}
}

static char *rub_out(line_t *line, char *echo)
{
	if (!line->length)
		return echo;
	line->text[--line->length] = '\0';
	*echo++ = '\b';
	*echo++ = ' ';
	*echo++ = '\b';
	return echo;
}

static char *edit(line_t *line, char byte, char *echo)
{
	if (byte == BACKSPACE || byte == RUBOUT)
		return rub_out(line, echo);
	if (byte == CTRL_U || byte == CTRL_C) {
		while (line->length)
			echo = rub_out(line, echo);
		return echo;
	}
	if (byte == '\t')
		byte = ' ';
	if (byte < ' ' || byte > '~' || line->length >= LINE_MOST)
		return echo;
	line->text[line->length++] = byte;
	line->text[line->length] = '\0';
	*echo++ = byte;
	return echo;
}

bool line_feed(line_t *line, char byte, char echo[LINE_ECHO])
{
	bool after_return = line->after_return;
	*echo = '\0';
	line->after_return = byte == '\r';
	if (in_escape(line, byte))
		return false;
	if (byte == '\n' && after_return)
		return false;
	if (byte == '\r' || byte == '\n')
		return true;
	*edit(line, byte, echo) = '\0';
	return false;
}

void line_clear(line_t *line)
{
	line->length = 0;
	line->text[0] = '\0';
}
