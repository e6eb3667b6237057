/* SPDX-License-Identifier: BSD-2-Clause */
/* Which lines of the log an operator gets, doors/records.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doors/records.h"

static manager_t manager;
static driver_t drivers[2];
static log_t text;
static uint32_t records[MANAGER_TEXT_MAX / 4];
static uint32_t next;

static void say_of(uint32_t i, log_level_t level, const char *line)
{
	log_add(&text, HISTORY_OF(drivers[i].index),
		&(manager_log_record_t){
		    .time_ms = (uint32_t)manager.now_ms, .level = (uint8_t)level, .skip = 3},
		line, strlen(line));
}

/* "a" and "b", of each a line of its own and one of the manager's, and some others. */
static int fresh(void **state)
{
	(void)state;
	memset(&text, 0, sizeof(text));
	memset(drivers, 0, sizeof(drivers));
	manager = (manager_t){.drivers = drivers, .count = 2, .log = &text, .now_ms = 100};
	for (uint32_t i = 0; i < 2; i++) {
		drivers[i].index = i;
		drivers[i].manifest.name[0] = (char)('a' + i);
	}
	manager_log_line(&manager, "castellan: begins");
	manager_log_at(&manager, HISTORY_INIT, LOG_ERROR, "init: drvmgr died");
	driver_log_line(&manager, &drivers[0], "runs");
	say_of(0, LOG_DEBUG, "a: detail");
	driver_log_at(&manager, &drivers[1], LOG_ERROR, "failed");
	say_of(1, LOG_INFO, "b: hello");
	log_add(&text, HISTORY_RAW, &(manager_log_record_t){.level = LOG_INFO},
		"input: key a down", 17);
	manager_log_at(&manager, HISTORY_ABOUT(1), LOG_WARN, "drvmgr: %s", "b.drv.json");
	return 0;
}

static int32_t ask(uint32_t from, uint32_t level, const char *name)
{
	manager_log_ask_t question = {.from = from, .level = level};
	strncpy(question.name, name, sizeof(question.name));
	next = UINT32_MAX;
	return records_make(&manager, &question, (char *)records, &next);
}

/* The lines that are given, one behind the other. */
static const char *got(uint32_t from, uint32_t level, const char *name)
{
	static char lines[1024];
	int32_t bytes = ask(from, level, name);
	lines[0] = '\0';
	assert_in_range(bytes, 0, MANAGER_TEXT_MAX);
	for (int32_t at = 0; at < bytes;) {
		const manager_log_record_t *record = (const void *)((char *)records + at);
		strncat(lines, (const char *)(record + 1), record->length);
		strcat(lines, "|");
		at += (int32_t)(4 * history_words(record));
		assert_true(at <= bytes);
	}
	return lines;
}

#define ALL LOG_DEBUG

static void each_name_has_its_lines(void **state)
{
	(void)state;
	assert_string_equal(got(0, ALL, ""), "castellan: begins|init: drvmgr died|"
					     "drvmgr: a: runs|a: detail|drvmgr: b: failed|"
					     "b: hello|input: key a down|drvmgr: b.drv.json|");
	assert_int_equal(next, text.history.next);
	assert_string_equal(got(0, ALL, "a"), "drvmgr: a: runs|a: detail|");
	assert_string_equal(got(0, ALL, "b"), "drvmgr: b: failed|b: hello|drvmgr: b.drv.json|");
	assert_string_equal(got(0, ALL, "drvmgr"),
			    "castellan: begins|drvmgr: a: runs|drvmgr: b: failed|"
			    "drvmgr: b.drv.json|");
	assert_string_equal(got(0, ALL, "init"), "init: drvmgr died|");
	assert_string_equal(got(0, ALL, "input"), "input: key a down|");
}

static void only_what_is_grave_enough_is_given(void **state)
{
	(void)state;
	assert_string_equal(got(0, LOG_ERROR, ""), "init: drvmgr died|drvmgr: b: failed|");
	assert_string_equal(got(0, LOG_WARN, "b"), "drvmgr: b: failed|drvmgr: b.drv.json|");
	assert_string_equal(got(0, LOG_INFO, "a"), "drvmgr: a: runs|");
}

