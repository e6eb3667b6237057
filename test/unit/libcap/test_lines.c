/* SPDX-License-Identifier: BSD-2-Clause */
/* Log lines between two who do not trust each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cap/lines.h"

#define LINES_MOST (DRIVER_LOG_BYTES / sizeof(driver_line_t))

static driver_lines_t ends;
static _Alignas(8) uint8_t data[DRIVER_LOG_BYTES];
static uint32_t written;
static lines_reader_t reader;
static lines_line_t line;

static int fresh(void **state)
{
	(void)state;
	ends = (driver_lines_t){0};
	reader = (lines_reader_t){0};
	written = 0;
	memset(data, 0xa5, sizeof(data));
	return 0;
}

static void put(const char *text)
{
	lines_put(&ends, data, written++, DRIVER_LINE_NAMED, text, strlen(text));
}

static bool take(void)
{
	return lines_take(&reader, &ends, data, &line);
}

static void expect(const char *text)
{
	assert_true(take());
	assert_int_equal(line.length, strlen(text));
	assert_memory_equal(line.text, text, line.length);
}

static void lines_come_out_as_they_went_in(void **state)
{
	(void)state;
	assert_false(lines_wait(&reader, &ends));
	assert_false(take());
	put("one");
	put("");
	assert_true(lines_wait(&reader, &ends));
	expect("one");
	assert_int_equal(line.how, DRIVER_LINE_NAMED);
	lines_put(&ends, data, written++, DRIVER_LINE_AS_IS, "three", 5);
	expect("");
	expect("three");
	assert_int_equal(line.how, DRIVER_LINE_AS_IS);
	assert_false(take());
	assert_int_equal(reader.missed, 0);
}

static void a_long_line_is_cut(void **state)
{
	(void)state;
	char text[DRIVER_LINE_MAX + 2];
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	put(text);
	assert_true(take());
	assert_int_equal(line.length, DRIVER_LINE_MAX);
}

/* Lines of all lengths, far around the ring and over the end of the positions' numbers. */
static void every_line_survives_the_ring_s_end(void **state)
{
	(void)state;
	ends.first = ends.next = reader.position = UINT32_MAX - 10 * DRIVER_LOG_BYTES + 1;
	for (uint32_t i = 0; i < 2000; i++) {
		char text[DRIVER_LINE_MAX + 1];
		uint32_t length = i * 7 % (DRIVER_LINE_MAX + 1);
		memset(text, 'a' + (int)(i % 26), length);
		text[length] = '\0';
		put(text);
		expect(text);
	}
	assert_int_equal(reader.missed, 0);
}

static void who_is_too_fast_loses_the_oldest_lines_and_it_is_counted(void **state)
{
	(void)state;
	char text[32];
	put("first");
	expect("first");
	for (uint32_t i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "line %u of a flood", i);
		put(text);
	}
	uint32_t taken = 0;
	while (take())
		taken++;
	assert_in_range(taken, 100, 300);
	assert_int_equal(taken + reader.missed, 1000);
	assert_int_equal(line.length, strlen(text));
	assert_memory_equal(line.text, text, line.length);
}

/* Whatever is written where, taking ends and stays within the ring. */
static void no_content_of_the_page_makes_the_reader_go_on_for_ever(void **state)
{
	(void)state;
	uint32_t seed = 12345;
	for (uint32_t round = 0; round < 20000; round++) {
		uint32_t *words = (uint32_t *)(void *)data;
		for (uint32_t i = 0; i < 64; i++) {
			seed = seed * 1664525u + 1013904223u;
			words[(seed >> 8) % (DRIVER_LOG_BYTES / 4)] =
			    seed & 1 ? seed : seed >> 24 & 0xff;
		}
		seed = seed * 1664525u + 1013904223u;
		ends.next = round % 3 ? seed : ends.first + (seed >> 20);
		ends.first = round % 2 ? ends.next - (seed >> 18) % 5000 : seed * 3;
		uint32_t taken = 0;
		while (take()) {
			assert_in_range(line.length, 0, DRIVER_LINE_MAX);
			assert_in_range(++taken, 1, LINES_MOST);
		}
		assert_int_equal(reader.position, ends.next);
	}
}

/* A ring that is nothing but lines, and says that it holds more of them than fit. */
static void ends_that_lie_too_far_apart_are_no_lines(void **state)
{
	(void)state;
	memset(data, 0, sizeof(data));
	ends.first = 4;
	ends.next = ends.first + DRIVER_LOG_BYTES;
	uint32_t taken = 0;
	while (take())
		taken++;
	assert_int_equal(taken, LINES_MOST);
	for (uint32_t bits = 13; bits < 32; bits++) {
		ends.first = ends.next;
		ends.next += 1u << bits;
		assert_false(take());
		assert_false(lines_wait(&reader, &ends));
	}
}

static void a_driver_that_damaged_its_ring_can_go_on(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < LINES_MOST; i++) /* more than there is room for */
		put("before");
	memset(data, 0xff, sizeof(data));
	put("after");
	expect("after");
	ends.first = ends.next + 1000;
	put("and again");
	expect("and again");
	assert_false(take());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(lines_come_out_as_they_went_in, fresh),
	    cmocka_unit_test_setup(a_long_line_is_cut, fresh),
	    cmocka_unit_test_setup(every_line_survives_the_ring_s_end, fresh),
	    cmocka_unit_test_setup(who_is_too_fast_loses_the_oldest_lines_and_it_is_counted,
				   fresh),
	    cmocka_unit_test_setup(no_content_of_the_page_makes_the_reader_go_on_for_ever,
				   fresh),
	    cmocka_unit_test_setup(ends_that_lie_too_far_apart_are_no_lines, fresh),
	    cmocka_unit_test_setup(a_driver_that_damaged_its_ring_can_go_on, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
