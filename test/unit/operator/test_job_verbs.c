/* SPDX-License-Identifier: BSD-2-Clause */
/* `top`, `tree`, `policy`, `explain` and `manifest`, as text and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "job_world.h"

#include "libs/libcap/answer/make.h"

static job_t job;
static char all[8192];

/* All lines of the answer, each with its end; what waits is over at once. */
static const char *whole(const char *line)
{
	char piece[201];
	*all = '\0';
	job_begin(&job, line, (const char *const[]){NULL});
	for (uint32_t steps = 0; job.active; steps++) {
		assert_true(steps < 500);
		if (job.waits) {
			assert_true(job_waits(&job, now_ms));
			assert_string_equal(all, ""); /* nothing was given before */
			now_ms += 999;
			assert_true(job_waits(&job, now_ms));
			now_ms++;
			assert_false(job_waits(&job, now_ms));
		}
		bool ends = job_step(&job, piece, sizeof(piece));
		strcat(strcat(all, piece), ends && *piece ? "\n" : "");
	}
	return all;
}

static void top_takes_two_samples_a_second_apart(void **state)
{
	(void)state;
	assert_string_equal(
	    whole("top --json"),
	    "[{\"name\":\"driver0\",\"state\":\"Running\",\"cpu\":10.0,\"memory\":2048,"
	    "\"interrupts\":0,\"messages\":10,\"work\":0,\"restart\":null}\n"
	    ",{\"name\":\"driver1\",\"state\":\"Running\",\"cpu\":10.0,\"memory\":2048,"
	    "\"interrupts\":0,\"messages\":10,\"work\":0,\"restart\":null}\n]\n");
	assert_int_equal(usages, 2);
	const char *text = whole("top");
	assert_memory_equal(text, "NAME    STATE ", 14);
	assert_non_null(strstr(text, "\ndriver1 Running        10.0     2048      0     10"));
	driver_count = DRIVERS;
	whole("top --json");
	for (uint32_t i = 0; i < DRIVERS; i++)
		assert_non_null(strstr(all, drivers[i].name));
	answer = DRV_EPERM;
	assert_memory_equal(whole("top --json"), "{\"error\":\"DRV_EPERM\",", 21);
}

static void of_a_new_instance_what_it_used_itself_counts(void **state)
{
	manager_usage_t before = {.name = "a",
				  .state = STATE_RUNNING,
				  .generation = 1,
				  .now_ms = 1000,
				  .run_low = 5000,
				  .run_high = 1,
				  .ticks_per_ms = 10,
				  .interrupts = 4,
				  .has_lines = 1,
				  .messages = 900};
	manager_usage_t after = before;
	(void)state;
	after.now_ms = 3000;
	after.run_low = 10000;
	after.interrupts = 8;
	after.messages = 904;
	after.restarted = 1;
	after.restart_ms = 3;
	operator_top_t top = make_top(&before, &after);
	assert_int_equal(top.cpu, 250); /* 500 of 2000 ms */
	after.run_low = 1000000;	/* the timer's interrupts were left out */
	assert_int_equal(make_top(&before, &after).cpu, 1000);
	after.run_low = 10000;
	assert_int_equal(top.interrupts, 2);
	assert_int_equal(top.messages, 2);
	assert_int_equal(top.restart, 3);
	after.generation = 2;
	after.run_high = 0;
	after.messages = 6;
	top = make_top(&before, &after);
	assert_int_equal(top.cpu, 500);
	assert_int_equal(top.messages, 3);
	assert_int_equal(top.interrupts, 2); /* lines count on */
	before.has_lines = 0; /* it was Probing: what its lines had counted is not known */
	top = make_top(&before, &after);
	assert_false(ANSWER_HAS(&top, top, interrupts));
	assert_true(ANSWER_HAS(&top, top, messages));
	after.now_ms = before.now_ms;
	top = make_top(&before, &after);
	assert_false(ANSWER_HAS(&top, top, cpu));
	after.now_ms = 3000;
	after.state = STATE_STOPPED;
	top = make_top(&before, &after);
	assert_false(ANSWER_HAS(&top, top, cpu));
}

static void the_tree_says_who_needs_whom(void **state)
{
	(void)state;
	driver_count = 1;
	assert_string_equal(whole("tree --json"),
			    "[{\"name\":\"driver0\",\"state\":\"Running\",\"requires\":[],"
			    "\"uses\":[\"a\",\"b\"],\"provides\":[\"c\"],\"used_by\":[]}\n]\n");
	assert_string_equal(whole("tree"),
			    "driver0          Running      uses a b; provides c\n");
	users = 1;
	assert_string_equal(whole("tree"),
			    "driver0          Running      uses a b; provides c; "
			    "used by user-00000000000000000000000000\n");
	answer = DRV_EPERM; /* a list may break off, and says so */
	assert_memory_equal(whole("tree --json"), "{\"error\":\"DRV_EPERM\",", 21);
}

/* However many drivers there are, and however long their names. */
static void the_tree_has_all_who_use_a_driver(void **state)
{
	(void)state;
	driver_count = 1;
	for (users = 0; users < 32; users++) {
		const char *text = whole("tree --json");
		uint32_t count = 0;
		for (const char *at = text; (at = strstr(at, "\"user-")); at++) {
			char name[MANAGER_NAME_MAX + 3];
			snprintf(name, sizeof(name), "\"user-%026u\"", (unsigned)count++);
			assert_memory_equal(at, name, sizeof(name) - 1);
		}
		assert_int_equal(count, users);
	}
	users = 0;
}

