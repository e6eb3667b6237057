/* SPDX-License-Identifier: BSD-2-Clause */
/* `stats` against drivers that tell the truth, lie, answer too much, or do not answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "abi/protocol/driver.h"

/* The page has a fixed address in the machine. */
static driver_page_t page = {.name = "console"};
#undef DRIVER_PAGE
#define DRIVER_PAGE (&page)
#include "libs/libcap/operator/stats.c"

#include "cap/command.h"
#include "libs/libcap/answer/about.h"
#include "libs/libcap/answer/make.h"
#include "libs/libcap/answer/refusal.h"

#define ENDPOINT 9u

static struct {
	uint32_t has;	   /* rows that the driver gives, … */
	uint32_t says;	   /* … of so many, as it says */
	uint32_t each;	   /* in one answer, at most */
	err_t error;	   /* instead of an answer, … */
	uint32_t error_at; /* … from this row on */
	const char *name;  /* of each row */
	uint32_t asked;	   /* times */
} driver;
static err_t connects;
static uint32_t now, each_ms; /* what an answer takes */
static uint32_t held;	      /* capabilities that were given and not released */

uint32_t clock_ms(void)
{
	return now;
}

err_t manager_connect(const char *name, cap_t *endpoint)
{
	(void)name;
	if (connects != DRV_OK)
		return connects;
	*endpoint = ENDPOINT;
	held++;
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	assert_int_equal(cap, ENDPOINT);
	held--;
	return DRV_OK;
}

static uint32_t fill(uint32_t first, driver_stat_t *rows, uint32_t *total)
{
	uint32_t count = 0;
	for (; count < driver.each && first + count < driver.has; count++) {
		memset(&rows[count], 0, sizeof(rows[count]));
		memcpy(rows[count].name, driver.name, strlen(driver.name));
		rows[count].value = first + count;
	}
	*total = driver.says;
	return count;
}

int32_t client_stats(client_t client, uint32_t first, driver_stat_t rows[DRIVER_STATS_EACH],
		     uint32_t *total)
{
	assert_int_equal(client.endpoint, ENDPOINT);
	assert_int_equal(client.limit_ms, STATS_LIMIT_MS - driver.asked * each_ms);
	driver.asked++;
	if (each_ms > client.limit_ms) {
		now += client.limit_ms;
		return DRV_ETIMEDOUT;
	}
	now += each_ms;
	if (driver.error && first >= driver.error_at)
		return driver.error;
	return (int32_t)fill(first, rows, total);
}

uint32_t driver_stats(uint32_t first, driver_stat_t *rows, uint32_t room, uint32_t *total)
{
	assert_int_equal(room, DRIVER_STATS_EACH);
	return fill(first, rows, total);
}

static int fresh(void **state)
{
	(void)state;
	memset(&driver, 0, sizeof(driver));
	driver.each = DRIVER_STATS_EACH;
	driver.name = "reads";
	connects = DRV_OK;
	held = 0;
	now = UINT32_MAX - 3; /* the clock wraps in every test */
	each_ms = 0;
	return 0;
}

static stats_t stats;
static char last[201]; /* what the list ended with */

/* The whole list: how many rows were printed. Each is the next one, and nothing is left. */
static uint32_t list(const char *name)
{
	bool broken;
	uint32_t number = 0;
	assert_int_equal(stats_begin(&stats, name), DRV_OK);
	for (const driver_stat_t *row; (row = stats_row(&stats, number, &broken)); number++) {
		assert_string_equal(row->name, driver.name);
		assert_int_equal(row->value, number);
		assert_false(broken);
	}
	*last = '\0';
	if (broken)
		snprintf(last, sizeof(last), "%u of %u", number, stats.total);
	assert_int_equal(held, 0);
	return number;
}

