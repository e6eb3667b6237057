/* SPDX-License-Identifier: BSD-2-Clause */
/* The console's commands, one line at a time: which call each makes, where a list ends, and
 * what a refusal says. The manager is a few drivers and one answer here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "job_world.h"

/* ---- helpers ---- */

static job_t job;
static char text[256];

static const char *step(void)
{
	job_step(&job, text, sizeof(text));
	return text;
}

static const char *begin(command_verb_t verb, const char *name)
{
	static const char *const path[] = {"line", "self", NULL};
	char line[64];
	snprintf(line, sizeof(line), "%s %s", command_word(verb), name);
	job_begin(&job, line, path);
	assert_true(job.active);
	return step();
}

/* How many lines follow, each with `part` in it. */
static uint32_t rest(const char *part)
{
	uint32_t lines = 0;
	for (; job.active && lines < 100; lines += *text != '\0')
		if (*step())
			assert_non_null(strstr(text, part));
	assert_false(job.active);
	assert_string_equal(text, "");
	return lines;
}

/* ---- tests ---- */

static void nothing_that_is_typed_is_no_job(void **state)
{
	(void)state;
	job_begin(&job, "  ", (const char *const[]){NULL});
	assert_false(job.active);
}

static void what_is_wrong_is_one_line_that_says_what_to_type(void **state)
{
	(void)state;
	job_begin(&job, "kil driver1", (const char *const[]){NULL});
	assert_true(job.active);
	assert_string_equal(step(), "kil: no such command; did you mean kill? help lists them");
	assert_false(job.active);
	assert_string_equal(asked, "");
}

static void nobody_cuts_off_the_line_that_a_command_comes_from(void **state)
{
	static const command_verb_t verbs[] = {COMMAND_STOP, COMMAND_HOLD, COMMAND_QUIESCE};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_non_null(strstr(begin(verbs[i], "self"), "runs through it"));
		assert_false(job.active);
		assert_non_null(strstr(begin(verbs[i], "line"), "runs through it"));
		assert_string_equal(asked, "");
	}
	assert_string_equal(begin(COMMAND_KILL, "self"), "");
	assert_string_equal(asked, "kill self");
	assert_string_equal(begin(COMMAND_STOP, "driver1"), "");
	assert_string_equal(asked, "stop driver1");
}

static void each_command_makes_its_call_and_ends(void **state)
{
	static const struct {
		command_verb_t verb;
		const char *call;
	} rows[] = {{COMMAND_KILL, "kill driver1"},	  {COMMAND_START, "start driver1"},
		    {COMMAND_STOP, "stop driver1"},	  {COMMAND_HOLD, "hold driver1"},
		    {COMMAND_RELEASE, "release driver1"}, {COMMAND_QUIESCE, "quiesce driver1"},
		    {COMMAND_RESET, "reset driver1"},	  {COMMAND_RESTART, "restart driver1"},
		    {COMMAND_CLEAR, "clear driver1"},	  {COMMAND_UNLOAD, "unload driver1"}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(begin(rows[i].verb, "driver1"), "");
		assert_string_equal(asked, rows[i].call);
		assert_false(job.active);
		answer = DRV_EPERM;
		assert_string_not_equal(begin(rows[i].verb, "driver1"), "");
		assert_false(job.active);
		answer = DRV_OK;
	}
	begin(COMMAND_REBOOT, "");
	assert_string_equal(asked, "reboot ");
	assert_false(job.active);
}

static void help_has_a_line_for_each_command(void **state)
{
	(void)state;
	begin(COMMAND_HELP, "");
	assert_int_equal(1 + rest(""), COMMAND_COUNT);
	assert_non_null(strstr(begin(COMMAND_HELP, "kill"), "kill     NAME  make a driver"));
	assert_int_equal(rest("policy does not count"), 1);
}

/* The list is of one moment, and of all drivers, however many calls that takes. */
static void ps_lists_all_drivers_behind_its_header(void **state)
{
	(void)state;
	driver_count = DRIVERS;
	begin(COMMAND_PS, "");
	driver_count = 0;
	assert_null(strstr(text, "driver0"));
	assert_int_equal(rest("driver"), DRIVERS);
	driver_count = MANAGER_STATUS_ROWS;
	begin(COMMAND_PS, "");
	assert_int_equal(rest("driver"), MANAGER_STATUS_ROWS);
	driver_count = 0;
	begin(COMMAND_PS, "");
	assert_int_equal(rest("driver"), 0);
}

