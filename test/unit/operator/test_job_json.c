/* SPDX-License-Identifier: BSD-2-Clause */
/* The operator's answers as JSON, in pieces of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "job_world.h"

static job_t job;
static char all[8192];

/* The whole answer, in pieces of `size` bytes, without the ends of its lines. Each piece but
 * the last one of a line is full. */
static const char *answer_in(const char *line, size_t size, uint32_t *lines)
{
	char piece[256];
	uint32_t pieces = 0;
	*lines = 0;
	*all = '\0';
	job_begin(&job, line, (const char *const[]){"self", NULL});
	assert_true(job.active);
	while (job.active) {
		bool ends = job_step(&job, piece, size);
		assert_true(ends || strlen(piece) == size - 1);
		assert_true(strlen(piece) < size);
		strcat(all, piece);
		*lines += ends;
		assert_true(pieces++ < 9000);
	}
	return all;
}

static const char *whole(const char *line)
{
	uint32_t lines;
	return answer_in(line, 200, &lines);
}

static void a_list_is_one_value_a_record_a_line(void **state)
{
	uint32_t lines;
	(void)state;
	drivers[0] = (manager_status_t){.name = "serial",
					.state = STATE_RUNNING,
					.generation = 2,
					.restarts = 1,
					.beat_age_ms = 730};
	drivers[1] = (manager_status_t){.name = "disk", .state = STATE_STOPPED};
	answer_in("ps --json", 200, &lines);
	assert_string_equal(all, "[{\"name\":\"serial\",\"state\":\"Running\",\"generation\":2,"
				 "\"restarts\":1,\"heartbeat\":700,\"why\":null}"
				 ",{\"name\":\"disk\",\"state\":\"Stopped\",\"generation\":0,"
				 "\"restarts\":0,\"heartbeat\":null,\"why\":null}]");
	assert_int_equal(lines, 3);
	driver_count = 0;
	assert_string_equal(whole("ps --json"), "[]");
	caps = 0;
	driver_count = 2;
	assert_string_equal(whole("caps disk --json"), "[]");
}

static void pieces_of_any_size_are_the_same_answer(void **state)
{
	static const char *const commands[] = {"ps --json",	"why driver0 --json",
					       "help --json",	"audit --json",
					       "stop x --json", "psx --json"};
	char expected[sizeof(all)];
	uint32_t lines, expected_lines;
	(void)state;
	why = "waits for \"quotes\" \\ \x01\xff\x7f and ends";
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		strcpy(expected, answer_in(commands[i], 250, &expected_lines));
		for (size_t size = 2; size < 250; size += 3) {
			assert_string_equal(answer_in(commands[i], size, &lines), expected);
			assert_int_equal(lines, expected_lines);
		}
	}
}

/* Nothing of what others wrote ends a string, a line or the answer. */
static void hostile_bytes_are_escaped(void **state)
{
	(void)state;
	driver_count = 1;
	strcpy(drivers[0].name, "\"},{\"\r\n\x1b[2J\\\x80");
	why = "\xff\"";
	assert_string_equal(whole("ps --json"),
			    "[{\"name\":\"\\\"},{\\\"\\u000d\\u000a\\u001b[2J\\\\\\u0080\","
			    "\"state\":\"Running\",\"generation\":0,\"restarts\":0,"
			    "\"heartbeat\":0,\"why\":\"\\u00ff\\\"\"}]");
}

static void an_object_is_one_line_or_ends_with_its_lists(void **state)
{
	(void)state;
	const char *text = whole("why driver0 --json");
	assert_non_null(strstr(
	    text,
	    "{\"driver\":\"driver0\",\"generation\":null,"
	    "\"cause\":null,\"kind\":null,\"verdict\":null,\"address\":null,\"function\":null,"
	    "\"file\":null,\"line\":null,"));
	assert_string_equal(text + strlen(text) - 15, "\"backtrace\":[]}");
	text = whole("health driver0 --json");
	assert_memory_equal(text, "{\"driver\":\"driver0\",", 20);
	assert_int_equal(text[strlen(text) - 1], '}');
	text = whole("version driver0 --json");
	assert_non_null(strstr(text, "\"abi\":null"));
}

static void what_is_done_says_so(void **state)
{
	(void)state;
	assert_string_equal(
	    whole("stop driver1 --json"),
	    "{\"verb\":\"stop\",\"name\":\"driver1\",\"done\":true,\"note\":null}");
	assert_string_equal(asked, "stop driver1");
	assert_string_equal(whole("reboot --json"),
			    "{\"verb\":\"reboot\",\"name\":null,\"done\":true,\"note\":null}");
	drivers[1].state = STATE_STOPPING;
	assert_non_null(strstr(whole("start driver1 --json"), "it starts when that is over"));
	answer = DRV_EGONE;
	assert_string_equal(
	    whole("kill drvmgr --json"),
	    "{\"verb\":\"kill\",\"name\":\"drvmgr\",\"done\":true,\"note\":\"kill "
	    "drvmgr: killed; init starts it again, the drivers go on\"}");
}

/* In place of the answer, or of its end. */
static void a_refusal_is_an_object_with_its_error(void **state)
{
	(void)state;
	whole("ps --json"); /* of which nothing is left */
	assert_string_equal(
	    whole("psx --json"),
	    "{\"error\":\"DRV_EINVAL\",\"text\":\"psx: no such command; did you "
	    "mean ps? help lists them\"}");
	assert_string_equal(whole("stop self --json"),
			    "{\"error\":\"DRV_EINVAL\",\"text\":\"stop self: this prompt runs "
			    "through it; use kill self to restart it\"}");
	assert_string_equal(
	    whole("caps drivel1 --json"),
	    "{\"error\":\"DRV_ENOENT\",\"text\":\"caps drivel1: there is no driver "
	    "of that name; did you mean driver1? ps lists them\"}");
	answer = DRV_EPERM;
	assert_memory_equal(whole("audit --json"), "{\"error\":\"DRV_EPERM\",", 21);
	assert_memory_equal(whole("kill driver1 --json"), "{\"error\":\"DRV_EPERM\",", 21);
	answer = DRV_OK;
	said = 5;
	assert_string_equal(
	    whole("stats driver1 --json"),
	    "[{\"name\":\"row\",\"value\":0,\"error\":null}"
	    ",{\"name\":\"row\",\"value\":1,\"error\":null}"
	    ",{\"error\":\"DRV_EIO\",\"text\":\"stats: it says that it has 5 rows "
	    "and gave 2\"}]");
	answer = DRV_ETIMEDOUT;
	assert_memory_equal(whole("stats driver1 --json"), "{\"error\":\"DRV_ETIMEDOUT\",", 25);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_list_is_one_value_a_record_a_line),
	    TEST(pieces_of_any_size_are_the_same_answer),
	    TEST(hostile_bytes_are_escaped),
	    TEST(an_object_is_one_line_or_ends_with_its_lists),
	    TEST(what_is_done_says_so),
	    TEST(a_refusal_is_an_object_with_its_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