static void a_policy_has_all_its_retries(void **state)
{
	(void)state;
	retries = 2 * MANAGER_RETRIES + 1;
	const char *text = whole("policy driver0 --json");
	assert_memory_equal(text, "{\"name\":\"driver0\",\"policy\":\"on-failure\",", 40);
	assert_non_null(strstr(text, ",\"retries\":[{\"restart\":1,\"delay\":0,\"at\":0}\n,"));
	assert_non_null(strstr(text, "{\"restart\":33,\"delay\":32,\"at\":320}\n]}\n"));
	retries = MANAGER_RETRIES; /* a page that is just full */
	text = whole("policy driver0");
	assert_memory_equal(text, "policy: on-failure; after 0 ms", 30);
	assert_non_null(
	    strstr(text, "\n  restart 16 after 15 ms, at 150 ms\n  then quarantined\n"));
	retries = 0;
	assert_non_null(strstr(whole("policy driver0"), "each time:\n  then quarantined\n"));
	assert_non_null(strstr(whole("policy driver0 --json"), ",\"retries\":[]}\n"));
	answer = DRV_ENOENT;
	assert_string_equal(whole("policy nobody"),
			    "policy nobody: there is no driver of that name; ps lists them\n");
}

static void what_is_nearest_to_its_limit_comes_first(void **state)
{
	(void)state;
	const manager_margin_t rows[] = {{MARGIN_CALL, 1, 700},
					 {MARGIN_COUNT, 1, 1}, /* of later days */
					 {MARGIN_SILENCE, 600, 750},
					 {MARGIN_SENT, 200, 500},
					 {MARGIN_FAILURES, 1, 1}};
	memcpy(margins, rows, sizeof(rows));
	margin_count = 5;
	drivers[0].state = STATE_WAITING;
	why = "requires x, which nobody provides";
	assert_string_equal(
	    whole("explain driver0"),
	    "explain: driver0 is Waiting: it requires x, which nobody provides\n"
	    "explain: what to do: load a driver that provides x, or boot with one\n"
	    "explain: 100% of the limit: failures within its policy's window, 1 of 1; see why "
	    "it fails; start forgets them\n"
	    "explain:  80% of the limit: out of its event loop, 600 of 750 ms; let it come "
	    "back to its event loop sooner, or raise heartbeat\n"
	    "explain:  40% of the limit: messages in 100 ms, 200 of 500\n"
	    "explain:   0% of the limit: a call unanswered, 1 of 700 ms\n");
	assert_non_null(strstr(whole("explain driver0 --json"),
			       "\"near\":[{\"rule\":\"failures within its policy's window\","
			       "\"value\":1,\"limit\":1,\"unit\":null,\"percent\":100,"));
	drivers[0].state = STATE_RUNNING;
	why = "";
	answer = DRV_EFORMAT; /* of one whose files were refused there are no limits */
	assert_string_equal(whole("explain driver0 --json"),
			    "{\"name\":\"driver0\",\"state\":\"Running\",\"why\":null,"
			    "\"advice\":null\n,\"near\":[]}\n");
	assert_string_equal(whole("explain nobody"),
			    "explain nobody: there is no driver of that name; ps lists them\n");
}

static void a_manifest_is_its_own_lines(void **state)
{
	char line[450];
	(void)state;
	memset(line, 'm', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (size_t length = 1; length < sizeof(line); length += 13) {
		char text[512], expected[512];
		snprintf(text, sizeof(text), "{%.*s,\n\"b\":1}\n", (int)length, line);
		strcpy(expected, text);
		manifest_text = text;
		assert_string_equal(whole("manifest driver0"), expected);
		assert_string_equal(whole("manifest driver0 --json"), expected);
	}
	answer = DRV_EFORMAT;
	drivers[0].state = STATE_REJECTED;
	assert_memory_equal(whole("manifest driver0"), "manifest driver0: it is Rejected", 32);
	assert_memory_equal(whole("manifest driver0 --json"), "{\"error\":\"DRV_EFORMAT\",",
			    23);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
/* The guest knows functions, and no files. */
static void why_names_the_functions_that_were_under_way(void **state)
{
	(void)state;
	assert_non_null(strstr(whole("why driver0 --json"), "\"backtrace\":[]}"));
	frames_given[0] = (death_frame_t){0x400123, "inner"};
	frames_given[1] = (death_frame_t){0x400456, ""};
	frame_count = 2;
	whole("why driver0 --json");
	assert_non_null(strstr(all, "\"function\":\"inner\",\"file\":null,\"line\":null,"));
	assert_non_null(strstr(all,
			       "\"backtrace\":[{\"address\":\"0x400123\",\"function\":"
			       "\"inner\",\"file\":null,\"line\":null}\n"
			       ",{\"address\":\"0x400456\",\"function\":null,\"file\":null,"
			       "\"line\":null}"));
	assert_non_null(
	    strstr(whole("why driver0"), "\nwhy: 0x400123  inner\nwhy: 0x400456  ?\n"));
	memset(frames_given[1].function, 'x',
	       sizeof(frames_given[1].function)); /* without an end */
	assert_non_null(strstr(whole("why driver0"), "xxx\n"));
	frames_given[0].function[0] = '\0'; /* of an image that says nothing of itself */
	assert_null(strstr(whole("why driver0"), "why: 0x"));
	frames_of = 1; /* it died again meanwhile */
	assert_non_null(strstr(whole("why driver0 --json"), "\"backtrace\":[]}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(why_names_the_functions_that_were_under_way, fresh),
	    TEST(top_takes_two_samples_a_second_apart),
	    TEST(of_a_new_instance_what_it_used_itself_counts),
	    TEST(the_tree_says_who_needs_whom),
	    TEST(the_tree_has_all_who_use_a_driver),
	    TEST(a_policy_has_all_its_retries),
	    TEST(what_is_nearest_to_its_limit_comes_first),
	    TEST(a_manifest_is_its_own_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
