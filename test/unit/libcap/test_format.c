/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the text formatting, cap/format.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "abi/driver_errno.h"
#include "cap/format.h"

#define ROOM 64

/* The C library's printf is the reference for what both can do. */
#define SAME(...)                                                                              \
	do {                                                                                   \
		char ours[ROOM], theirs[ROOM];                                                 \
		int length = snprintf(theirs, ROOM, __VA_ARGS__);                              \
		assert_int_equal(format(ours, ROOM, __VA_ARGS__), length);                     \
		assert_string_equal(ours, theirs);                                             \
	} while (0)

static void plain_text_and_percent_are_copied(void **state)
{
	(void)state;
	SAME("hello");
	SAME("100%% of %s", "it");
}

static void integers_print_as_in_c(void **state)
{
	(void)state;
	SAME("%d %i %u", -42, 7, 42u);
	SAME("%d %d", INT32_MIN, INT32_MAX);
	SAME("%u %x %X", UINT32_MAX, 0xdeadbeefu, 0xdeadbeefu);
	SAME("%d %u %x", 0, 0u, 0u);
	SAME("%ld %lu %lx", -5l, 5ul, 0xfful);
	SAME("%zu", sizeof(int));
}

static void width_and_flags_pad_as_in_c(void **state)
{
	(void)state;
	SAME("[%5d] [%-5d] [%05d]", 42, 42, 42);
	SAME("[%5d] [%-5d] [%05d]", -42, -42, -42);
	SAME("[%08x] [%2x]", 0x1234u, 0x12345u);
	SAME("[%*d] [%-*s]", 6, 9, 6, "ab");
	SAME("[%8s] [%-8s] [%c]", "name", "name", 'c');
}

static void precision_cuts_a_string_that_has_no_end(void **state)
{
	(void)state;
	char text[ROOM];
	const char raw[3] = {'a', 'b', 'c'};
	assert_int_equal(format(text, ROOM, "%.3s", raw), 3);
	assert_string_equal(text, "abc");
	assert_int_equal(format(text, ROOM, "%.*s|", 2, raw), 3);
	assert_string_equal(text, "ab|");
	assert_int_equal(format(text, ROOM, "%5.2s|", raw), 6);
	assert_string_equal(text, "   ab|");
}

static void a_null_string_is_shown_not_followed(void **state)
{
	(void)state;
	char text[ROOM];
	const char *volatile none = NULL;
	format(text, ROOM, "%s", none);
	assert_string_equal(text, "(null)");
}

static void text_that_does_not_fit_is_cut_and_terminated(void **state)
{
	(void)state;
	char text[8];
	memset(text, '#', sizeof(text));
	assert_int_equal(format(text, 5, "%s", "abcdefgh"), 4);
	assert_memory_equal(text, "abcd\0###", 8);
}

static void size_one_holds_the_end_alone_and_size_zero_nothing(void **state)
{
	(void)state;
	char text[2] = "#";
	assert_int_equal(format(text, 1, "abc"), 0);
	assert_int_equal(text[0], '\0');
	text[0] = '#';
	assert_int_equal(format(text, 0, "abc"), 0);
	assert_int_equal(text[0], '#');
}

static void a_text_that_ends_in_a_conversion_reads_no_further(void **state)
{
	(void)state;
	char text[ROOM];
	char exact[] = {'x', '%', '-', '5', '\0'};
	const char *volatile cut = exact;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	assert_int_equal(format(text, ROOM, cut), 1);
#pragma GCC diagnostic pop
	assert_string_equal(text, "x");
}

static void every_error_has_its_name_and_a_text(void **state)
{
	(void)state;
#define CHECK_ERROR(name, value, text)                                                         \
	assert_string_equal(error_name(value), #name);                                         \
	assert_string_equal(error_text(name), text);
	DRV_ERRORS(CHECK_ERROR)
#undef CHECK_ERROR
}

static void a_number_that_is_no_error_is_not_given_a_name(void **state)
{
	(void)state;
	assert_string_equal(error_name(-1), "DRV_?");
	assert_string_equal(error_name(1), "DRV_?");
	assert_string_equal(error_name(DRV_ERROR_LAST - 1), "DRV_?");
	assert_string_equal(error_text(-1), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_text_and_percent_are_copied),
	    cmocka_unit_test(integers_print_as_in_c),
	    cmocka_unit_test(width_and_flags_pad_as_in_c),
	    cmocka_unit_test(precision_cuts_a_string_that_has_no_end),
	    cmocka_unit_test(a_null_string_is_shown_not_followed),
	    cmocka_unit_test(text_that_does_not_fit_is_cut_and_terminated),
	    cmocka_unit_test(size_one_holds_the_end_alone_and_size_zero_nothing),
	    cmocka_unit_test(a_text_that_ends_in_a_conversion_reads_no_further),
	    cmocka_unit_test(every_error_has_its_name_and_a_text),
	    cmocka_unit_test(a_number_that_is_no_error_is_not_given_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
