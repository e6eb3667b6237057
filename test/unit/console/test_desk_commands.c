/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that are typed at the desk: they wait, are taken once, and are answered. */
#include "desk_bench.h"

static void commands_wait_and_each_is_taken_once(void **state)
{
	char text[LINE_MOST + 1];
	(void)state;
	assert_false(desk_is_busy(&desk, &side));
	assert_false(desk_next_command(&desk, &side, text));
	type("qw\n\ner\n");
	assert_true(desk_is_busy(&desk, &side));
	assert_true(desk_next_command(&desk, &side, text));
	assert_string_equal(text, "qw");
	assert_int_equal(side.under_way, 1);
	assert_true(desk_next_command(&desk, &side, text));
	assert_string_equal(text, "er"); /* nothing was typed in between */
	assert_false(desk_next_command(&desk, &side, text));
	assert_true(desk_is_busy(&desk, &side));
	side.under_way = 0;
	assert_false(desk_is_busy(&desk, &side));
	press(KEY_UP);
	has_line("er", 2);
}

static void while_a_command_is_under_way_there_is_no_prompt(void **state)
{
	(void)state;
	type("qw\n");
	desk_print(&desk, &side, "an answer", true);
	desk_print(&desk, &side, "in ", false);
	desk_print(&desk, &side, "pieces", true);
	type("e");
	draw(5);
	assert_string_equal(row(0), "castellan> qw");
	assert_string_equal(row(1), "an answer");
	assert_string_equal(row(2), "in pieces");
	assert_string_equal(row(3), "e");
	all_done();
	draw(5);
	assert_string_equal(row(3), "castellan> e");
	assert_int_equal(cells[SCREEN_COLUMNS] >> 8, SCREEN_PLAIN);
	assert_int_equal(cells[3 * SCREEN_COLUMNS] >> 8, SCREEN_BRIGHT);
}

static void a_command_that_there_is_no_room_for_stays_in_its_line(void **state)
{
	char text[LINE_MOST + 1];
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		assert_false(desk_is_full(&desk, &side));
		for (unsigned n = 0; n < LINE_MOST; n++)
			type("q");
		type("\n");
	}
	assert_true(desk_is_full(&desk, &side));
	for (unsigned n = 0; n < LINE_MOST; n++)
		type("w");
	uint32_t queued = desk.queued;
	type("\n");
	assert_int_equal(desk.queued, queued);
	assert_int_equal(desk.line.length, LINE_MOST);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(desk_next_command(&desk, &side, text));
		assert_int_equal(strlen(text), LINE_MOST);
		assert_int_equal(text[LINE_MOST - 1], 'q');
	}
	type("\n");
	assert_true(desk_next_command(&desk, &side, text));
	assert_int_equal(text[0], 'w');
}

static void the_screen_is_cleared_and_the_line_stays(void **state)
{
	(void)state;
	enter("qw\n");
	type("er");
	take(INPUT_KEY, KEY_L, INPUT_DOWN, INPUT_CTRL);
	assert_true(change.all);
	draw(3);
	assert_string_equal(row(0), "castellan> er");
	assert_string_equal(row(1), "");
	take(INPUT_KEY, KEY_PAGEUP, INPUT_DOWN, INPUT_SHIFT);
	assert_int_equal(desk.scrolled, 0);
}

static void what_tab_has_to_offer_is_drawn_and_goes_again(void **state)
{
	(void)state;
	type("w");
	press(KEY_TAB);
	has_line("why ", 4);
	assert_false(change.all);
	press(KEY_TAB);
	press(KEY_TAB);
	assert_true(change.all && desk.line.tabbed);
	press(KEY_LEFT);
	assert_true(change.all && !desk.line.tabbed);
	press(KEY_LEFT);
	assert_false(change.all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(commands_wait_and_each_is_taken_once),
	    TEST(while_a_command_is_under_way_there_is_no_prompt),
	    TEST(a_command_that_there_is_no_room_for_stays_in_its_line),
	    TEST(the_screen_is_cleared_and_the_line_stays),
	    TEST(what_tab_has_to_offer_is_drawn_and_goes_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
