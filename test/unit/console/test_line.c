/* SPDX-License-Identifier: BSD-2-Clause */
/* The line editor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/line.h"

static line_t line;
static char echoed[4096];

static int fresh(void **state)
{
	(void)state;
	memset(&line, 0, sizeof(line));
	echoed[0] = '\0';
	return 0;
}

/* Types `text` and returns how many lines it completed. The last one stays in `line`. */
static unsigned type(const char *text)
{
	char echo[LINE_ECHO];
	unsigned lines = 0;
	for (; *text; text++) {
		lines += line_feed(&line, *text, echo);
		strcat(echoed, echo);
	}
	return lines;
}

static void typed_text_is_echoed_and_kept(void **state)
{
	(void)state;
	assert_int_equal(type("kill ps2kbd"), 0);
	assert_string_equal(line.text, "kill ps2kbd");
	assert_string_equal(echoed, "kill ps2kbd");
	assert_int_equal(type("\r"), 1);
	assert_string_equal(line.text, "kill ps2kbd");
	line_clear(&line);
	assert_string_equal(line.text, "");
}

static void return_line_feed_or_both_end_one_line(void **state)
{
	(void)state;
	assert_int_equal(type("a\r"), 1);
	assert_int_equal(type("\n"), 0);
	assert_int_equal(type("b\n"), 1);
	assert_int_equal(type("\n"), 1);
	assert_int_equal(type("\r\r\n\n"), 3);
}

static void backspace_and_delete_take_one_character_away(void **state)
{
	(void)state;
	type("ab\b");
	assert_string_equal(line.text, "a");
	assert_string_equal(echoed, "ab\b \b");
	type("\x7f\x7f\b");
	assert_string_equal(line.text, "");
	assert_string_equal(echoed, "ab\b \b\b \b");
}

static void ctrl_u_takes_the_line_away(void **state)
{
	(void)state;
	type("abc\x15");
	assert_int_equal(line.length, 0);
	assert_string_equal(echoed, "abc\b \b\b \b\b \b");
	type("x\x03y");
	assert_string_equal(line.text, "y");
}

static void escape_sequences_and_control_bytes_do_nothing(void **state)
{
	(void)state;
	type("a\x1b[A\x1b[1;5C\x1bOP\x1bx\x01\xc3\xa4"
	     "b");
	assert_string_equal(line.text, "ab");
	assert_string_equal(echoed, "ab");
}

static void a_tab_is_a_blank(void **state)
{
	(void)state;
	type("ps\tserial");
	assert_string_equal(line.text, "ps serial");
	assert_string_equal(echoed, "ps serial");
	type("\x15");
	for (unsigned i = 0; i < LINE_MOST + 1; i++)
		type("\t");
	assert_int_equal(line.length, LINE_MOST);
}

static void a_line_that_is_full_takes_no_more(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LINE_MOST + 50; i++)
		type("x");
	assert_int_equal(line.length, LINE_MOST);
	assert_int_equal(strlen(echoed), LINE_MOST);
	type("\x15");
	assert_int_equal(line.length, 0);
	assert_int_equal(strlen(echoed), LINE_MOST * 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(typed_text_is_echoed_and_kept, fresh),
	    cmocka_unit_test_setup(return_line_feed_or_both_end_one_line, fresh),
	    cmocka_unit_test_setup(backspace_and_delete_take_one_character_away, fresh),
	    cmocka_unit_test_setup(ctrl_u_takes_the_line_away, fresh),
	    cmocka_unit_test_setup(escape_sequences_and_control_bytes_do_nothing, fresh),
	    cmocka_unit_test_setup(a_tab_is_a_blank, fresh),
	    cmocka_unit_test_setup(a_line_that_is_full_takes_no_more, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
