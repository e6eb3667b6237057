/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of desk.h. */
#include "desk.h"

#include "cap/keymap.h"
#include "cap/string.h"

#define PAGE_ROWS  8
#define WHEEL_ROWS 3

static void change_from(desk_change_t *change, uint32_t from, uint32_t to)
{
	if (change->from == change->to) {
		change->from = (uint16_t)from;
		change->to = (uint16_t)to;
	}
	change->from = from < change->from ? (uint16_t)from : change->from;
	change->to = to > change->to ? (uint16_t)to : change->to;
}

/* ---- the line ---- */

static void put_history(desk_t *desk, char *history, char byte)
{
	history[desk->history++ % DESK_HISTORY] = byte;
}

/* The line becomes the newest of those before. */
static void end_line(desk_t *desk, char *history, desk_change_t *change)
{
	for (uint32_t i = 0; i < desk->length; i++)
		put_history(desk, history, desk->line[i]);
	desk->length = desk->at = 0;
	change->all = true;
}

static void insert(desk_t *desk, char *history, char character, desk_change_t *change)
{
	if (desk->length == DESK_LINE) {
		end_line(desk, history, change);
		put_history(desk, history, DESK_WRAP);
	}
	char *to = desk->line + desk->at;
	if (desk->at < desk->length)
		memmove(to + 1, to, desk->length - desk->at);
	*to = character;
	change_from(change, desk->at++, ++desk->length);
}

/* Takes away the character at the insertion point. */
static void take_away(desk_t *desk, desk_change_t *change)
{
	if (desk->at == desk->length)
		return;
	char *to = desk->line + desk->at;
	change_from(change, desk->at, desk->length--);
	memmove(to, to + 1, desk->length - desk->at);
}

static void type(desk_t *desk, char *history, char character, desk_change_t *change)
{
	if (character == '\n') {
		end_line(desk, history, change);
		put_history(desk, history, '\n');
	} else if (character == '\b') {
		if (!desk->at)
			return;
		desk->at--;
		take_away(desk, change);
	} else {
		insert(desk, history, character == '\t' ? ' ' : character, change);
	}
}

/* ---- scrolling ---- */

static bool ends_row(char byte)
{
	return byte == '\n' || byte == DESK_WRAP;
}

uint32_t desk_first(const desk_t *desk, const char *history)
{
	if (desk->history <= DESK_KEPT)
		return 0;
	uint32_t at = desk->history - DESK_KEPT;
	while (at != desk->history && !ends_row(history[at++ % DESK_HISTORY]))
		;
	return at;
}

char desk_byte(const desk_t *desk, const char *history, uint32_t index)
{
	uint32_t behind = index - desk->history;
	return behind < desk->length ? desk->line[behind] : history[index % DESK_HISTORY];
}

/* The row of the text's end, counted from its first one. */
static uint32_t last_row(const desk_t *desk, const char *history)
{
	uint32_t cell = 0, end = desk->history + desk->length;
	for (uint32_t i = desk_first(desk, history); i != end; i++)
		cell = desk_behind(cell, desk_byte(desk, history, i));
	return cell / SCREEN_COLUMNS;
}

static void scroll(desk_t *desk, const char *history, int32_t rows, desk_change_t *change)
{
	int32_t most = (int32_t)last_row(desk, history), to = desk->scrolled + rows;
	to = to < 0 ? 0 : to > most ? most : to;
	change->all |= to != desk->scrolled;
	desk->scrolled = (uint16_t)to;
}

/* ---- keys ---- */

/* A key that moves something. False: it is none. */
static bool move(desk_t *desk, const char *history, const input_event_t *event,
		 desk_change_t *change)
{
	bool shift = event->modifiers & INPUT_SHIFT;
	switch (event->code) {
	case KEY_LEFT:
		desk->at -= desk->at > 0;
		return true;
	case KEY_RIGHT:
		desk->at += desk->at < desk->length;
		return true;
	case KEY_HOME:
		desk->at = 0;
		return true;
	case KEY_END:
		desk->at = desk->length;
		return true;
	case KEY_DELETE:
		take_away(desk, change);
		return true;
	case KEY_PAGEUP:
		scroll(desk, history, shift ? PAGE_ROWS : 0, change);
		return true;
	case KEY_PAGEDOWN:
		scroll(desk, history, shift ? -PAGE_ROWS : 0, change);
		return true;
	default:
		return false;
	}
}

static void set_bit(uint8_t *bits, uint32_t number, bool on)
{
	uint8_t bit = (uint8_t)(1u << number % 8);
	bits[number / 8] = (uint8_t)(on ? bits[number / 8] | bit : bits[number / 8] & ~bit);
}

