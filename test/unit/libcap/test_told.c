/* SPDX-License-Identifier: BSD-2-Clause */
/* The one place for what came along with a signal: to whom it is given, and to whom not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/cap.h"
#include "cap/told.h"

#define SIGNAL 7u
#define FROM   0xfffffffeu
#define NEXT   1u /* the position wraps */

static const uint32_t words[TOLD_WORDS + 1] = {0x64636261, 0x68676665, 0x69};

static int empty(void **state)
{
	(void)state;
	told_drop(SIGNAL);
	return 0;
}

static bool keep(uint32_t count, uint32_t bytes)
{
	return told_keep(SIGNAL, FROM, NEXT, words, count, bytes);
}

static uint32_t take(cap_t signal, uint32_t position, uint32_t room)
{
	char to[4 * TOLD_WORDS];
	uint32_t at = position, bytes = told_take(signal, &at, to, room);
	assert_int_equal(at, bytes ? NEXT : position);
	assert_memory_equal(to, words, bytes);
	return bytes;
}

static void it_is_given_to_who_is_where_it_begins_and_once(void **state)
{
	(void)state;
	assert_true(keep(3, 9));
	assert_int_equal(take(SIGNAL, FROM, 9), 9);
	assert_int_equal(take(SIGNAL, FROM, 9), 0);
	assert_int_equal(take(SIGNAL, NEXT, 9), 0);
}

static void nobody_else_is_given_it(void **state)
{
	(void)state;
	assert_true(keep(3, 9));
	assert_int_equal(take(SIGNAL + 1, FROM, 9), 0);
	assert_int_equal(take(SIGNAL, FROM + 1, 9), 0);
	assert_int_equal(take(SIGNAL, FROM - 1, 9), 0);
	assert_int_equal(take(SIGNAL, FROM, 8), 0);
	assert_int_equal(take(CAP_NULL, FROM, 9), 0);
	assert_int_equal(take(SIGNAL, FROM, 9), 9); /* it was there all the time */
	assert_int_equal(take(CAP_NULL, FROM, 9), 0);
}

static void what_cannot_be_is_not_kept_nor_what_was_there_before(void **state)
{
	static const struct {
		uint32_t words, bytes;
	} wrong[] = {{3, 0}, {0, 1}, {2, 9}, {0, 0}, {TOLD_WORDS + 1, 4}, {1, 0xffff}};
	(void)state;
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_true(keep(3, 9));
		assert_false(keep(wrong[i].words, wrong[i].bytes));
		assert_int_equal(take(SIGNAL, FROM, 9), 0);
	}
	assert_true(keep(TOLD_WORDS, 4 * TOLD_WORDS));
	assert_int_equal(take(SIGNAL, FROM, 4 * TOLD_WORDS), 4 * TOLD_WORDS);
}

static void it_is_dropped_with_its_own_signal(void **state)
{
	(void)state;
	assert_true(keep(3, 9));
	told_drop(SIGNAL + 1);
	assert_int_equal(take(SIGNAL, FROM, 9), 9);
	assert_true(keep(3, 9));
	told_drop(SIGNAL);
	assert_int_equal(take(SIGNAL, FROM, 9), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, empty)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(it_is_given_to_who_is_where_it_begins_and_once),
	    TEST(nobody_else_is_given_it),
	    TEST(what_cannot_be_is_not_kept_nor_what_was_there_before),
	    TEST(it_is_dropped_with_its_own_signal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
