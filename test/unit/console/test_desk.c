/* SPDX-License-Identifier: BSD-2-Clause */
/* The desk: the line that is edited, the lines before it, the pointer, and what is held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/desk.h"

static desk_t desk;
static char history[DESK_HISTORY];
static desk_change_t change;
static uint16_t cells[SCREEN_CELLS];
static uint32_t line, cursor;
static char row_text[SCREEN_COLUMNS + 1];

static int fresh(void **state)
{
	(void)state;
	memset(&desk, 0, sizeof(desk));
	memset(history, 0, sizeof(history));
	memset(&change, 0, sizeof(change));
	return 0;
}

static void take(uint8_t type, uint16_t code, int32_t value, uint8_t modifiers)
{
	input_event_t event = {
	    .type = type, .code = code, .value = value, .modifiers = modifiers};
	change = (desk_change_t){0};
	desk_take(&desk, history, &event, &change);
	assert_true(desk.at <= desk.length && desk.length <= DESK_LINE);
}

static void press(uint16_t code)
{
	take(INPUT_KEY, code, INPUT_DOWN, 0);
}

/* Letters of "qwertyuiop", blanks and line ends. */
static void type(const char *text)
{
	static const char row[] = "qwertyuiop";
	for (; *text; text++) {
		const char *found = strchr(row, *text);
		press(*text == '\n'  ? KEY_ENTER
		      : *text == ' ' ? KEY_SPACE
				     : (uint16_t)(KEY_Q + (found - row)));
	}
}

static void press_times(uint16_t code, unsigned times)
{
	while (times--)
		press(code);
}

static void draw(uint32_t rows)
{
	memset(cells, 0, sizeof(cells));
	desk_draw(&desk, history, cells, rows, &line, &cursor);
	for (uint32_t i = 0; i < rows * SCREEN_COLUMNS; i++)
		assert_int_not_equal(cells[i], 0);
}

static const char *row(uint32_t number)
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

static void has_line(const char *text, uint32_t at)
{
	assert_int_equal(desk.length, strlen(text));
	assert_memory_equal(desk.line, text, desk.length);
	assert_int_equal(desk.at, at);
}

static void changed(uint32_t from, uint32_t to)
{
	assert_true(change.any && !change.all && !change.pointer);
	assert_int_equal(change.from, from);
	assert_int_equal(change.to, to);
}

static void what_is_typed_goes_in_where_the_cursor_is(void **state)
{
	(void)state;
	type("we");
	has_line("we", 2);
	changed(1, 2);
	press(KEY_HOME);
	changed(0, 0); /* the cursor alone */
	type("q");
	has_line("qwe", 1);
	changed(0, 3);
	press(KEY_END);
	type("t");
	press(KEY_LEFT);
	type("r");
	has_line("qwert", 4);
	changed(3, 5);
	press_times(KEY_RIGHT, 9);
	has_line("qwert", 5);
	press_times(KEY_LEFT, 9);
	has_line("qwert", 0);
}

static void backspace_and_delete_take_away_on_either_side(void **state)
{
	(void)state;
	type("qwert");
	press(KEY_DELETE); /* nothing is there */
	has_line("qwert", 5);
	changed(0, 0);
	press(KEY_BACKSPACE);
	has_line("qwer", 4);
	changed(4, 5);
	press_times(KEY_LEFT, 2);
	press(KEY_BACKSPACE);
	has_line("qer", 1);
	changed(1, 4);
	press(KEY_DELETE);
	has_line("qr", 1);
	press(KEY_HOME);
	press(KEY_BACKSPACE);
	has_line("qr", 0);
	changed(0, 0);
}

static void a_line_that_is_ended_stands_above_the_next(void **state)
{
	(void)state;
	type("qw\n");
	assert_true(change.all);
	has_line("", 0);
	press(KEY_BACKSPACE); /* that one is done */
	type("er");
	press(KEY_LEFT);
	draw(4);
	assert_string_equal(row(0), "qw");
	assert_string_equal(row(1), "er");
	assert_int_equal(line, SCREEN_COLUMNS);
	assert_int_equal(cursor, SCREEN_COLUMNS + 1);
}