static void ps_says_what_keeps_a_driver_from_running(void **state)
{
	(void)state;
	drivers[0].state = STATE_WAITING;
	driver_count = 1;
	why = "waits for another";
	begin(COMMAND_PS, "");
	assert_int_equal(rest("waits for another"), 1);
	why = NULL; /* no answer */
	begin(COMMAND_PS, "");
	assert_non_null(strstr(step(), "driver0"));
	assert_null(strchr(text, '?'));
	assert_int_equal(rest(""), 0);
}

/* What came before an error is there all the same; an error at once is one. */
static void a_list_that_breaks_off_has_what_came(void **state)
{
	manager_status_t rows[JOB_ROWS];
	(void)state;
	driver_count = DRIVERS;
	list_error = DRV_ETIMEDOUT;
	list_from = MANAGER_STATUS_ROWS;
	assert_int_equal(job_list(rows, JOB_ROWS), MANAGER_STATUS_ROWS);
	list_from = 0;
	assert_int_equal(job_list(rows, JOB_ROWS), DRV_ETIMEDOUT);
	list_error = DRV_OK;
	assert_int_equal(job_list(rows, 1), 1);
	assert_int_equal(job_list(rows, JOB_ROWS), DRIVERS);
	list_error = DRV_ETIMEDOUT;
	assert_string_not_equal(begin(COMMAND_PS, ""), "");
	assert_false(job.active);
}

static void caps_end_behind_the_last_one(void **state)
{
	(void)state;
	caps = 3;
	assert_string_equal(begin(COMMAND_CAPS, "driver1"), "driver1 cap 0");
	assert_int_equal(rest("driver1 cap"), 2);
	caps = 0;
	assert_string_equal(begin(COMMAND_CAPS, "driver1"), "driver1 holds no capabilities");
	assert_int_equal(rest(""), 0);
	assert_non_null(strstr(begin(COMMAND_CAPS, "drivel1"), "driver1")); /* a guess */
	assert_false(job.active);
	answer = DRV_EPERM;
	begin(COMMAND_CAPS, "driver1");
	assert_null(strstr(text, "holds no"));
	assert_false(job.active);
}

static void the_log_is_told_with_times_and_levels_to_its_end(void **state)
{
	(void)state;
	log_lines = 3;
	assert_string_equal(begin(COMMAND_LOG, "serial --level warn --from 7"),
			    "   61.042 warn  drvmgr: serial: line 7");
	assert_string_equal(log_asked.name, "serial");
	assert_int_equal(log_asked.level, LOG_WARN);
	assert_int_equal(rest("drvmgr: serial: line"), 2);
	begin(COMMAND_LOG, ""); /* none is left */
	assert_false(job.active);
	assert_string_equal(text, "");
	assert_string_equal(log_asked.name, "");
	assert_int_equal(log_asked.level, LOG_DEBUG);
	assert_int_equal(log_asked.from, 0);
	answer = DRV_ENOENT;
	assert_non_null(strstr(begin(COMMAND_LOG, "drivel1"), "driver1"));
	assert_false(job.active);
	answer = DRV_EPERM;
	assert_string_not_equal(begin(COMMAND_LOG, ""), "");
	assert_false(job.active);
}

static void a_log_that_is_followed_waits_for_more_until_it_is_ended(void **state)
{
	(void)state;
	log_lines = 1;
	assert_string_equal(begin(COMMAND_LOG, "-f serial"),
			    "   61.042 warn  drvmgr: serial: line 0");
	assert_true(job_follows(&job));
	assert_string_equal(step(), "");
	assert_true(job_waits(&job, now_ms));
	assert_false(job_waits(&job, now_ms + 250));
	now_ms += 250;
	assert_string_equal(step(), ""); /* still none */
	assert_true(job_waits(&job, now_ms));
	now_ms += 250;
	log_lines = 5000;
	for (uint32_t i = 1; i <= 5000; i++) {
		assert_non_null(strstr(step(), "serial: line"));
		assert_false(job_waits(&job, now_ms));
	}
	assert_string_equal(step(), "");
	job_end(&job);
	assert_false(job.active || job_waits(&job, now_ms) || job_follows(&job));
}

static void a_log_of_nothing_is_followed_from_its_first_line(void **state)
{
	(void)state;
	log_lines = 0;
	assert_string_equal(begin(COMMAND_LOG, "-f"), "");
	assert_true(job_waits(&job, now_ms));
	now_ms += 250;
	log_lines = 2;
	assert_non_null(strstr(step(), "line 0"));
	assert_non_null(strstr(step(), "line 1"));
	answer = DRV_ENOENT; /* who is followed is unloaded */
	step();
	assert_false(job.active);
	log_lines = 2;
	answer = DRV_OK;
	begin(COMMAND_LOG, "");
	assert_true(job.active && !job_follows(&job));
}

