/* SPDX-License-Identifier: BSD-2-Clause */
/* What an incarnation of the manager believes of what the one before it left: kept/record.h,
 * and the log's log_recover(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hands/memory.h"
#include "kept/record.h"

#define INDEX 5u

static driver_t driver;

/* A driver of which everything is something else than zero. */
static int fill(void **state)
{
	(void)state;
	memset(&driver, 0, sizeof(driver));
	driver.index = INDEX;
	driver.unit = (unit_t){.state = STATE_RUNNING,
			       .wanted = WANTED_HELD,
			       .since_ms = 11,
			       .until_ms = 12,
			       .kill_ms = 13,
			       .generation = 14,
			       .restarts = 15,
			       .history = {.held = 3, .failures = {1, 2, 3}, .ever_ran = true},
			       .ending = ENDING_CLEAN_EXIT,
			       .last_error = DRV_EFAULT,
			       .last_culprit = 7,
			       .command_seq = 16,
			       .early_deaths = 1,
			       .holds = true,
			       .forgets = true,
			       .named = 18};
	driver.instance = (instance_t){
	    .page_frame = 21,
	    .endpoint = 22,
	    .alive = true,
	    .lines = {23, 24},
	    .page = (driver_page_t *)(uintptr_t)(MANAGER_PAGES + INDEX * PAGE_SIZE),
	    .log_text = (const void *)(uintptr_t)(MANAGER_LOGS + INDEX * PAGE_SIZE)};
	driver.door = (door_t){.endpoint = 31,
			       .signal = 32,
			       .reply = 33,
			       .generation = 34,
			       .done_seq = 35,
			       .no_signal = true,
			       .waits = true,
			       .cap = 36,
			       .lines = {.position = 37, .number = 38}};
	driver.over = 41;
	driver.used = (used_t){43, 44, 45};
	driver.subscriber = 42;
	return 0;
}

/* The driver that the next incarnation has of the record. */
static driver_t read_back(void)
{
	driver_t other = {.index = INDEX};
	assert_in_range(record_bytes(&driver), 1, sizeof(driver_t) - RECORD_AT);
	memcpy((char *)&other + RECORD_AT, (const char *)&driver + RECORD_AT,
	       record_bytes(&driver));
	return other;
}

static void a_driver_comes_back_as_it_was(void **state)
{
	(void)state;
	driver_t other = read_back();
	assert_true(record_is_good(&other));
	assert_memory_equal(&other.unit, &driver.unit, sizeof(unit_t));
	assert_memory_equal(&other.instance, &driver.instance, sizeof(instance_t));
	assert_memory_equal(&other.door.lines, &driver.door.lines, sizeof(lines_reader_t));
	assert_int_equal(other.door.endpoint, 31);
	assert_int_equal(other.door.signal, 32);
	assert_int_equal(other.door.generation, 34);
	assert_int_equal(other.door.done_seq, 35);
	assert_true(other.door.no_signal);
	assert_int_equal(other.over, 41);
	assert_memory_equal(&other.used, &driver.used, sizeof(used_t));
	assert_int_equal(other.subscriber, 42);
}

/* However many failures there are, all of them are kept, and nothing behind them. */
static void a_record_is_as_long_as_its_failures(void **state)
{
	(void)state;
	size_t before = 0;
	for (uint32_t held = 0; held <= POLICY_BURST_MAX; held++) {
		driver.unit.history.held = held;
		for (uint32_t i = 0; i < POLICY_BURST_MAX; i++)
			driver.unit.history.failures[i] = 1000 + i;
		driver_t other = read_back();
		for (uint32_t i = 0; i < POLICY_BURST_MAX; i++)
			assert_int_equal(other.unit.history.failures[i],
					 i < held ? 1000 + i : 0);
		assert_true(held == 0 || record_bytes(&driver) == before + sizeof(uint64_t));
		before = record_bytes(&driver);
	}
}

/* Its reply object ended with the one before, and so did the call that was tied to it. */
static void what_ended_with_the_manager_does_not_come_back(void **state)
{
	(void)state;
	driver_t other = read_back();
	assert_int_equal(other.door.reply, CAP_NULL);
	assert_int_equal(other.door.cap, CAP_NULL);
	assert_false(other.door.waits);
}

static void refuses(const char *what)
{
	if (record_is_good(&driver))
		fail_msg("it is believed: %s", what);
	fill(NULL);
	assert_true(record_is_good(&driver));
}

static void what_cannot_be_is_not_believed(void **state)
{
	(void)state;
	driver.unit.state = (driver_state_t)STATE_COUNT;
	refuses("a state that there is not");
	driver.instance.servers[MANIFEST_PLACES] = DRIVERS_MAX;
	refuses("a connection to a driver that there is not");
	driver.unit.wanted = (wanted_t)WANTED_COUNT;
	refuses("a wish that there is not");
	driver.unit.ending = (policy_ending_t)ENDING_COUNT;
	refuses("an ending that there is not");
	driver.unit.end_from = STATE_COUNT;
	refuses("an end from a state that there is not");
	driver.unit.end_event = EVENT_COUNT;
	refuses("an end by an event that there is not");
	driver.unit.told_kind = LACK_COUNT;
	refuses("a reason that there is not");
	driver.unit.history.held = POLICY_BURST_MAX + 1;
	refuses("more failures than are remembered");
	driver.unit.history.held = UINT32_MAX;
	refuses("no end of failures");
}

