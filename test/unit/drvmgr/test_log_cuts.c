/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager dies between any two of its stores to the log: the next incarnation finds whole
 * lines, all that were there before the one under way, but for what that pushed out; and goes
 * on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "log/log.h"
#include "test/fake/cut.h"

#define PAGES ((sizeof(log_t) + PAGE_SIZE - 1) / PAGE_SIZE)
#define LINES 4000u

static log_t *log_;
static struct {
	uint32_t source;
	bool held, there; /* before the line under way; after the death */
} lines[LINES];

/* "NUMBER" and dots. */
static size_t text_of(uint32_t n, char text[MANAGER_LOG_LINE_MAX + 1])
{
	memset(text, '.', MANAGER_LOG_LINE_MAX);
	size_t length = 8 + n * 37 % 200;
	text[snprintf(text, 9, "%06u", n)] = '.';
	text[length] = '\0';
	return length;
}

static uint32_t source_of(uint32_t n)
{
	return n % 3 ? HISTORY_OF(0) : n % HISTORY_SOURCES;
}

static void add(void *argument)
{
	char text[MANAGER_LOG_LINE_MAX + 1];
	uint32_t n = *(const uint32_t *)argument;
	size_t length = text_of(n, text);
	lines[n].source = source_of(n);
	log_add(log_, source_of(n), &(manager_log_record_t){.time_ms = n, .level = LOG_INFO},
		text, length);
}

/* Each line of the ring is whole, the newest of them `newest`, or the one before. */
static void check_ring(uint32_t newest)
{
	static char ring[LOG_SIZE + 1];
	char text[MANAGER_LOG_LINE_MAX + 1];
	uint32_t position = log_->tail, n = 0;
	size_t bytes = log_read(log_, &position, ring, LOG_SIZE);
	ring[bytes] = '\0';
	for (char *line = ring, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		uint32_t number = 0;
		assert_int_equal(sscanf(line, "%6u", &number), 1);
		text_of(number, text);
		assert_string_equal(line, text);
		assert_true(n == 0 || number == n + 1);
		n = number;
	}
	assert_true(n == newest || n + 1 == newest);
}

static void check_line(const manager_log_record_t *record, uint32_t newest)
{
	char text[MANAGER_LOG_LINE_MAX + 1];
	uint32_t n = record->time_ms;
	assert_in_range(n, 0, newest);
	assert_int_equal(record->length, text_of(n, text));
	assert_memory_equal(record + 1, text, record->length);
	assert_false(lines[n].there);
	lines[n].there = true;
}

static void read_history(uint32_t newest)
{
	history_set_t all;
	const manager_log_record_t *record;
	memset(&all, 0xff, sizeof(all));
	for (uint32_t n = 0; n <= newest; n++)
		lines[n].there = false;
	for (uint32_t from = 0; (record = history_find(&log_->history, from, &all, LOG_DEBUG));
	     from = record->number + 1)
		check_line(record, newest);
}

/* Of one source alone lines may be gone, and these are its oldest. */
static void check_history(uint32_t newest)
{
	uint32_t loser = HISTORY_SOURCES;
	read_history(newest);
	bool left[HISTORY_SOURCES] = {false};
	for (uint32_t n = 0; n < newest; n++) {
		left[lines[n].source] |= lines[n].there;
		if (lines[n].there || !lines[n].held)
			continue;
		assert_true(loser == HISTORY_SOURCES || loser == lines[n].source);
		loser = lines[n].source;
		assert_false(left[loser]);
	}
}

static void die_everywhere_in(uint32_t n)
{
	cut_t cut;
	read_history(n);
	for (uint32_t i = 0; i < n; i++)
		lines[i].held = lines[i].there;
	lines[n].held = false;
	cut_record(&cut, add, &n);
	assert_in_range(cut.points, 10, CUT_POINTS);
	for (uint32_t point = 0; point <= cut.points; point++) {
		cut_back(&cut, point);
		log_recover(log_);
		check_ring(n);
		check_history(n);
		assert_true(lines[n].there || point < cut.points);
		uint32_t next = n + 1;
		if (point % 8 == 0 && lines[n].there) {
			add(&next);
			read_history(next);
			assert_true(lines[next].there);
		}
	}
	cut_back(&cut, cut.points);
	cut_free(&cut);
}

static void behind_any_store_of_a_line_the_log_is_whole(void **state)
{
	(void)state;
	log_ = cut_pages(PAGES);
	log_recover(log_);
	for (uint32_t n = 0; n < 1500; n++) {
		if (n < 4 || (n > 440 && n < 450) || n > 1480)
			die_everywhere_in(n);
		else
			add(&n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(behind_any_store_of_a_line_the_log_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
