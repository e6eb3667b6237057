/* SPDX-License-Identifier: BSD-2-Clause */
/* The prompt among lines of text, and the log on its way. */
#include "terminal_bench.h"

static void the_prompt_is_printed_once(void **state)
{
	(void)state;
	terminal_prompt(&terminal);
	terminal_prompt(&terminal);
	assert_string_equal(sent(), "castellan> ");
}

static void a_log_line_takes_the_place_of_prompt_and_text(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	terminal_prompt(&terminal);
	type("ki", line);
	assert_string_equal(sent(), "castellan> ki");
	hold("serial: ready\nps2kbd: ready\n");
	terminal_log(&terminal, &pump);
	terminal_log(&terminal, &pump);
	terminal_prompt(&terminal);
	assert_string_equal(sent(), "\r             \rserial: ready\r\nps2kbd: ready\r\n"
				    "castellan> ki");
	assert_int_equal(type("ll x\r", line), 1);
	assert_string_equal(line, "kill x");
	assert_string_equal(sent(), "ll x\r\n");
}

static void an_empty_log_leaves_the_prompt_alone(void **state)
{
	(void)state;
	terminal_prompt(&terminal);
	sent();
	terminal_log(&terminal, &pump);
	assert_string_equal(sent(), "");
	assert_true(terminal.prompt);
}

static void what_is_typed_before_the_prompt_appears_with_it(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	assert_int_equal(type("ps", line), 0);
	assert_string_equal(sent(), "");
	assert_int_equal(type("\n", line), 1);
	assert_string_equal(sent(), "castellan> ps\r\n");
	assert_false(terminal.prompt);
}

static void a_printed_line_is_cut_but_always_ended(void **state)
{
	(void)state;
	char text[TERMINAL_LINE + 10];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	terminal_prompt(&terminal);
	sent();
	terminal_print(&terminal, text);
	assert_int_equal(strlen(sent()), strlen(BLANK_PROMPT) + TERMINAL_LINE + 2);
	assert_string_equal(wire + strlen(wire) - 3, "x\r\n");
}

static void a_printed_line_steers_no_terminal(void **state)
{
	(void)state;
	terminal_print(&terminal, "a\x1b[31m\a\r\nb\x7f\x9b ~");
	assert_string_equal(sent(), "a?[31m???b?? ~\r\n");
}

static void what_the_line_does_not_take_is_sent_later(void **state)
{
	(void)state;
	char part[8] = "";
	terminal_print(&terminal, "abcdef");
	assert_int_equal(terminal_peek(&terminal, part, 4), 4);
	terminal_sent(&terminal, 1);
	assert_int_equal(terminal_peek(&terminal, part, 4), 4);
	assert_memory_equal(part, "bcde", 4);
	terminal_sent(&terminal, 0);
	assert_string_equal(sent(), "bcdef\r\n");
}

static void each_line_is_given_once(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	assert_int_equal(type("ps\rcaps a\r", line), 2);
	assert_string_equal(line, "caps a");
}

static void no_more_is_sent_than_there_is(void **state)
{
	(void)state;
	terminal_print(&terminal, "a");
	terminal_sent(&terminal, TERMINAL_BYTES);
	assert_int_equal(ring_used(&terminal.out), 0);
	terminal_print(&terminal, "b");
	assert_int_equal(ring_used(&terminal.out), 3);
}

static void what_is_forgotten_is_not_sent_and_what_was_typed_stays(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	terminal_print(&terminal, "old");
	terminal_prompt(&terminal);
	type("ki", line);
	terminal_forget(&terminal);
	assert_string_equal(sent(), "");
	terminal_prompt(&terminal);
	assert_string_equal(sent(), "castellan> ki");
}

static void the_longest_of_everything_fits_the_room_that_is_asked_for(void **state)
{
	(void)state;
	char line[LINE_MOST + 1], text[TERMINAL_LINE + 1];
	memset(text, 'x', TERMINAL_LINE);
	text[TERMINAL_LINE] = '\0';
	terminal_prompt(&terminal);
	for (unsigned i = 0; i < LINE_MOST; i++)
		type("y", line);
	while (terminal_has_room(&terminal)) {
		terminal_print(&terminal, text);
		terminal_prompt(&terminal);
	}
	assert_int_equal(terminal.out.dropped, 0);
}