static void a_list_of_any_length_is_given_whole(void **state)
{
	for (uint32_t rows = 0; rows <= DRIVER_STATS_MAX; rows++) {
		fresh(state);
		driver.has = driver.says = rows;
		assert_int_equal(list("disk"), rows);
		assert_string_equal(last, "");
		assert_int_equal(stats.error, DRV_OK);
		assert_in_range(driver.asked, 1, DRIVER_STATS_MAX / DRIVER_STATS_EACH + 1);
	}
}

static void the_consoles_own_rows_are_no_call(void **state)
{
	(void)state;
	driver.has = driver.says = DRIVER_STATS_EACH + 3;
	assert_int_equal(list("console"), DRIVER_STATS_EACH + 3);
	assert_int_equal(driver.asked, 0);
}

static void who_says_that_it_has_more_than_it_gives_is_not_asked_for_ever(void **state)
{
	(void)state;
	driver.has = 5;
	driver.says = UINT32_MAX;
	assert_int_equal(list("disk"), 5);
	assert_string_equal(last, "5 of 4294967295");
	driver.has = 0;
	assert_int_equal(list("disk"), 0);
	assert_string_equal(last, "0 of 4294967295");
}

static void a_list_without_an_end_is_cut(void **state)
{
	(void)state;
	driver.has = driver.says = UINT32_MAX;
	assert_int_equal(list("disk"), DRIVER_STATS_MAX);
	assert_string_equal(last, "128 of 4294967295");
	assert_int_equal(driver.asked, DRIVER_STATS_MAX / DRIVER_STATS_EACH);
}

/* A row an answer would cost a time limit each. */
static void who_gives_its_rows_one_by_one_is_asked_once(void **state)
{
	(void)state;
	driver.has = driver.says = 100;
	driver.each = 1;
	assert_int_equal(list("disk"), 1);
	assert_string_equal(last, "1 of 100");
	assert_int_equal(driver.asked, 1);
}

static void rows_beyond_those_that_there_are_said_to_be_are_none(void **state)
{
	(void)state;
	driver.has = 10;
	driver.says = 3;
	assert_int_equal(list("disk"), 3);
	assert_string_equal(last, "");
}

static void who_does_not_answer_ends_the_list_at_once(void **state)
{
	static const err_t errors[] = {DRV_ETIMEDOUT, DRV_EGONE, DRV_ENOTSUP, DRV_ENOENT,
				       DRV_EIO};
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		fresh(state);
		driver.has = driver.says = 3 * DRIVER_STATS_EACH;
		driver.error = errors[i];
		assert_int_equal(list("disk"), 0);
		assert_int_equal(stats.error, errors[i]);
		assert_string_equal(last, "");
		assert_int_equal(driver.asked, 1);
		driver.error_at = DRIVER_STATS_EACH;
		assert_int_equal(list("disk"), DRIVER_STATS_EACH);
		assert_int_equal(stats.error, errors[i]);
		assert_int_equal(driver.asked, 3);
	}
}

/* The prompt waits for no list longer than that. */
static void all_pages_have_one_time_together(void **state)
{
	for (each_ms = 1; each_ms <= STATS_LIMIT_MS + 1; each_ms++) {
		uint32_t begun, ms = each_ms;
		fresh(state);
		each_ms = ms;
		begun = now;
		driver.has = driver.says = DRIVER_STATS_MAX;
		uint32_t rows = list("disk");
		assert_true(now - begun <= STATS_LIMIT_MS);
		assert_int_equal(stats.error, rows < DRIVER_STATS_MAX ? DRV_ETIMEDOUT : DRV_OK);
		assert_true(rows / DRIVER_STATS_EACH * ms <= STATS_LIMIT_MS);
		assert_true(rows == DRIVER_STATS_MAX || ms > 1);
	}
}

static void what_the_manager_refuses_is_its_error(void **state)
{
	(void)state;
	connects = DRV_ENOENT;
	assert_int_equal(stats_begin(&stats, "nobody"), DRV_ENOENT);
}