static void a_line_that_is_too_long_goes_on_below_and_nothing_is_lost(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DESK_LINE; i++)
		type("q");
	assert_int_equal(desk.length, DESK_LINE);
	type("w");
	has_line("w", 1);
	draw(4);
	assert_int_equal(strlen(row(0)), SCREEN_COLUMNS);
	assert_int_equal(strlen(row(1)), SCREEN_COLUMNS);
	assert_string_equal(row(2), "w");
}

static void the_newest_rows_are_shown_and_older_ones_on_demand(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10; i++)
		type(i % 2 ? "q\n" : "w\n");
	type("e");
	draw(3);
	assert_string_equal(row(2), "e");
	take(INPUT_KEY, KEY_PAGEUP, INPUT_DOWN, 0);
	assert_int_equal(desk.scrolled, 0); /* with Shift alone */
	take(INPUT_KEY, KEY_PAGEUP, INPUT_DOWN, INPUT_SHIFT);
	assert_true(change.all);
	draw(3);
	assert_string_equal(row(0), "w");
	assert_string_equal(row(1), "q");
	assert_int_equal(line, SCREEN_NO_CURSOR);
	assert_int_equal(cursor, SCREEN_NO_CURSOR);
	for (unsigned i = 0; i < 10; i++)
		take(INPUT_KEY, KEY_PAGEUP, INPUT_DOWN, INPUT_SHIFT);
	assert_int_equal(desk.scrolled, 10); /* there is no more */
	assert_false(change.all);
	take(INPUT_KEY, KEY_PAGEDOWN, INPUT_DOWN, INPUT_SHIFT);
	assert_int_equal(desk.scrolled, 2);
	take(INPUT_REL, REL_WHEEL, 1, 0);
	assert_int_equal(desk.scrolled, 5);
	take(INPUT_REL, REL_WHEEL, -1, 0);
	type("r");
	assert_true(change.all);
	draw(3);
	assert_string_equal(row(2), "er");
}

static void endless_typing_forgets_the_oldest(void **state)
{
	(void)state;
	desk.history = UINT32_MAX - 4000; /* the count wraps */
	for (unsigned i = 0; i < 2000; i++)
		type("qwe\n");
	type("rt");
	draw(SCREEN_ROWS);
	assert_string_equal(row(SCREEN_ROWS - 1), "rt");
	for (uint32_t i = 0; i < SCREEN_ROWS - 1; i++)
		assert_string_equal(row(i), "qwe");
	assert_true(desk.history + desk.length - desk_first(&desk, history) <=
		    DESK_KEPT + DESK_LINE);
}

/* Rows break where they broke while it was typed. */
static void without_enter_the_newest_rows_are_kept(void **state)
{
	enum { ROWS = 76, SEEN = 15 };
	static const char letters[] = "qwertyuiop";
	char wanted[SCREEN_COLUMNS + 1] = "";
	(void)state;
	for (unsigned i = 0; i < ROWS * SCREEN_COLUMNS; i++)
		type((char[]){letters[i / SCREEN_COLUMNS % 10], '\0'});
	for (unsigned ends = 0; ends < 2; ends++) {
		draw(SEEN + 1 + ends);
		for (unsigned i = 0; i < SEEN; i++) {
			memset(wanted, letters[(ROWS - SEEN + i) % 10], SCREEN_COLUMNS);
			assert_string_equal(row(i), wanted);
		}
		type("\n");
	}
	assert_true(desk.history - desk_first(&desk, history) >= DESK_KEPT - DESK_LINE - 1);
}