static void a_record_says_when_how_grave_and_where_its_text_begins(void **state)
{
	(void)state;
	const manager_log_record_t *record = (const void *)records;
	ask(4, ALL, "");
	assert_int_equal(record->number, 4);
	assert_int_equal(record->time_ms, 100);
	assert_int_equal(record->level, LOG_ERROR);
	assert_int_equal(record->source, MANAGER_LOG_ABOUT_DRIVER);
	assert_string_equal((const char *)(record + 1) + record->skip, "failed");
	ask(0, ALL, "");
	assert_int_equal(record->skip, strlen("castellan: "));
	ask(6, ALL, "");
	assert_int_equal(record->skip, 0);
	ask(7, ALL, "");
	assert_int_equal(record->skip, strlen("drvmgr: "));
}

/* Of a line without a source nothing is its text's beginning. */
static void a_line_that_names_no_source_is_all_text(void **state)
{
	(void)state;
	const manager_log_record_t *record = (const void *)records;
	manager_log_line(&manager, "no source");
	ask(8, ALL, "");
	assert_int_equal(record->skip, 0);
	manager_log_line(&manager, "drvmgr:");
	ask(9, ALL, "");
	assert_int_equal(record->skip, 0);
}

static void what_does_not_fit_comes_with_the_next_question(void **state)
{
	char line[101];
	(void)state;
	memset(line, 'l', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (uint32_t i = 0; i < 40; i++)
		say_of(0, LOG_INFO, i % 2 ? line : "");
	uint32_t from = 8, found = 0;
	while (ask(from, ALL, "a") > 0) {
		const manager_log_record_t *record = (const void *)records;
		assert_int_equal(record->number, from);
		found += next - from;
		from = next;
	}
	assert_int_equal(found, 40);
	assert_int_equal(from, text.history.next);
	for (uint32_t i = 0; i < 2 * RECORDS_EACH; i++)
		say_of(0, LOG_INFO, "");
	ask(from, ALL, "a");
	assert_int_equal(next, from + RECORDS_EACH); /* however short they are */
}

/* Numbers wrap. */
static void the_oldest_line_is_found_however_many_there_were(void **state)
{
	(void)state;
	memset(&text, 0, sizeof(text));
	text.history.next = UINT32_MAX - 1;
	for (uint32_t i = 0; i < 4; i++)
		say_of(0, LOG_INFO, "a: x");
	assert_string_equal(got(0, ALL, "a"), "a: x|a: x|a: x|a: x|");
	assert_int_equal(next, 2);
}

/* Nothing is left to ask for: from there on all that comes is new. */
static void who_has_all_is_told_from_where_on_to_ask(void **state)
{
	(void)state;
	assert_int_equal(ask(8, ALL, ""), 0);
	assert_int_equal(next, 8);
	assert_int_equal(ask(0, LOG_ERROR, "a"), 0);
	assert_int_equal(next, 8);
}

static void what_is_no_question_gets_no_answer(void **state)
{
	char endless[sizeof(((manager_log_ask_t *)0)->name) + 1];
	(void)state;
	assert_int_equal(ask(0, LOG_LEVEL_COUNT, ""), DRV_EINVAL);
	assert_int_equal(ask(0, UINT32_MAX, ""), DRV_EINVAL);
	assert_int_equal(ask(0, ALL, "nobody"), DRV_ENOENT);
	memset(endless, 'a', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	assert_int_equal(ask(0, ALL, endless), DRV_EINVAL);
	assert_int_equal(next, UINT32_MAX);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_name_has_its_lines),
	    TEST(only_what_is_grave_enough_is_given),
	    TEST(a_record_says_when_how_grave_and_where_its_text_begins),
	    TEST(a_line_that_names_no_source_is_all_text),
	    TEST(what_does_not_fit_comes_with_the_next_question),
	    TEST(the_oldest_line_is_found_however_many_there_were),
	    TEST(who_has_all_is_told_from_where_on_to_ask),
	    TEST(what_is_no_question_gets_no_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
