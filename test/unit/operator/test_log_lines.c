/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the log as an operator asks for them and gets them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/command.h"
#include "libs/libcap/answer/log.h"

static char answer[201];

static command_t parse(const char *line)
{
	answer[0] = '\0';
	return command_parse(line, answer, sizeof(answer));
}

static void the_log_is_asked_for_by_name_level_and_number(void **state)
{
	(void)state;
	command_t command = parse("log");
	assert_int_equal(command.verb, COMMAND_LOG);
	assert_string_equal(command.name, "");
	assert_int_equal(command.level, LOG_DEBUG);
	assert_int_equal(command.from, 0);
	command = parse("log --level error serial --from 4294967295 --json");
	assert_int_equal(command.verb, COMMAND_LOG);
	assert_string_equal(command.name, "serial");
	assert_int_equal(command.level, LOG_ERROR);
	assert_int_equal(command.from, UINT32_MAX);
	assert_true(command.json);
}

static void what_is_no_level_number_or_flag_says_what_to_type(void **state)
{
	static const char *const wrong[][2] = {
	    {"log --level", "log:  is no level; --level error, warn, info or debug"},
	    {"log --level warning",
	     "log: warning is no level; --level error, warn, info or debug"},
	    {"log --level errorful", NULL},
	    {"log --from", "log:  is no number; --from the number of a line"},
	    {"log --from 4294967296", NULL},
	    {"log --from 42949672950", NULL},
	    {"log --from -1", NULL},
	    {"log --from 0x10", NULL},
	    {"log -g",
	     "log: it has no flag -g; --json, -f, --level LEVEL and --from NUMBER are all"},
	    {"log -f --json", "log: -f has no end, and so is no JSON; drvctl has both"},
	    {"ps -f", NULL},
	    {"log a b", "log: one name at a time; type log NAME"},
	    {"ps --level warn", NULL},
	    {"kill a --from 3", NULL}};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(parse(wrong[i][0]).verb, COMMAND_WRONG);
		assert_string_not_equal(answer, "");
		if (wrong[i][1])
			assert_string_equal(answer, wrong[i][1]);
	}
}

static void check(uint32_t source, uint32_t skip, const char *line, const char *who,
		  const char *driver, const char *text)
{
	scratch_t scratch;
	manager_log_record_t record = {.number = 5,
				       .time_ms = 1002,
				       .level = LOG_ERROR,
				       .source = (uint8_t)source,
				       .skip = (uint8_t)skip,
				       .length = (uint8_t)strlen(line)};
	operator_log_t log = make_log(&record, line, &scratch);
	assert_int_equal(log.number, 5);
	assert_int_equal(log.time, 1002);
	assert_string_equal(log.level, "error");
	assert_true(!who == !log.source && (!who || !strcmp(who, log.source)));
	assert_true(!driver == !log.driver && (!driver || !strcmp(driver, log.driver)));
	assert_string_equal(log.text, text);
}

static void a_line_says_who_wrote_it_and_of_whom(void **state)
{
	(void)state;
	check(MANAGER_LOG_OF_DRIVER, 8, "serial: hello: x", "serial", "serial", "hello: x");
	check(MANAGER_LOG_ABOUT_DRIVER, 16, "drvmgr: serial: failed", "drvmgr", "serial",
	      "failed");
	check(MANAGER_LOG_ABOUT_DRIVER, 8, "drvmgr: a.drv.json: accepted", "drvmgr", NULL,
	      "a.drv.json: accepted");
	check(MANAGER_LOG_OF_MANAGER, 11, "castellan: begins", "castellan", NULL, "begins");
	check(MANAGER_LOG_OF_INIT, 6, "init: drvmgr died", "init", NULL, "drvmgr died");
	check(MANAGER_LOG_RAW, 0, "input: key a down", NULL, NULL, "input: key a down");
}

/* Its texts are in their rooms, whatever the manager says of it. */
static void a_line_that_lies_about_its_text_does_no_harm(void **state)
{
	char line[MANAGER_LOG_LINE_MAX + 1];
	scratch_t scratch;
	(void)state;
	for (uint32_t colon = 0; colon < 240; colon += 13)
		for (uint32_t skip = 0; skip <= MANAGER_LOG_LINE_MAX; skip++)
			for (uint32_t source = 0; source < 6; source++) {
				memset(line, 'n', sizeof(line) - 1);
				line[sizeof(line) - 1] = '\0';
				line[colon] = ':';
				manager_log_record_t record = {.level = 200,
							       .source = (uint8_t)source,
							       .skip = (uint8_t)skip};
				operator_log_t log = make_log(&record, line, &scratch);
				assert_string_equal(log.level, "?");
				assert_true(!log.source || strlen(log.source) < 96);
				assert_true(!log.driver || strlen(log.driver) < 96);
			}
}

static void each_level_has_a_word(void **state)
{
	char text[64];
	(void)state;
	for (uint32_t level = 0; level < LOG_LEVEL_COUNT; level++)
		assert_int_equal(log_level_of(log_level_word(level)), level);
	assert_int_equal(log_level_of("?"), LOG_LEVEL_COUNT);
	about_log(&(manager_log_record_t){.time_ms = 123456789, .level = LOG_DEBUG}, "a: b",
		  text, sizeof(text));
	assert_string_equal(text, "123456.789 debug a: b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_log_is_asked_for_by_name_level_and_number),
	    cmocka_unit_test(what_is_no_level_number_or_flag_says_what_to_type),
	    cmocka_unit_test(a_line_says_who_wrote_it_and_of_whom),
	    cmocka_unit_test(a_line_that_lies_about_its_text_does_no_harm),
	    cmocka_unit_test(each_level_has_a_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