static void take_key(desk_t *desk, char *history, const input_event_t *event,
		     desk_change_t *change)
{
	bool down = event->value != INPUT_UP;
	uint32_t button = event->code - (uint32_t)BTN_LEFT;
	if (button < INPUT_BUTTONS)
		set_bit(&desk->held.buttons, button, down);
	if (event->code >= INPUT_KEYS_MAX)
		return;
	set_bit(desk->held.keys, event->code, down);
	if (!down)
		return;
	change->any = true;
	if (move(desk, history, event, change))
		return;
	char character = key_char(event->code, event->modifiers);
	if (!character)
		return;
	change->all |= desk->scrolled != 0;
	desk->scrolled = 0;
	type(desk, history, character, change);
}

/* ---- the mouse ---- */

static uint16_t moved(uint16_t from, int32_t by, int32_t cells, int32_t steps)
{
	int32_t end = cells * steps - 1;
	by = by < -end ? -end : by > end ? end : by;
	int32_t to = from + by;
	return (uint16_t)(to < 0 ? 0 : to > end ? end : to);
}

static void take_motion(desk_t *desk, const char *history, const input_event_t *event,
			desk_change_t *change)
{
	if (event->code == REL_X)
		desk->x = moved(desk->x, event->value, SCREEN_COLUMNS, DESK_STEPS_X);
	else if (event->code == REL_Y)
		desk->y = moved(desk->y, event->value, SCREEN_ROWS, DESK_STEPS_Y);
	else if (event->code == REL_WHEEL)
		scroll(desk, history, event->value > 0 ? WHEEL_ROWS : -WHEEL_ROWS, change);
	else
		return;
	desk->points = true;
	change->any = change->pointer = true;
}

void desk_take(desk_t *desk, char *history, const input_event_t *event, desk_change_t *change)
{
	if (event->type == INPUT_KEY)
		take_key(desk, history, event, change);
	else if (event->type == INPUT_REL)
		take_motion(desk, history, event, change);
}

static void release(uint8_t *held, const uint8_t *state, uint32_t count, uint32_t first,
		    void (*released)(const input_event_t *event))
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t bit = 1u << i % 8;
		if (held[i / 8] & ~state[i / 8] & bit)
			released(&(input_event_t){.type = INPUT_KEY,
						  .code = (uint16_t)(first + i),
						  .value = INPUT_UP});
	}
	memcpy(held, state, count / 8);
}

void desk_release(desk_t *desk, const input_state_t *state,
		  void (*released)(const input_event_t *event))
{
	release(desk->held.keys, state->keys, INPUT_KEYS_MAX, 0, released);
	release(&desk->held.buttons, &state->buttons, INPUT_BUTTONS, BTN_LEFT, released);
}

uint32_t desk_pointer(const desk_t *desk)
{
	if (!desk->points)
		return SCREEN_NO_CURSOR;
	return desk->y / DESK_STEPS_Y * SCREEN_COLUMNS + desk->x / DESK_STEPS_X;
}

/* ---- drawing ---- */

static void clear_rows(uint16_t *cells, uint32_t rows)
{
	for (uint32_t i = 0; i < SCREEN_COLUMNS; i++)
		cells[i] = SCREEN_CELL(' ', SCREEN_PLAIN);
	for (uint32_t row = 1; row < rows; row++)
		memcpy(&cells[row * SCREEN_COLUMNS], cells, SCREEN_COLUMNS * sizeof(*cells));
}

void desk_draw(const desk_t *desk, const char *history, uint16_t *cells, uint32_t rows,
	       uint32_t *line, uint32_t *cursor)
{
	uint32_t last = last_row(desk, history), room = rows * SCREEN_COLUMNS;
	uint32_t above = last < rows ? 0 : last - rows + 1;
	uint32_t hidden = above - (desk->scrolled < above ? desk->scrolled : above);
	uint32_t cell = 0, end = desk->history + desk->length;
	hidden *= SCREEN_COLUMNS;
	*line = *cursor = SCREEN_NO_CURSOR;
	clear_rows(cells, rows);
	for (uint32_t i = desk_first(desk, history);; i++) {
		if (cell - hidden < room && i == desk->history)
			*line = cell - hidden;
		if (cell - hidden < room && i == desk->history + desk->at)
			*cursor = cell - hidden;
		if (i == end)
			break;
		char byte = desk_byte(desk, history, i);
		if (!ends_row(byte) && cell - hidden < room)
			cells[cell - hidden] = SCREEN_CELL(byte, SCREEN_BRIGHT);
		cell = desk_behind(cell, byte);
	}
}
