/* SPDX-License-Identifier: BSD-2-Clause */
/* `health`, `version` and `why` as lines of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libs/libcap/answer/about.h"
#include "libs/libcap/answer/make.h"

static manager_report_t report;
static death_facts_t death;
static char text[2048], line[201];

typedef bool (*lines_t)(const char *lack, uint32_t index, char *to, size_t size);

static bool health(const char *lack, uint32_t index, char *to, size_t size)
{
	scratch_t scratch;
	operator_health_t record = make_health(&report, lack, &scratch);
	return about_health(&record, index, to, size);
}

static bool why(const char *lack, uint32_t index, char *to, size_t size)
{
	operator_why_t record = make_why(&report, &death, lack);
	return about_why(&record, index, to, size);
}

static bool version(const char *lack, uint32_t index, char *to, size_t size)
{
	scratch_t scratch;
	operator_version_t record = make_version(&report, lack, &scratch);
	return about_version(&record, index, to, size);
}

/* All lines, each with its end; and there is one list, however often one asks. */
static const char *all(lines_t lines, const char *lack)
{
	uint32_t count = 0;
	for (text[0] = '\0'; lines(lack, count, line, sizeof(line)); count++) {
		assert_true(*line);
		assert_true(count < 16);
		strcat(strcat(text, line), "\n");
	}
	assert_string_equal(line, "");
	assert_false(lines(lack, count + 1, line, sizeof(line)));
	return text;
}

static int fresh(void **state)
{
	(void)state;
	death = (death_facts_t){0};
	report = (manager_report_t){.status = {.name = "disk",
					       .state = STATE_RUNNING,
					       .generation = 3,
					       .beat_age_ms = 100},
				    .state_ms = 1000,
				    .silence_ms = 750,
				    .lives = 1,
				    .beats = 7,
				    .work = 8,
				    .abi = 5,
				    .manifest_min = 1,
				    .manifest_max = 5,
				    .binary_min = 2,
				    .binary_max = 7,
				    .context = 2,
				    .kernel_abi = 0x20003};
	return 0;
}

static void fail_with(err_t error)
{
	report.failure = (struct manager_failure){.generation = 2,
						  .error = error,
						  .state = STATE_INITIALISING,
						  .ago_ms = 800,
						  .decided = DECIDED_RESTART,
						  .restart = 1,
						  .delay_ms = 30,
						  .why = "page fault at eip 0x400123"};
}

static void health_has_a_column_for_each_side(void **state)
{
	(void)state;
	assert_string_equal(
	    all(health, ""),
	    "disk        THE MANAGER SEES                             THE DRIVER SAYS\n"
	    "state       Running for 1000 ms, generation 3            -\n"
	    "health      does its work                                DRV_OK\n"
	    "event loop  in it 100 ms ago, may be out of it for 750   7 turns\n"
	    "work        -                                            8 requests, interrupts "
	    "and timers\n"
	    "last error  it has not failed                            DRV_OK\n");
}

static void neither_side_hides_what_the_other_says(void **state)
{
	(void)state;
	fail_with(DRV_EFAULT);
	report.named = 1u << VERDICT_BUSY | 1u << VERDICT_FLOODS;
	report.health = DRV_EIO;
	report.call_error = DRV_EPERM;
	strcpy(report.waits_for, "serial");
	const char *lines = all(health, "is held until `release disk`");
	assert_non_null(
	    strstr(lines, "uses all of its share; sends more than its share DRV_EIO"));
	assert_non_null(strstr(lines, "waits for serial"));
	assert_non_null(strstr(
	    lines, "last error  DRV_EFAULT 800 ms ago; see why               DRV_EPERM"));
	assert_non_null(strstr(lines, "ps says     is held until"));
	report.failure.killed = 1;
	assert_non_null(strstr(all(health, ""), "killed 800 ms ago; see why"));
}

static void who_does_not_live_says_nothing(void **state)
{
	(void)state;
	report.status.state = STATE_STOPPED;
	report.lives = report.silence_ms = report.status.beat_age_ms = 0;
	const char *lines = all(health, "was stopped by the operator");
	assert_null(strstr(lines, "DRV_OK"));
	assert_null(strstr(lines, "turns"));
	assert_null(strstr(lines, "does its work"));
	assert_non_null(strstr(lines, "ps says     was stopped by the operator"));
}

