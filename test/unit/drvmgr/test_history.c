/* SPDX-License-Identifier: BSD-2-Clause */
/* What is kept of the log for whoever asks later, log/history.h, beside a slow model: a list of
 * all lines that ever were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "log/history.h"

#define LINES 20000u

static history_t history;
static struct {
	uint32_t source, length, level;
	uint8_t seed;
	bool held; /* as the history has it */
} lines[LINES];
static uint32_t count, first; /* lines of the model; the number of the first one */

static int fresh(void **state)
{
	(void)state;
	memset(&history, 0, sizeof(history));
	history_recover(&history);
	count = first = 0;
	return 0;
}

static char byte_of(uint32_t n, uint32_t at)
{
	return (char)(lines[n].seed + 7 * at);
}

static void add(uint32_t source, uint32_t length, uint32_t level)
{
	char text[MANAGER_LOG_LINE_MAX];
	uint32_t n = count++;
	assert_in_range(count, 1, LINES);
	lines[n].source = source;
	lines[n].length = length;
	lines[n].level = level;
	lines[n].seed = (uint8_t)rand();
	for (uint32_t i = 0; i < length; i++)
		text[i] = byte_of(n, i);
	history_add(
	    &history, source,
	    &(manager_log_record_t){.time_ms = 3 * n, .level = (uint8_t)level, .skip = 1}, text,
	    length);
}

static history_set_t set_of(uint32_t from, uint32_t to)
{
	history_set_t set = {0};
	for (uint32_t source = from; source <= to; source++)
		history_set_add(&set, source);
	return set;
}

static const manager_log_record_t *find(uint32_t from, uint32_t source, uint32_t level)
{
	history_set_t set = set_of(source, source);
	return history_find(&history, from, &set, level);
}

static void check_line(const manager_log_record_t *record)
{
	uint32_t n = record->number - first;
	assert_in_range(n, 0, count - 1);
	assert_int_equal(record->time_ms, 3 * n);
	assert_int_equal(record->level, lines[n].level);
	assert_int_equal(record->skip, lines[n].length ? 1 : 0);
	assert_int_equal(record->length, lines[n].length);
	const char *text = (const char *)(record + 1);
	for (uint32_t i = 0; i < record->length; i++)
		assert_int_equal(text[i], byte_of(n, i));
}

/* Reads all that there is, in order, and notes what is left of the model's lines. */
static uint32_t read_all(void)
{
	history_set_t set = set_of(0, HISTORY_SOURCES - 1);
	uint32_t found = 0, from = first;
	for (uint32_t n = 0; n < count; n++)
		lines[n].held = false;
	for (const manager_log_record_t *record;; from = record->number + 1, found++) {
		record = history_find(&history, from, &set, LOG_LEVEL_COUNT - 1);
		if (!record)
			return found;
		assert_true((int32_t)(record->number - from) >= 0);
		check_line(record);
		lines[record->number - first].held = true;
	}
}

static uint32_t words_of(uint32_t n)
{
	return history_words(&(manager_log_record_t){.length = (uint8_t)lines[n].length});
}

/* Of each source the newest lines are left, and if any is gone, more than a block of them. */
static void check_shares(void)
{
	uint32_t words[HISTORY_SOURCES] = {0};
	bool gone[HISTORY_SOURCES] = {false};
	read_all();
	for (uint32_t n = count; n-- > 0;) {
		uint32_t source = lines[n].source;
		assert_false(gone[source] && lines[n].held);
		if (lines[n].held)
			words[source] += words_of(n);
		else if (!gone[source])
			assert_in_range(words[source], HISTORY_WORDS - words_of(n) + 1,
					UINT32_MAX);
		gone[source] |= !lines[n].held;
	}
}