static void a_log_longer_than_the_room_goes_on_where_it_stopped(void **state)
{
	(void)state;
	char expected[TERMINAL_BYTES * 4] = "", got[TERMINAL_BYTES * 4] = "";
	uint32_t position = 0;
	for (unsigned i = 0; i < 20; i++) {
		char text[MANAGER_TEXT_MAX + 1];
		memset(text, 'a' + (int)i, MANAGER_TEXT_MAX);
		text[MANAGER_TEXT_MAX] = '\0';
		text[100] = '\n';
		size_t length = strlen(expected);
		memcpy(expected + length, text, 100);
		strcpy(expected + length + 100, "\r\n");
		strcat(expected, text + 101);
		hold(text);
		position += MANAGER_TEXT_MAX;
		for (unsigned tries = 0; !pump_is_empty(&pump); tries++) {
			terminal_log(&terminal, &pump);
			char some[1000];
			uint32_t count = terminal_peek(&terminal, some, sizeof(some));
			strncat(got, some, count);
			terminal_sent(&terminal, count);
			assert_in_range(tries, 0, MANAGER_TEXT_MAX);
		}
		assert_int_equal(pump.position, position);
	}
	strcat(got, sent());
	assert_string_equal(got, expected);
	assert_int_equal(terminal.out.dropped, 0);
}

static void the_position_counts_log_bytes_not_wire_bytes(void **state)
{
	(void)state;
	char to[8];
	hold("a\n\nb");
	assert_int_equal(pump_take(&pump, to, 2), 1); /* CR LF does not fit behind it */
	assert_int_equal(pump.position, 1);
	assert_true(pump.mid_line);
	assert_int_equal(pump_take(&pump, to, 4), 2); /* a line at a time */
	assert_memory_equal(to, "\r\n", 2);
	assert_int_equal(pump_take(&pump, to, 4), 2);
	assert_int_equal(pump.position, 3);
	assert_false(pump.mid_line);
	assert_int_equal(pump_take(&pump, to, 8), 1);
	assert_true(pump_is_empty(&pump));
	assert_true(pump.mid_line);
}

static void lost_log_is_counted_and_a_new_log_is_not_lost(void **state)
{
	(void)state;
	pump.position = 100;
	assert_int_equal(pump_fill(&pump, 160, 10), 50);
	assert_int_equal(pump.position, 150);
	pump.used = pump.held;
	pump.position = 160;
	assert_int_equal(pump_fill(&pump, 10, 10), 0);
	assert_int_equal(pump.position, 0);
	pump.used = pump.held;
	pump.position = 0xfffffff0u;
	assert_int_equal(pump_fill(&pump, 0x10, 0x20), 0);
}

static void control_characters_of_a_driver_do_not_reach_the_terminal(void **state)
{
	(void)state;
	hold("x: \x1b[2J\rcastellan> \t\xff\n");
	terminal_log(&terminal, &pump);
	assert_string_equal(sent(), "x: ?[2J?castellan> ??\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_prompt_is_printed_once, fresh),
	    cmocka_unit_test_setup(a_log_line_takes_the_place_of_prompt_and_text, fresh),
	    cmocka_unit_test_setup(an_empty_log_leaves_the_prompt_alone, fresh),
	    cmocka_unit_test_setup(what_is_typed_before_the_prompt_appears_with_it, fresh),
	    cmocka_unit_test_setup(a_printed_line_is_cut_but_always_ended, fresh),
	    cmocka_unit_test_setup(a_printed_line_steers_no_terminal, fresh),
	    cmocka_unit_test_setup(what_the_line_does_not_take_is_sent_later, fresh),
	    cmocka_unit_test_setup(each_line_is_given_once, fresh),
	    cmocka_unit_test_setup(no_more_is_sent_than_there_is, fresh),
	    cmocka_unit_test_setup(what_is_forgotten_is_not_sent_and_what_was_typed_stays,
				   fresh),
	    cmocka_unit_test_setup(the_longest_of_everything_fits_the_room_that_is_asked_for,
				   fresh),
	    cmocka_unit_test_setup(a_log_longer_than_the_room_goes_on_where_it_stopped, fresh),
	    cmocka_unit_test_setup(the_position_counts_log_bytes_not_wire_bytes, fresh),
	    cmocka_unit_test_setup(lost_log_is_counted_and_a_new_log_is_not_lost, fresh),
	    cmocka_unit_test_setup(control_characters_of_a_driver_do_not_reach_the_terminal,
				   fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
