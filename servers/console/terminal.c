/* SPDX-License-Identifier: BSD-2-Clause */
/* The terminal of terminal.h. */
#include "terminal.h"

#include "cap/format.h"
#include "cap/string.h"
#include "paint.h"

#define CHUNK	    256u
#define UNPRINTABLE "?"
#define CLEAR	    "\x1b[H\x1b[2J" /* the cursor to the corner, all erased: ECMA-48 8.3.21, .39 */
#define WIDTH	    (sizeof(TERMINAL_PROMPT) - 1)
#define OFFERED	    240u /* characters of what Tab has to offer */
#define COLOURS	    16u	 /* bytes of two sequences */

_Static_assert(3 * (WIDTH + LINE_MOST) + LINE_MOST + 2 + 2 * COLOURS + CHUNK + 2 <=
		       TERMINAL_ROOM &&
		   TERMINAL_LINE <= CHUNK && OFFERED <= CHUNK &&
		   4 * LINE_MOST + COLOURS <= TERMINAL_ROOM,
	       "every call has room for what it puts");

static void put(terminal_t *terminal, const char *text, size_t length)
{
	ring_put(&terminal->out, text, (uint32_t)length);
}

static void put_text(terminal_t *terminal, const char *text)
{
	put(terminal, text, strlen(text));
}

static void put_times(terminal_t *terminal, char byte, uint32_t times)
{
	while (times--)
		put(terminal, &byte, 1);
}

void terminal_init(terminal_t *terminal)
{
	*terminal = (terminal_t){0};
	ring_init(&terminal->out, terminal->data, TERMINAL_BYTES);
}

void terminal_set(terminal_t *terminal, bool colours, uint32_t columns)
{
	terminal->colours = colours;
	terminal->columns = columns < TERMINAL_LEAST ? 0 : columns;
}

bool terminal_has_room(const terminal_t *terminal)
{
	return ring_free(&terminal->out) >= TERMINAL_ROOM;
}

/* ---- the line ---- */

/* Which part of the line is to be shown: that where the cursor is. */
static uint32_t choose_part(terminal_t *terminal)
{
	const edit_t *line = &terminal->line;
	uint32_t room = terminal->columns ? terminal->columns - 1 - WIDTH : LINE_MOST;
	if (line->length <= room)
		terminal->from = 0;
	else if (line->at < terminal->from)
		terminal->from = line->at;
	else if (line->at - terminal->from > room)
		terminal->from = line->at - room;
	uint32_t length = line->length - terminal->from;
	return length < room ? length : room;
}

/* Moves the cursor, to the right over what is shown. */
static void go_to(terminal_t *terminal, uint32_t at)
{
	if (at > terminal->shown_at)
		put(terminal, terminal->shown + terminal->shown_at, at - terminal->shown_at);
	else
		put_times(terminal, '\b', terminal->shown_at - at);
	terminal->shown_at = at;
}

/* Makes the terminal show the line as it is, by as little as that takes. */
static void show(terminal_t *terminal)
{
	uint32_t length = choose_part(terminal), old = terminal->shown_length, same = 0;
	const char *wanted = terminal->line.text + terminal->from;
	if (!terminal->prompt)
		return;
	while (same < length && same < old && wanted[same] == terminal->shown[same])
		same++;
	if (same < length || same < old) {
		go_to(terminal, same);
		put(terminal, wanted + same, length - same);
		put_times(terminal, ' ', old > length ? old - length : 0);
		memcpy(terminal->shown, wanted, length);
		terminal->shown_at = old > length ? old : length;
		terminal->shown_length = length;
	}
	go_to(terminal, terminal->line.at - terminal->from);
}

void terminal_prompt(terminal_t *terminal)
{
	if (terminal->prompt)
		return;
	if (terminal->colours)
		put_text(terminal, PAINT_PROMPT);
	put_text(terminal, TERMINAL_PROMPT);
	if (terminal->colours)
		put_text(terminal, PAINT_END);
	terminal->prompt = true;
	terminal->shown_length = terminal->shown_at = 0;
	show(terminal);
}