static void lines_are_found_in_order_with_all_that_was_said_of_them(void **state)
{
	(void)state;
	add(HISTORY_OF(3), 0, LOG_INFO);
	add(HISTORY_MANAGER, 5, LOG_WARN);
	add(HISTORY_ABOUT(3), MANAGER_LOG_LINE_MAX, LOG_ERROR);
	add(HISTORY_RAW, 6, LOG_INFO);
	add(HISTORY_INIT, 7, LOG_DEBUG);
	assert_int_equal(read_all(), 5);
	static const uint8_t kinds[] = {MANAGER_LOG_OF_DRIVER, MANAGER_LOG_OF_MANAGER,
					MANAGER_LOG_ABOUT_DRIVER, MANAGER_LOG_RAW,
					MANAGER_LOG_OF_INIT};
	history_set_t set = set_of(0, HISTORY_SOURCES - 1);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(history_find(&history, i, &set, LOG_DEBUG)->source, kinds[i]);
}

static void what_is_longer_than_a_line_is_cut(void **state)
{
	static const char text[MANAGER_LOG_LINE_MAX + 9];
	(void)state;
	history_add(&history, 0, &(manager_log_record_t){0}, text, sizeof(text));
	assert_int_equal(find(0, 0, LOG_DEBUG)->length, MANAGER_LOG_LINE_MAX);
}

static void only_lines_of_whom_is_asked_and_as_grave_are_found(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 64; i++)
		add(HISTORY_OF(i % 4), 10, i / 4 % LOG_LEVEL_COUNT);
	for (uint32_t source = 0; source < 4; source++)
		for (uint32_t level = 0; level < LOG_LEVEL_COUNT; level++) {
			const manager_log_record_t *record;
			uint32_t found = 0, from = 0;
			for (; (record = find(from, source, level));
			     from = record->number + 1) {
				assert_int_equal(record->number % 4, source);
				assert_true(record->level <= level);
				found++;
			}
			assert_int_equal(found, 4 * (level + 1));
		}
	assert_null(find(0, 4, LOG_DEBUG));
	assert_null(find(64, 0, LOG_DEBUG));
	assert_null(find(UINT32_MAX / 2, 0, LOG_DEBUG));
}

/* Whoever floods, with lines of whatever length, and whoever has no more than its share. */
static void who_floods_takes_nobody_s_share(void **state)
{
	static const uint32_t lengths[] = {0, 1, 61, MANAGER_LOG_LINE_MAX};
	for (uint32_t flooder = 0; flooder < HISTORY_SOURCES; flooder++) {
		uint32_t length = lengths[flooder % 4];
		fresh(state);
		for (uint32_t source = 0; source < HISTORY_SOURCES; source++) {
			uint32_t blocks =
			    HISTORY_SHARE *
			    (source == HISTORY_MANAGER ? HISTORY_MANAGER_PARTS : 1);
			for (uint32_t i = 0; source != flooder && i < blocks; i++)
				add(source, MANAGER_LOG_LINE_MAX, LOG_INFO); /* a block each */
		}
		uint32_t others = count;
		for (uint32_t i = 0; i < 3000; i++)
			add(flooder, length, LOG_INFO);
		read_all();
		for (uint32_t n = 0; n < others; n++)
			assert_true(lines[n].held);
		check_shares();
	}
}

/* Alone it has all the room. */
static void what_others_leave_unused_is_for_who_needs_it(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2 * HISTORY_BLOCKS; i++)
		add(HISTORY_OF(0), MANAGER_LOG_LINE_MAX, LOG_INFO);
	assert_int_equal(read_all(), HISTORY_BLOCKS);
	for (uint32_t i = 0; i < HISTORY_BLOCKS; i++)
		add(HISTORY_OF(1), MANAGER_LOG_LINE_MAX, LOG_INFO);
	assert_int_equal(read_all(), HISTORY_BLOCKS);
	assert_int_equal(history.blocks[0], HISTORY_BLOCKS / 2);
	assert_int_equal(history.blocks[1], HISTORY_BLOCKS / 2);
}

/* What is made anew is what was there, and what is made anew twice is the same. */
static void check_recovers(void)
{
	static history_t before;
	before = history;
	history_recover(&history);
	assert_memory_equal(&history, &before, sizeof(history));
}