/* A console that dies before it keeps the next state finds the last one whole. */
static void a_state_that_was_not_kept_damages_nothing_of_the_one_that_was(void **state)
{
	static uint16_t before[SCREEN_CELLS];
	(void)state;
	for (unsigned i = 0; i < 3 * DESK_HISTORY; i++)
		type(i % 7 ? "q" : "\n");
	for (unsigned i = 0; i < DESK_LINE; i++)
		type("w");
	desk_t kept = desk;
	char text[DESK_HISTORY];
	uint32_t first = desk_first(&desk, history);
	for (uint32_t i = first; i != desk.history; i++)
		text[i - first] = desk_byte(&desk, history, i);
	draw(SCREEN_ROWS);
	memcpy(before, cells, sizeof(cells));
	for (unsigned i = 0; i < DESK_BATCH; i++)
		type("\n");
	desk = kept;
	for (uint32_t i = first; i != desk.history; i++)
		assert_int_equal(desk_byte(&desk, history, i), text[i - first]);
	draw(SCREEN_ROWS);
	assert_memory_equal(before, cells, sizeof(cells));
}

static void the_pointer_follows_the_mouse_and_stays_on_the_screen(void **state)
{
	(void)state;
	assert_int_equal(desk_pointer(&desk), SCREEN_NO_CURSOR);
	take(INPUT_REL, REL_X, 2 * DESK_STEPS_X, 0);
	assert_true(change.any && change.pointer);
	take(INPUT_REL, REL_Y, DESK_STEPS_Y, 0);
	assert_int_equal(desk_pointer(&desk), SCREEN_COLUMNS + 2);
	take(INPUT_REL, REL_X, INT32_MIN, 0);
	take(INPUT_REL, REL_Y, -DESK_STEPS_Y - 1, 0);
	assert_int_equal(desk_pointer(&desk), 0);
	take(INPUT_REL, REL_X, INT32_MAX, 0);
	take(INPUT_REL, REL_Y, INT32_MAX, 0);
	assert_int_equal(desk_pointer(&desk), SCREEN_CELLS - 1);
}

static void what_is_not_known_changes_nothing(void **state)
{
	(void)state;
	const desk_t before = desk;
	take(7, KEY_Q, INPUT_DOWN, 0);
	take(INPUT_REL, 99, 5, 0);
	take(INPUT_KEY, 0x2ff, INPUT_DOWN, 0);
	assert_memory_equal(&desk, &before, sizeof(desk));
	assert_false(change.any);
}

static uint16_t released[8];
static unsigned releases;

static void note(const input_event_t *event)
{
	assert_int_equal(event->type, INPUT_KEY);
	assert_int_equal(event->value, INPUT_UP);
	released[releases++] = event->code;
}

static void what_is_not_held_any_more_is_released_once(void **state)
{
	input_state_t now = {.keys = {[KEY_W / 8] = 1u << KEY_W % 8}};
	(void)state;
	press(KEY_Q);
	press(KEY_W);
	press(KEY_E);
	take(INPUT_KEY, KEY_E, INPUT_UP, 0);
	take(INPUT_KEY, BTN_RIGHT, INPUT_DOWN, 0);
	releases = 0;
	desk_release(&desk, &now, note);
	assert_int_equal(releases, 2);
	assert_int_equal(released[0], KEY_Q);
	assert_int_equal(released[1], BTN_RIGHT);
	desk_release(&desk, &now, note);
	assert_int_equal(releases, 2);
	take(INPUT_KEY, KEY_W, INPUT_UP, 0);
	desk_release(&desk, &(input_state_t){0}, note);
	assert_int_equal(releases, 2);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_typed_goes_in_where_the_cursor_is),
	    TEST(backspace_and_delete_take_away_on_either_side),
	    TEST(a_line_that_is_ended_stands_above_the_next),
	    TEST(a_line_that_is_too_long_goes_on_below_and_nothing_is_lost),
	    TEST(the_newest_rows_are_shown_and_older_ones_on_demand),
	    TEST(endless_typing_forgets_the_oldest),
	    TEST(without_enter_the_newest_rows_are_kept),
	    TEST(a_state_that_was_not_kept_damages_nothing_of_the_one_that_was),
	    TEST(the_pointer_follows_the_mouse_and_stays_on_the_screen),
	    TEST(what_is_not_known_changes_nothing),
	    TEST(what_is_not_held_any_more_is_released_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
