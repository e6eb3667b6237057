/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's command line: what is on it, and what nobody knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/words.h"

#define BEHIND                                                                                 \
	" on the kernel's command line is ignored. Known: trace=input trace=calls "            \
	"terminal=colour columns=NUMBER"

static char text[160];

static void a_word_is_found_whole_or_not_at_all(void **state)
{
	(void)state;
	assert_true(text_has_word("trace=input", "trace=input"));
	assert_true(text_has_word("castellan.elf a=b  trace=input c", "trace=input"));
	assert_false(text_has_word("trace=inputs", "trace=input"));
	assert_false(text_has_word("xtrace=input trace=", "trace=input"));
	assert_false(text_has_word("", "trace=input"));
}

static void a_number_is_read_whole_or_not_at_all(void **state)
{
	(void)state;
	assert_int_equal(text_number("a columns=80 b", "columns="), 80);
	assert_int_equal(text_number("columns=80 columns=132", "columns="), 132);
	assert_int_equal(text_number("columns=9999", "columns="), 9999);
	assert_int_equal(text_number("columns=10000", "columns="), 0);
	assert_int_equal(text_number("columns= xcolumns=5 columns=5x columns=-5", "columns="),
			 0);
	assert_int_equal(text_number("", "columns="), 0);
}

static void each_word_that_nobody_knows_is_told_once(void **state)
{
	(void)state;
	const char *line = "castellan.elf trace=inptu  trace=input quiet";
	assert_true(words_complain(line, 0, text, sizeof(text)));
	assert_string_equal(text, "\"trace=inptu\"" BEHIND);
	assert_true(words_complain(line, 1, text, sizeof(text)));
	assert_string_equal(text, "\"quiet\"" BEHIND);
	assert_false(words_complain(line, 2, text, sizeof(text)));
}

static void what_is_known_and_the_kernel_s_file_are_no_complaint(void **state)
{
	(void)state;
	assert_false(words_complain("", 0, text, sizeof(text)));
	assert_false(words_complain(" trace=input ", 0, text, sizeof(text)));
	assert_false(words_complain("build/release/castellan.elf", 0, text, sizeof(text)));
	assert_false(
	    words_complain("/my own/dir x/castellan.elf trace=input", 0, text, sizeof(text)));
	assert_false(words_complain("terminal=colour columns=80", 0, text, sizeof(text)));
	assert_true(words_complain("terminal=color", 0, text, sizeof(text)));
	assert_true(words_complain("columns=", 0, text, sizeof(text)));
	assert_true(words_complain("columns=many", 0, text, sizeof(text)));
	assert_true(words_complain("elf", 0, text, sizeof(text)));
	assert_string_equal(text, "\"elf\"" BEHIND);
}

static void a_long_word_is_cut(void **state)
{
	(void)state;
	char line[201];
	memset(line, 'w', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	assert_true(words_complain(line, 0, text, sizeof(text)));
	assert_non_null(strstr(text, "wwww...\"" BEHIND));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_word_is_found_whole_or_not_at_all),
	    cmocka_unit_test(a_number_is_read_whole_or_not_at_all),
	    cmocka_unit_test(each_word_that_nobody_knows_is_told_once),
	    cmocka_unit_test(what_is_known_and_the_kernel_s_file_are_no_complaint),
	    cmocka_unit_test(a_long_word_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