static void an_address_that_is_not_the_driver_s_is_not_believed(void **state)
{
	(void)state;
	driver.index++;
	refuses("a neighbour's pages");
	driver.instance.page = (driver_page_t *)(uintptr_t)MANAGER_KEPT;
	refuses("another page");
	driver.instance.page = NULL;
	refuses("no page");
	driver.instance.log_text = driver.instance.page;
	refuses("other text");
	driver.instance.page = NULL;
	driver.instance.log_text = NULL;
	refuses("one that lives without pages");
}

static void one_that_was_refused_has_no_pages(void **state)
{
	(void)state;
	memset(&driver, 0, sizeof(driver));
	assert_true(record_is_good(&driver));
}

/* A byte that is neither 0 nor 1 in place of a flag, wherever that is. */
static void a_flag_is_0_or_1(void **state)
{
	(void)state;
	bool *flags[] = {
	    &driver.unit.last_killed,	   &driver.unit.holds,	   &driver.unit.killed,
	    &driver.unit.in_round,	   &driver.unit.leaves,	   &driver.unit.forgets,
	    &driver.unit.resets,	   &driver.unit.ends,	   &driver.unit.history.running,
	    &driver.unit.history.ever_ran, &driver.instance.alive, &driver.door.no_endpoint,
	    &driver.door.no_signal};
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		memset(flags[i], 2 + (int)i, 1);
		refuses("a flag that is neither");
	}
}

/* ---- the log ---- */

static log_t text;

static void add(const char *line)
{
	log_add(&text, HISTORY_MANAGER, &(manager_log_record_t){0}, line, strlen(line));
}

static void check_log(const char *expected)
{
	char got[64] = "";
	uint32_t position = text.tail;
	size_t count = log_read(&text, &position, got, sizeof(got) - 1);
	assert_int_equal(count, strlen(expected));
	assert_string_equal(got, expected);
}

static void a_log_that_is_none_is_empty(void **state)
{
	(void)state;
	memset(&text, 'x', sizeof(text));
	text.head = 5;
	text.tail = 6;
	log_recover(&text);
	check_log("");
	text.head = LOG_SIZE + 1;
	text.tail = 0;
	log_recover(&text);
	check_log("");
	add("first");
	check_log("first\n");
}

/* What a death in the middle of a line has left behind the head is none. */
static void a_line_whose_writer_died_is_not_there(void **state)
{
	(void)state;
	memset(&text, 0, sizeof(text));
	add("whole");
	text.text[text.head % LOG_SIZE] = 'h';
	log_recover(&text);
	check_log("whole\n");
	add("next");
	check_log("whole\nnext\n");
}

/* However full it is, and wherever it wraps. */
static void a_full_log_has_whole_lines(void **state)
{
	(void)state;
	static char line[LOG_LINE_MAX];
	memset(&text, 0, sizeof(text));
	memset(line, 'l', sizeof(line));
	for (uint32_t i = 0; i < 5000; i++) {
		log_add(&text, HISTORY_MANAGER, &(manager_log_record_t){0}, line,
			i % sizeof(line));
		assert_true(text.head - text.tail <= LOG_SIZE);
		assert_int_equal(text.text[(text.head - 1) % LOG_SIZE], '\n');
		assert_true(text.tail == 0 || text.text[(text.tail - 1) % LOG_SIZE] == '\n');
	}
}

static void a_line_is_cut_and_cannot_hold_another(void **state)
{
	(void)state;
	static char line[LOG_LINE_MAX + 8];
	memset(&text, 0, sizeof(text));
	add("two\nlines\x7f\x1b[1m");
	check_log("two?lines??[1m\n");
	uint32_t before = text.head;
	memset(line, 'l', sizeof(line));
	log_add(&text, HISTORY_MANAGER, &(manager_log_record_t){0}, line, sizeof(line));
	assert_int_equal(text.head - before, LOG_LINE_MAX + 1);
}

/* The oldest line goes as a whole, and with it all positions before the next one. */
static void who_reads_what_is_gone_or_never_was_begins_at_the_oldest_line(void **state)
{
	(void)state;
	static char got[LOG_SIZE + 64];
	static char line[LOG_LINE_MAX];
	memset(&text, 0, sizeof(text));
	memset(line, 'l', sizeof(line));
	while (!text.tail)
		log_add(&text, HISTORY_MANAGER, &(manager_log_record_t){0}, line, sizeof(line));
	const uint32_t positions[] = {text.tail, text.tail - 1, 0, text.head + 1};
	for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++) {
		uint32_t position = positions[i];
		size_t count = log_read(&text, &position, got, sizeof(got));
		assert_int_equal(position, text.tail);
		assert_int_equal(count, text.head - text.tail);
		for (size_t at = 0; at < count; at++)
			assert_int_equal(got[at], (at + 1) % (LOG_LINE_MAX + 1) ? 'l' : '\n');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_driver_comes_back_as_it_was, fill),
	    cmocka_unit_test_setup(a_record_is_as_long_as_its_failures, fill),
	    cmocka_unit_test_setup(what_ended_with_the_manager_does_not_come_back, fill),
	    cmocka_unit_test_setup(what_cannot_be_is_not_believed, fill),
	    cmocka_unit_test_setup(an_address_that_is_not_the_driver_s_is_not_believed, fill),
	    cmocka_unit_test_setup(one_that_was_refused_has_no_pages, fill),
	    cmocka_unit_test_setup(a_flag_is_0_or_1, fill),
	    cmocka_unit_test(a_line_whose_writer_died_is_not_there),
	    cmocka_unit_test(a_log_that_is_none_is_empty),
	    cmocka_unit_test(a_line_is_cut_and_cannot_hold_another),
	    cmocka_unit_test(who_reads_what_is_gone_or_never_was_begins_at_the_oldest_line),
	    cmocka_unit_test(a_full_log_has_whole_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