/* It may write into its page what it likes. */
static void whatever_is_in_a_report_each_line_has_its_bounds(void **state)
{
	(void)state;
	memset(&report, 0xff, sizeof(report));
	report.status.name[0] = report.waits_for[0] = '\0';
	report.failure.culprit[0] = report.failure.why[0] = '\0';
	all(health, "");
	all(version, "");
	all(why, "");
	assert_null(strstr(text, "null"));
}

static void a_version_is_that_of_all_who_have_one(void **state)
{
	(void)state;
	assert_string_equal(
	    all(version, ""),
	    "version: driver ABI 5 is in use: the manifest takes 1..5, the binary "
	    "2..7, the manager 1..13\n"
	    "version: built for kernel ABI 2.3, driver context 2\n"
	    "version: build id none\n");
	for (unsigned i = 0; i < sizeof(report.build_id); i++)
		report.build_id[i] = (uint8_t)(i + 0xa0);
	assert_non_null(
	    strstr(all(version, ""), "build id a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3\n"));
	report.abi = 0;
	assert_string_equal(all(version, "1:22: name: is missing"),
			    "version: none is in use: 1:22: name: is missing\n");
}

static void who_has_not_failed_is_said_to_be_well(void **state)
{
	(void)state;
	assert_string_equal(all(why, ""), "why: it has not failed\n"
					  "why: now it is Running, for 1000 ms\n");
}

static void a_failure_is_told_from_its_cause_to_what_came_of_it(void **state)
{
	(void)state;
	fail_with(DRV_EFAULT);
	report.failure.call_error = DRV_EPERM;
	strcpy(report.failure.culprit, "serial");
	assert_string_equal(
	    all(why, ""),
	    "why: generation 2 failed in Initialising, 800 ms ago: DRV_EFAULT: page fault "
	    "at eip 0x400123\n"
	    "why: because of serial\n"
	    "why: it said that its last failing call answered DRV_EPERM (not permitted: a "
	    "right, "
	    "range or grant is missing)\n"
	    "why: then restart 1, after 30 ms\n"
	    "why: now it is Running, for 1000 ms\n");
}

/* In words, if there is a report, and it is of the instance that failed. */
static void a_report_says_the_cause_in_words(void **state)
{
	(void)state;
	fail_with(DRV_EFAULT);
	death = (death_facts_t){.generation = 2, .kind = DEATH_NULL, .registers_known = 1};
	death.registers.eip = 0x400123;
	strcpy(death.cause, "write to 0x10 through a null pointer");
	assert_non_null(strstr(all(why, ""),
			       "DRV_EFAULT: write to 0x10 through a null pointer, "
			       "at 0x400123\n"));
	assert_string_equal(make_why(&report, &death, "").kind, "null-pointer");
	operator_why_t record = make_why(&report, &death, "");
	assert_false(ANSWER_HAS(&record, why, verdict));
	death.kind = DEATH_VERDICT;
	death.verdict = VERDICT_FLOODS;
	assert_string_equal(make_why(&report, &death, "").verdict, "VERDICT_FLOODS");
	death.generation = 1;
	assert_non_null(strstr(all(why, ""), "DRV_EFAULT: page fault at eip 0x400123\n"));
	assert_string_equal(make_why(&report, &death, "").kind, "fault");
}

static void a_failure_that_the_log_said_nothing_of_has_the_errors_words(void **state)
{
	(void)state;
	fail_with(DRV_ETIMEDOUT);
	report.failure.why[0] = '\0';
	assert_non_null(strstr(all(why, ""), "800 ms ago: DRV_ETIMEDOUT: timed out\n"));
}