static void erase_prompt(terminal_t *terminal)
{
	if (!terminal->prompt)
		return;
	put(terminal, "\r", 1);
	put_times(terminal, ' ', WIDTH + terminal->shown_length);
	put(terminal, "\r", 1);
	terminal->prompt = false;
}

/* Behind what is shown another line begins. */
static void leave_line(terminal_t *terminal)
{
	terminal_prompt(terminal);
	go_to(terminal, terminal->shown_length);
	put(terminal, "\r\n", 2);
	terminal->prompt = false;
}

/* ---- text ---- */

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

void terminal_tell(terminal_t *terminal, const char *text)
{
	paint_t paint = terminal->colours ? paint_of_line(text, strlen(text)) : PAINT_PLAIN;
	erase_prompt(terminal);
	put_text(terminal, paint_sequence(paint));
	terminal_print_piece(terminal, text);
	if (paint != PAINT_PLAIN)
		put_text(terminal, PAINT_END);
	put(terminal, "\r\n", 2);
}

/* A piece of the log as it goes over the wire; one that begins a line has its colour. */
static void put_log(terminal_t *terminal, const char *wire, uint32_t length, bool begins)
{
	uint32_t text = length;
	if (!terminal->colours || !begins) {
		put(terminal, wire, length);
		return;
	}
	while (text && (wire[text - 1] == '\n' || wire[text - 1] == '\r'))
		text--;
	paint_t paint = paint_of_line(wire, text);
	put_text(terminal, paint_sequence(paint));
	put(terminal, wire, text);
	if (paint != PAINT_PLAIN)
		put_text(terminal, PAINT_END);
	put(terminal, wire + text, length - text);
}

void terminal_log(terminal_t *terminal, pump_t *pump)
{
	char wire[CHUNK];
	if (!pump_is_empty(pump))
		erase_prompt(terminal);
	while (!pump_is_empty(pump) && ring_free(&terminal->out) >= CHUNK + COLOURS) {
		bool begins = !pump->mid_line;
		uint32_t length = pump_take(pump, wire, CHUNK);
		put_log(terminal, wire, length, begins);
		if (!pump->mid_line)
			return;
	}
}

/* ---- keys ---- */

/* What Tab has to offer, below the line. */
static void list_offer(terminal_t *terminal, const edit_side_t *side)
{
	char text[OFFERED + 1];
	complete_t offer = edit_offer(&terminal->line, side);
	completion_t found = complete_line(&offer);
	uint32_t used = 0, told = 0;
	const char *word;
	while ((word = complete_match(&offer, told))) {
		if (used + strlen(word) + 16 > OFFERED) /* there is room to count the others */
			break;
		used += format(text + used, sizeof(text) - used, told ? "  %s" : "%s", word);
		told++;
	}
	if (told < found.matches)
		format(text + used, sizeof(text) - used, "  and %u more",
		       (unsigned)(found.matches - told));
	leave_line(terminal);
	put_text(terminal, text);
	put(terminal, "\r\n", 2);
	terminal_prompt(terminal);
}

bool terminal_feed(terminal_t *terminal, const edit_side_t *side, char byte,
		   char text[LINE_MOST + 1])
{
	edit_t *line = &terminal->line;
	uint32_t key = keys_take(&terminal->keys, byte);
	if (key == EDIT_ENTER) {
		leave_line(terminal);
		memcpy(text, line->text, line->length);
		text[line->length] = '\0';
		edit_entered(line, side);
		return true;
	}
	edit_take(line, side, key);
	if (line->tabbed && terminal->prompt)
		list_offer(terminal, side);
	if (key == EDIT_CLEAR && terminal->prompt) {
		put_text(terminal, CLEAR);
		terminal->prompt = false;
		terminal_prompt(terminal);
	}
	show(terminal);
	return false;
}

/* ---- what waits ---- */

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
