/* SPDX-License-Identifier: BSD-2-Clause */
/* Input events as lines of the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "servers/console/trace.h"

static char text[64];

static bool line(uint8_t type, uint16_t code, int32_t value)
{
	text[0] = '\0';
	return trace_line(&(input_event_t){.type = type, .code = code, .value = value}, text,
			  sizeof(text));
}

static void keys_and_buttons_go_down_and_up_by_name(void **state)
{
	(void)state;
	assert_true(line(INPUT_KEY, KEY_LEFTSHIFT, INPUT_DOWN));
	assert_string_equal(text, "input: key leftshift down");
	assert_true(line(INPUT_KEY, BTN_LEFT, INPUT_DOWN));
	assert_string_equal(text, "input: key btn_left down");
	assert_true(line(INPUT_KEY, BTN_EXTRA, INPUT_UP));
	assert_string_equal(text, "input: key btn_extra up");
	assert_true(line(INPUT_KEY, BTN_EXTRA + 1, INPUT_UP));
	assert_string_equal(text, "input: key unknown up");
}

static void motions_have_an_axis_and_a_sign(void **state)
{
	(void)state;
	assert_true(line(INPUT_REL, REL_X, -3));
	assert_string_equal(text, "input: rel x -3");
	assert_true(line(INPUT_REL, REL_WHEEL, 1));
	assert_string_equal(text, "input: rel wheel 1");
	assert_true(line(INPUT_REL, 99, 1));
	assert_string_equal(text, "input: rel unknown 1");
}

static void what_is_repeated_or_not_known_has_no_line(void **state)
{
	(void)state;
	assert_false(line(INPUT_KEY, KEY_A, INPUT_REPEAT));
	assert_false(line(0, 0, 0));
	assert_false(line(9, KEY_A, INPUT_DOWN));
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys_and_buttons_go_down_and_up_by_name),
	    cmocka_unit_test(motions_have_an_axis_and_a_sign),
	    cmocka_unit_test(what_is_repeated_or_not_known_has_no_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