static void each_decision_has_its_words(void **state)
{
	static const char *const words[DECISION_COUNT] = {
	    [DECIDED_NOTHING] = "0x400123\nwhy: now",
	    [DECIDED_RESTART] = "why: then restart 4, after 30 ms\n",
	    [DECIDED_STOP] = "why: then it was left stopped\n",
	    [DECIDED_GIVE_UP] = "why: then it was given up, after 4 restarts within",
	    [DECIDED_RETURN] = "why: then the image before it came back\n"};
	(void)state;
	fail_with(DRV_EFAULT);
	report.failure.restart = 4;
	for (uint32_t decided = 0; decided < DECISION_COUNT; decided++) {
		report.failure.decided = decided;
		assert_non_null(strstr(all(why, ""), words[decided]));
	}
	report.failure.restart = 0;
	report.failure.decided = DECIDED_RESTART;
	assert_non_null(strstr(all(why, "starts in 5 ms"), "does not count, after 30 ms\n"));
	assert_non_null(strstr(text, "now it is Running, for 1000 ms: it starts in 5 ms\n"));
}

/* A hold, or what is missing, may have prevented it. */
static void a_restart_that_has_not_come_is_not_told_as_one(void **state)
{
	(void)state;
	fail_with(DRV_EFAULT);
	report.status.generation = 2; /* the one that failed */
	report.status.state = STATE_WAITING;
	assert_non_null(
	    strstr(all(why, "is held until `release disk`"),
		   "why: then restart 1 was decided, after 30 ms, and has not come yet\n"
		   "why: now it is Waiting, for 1000 ms: it is held until `release disk`\n"));
	report.failure.restart = 0;
	assert_non_null(strstr(all(why, ""), "why: then a restart that its policy "
					     "does not count was decided, after 30 "));
}

/* What refused one is no sentence about it. */
static void what_a_driver_was_refused_for_stands_as_it_is(void **state)
{
	(void)state;
	report.status.state = STATE_REJECTED;
	assert_non_null(
	    strstr(all(why, "1:22: name: is missing"),
		   "why: now it is Rejected, for 1000 ms: 1:22: name: is missing\n"));
}

static void columns_stand_below_their_heads_whatever_the_name(void **state)
{
	(void)state;
	fail_with(DRV_EQUARANTINED);
	report.failure.ago_ms = UINT32_MAX;
	memset(report.status.name, 'n', MANAGER_NAME_MAX);
	memset(report.waits_for, 'w', MANAGER_NAME_MAX);
	const char *lines = all(health, "");
	size_t seen = (size_t)(strstr(lines, "THE MANAGER SEES") - lines);
	size_t said = (size_t)(strstr(lines, "THE DRIVER SAYS") - lines);
	assert_int_equal(seen, MANAGER_NAME_MAX + 1);
	for (const char *at = lines; *at; at = strchr(at, '\n') + 1) {
		assert_true(at[seen - 1] == ' ' && at[seen] != ' ');
		assert_true(at[said - 1] == ' ' && at[said] != ' ');
	}
}

static void a_kill_has_no_error(void **state)
{
	(void)state;
	fail_with(DRV_ECANCELED);
	report.failure.killed = 1;
	report.failure.why[0] = '\0';
	const char *lines = all(why, "");
	assert_non_null(strstr(
	    lines,
	    "why: generation 2 was killed by the operator in Initialising, 800 ms ago\n"));
	assert_null(strstr(lines, "DRV_ECANCELED"));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_report_says_the_cause_in_words),
	    TEST(health_has_a_column_for_each_side),
	    TEST(neither_side_hides_what_the_other_says),
	    TEST(who_does_not_live_says_nothing),
	    TEST(whatever_is_in_a_report_each_line_has_its_bounds),
	    TEST(a_version_is_that_of_all_who_have_one),
	    TEST(who_has_not_failed_is_said_to_be_well),
	    TEST(a_failure_is_told_from_its_cause_to_what_came_of_it),
	    TEST(a_failure_that_the_log_said_nothing_of_has_the_errors_words),
	    TEST(each_decision_has_its_words),
	    TEST(a_restart_that_has_not_come_is_not_told_as_one),
	    TEST(what_a_driver_was_refused_for_stands_as_it_is),
	    TEST(columns_stand_below_their_heads_whatever_the_name),
	    TEST(a_kill_has_no_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
