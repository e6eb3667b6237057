/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of small numbers, cap/bits.h, beside an array that says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/bits.h"

#define NUMBERS 100u

static void a_number_is_in_while_it_was_put_in_last(void **state)
{
	(void)state;
	uint32_t bits[BITS_WORDS(NUMBERS)] = {0};
	bool is_in[NUMBERS] = {false};
	for (uint32_t turn = 0, n = 7; turn < 5000; turn++) {
		n = (n * 61u + turn) % NUMBERS;
		is_in[n] = turn % 3;
		bits_set(bits, n, is_in[n]);
		uint32_t count = 0, next = bits_first(bits, 0, NUMBERS);
		for (uint32_t i = 0; i < NUMBERS; i++) {
			assert_int_equal(bits_test(bits, i), is_in[i]);
			count += is_in[i];
			if (!is_in[i])
				continue;
			assert_int_equal(next, i);
			next = bits_first(bits, i + 1, NUMBERS);
		}
		assert_int_equal(next, NUMBERS);
		assert_int_equal(bits_count(bits, NUMBERS), count);
	}
}

static void what_is_put_in_or_out_twice_is_so_once(void **state)
{
	(void)state;
	uint32_t bits[2] = {0, 0};
	bits_set(bits, 31, true);
	bits_set(bits, 31, true);
	assert_int_equal(bits_count(bits, 64), 1);
	assert_int_equal(bits[0], 0x80000000u);
	assert_int_equal(bits[1], 0);
	bits_set(bits, 32, false);
	bits_set(bits, 31, false);
	bits_set(bits, 31, false);
	assert_int_equal(bits_count(bits, 64), 0);
}

static void nothing_is_found_from_the_end_on(void **state)
{
	(void)state;
	uint32_t bits[2] = {0, 1u << 8};
	assert_int_equal(bits_first(bits, 0, 64), 40);
	assert_int_equal(bits_first(bits, 40, 41), 40);
	assert_int_equal(bits_first(bits, 0, 40), 40);
	assert_int_equal(bits_first(bits, 0, 33), 33);
	assert_int_equal(bits_first(bits, 41, 64), 64);
	assert_int_equal(bits_first(bits, 64, 64), 64);
	assert_int_equal(bits_first(bits, 0, 0), 0);
}

/* As the words lie in what is sent to a client. */
static void number_n_is_bit_n_of_the_bytes_too(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 64; n++) {
		uint32_t bits[2] = {0, 0};
		uint8_t bytes[8];
		bits_set(bits, n, true);
		memcpy(bytes, bits, sizeof(bytes));
		for (uint32_t byte = 0; byte < 8; byte++)
			assert_int_equal(bytes[byte], byte == n / 8 ? 1u << n % 8 : 0);
	}
}

static void words_are_enough_and_not_more(void **state)
{
	(void)state;
	assert_int_equal(BITS_WORDS(0), 0);
	assert_int_equal(BITS_WORDS(1), 1);
	assert_int_equal(BITS_WORDS(32), 1);
	assert_int_equal(BITS_WORDS(33), 2);
	assert_int_equal(BITS_WORDS(256), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_is_in_while_it_was_put_in_last),
	    cmocka_unit_test(what_is_put_in_or_out_twice_is_so_once),
	    cmocka_unit_test(nothing_is_found_from_the_end_on),
	    cmocka_unit_test(number_n_is_bit_n_of_the_bytes_too),
	    cmocka_unit_test(words_are_enough_and_not_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
