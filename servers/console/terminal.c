/* SPDX-License-Identifier: BSD-2-Clause */
/* The terminal of terminal.h. */
#include "terminal.h"

#include "cap/string.h"

#define CHUNK	    256u
#define UNPRINTABLE "?"

_Static_assert(2 * (sizeof(TERMINAL_PROMPT) + LINE_MOST + 2) + LINE_ECHO + TERMINAL_LINE + 2 <=
		   TERMINAL_ROOM,
	       "every call has room for what it puts");

static void put(terminal_t *terminal, const char *text, size_t length)
{
	ring_put(&terminal->out, text, (uint32_t)length);
}

static void put_text(terminal_t *terminal, const char *text)
{
	put(terminal, text, strlen(text));
}

void terminal_init(terminal_t *terminal)
{
	*terminal = (terminal_t){0};
	ring_init(&terminal->out, terminal->data, TERMINAL_BYTES);
}

bool terminal_has_room(const terminal_t *terminal)
{
	return ring_free(&terminal->out) >= TERMINAL_ROOM;
}

void terminal_prompt(terminal_t *terminal)
{
	if (terminal->prompt)
		return;
	put_text(terminal, TERMINAL_PROMPT);
	put_text(terminal, terminal->line.text);
	terminal->prompt = true;
}

static void erase_prompt(terminal_t *terminal)
{
	if (!terminal->prompt)
		return;
	size_t width = strlen(TERMINAL_PROMPT) + terminal->line.length;
	put(terminal, "\r", 1);
	for (size_t i = 0; i < width; i++)
		put(terminal, " ", 1);
	put(terminal, "\r", 1);
	terminal->prompt = false;
}

void terminal_print_piece(terminal_t *terminal, const char *text)
{
	erase_prompt(terminal);
	for (size_t i = 0; i < TERMINAL_LINE && text[i]; i++) {
		bool printable = text[i] >= ' ' && text[i] <= '~';
		put(terminal, printable ? &text[i] : UNPRINTABLE, 1);
	}
}

void terminal_print(terminal_t *terminal, const char *text)
{
	terminal_print_piece(terminal, text);
	put(terminal, "\r\n", 2);
}

void terminal_log(terminal_t *terminal, pump_t *pump)
{
	char wire[CHUNK];
	if (!pump_is_empty(pump))
		erase_prompt(terminal);
	while (!pump_is_empty(pump) && ring_free(&terminal->out) >= CHUNK) {
		put(terminal, wire, pump_take(pump, wire, CHUNK));
		if (!pump->mid_line)
			return;
	}
}

bool terminal_feed(terminal_t *terminal, char byte, char text[LINE_MOST + 1])
{
	char echo[LINE_ECHO];
	bool complete = line_feed(&terminal->line, byte, echo);
	if (terminal->prompt)
		put_text(terminal, echo);
	if (!complete)
		return false;
	terminal_prompt(terminal);
	put(terminal, "\r\n", 2);
	terminal->prompt = false;
	memcpy(text, terminal->line.text, terminal->line.length + 1);
	line_clear(&terminal->line);
	return true;
}

uint32_t terminal_peek(const terminal_t *terminal, char *to, uint32_t most)
{
	ring_t copy = terminal->out; /* taking from the copy leaves the ring as it is */
	return ring_get(&copy, to, most);
}

void terminal_sent(terminal_t *terminal, uint32_t bytes)
{
	uint32_t held = ring_used(&terminal->out);
	terminal->out.tail += bytes < held ? bytes : held;
}

void terminal_forget(terminal_t *terminal)
{
	terminal->out.tail = terminal->out.head;
	terminal->prompt = false;
}