static void whatever_the_sources_say_each_keeps_its_share(void **state)
{
	for (uint32_t seed = 1; seed <= 40; seed++) {
		fresh(state);
		srand(seed);
		first = history.next = seed % 2 ? 0 : UINT32_MAX - (uint32_t)rand() % 3000;
		uint32_t talkers = 1 + (uint32_t)rand() % HISTORY_SOURCES;
		for (uint32_t i = 0; i < 4000; i++) {
			uint32_t source = (uint32_t)rand() % HISTORY_SOURCES;
			if (rand() % 3)
				source = (uint32_t)rand() % talkers;
			uint32_t most = rand() % 4 ? 80 : MANAGER_LOG_LINE_MAX;
			add(source, (uint32_t)rand() % (most + 1), (uint32_t)rand() % 4);
			if (i % 400 == 399) {
				check_shares();
				check_recovers();
			}
		}
	}
}

/* Bytes of which nobody knows who wrote them: what is found is inside, and lines can be added.
 */
static void whatever_is_there_becomes_a_history(void **state)
{
	history_set_t set = set_of(0, HISTORY_SOURCES - 1);
	for (uint32_t seed = 0; seed < 400; seed++) {
		fresh(state);
		srand(seed);
		for (uint32_t i = 0; i < 700; i++)
			add((uint32_t)rand() % HISTORY_SOURCES, (uint32_t)rand() % 100,
			    LOG_INFO);
		if (seed == 0)
			memset(&history, 0xff, sizeof(history));
		for (uint32_t i = 0; i < (seed % 4 ? 20u : 4000u); i++)
			((uint8_t *)&history)[(uint32_t)rand() % sizeof(history)] =
			    (uint8_t)rand();
		history_recover(&history);
		uint32_t from = history.next - INT32_MAX, found = 0;
		const manager_log_record_t *record;
		for (; (record = history_find(&history, from, &set, LOG_DEBUG));
		     from = record->number + 1) {
			const uint8_t *end =
			    (const uint8_t *)record + 4 * history_words(record);
			assert_true((const uint8_t *)record >= (const uint8_t *)history.data);
			assert_true(end <= (const uint8_t *)(history.data + HISTORY_BLOCKS));
			found++;
			assert_in_range(found, 1, HISTORY_BLOCKS * HISTORY_WORDS / 3);
		}
		first = history.next;
		count = 0;
		for (uint32_t i = 0; i < 2000; i++)
			add((uint32_t)rand() % HISTORY_SOURCES, 50, LOG_INFO);
		for (uint32_t n = count - HISTORY_SOURCES / 2; n < count; n++)
			check_line(history_find(&history, first + n, &set, LOG_DEBUG));
	}
}

/* And its blocks are free for all. */
static void what_is_dropped_is_one_source_s_alone(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 100; i++)
		add(HISTORY_OF(i % 2), 100, LOG_INFO);
	uint32_t taken = history.taken, others = history.blocks[HISTORY_OF(1)];
	history_drop(&history, HISTORY_OF(0));
	assert_null(find(0, HISTORY_OF(0), LOG_INFO));
	assert_int_equal(find(0, HISTORY_OF(1), LOG_INFO)->number, 1);
	assert_int_equal(history.taken, others);
	add(HISTORY_OF(0), 100, LOG_INFO);
	assert_int_equal(find(0, HISTORY_OF(0), LOG_INFO)->number, 100);
	assert_int_equal(history.taken, others + 1);
	history_recover(&history);
	assert_int_equal(history.taken, others + 1);
	assert_true(taken > others + 1);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(lines_are_found_in_order_with_all_that_was_said_of_them),
	    TEST(what_is_longer_than_a_line_is_cut),
	    TEST(only_lines_of_whom_is_asked_and_as_grave_are_found),
	    TEST(who_floods_takes_nobody_s_share),
	    TEST(what_others_leave_unused_is_for_who_needs_it),
	    TEST(whatever_the_sources_say_each_keeps_its_share),
	    TEST(what_is_dropped_is_one_source_s_alone),
	    TEST(whatever_is_there_becomes_a_history),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
