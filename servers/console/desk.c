/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of desk.h. */
#include "desk.h"

#include "cap/string.h"
#include "keys.h"

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

/* ---- the text ---- */

static void put(desk_t *desk, desk_side_t *side, const char *text, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		side->text[desk->history++ % DESK_HISTORY] = text[i];
}

void desk_print(desk_t *desk, desk_side_t *side, const char *text, bool ends)
{
	uint32_t length = 0;
	while (length < DESK_PRINTED - 1 && text[length])
		length++;
	put(desk, side, text, length);
	put(desk, side, "\n", ends);
}

static uint32_t prompt_width(const desk_t *desk, const desk_side_t *side)
{
	return desk_is_busy(desk, side) ? 0 : sizeof(DESK_PROMPT) - 1;
}

uint32_t desk_first(const desk_t *desk, const desk_side_t *side)
{
	uint32_t shown = desk->history - desk->begins;
	if (shown <= DESK_KEPT)
		return desk->begins;
	uint32_t at = desk->history - DESK_KEPT;
	while (at != desk->history && side->text[at++ % DESK_HISTORY] != '\n')
		;
	return at;
}

uint32_t desk_end(const desk_t *desk, const desk_side_t *side)
{
	return desk->history + prompt_width(desk, side) + desk->line.length;
}

char desk_byte(const desk_t *desk, const desk_side_t *side, uint32_t index)
{
	uint32_t behind = index - desk->history, prompt = prompt_width(desk, side);
	if (behind < prompt)
		return DESK_PROMPT[behind];
	behind -= prompt;
	return behind < desk->line.length ? desk->line.text[behind]
					  : side->text[index % DESK_HISTORY];
}

/* The row of the text's end, counted from its first one. */
static uint32_t last_row(const desk_t *desk, const desk_side_t *side)
{
	uint32_t cell = 0, end = desk_end(desk, side);
	for (uint32_t i = desk_first(desk, side); i != end; i++)
		cell = desk_behind(cell, desk_byte(desk, side, i));
	return cell / SCREEN_COLUMNS;
}

static void scroll(desk_t *desk, const desk_side_t *side, int32_t rows, desk_change_t *change)
{
	int32_t most = (int32_t)last_row(desk, side), to = desk->scrolled + rows;
	to = to < 0 ? 0 : to > most ? most : to;
	change->all |= to != desk->scrolled;
	desk->scrolled = (uint16_t)to;
}

/* ---- commands ---- */

bool desk_is_busy(const desk_t *desk, const desk_side_t *side)
{
	return desk->queued != side->done || side->under_way;
}

bool desk_is_full(const desk_t *desk, const desk_side_t *side)
{
	return desk->queued - side->done > DESK_QUEUE - LINE_MOST - 1;
}

bool desk_next_command(const desk_t *desk, desk_side_t *side, char text[LINE_MOST + 1])
{
	uint32_t length = 0, at = side->done;
	if (at == desk->queued)
		return false;
	for (; at != desk->queued && side->queue[at % DESK_QUEUE] != '\n'; at++)
		if (length < LINE_MOST)
			text[length++] = side->queue[at % DESK_QUEUE];
	text[length] = '\0';
	__atomic_store_n(&side->under_way, 1, __ATOMIC_RELEASE);
	__atomic_store_n(&side->done, at == desk->queued ? at : at + 1, __ATOMIC_RELEASE);
	return true;
}

/* The line becomes a command that waits, and the newest of the text before. One that there is
 * no room for stays as it is. */
static void enter(desk_t *desk, const desk_around_t *around, desk_change_t *change)
{
	desk_side_t *side = around->side;
	edit_t *line = &desk->line;
	if (desk->queued - side->done + line->length + 1 > DESK_QUEUE)
		return;
	put(desk, side, DESK_PROMPT, prompt_width(desk, side));
	put(desk, side, line->text, line->length);
	put(desk, side, "\n", 1);
	for (uint32_t i = 0; i < line->length; i++)
		side->queue[desk->queued++ % DESK_QUEUE] = line->text[i];
	if (line->length)
		side->queue[desk->queued++ % DESK_QUEUE] = '\n';
	edit_entered(line, &around->edit);
	change->all = true;
}

/* ---- keys ---- */