static void tell(const driver_stat_t *stat)
{
	scratch_t scratch;
	operator_stats_t record = make_stat(stat, &scratch);
	about_stat(&record, last, sizeof(last));
}

static const char *row(const char *name, uint32_t value)
{
	driver_stat_t stat = {.value = value};
	memcpy(stat.name, name, strlen(name));
	tell(&stat);
	return last;
}

static void a_row_is_a_name_and_a_number_or_an_error(void **state)
{
	(void)state;
	assert_string_equal(row("reads", 7), "stats: reads 7");
	assert_string_equal(row("reads", (uint32_t)DRV_EIO), "stats: reads 4294967291");
	assert_string_equal(row("last_error", (uint32_t)DRV_EIO), "stats: last_error DRV_EIO");
	assert_string_equal(row("error", 0), "stats: error DRV_OK");
	assert_string_equal(row("last_error", 5), "stats: last_error 5");
	assert_string_equal(row("last_error", UINT32_MAX - 99), "stats: last_error 4294967196");
	assert_string_equal(row("errors", (uint32_t)DRV_EIO), "stats: errors 4294967291");
	assert_string_equal(row("", 1), "stats:  1");
}

/* Nothing that a terminal obeys, no second line, no column more. */
static void a_name_is_printed_as_one_word_whatever_is_in_it(void **state)
{
	driver_stat_t stat = {.value = 1};
	(void)state;
	assert_string_equal(row("\x1b[2J\r\n\x7f\xff \t", 1), "stats: ?[2J?????? 1");
	memset(stat.name, 'n', sizeof(stat.name)); /* without an end */
	tell(&stat);
	assert_int_equal(strlen(last),
			 strlen("stats: ") + sizeof(stat.name) - 1 + strlen(" 1"));
}

static const char *silence(err_t error, uint32_t state)
{
	command_t command = {.verb = COMMAND_STATS, .name = "disk"};
	manager_status_t status = {.name = "disk", .state = state};
	refusal_describe_silence(&command, error, state < STATE_COUNT ? &status : NULL, 100,
				 last, sizeof(last));
	return last;
}

static void the_line_says_why_there_is_no_answer(void **state)
{
	(void)state;
	assert_string_equal(silence(DRV_ETIMEDOUT, STATE_RUNNING),
			    "stats disk: it did not answer within 100 ms; health disk says "
			    "what the manager sees");
	assert_string_equal(silence(DRV_EGONE, STATE_RUNNING),
			    "stats disk: it ended meanwhile; try again");
	assert_string_equal(silence(DRV_EGONE, STATE_STOPPED),
			    "stats disk: it is Stopped; start disk starts it");
	assert_string_equal(silence(DRV_EQUARANTINED, STATE_QUARANTINED),
			    "stats disk: it is Quarantined; start disk starts it");
	assert_string_equal(
	    silence(DRV_ENOTSUP, STATE_RUNNING),
	    "stats disk: it knows no such question: built before driver ABI 7?");
	assert_string_equal(silence(DRV_EIO, STATE_RUNNING),
			    "stats disk: what it answered makes no sense");
	assert_non_null(strstr(silence(DRV_ENOENT, STATE_COUNT), "it answered DRV_ENOENT: "));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_list_of_any_length_is_given_whole),
	    TEST(the_consoles_own_rows_are_no_call),
	    TEST(who_says_that_it_has_more_than_it_gives_is_not_asked_for_ever),
	    TEST(a_list_without_an_end_is_cut),
	    TEST(who_gives_its_rows_one_by_one_is_asked_once),
	    TEST(rows_beyond_those_that_there_are_said_to_be_are_none),
	    TEST(who_does_not_answer_ends_the_list_at_once),
	    TEST(all_pages_have_one_time_together),
	    TEST(what_the_manager_refuses_is_its_error),
	    TEST(a_row_is_a_name_and_a_number_or_an_error),
	    TEST(a_name_is_printed_as_one_word_whatever_is_in_it),
	    TEST(the_line_says_why_there_is_no_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
