/* SPDX-License-Identifier: BSD-2-Clause */
/* The line editor of the prompt: bytes in, a line and its echo out. Pure. It knows
 * Backspace, Ctrl-U and Ctrl-C (both forget the line) and swallows the escape sequences of
 * keys that it does not know. It never echoes a byte that is not printable. */
#ifndef CONSOLE_LINE_H
#define CONSOLE_LINE_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_MOST 120u /* characters */

/* Bytes of the longest echo: every character rubbed out; and its NUL. */
#define LINE_ECHO (3u * LINE_MOST + 1u)

typedef struct line {
	uint32_t length;
	bool after_return; /* a line feed that follows belongs to the return before it */
	uint8_t escape;	   /* how far into an escape sequence */
	char text[LINE_MOST + 1];
} line_t;

/* Takes one byte and gives what it looks like on the terminal, NUL-terminated. True: the line
 * is complete and in line->text; line_clear() before the next byte. The end of the line is
 * not echoed. */
bool line_feed(line_t *line, char byte, char echo[LINE_ECHO]);

/* Forgets the text, but not that a return was the last byte. */
void line_clear(line_t *line);

#endif