static void set_bit(uint8_t *bits, uint32_t number, bool on)
{
	uint8_t bit = (uint8_t)(1u << number % 8);
	bits[number / 8] = (uint8_t)(on ? bits[number / 8] | bit : bits[number / 8] & ~bit);
}

/* A key that scrolls. False: it is none. */
static bool scrolls(desk_t *desk, const desk_side_t *side, const input_event_t *event,
		    desk_change_t *change)
{
	int32_t rows = event->code == KEY_PAGEUP     ? PAGE_ROWS
		       : event->code == KEY_PAGEDOWN ? -PAGE_ROWS
						     : 0;
	if (rows && event->modifiers & INPUT_SHIFT)
		scroll(desk, side, rows, change);
	return rows != 0;
}

static void edit(desk_t *desk, const desk_around_t *around, uint32_t key, desk_change_t *change)
{
	bool tabbed = desk->line.tabbed;
	edit_change_t made = edit_take(&desk->line, &around->edit, key);
	change->all |= tabbed || desk->line.tabbed;
	if (made.from < made.to)
		change_from(change, made.from, made.to);
}

static void take_key(desk_t *desk, const desk_around_t *around, const input_event_t *event,
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
	uint32_t key = keys_of(event);
	if (key == EDIT_NOTHING) {
		scrolls(desk, around->side, event, change);
		return;
	}
	change->all |= desk->scrolled != 0;
	desk->scrolled = 0;
	if (key == EDIT_ENTER) {
		enter(desk, around, change);
	} else if (key == EDIT_CLEAR) {
		desk->begins = desk->history;
		change->all = true;
	} else {
		edit(desk, around, key, change);
	}
}

/* ---- the mouse ---- */

static uint16_t moved(uint16_t from, int32_t by, int32_t cells, int32_t steps)
{
	int32_t end = cells * steps - 1;
	by = by < -end ? -end : by > end ? end : by;
	int32_t to = from + by;
	return (uint16_t)(to < 0 ? 0 : to > end ? end : to);
}

static void take_motion(desk_t *desk, const desk_side_t *side, const input_event_t *event,
			desk_change_t *change)
{
	if (event->code == REL_X)
		desk->x = moved(desk->x, event->value, SCREEN_COLUMNS, DESK_STEPS_X);
	else if (event->code == REL_Y)
		desk->y = moved(desk->y, event->value, SCREEN_ROWS, DESK_STEPS_Y);
	else if (event->code == REL_WHEEL)
		scroll(desk, side, event->value > 0 ? WHEEL_ROWS : -WHEEL_ROWS, change);
	else
		return;
	desk->points = true;
	change->any = change->pointer = true;
}

void desk_take(desk_t *desk, const desk_around_t *around, const input_event_t *event,
	       desk_change_t *change)
{
	if (event->type == INPUT_KEY)
		take_key(desk, around, event, change);
	else if (event->type == INPUT_REL)
		take_motion(desk, around->side, event, change);
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

void desk_draw(const desk_t *desk, const desk_side_t *side, uint16_t *cells, uint32_t rows,
	       uint32_t *line, uint32_t *cursor)
{
	uint32_t last = last_row(desk, side), room = rows * SCREEN_COLUMNS;
	uint32_t above = last < rows ? 0 : last - rows + 1;
	uint32_t hidden = above - (desk->scrolled < above ? desk->scrolled : above);
	uint32_t cell = 0, end = desk_end(desk, side), begin = end - desk->line.length;
	hidden *= SCREEN_COLUMNS;
	*line = *cursor = SCREEN_NO_CURSOR;
	clear_rows(cells, rows);
	for (uint32_t i = desk_first(desk, side);; i++) {
		if (cell - hidden < room && i == begin)
			*line = cell - hidden;
		if (cell - hidden < room && i == begin + desk->line.at)
			*cursor = cell - hidden;
		if (i == end)
			break;
		char byte = desk_byte(desk, side, i);
		uint8_t colour =
		    i - desk->history < end - desk->history ? SCREEN_BRIGHT : SCREEN_PLAIN;
		if (byte != '\n' && cell - hidden < room)
			cells[cell - hidden] = SCREEN_CELL(byte, colour);
		cell = desk_behind(cell, byte);
	}
}
