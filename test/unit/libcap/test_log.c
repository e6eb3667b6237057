/* SPDX-License-Identifier: BSD-2-Clause */
/* The log line by line, cap/manager.h, and the level of a driver's own lines. The manager is
 * one answer after the other here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cap/manager.h"
#include "cap/syscall.h"

static struct {
	manager_log_ask_t asked;
	uint32_t calls, next;
	int32_t count;
	uint32_t records[MANAGER_TEXT_MAX / 4];
} answer;

int32_t manager_log_records(const manager_log_ask_t *ask, uint32_t *next, void *records,
			    size_t size)
{
	answer.calls++;
	answer.asked = *ask;
	if (answer.count < 0)
		return cap_failed(answer.count);
	assert_in_range(answer.count, 0, size);
	memcpy(records, answer.records, (size_t)answer.count);
	*next = answer.next;
	return answer.count;
}

static void add(uint32_t number, const char *line)
{
	uint8_t *to = (uint8_t *)answer.records + answer.count;
	size_t length = strlen(line);
	manager_log_record_t record = {.number = number,
				       .time_ms = 10 * number,
				       .level = LOG_WARN,
				       .skip = 3,
				       .length = (uint8_t)length};
	memcpy(to, &record, sizeof(record));
	memcpy(to + sizeof(record), line, length);
	answer.count += (int32_t)(sizeof(record) + (length + 3) / 4 * 4);
	answer.next = number + 1;
}

static void expect(manager_log_t *log, uint32_t number, const char *text)
{
	manager_log_line_t line;
	memset(&line, 'x', sizeof(line));
	assert_int_equal(manager_log_next(log, &line), DRV_OK);
	assert_int_equal(line.record.number, number);
	assert_int_equal(line.record.time_ms, 10 * number);
	assert_int_equal(line.record.level, LOG_WARN);
	assert_string_equal(line.line, text);
	assert_int_equal(line.record.skip, 3);
}

static int fresh(void **state)
{
	(void)state;
	memset(&answer, 0, sizeof(answer));
	return 0;
}

static void lines_come_one_by_one_and_no_call_more_than_answers(void **state)
{
	manager_log_line_t line;
	manager_log_t log = {.ask = {.from = 5, .level = LOG_INFO, .name = "serial"}};
	(void)state;
	add(7, "a: one");
	add(9, "a: eleven");
	expect(&log, 7, "a: one");
	expect(&log, 9, "a: eleven");
	assert_int_equal(answer.calls, 1);
	assert_int_equal(answer.asked.from, 5);
	assert_int_equal(answer.asked.level, LOG_INFO);
	assert_string_equal(answer.asked.name, "serial");
	answer.count = 0;
	answer.next = 20;
	assert_int_equal(manager_log_next(&log, &line), DRV_EAGAIN);
	assert_int_equal(answer.asked.from, 10);
	add(20, "a: ");
	expect(&log, 20, "a: ");
	assert_int_equal(answer.asked.from, 20);
}

static void an_error_reaches_the_caller_and_nothing_is_skipped(void **state)
{
	manager_log_line_t line;
	manager_log_t log = {.ask.from = 5};
	(void)state;
	answer.count = DRV_ENOENT;
	assert_int_equal(manager_log_next(&log, &line), DRV_ENOENT);
	answer.count = 0;
	add(6, "abc");
	expect(&log, 6, "abc");
	assert_int_equal(answer.asked.from, 5);
}

/* Whatever the answer is: what comes out of it is inside of it, and there is an end. */
static void an_answer_that_lies_is_none(void **state)
{
	manager_log_line_t line;
	(void)state;
	for (uint32_t seed = 0; seed < 20000; seed++) {
		manager_log_t log = {.ask.from = 0};
		uint32_t lines = 0;
		srand(seed);
		fresh(NULL);
		add(1, "abcdef");
		add(2, "abc");
		add(3, "0123456789");
		uint32_t bytes = (uint32_t)answer.count;
		for (int i = rand() % 4; i >= 0; i--)
			((uint8_t *)answer.records)[(uint32_t)rand() % bytes] = (uint8_t)rand();
		answer.count = (int32_t)((uint32_t)rand() % (bytes + 1));
		while (answer.calls < 2) {
			err_t err = manager_log_next(&log, &line);
			if (err == DRV_OK) {
				assert_int_equal(strnlen(line.line, sizeof(line.line)) <=
						     line.record.length,
						 1);
				assert_true(line.record.skip <= line.record.length);
				assert_true(line.record.level < LOG_LEVEL_COUNT);
				assert_in_range(++lines, 1, MANAGER_TEXT_MAX / 12);
			} else {
				assert_true(err == DRV_EIO || err == DRV_EAGAIN);
				if (err == DRV_EAGAIN)
					break;
				answer.count = 0;
			}
		}
	}
}

/* Those of before driver ABI 9 say nothing of a level. */
static void a_line_s_level_is_beside_its_kind(void **state)
{
	(void)state;
	for (uint32_t kind = 0; kind < 2; kind++) {
		assert_int_equal(DRIVER_LINE_KIND(kind), kind);
		assert_int_equal(DRIVER_LINE_LEVEL(kind), LOG_INFO);
		for (uint32_t level = 0; level < LOG_LEVEL_COUNT; level++) {
			uint32_t how = DRIVER_LINE_HOW(kind, level);
			assert_true(how <= UINT16_MAX);
			assert_int_equal(DRIVER_LINE_KIND(how), kind);
			assert_int_equal(DRIVER_LINE_LEVEL(how), level);
		}
	}
	for (uint32_t upper = LOG_LEVEL_COUNT + 1; upper < 256; upper++)
		assert_int_equal(DRIVER_LINE_LEVEL(upper << 8), LOG_INFO);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(lines_come_one_by_one_and_no_call_more_than_answers),
	    TEST(an_error_reaches_the_caller_and_nothing_is_skipped),
	    TEST(an_answer_that_lies_is_none),
	    TEST(a_line_s_level_is_beside_its_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
