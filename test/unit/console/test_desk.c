/* SPDX-License-Identifier: BSD-2-Clause */
/* The desk: the line that is edited, the text before it, the pointer, and what is held. */
#include "desk_bench.h"

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
	enter("qw\n");
	assert_true(change.all);
	has_line("", 0);
	press(KEY_BACKSPACE); /* that one is done */
	type("er");
	press(KEY_LEFT);
	draw(4);
	assert_string_equal(row(0), "castellan> qw");
	assert_string_equal(row(1), "castellan> er");
	assert_int_equal(line, SCREEN_COLUMNS + 11);
	assert_int_equal(cursor, SCREEN_COLUMNS + 12);
}

static void the_newest_rows_are_shown_and_older_ones_on_demand(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10; i++)
		enter(i % 2 ? "q\n" : "w\n");
	type("e");
	draw(3);
	assert_string_equal(row(2), "castellan> e");
	take(INPUT_KEY, KEY_PAGEUP, INPUT_DOWN, 0);
	assert_int_equal(desk.scrolled, 0); /* with Shift alone */
	take(INPUT_KEY, KEY_PAGEUP, INPUT_DOWN, INPUT_SHIFT);
	assert_true(change.all);
	draw(3);
	assert_string_equal(row(0), "castellan> w");
	assert_string_equal(row(1), "castellan> q");
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
	assert_string_equal(row(2), "castellan> er");
}

static void endless_typing_forgets_the_oldest(void **state)
{
	(void)state;
	desk.history = UINT32_MAX - 40000; /* the count nearly wraps */
	desk.queued = side.done = UINT32_MAX - 4000;
	for (unsigned i = 0; i < 2000; i++)
		enter("qwe\n");
	type("rt");
	draw(SCREEN_ROWS);
	assert_string_equal(row(SCREEN_ROWS - 1), "castellan> rt");
	for (uint32_t i = 0; i < SCREEN_ROWS - 1; i++)
		assert_string_equal(row(i), "castellan> qwe");
	assert_true(desk.history - desk_first(&desk, &side) <= DESK_KEPT);
}

/* A console that dies before it keeps the next state finds the last one whole. */
static void a_state_that_was_not_kept_damages_nothing_of_the_one_that_was(void **state)
{
	static uint16_t before[SCREEN_CELLS];
	(void)state;
	for (unsigned i = 0; i < 3 * DESK_HISTORY; i++)
		enter(i % 7 ? "q" : "\n");
	for (unsigned i = 0; i < LINE_MOST; i++)
		type("w");
	desk_t kept = desk;
	draw(SCREEN_ROWS);
	memcpy(before, cells, sizeof(cells));
	for (unsigned kind = 0; kind < 3; kind++) {
		for (unsigned i = 0; i < DESK_BATCH; i++)
			press(kind == 0 || (kind == 1 && i % 2) ? KEY_ENTER : KEY_UP);
		char text[DESK_PRINTED + 9];
		memset(text, 'x', sizeof(text));
		text[sizeof(text) - 1] = '\0';
		desk = kept;
		if (kind == 2)
			desk_print(&desk, &side, text, true);
		desk = kept;
		draw(SCREEN_ROWS);
		assert_memory_equal(before, cells, sizeof(cells));
	}
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_typed_goes_in_where_the_cursor_is),
	    TEST(backspace_and_delete_take_away_on_either_side),
	    TEST(a_line_that_is_ended_stands_above_the_next),
	    TEST(the_newest_rows_are_shown_and_older_ones_on_demand),
	    TEST(endless_typing_forgets_the_oldest),
	    TEST(a_state_that_was_not_kept_damages_nothing_of_the_one_that_was),
	    TEST(the_pointer_follows_the_mouse_and_stays_on_the_screen),
	    TEST(what_is_not_known_changes_nothing),
	    TEST(what_is_not_held_any_more_is_released_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