/* Whoever logs faster than it is told. */
static void a_log_that_grows_meanwhile_has_an_end(void **state)
{
	uint32_t lines = 0;
	(void)state;
	log_lines = UINT32_MAX;
	begin(COMMAND_LOG, "");
	while (job.active)
		assert_in_range(lines += *step() != '\0', 0, 5000);
	assert_in_range(lines, 1000, 5000);
}

static void counters_are_fetched_once(void **state)
{
	(void)state;
	assert_string_not_equal(begin(COMMAND_AUDIT, ""), "");
	assert_true(rest("") > 1);
	assert_int_equal(audits, 1);
	answer = DRV_EPERM;
	assert_string_not_equal(begin(COMMAND_AUDIT, ""), "");
	assert_false(job.active);
}

static void a_new_command_gives_back_what_an_unfinished_one_held(void **state)
{
	(void)state;
	stats_ended = 0;
	begin(COMMAND_STATS, "driver1");
	begin(COMMAND_STATS, "driver1");
	assert_int_equal(stats_ended, 1);
	job_end(&job);
	assert_false(job.active);
	assert_int_equal(stats_ended, 2);
	job_end(&job);
	begin(COMMAND_PS, "");
	begin(COMMAND_PS, "");
	assert_int_equal(stats_ended, 2);
}

static void stats_are_a_drivers_rows_or_why_there_are_none(void **state)
{
	(void)state;
	assert_string_equal(begin(COMMAND_STATS, "driver1"), "stats: row 0");
	assert_int_equal(rest("row 1"), 1);
	said = 7;
	begin(COMMAND_STATS, "driver1");
	assert_string_equal(step(), "stats: row 1");
	assert_string_equal(step(), "stats: it says that it has 7 rows and gave 2");
	assert_false(job.active);
	answer = DRV_ETIMEDOUT;
	assert_non_null(strstr(begin(COMMAND_STATS, "driver1"), "driver1"));
	assert_false(job.active);
	answer = DRV_EPERM;
	assert_non_null(strstr(begin(COMMAND_STATS, "driver1"), "driver1"));
	assert_false(job.active);
}

static void what_is_told_of_a_driver_is_of_one_moment(void **state)
{
	static const command_verb_t verbs[] = {COMMAND_HEALTH, COMMAND_WHY, COMMAND_VERSION};
	char first[3][sizeof(text)];
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		fresh(state);
		snprintf(first[i], sizeof(first[i]), "%s", begin(verbs[i], "driver0"));
		assert_string_not_equal(first[i], "");
		rest("");
		assert_int_equal(reports, 1);
		answer = DRV_ENOENT;
		begin(verbs[i], "driver9");
		assert_non_null(strstr(text, "driver9"));
		assert_false(job.active);
	}
	assert_string_not_equal(first[0], first[1]);
	assert_string_not_equal(first[1], first[2]);
}

static void a_start_of_one_that_still_ends_says_that_it_starts_later(void **state)
{
	(void)state;
	drivers[1].state = STATE_STOPPING;
	assert_string_not_equal(begin(COMMAND_START, "driver1"), "");
	assert_false(job.active);
	assert_string_equal(begin(COMMAND_START, "driver0"), "");
}

static void a_refusal_says_what_keeps_the_driver(void **state)
{
	(void)state;
	drivers[1].state = STATE_REJECTED;
	answer = DRV_EINVAL;
	why = "its manifest is wrong";
	assert_non_null(strstr(begin(COMMAND_START, "driver1"), why));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nothing_that_is_typed_is_no_job),
	    TEST(what_is_wrong_is_one_line_that_says_what_to_type),
	    TEST(nobody_cuts_off_the_line_that_a_command_comes_from),
	    TEST(each_command_makes_its_call_and_ends),
	    TEST(help_has_a_line_for_each_command),
	    TEST(ps_lists_all_drivers_behind_its_header),
	    TEST(ps_says_what_keeps_a_driver_from_running),
	    TEST(a_list_that_breaks_off_has_what_came),
	    TEST(caps_end_behind_the_last_one),
	    TEST(the_log_is_told_with_times_and_levels_to_its_end),
	    TEST(a_log_that_is_followed_waits_for_more_until_it_is_ended),
	    TEST(a_log_of_nothing_is_followed_from_its_first_line),
	    TEST(a_log_that_grows_meanwhile_has_an_end),
	    TEST(counters_are_fetched_once),
	    TEST(a_new_command_gives_back_what_an_unfinished_one_held),
	    TEST(stats_are_a_drivers_rows_or_why_there_are_none),
	    TEST(what_is_told_of_a_driver_is_of_one_moment),
	    TEST(a_start_of_one_that_still_ends_says_that_it_starts_later),
	    TEST(a_refusal_says_what_keeps_the_driver),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
