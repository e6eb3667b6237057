/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands, and the lines about drivers and counters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cap/command.h"
#include "servers/console/recall.h"
#include "cap/report.h"
#include "libs/libcap/answer/about.h"
#include "libs/libcap/answer/make.h"

static char answer[201];

static command_t parse(const char *text)
{
	answer[0] = '\0';
	return command_parse(text, answer, sizeof(answer));
}

static void every_command_is_known_by_its_word(void **state)
{
	(void)state;
	assert_int_equal(parse("help").verb, COMMAND_HELP);
	assert_int_equal(parse("?").verb, COMMAND_HELP);
	assert_int_equal(parse("??").verb, COMMAND_WRONG);
	assert_int_equal(parse("ps").verb, COMMAND_PS);
	assert_int_equal(parse("audit").verb, COMMAND_AUDIT);
	assert_int_equal(parse("reboot").verb, COMMAND_REBOOT);
	assert_int_equal(parse("caps x").verb, COMMAND_CAPS);
	assert_int_equal(parse("stats x").verb, COMMAND_STATS);
	assert_int_equal(parse("health x").verb, COMMAND_HEALTH);
	assert_int_equal(parse("why x").verb, COMMAND_WHY);
	assert_int_equal(parse("version x").verb, COMMAND_VERSION);
	assert_int_equal(parse("kill x").verb, COMMAND_KILL);
	assert_int_equal(parse("restart x").verb, COMMAND_RESTART);
	assert_int_equal(parse("start x").verb, COMMAND_START);
	assert_int_equal(parse("stop x").verb, COMMAND_STOP);
	assert_int_equal(parse("hold x").verb, COMMAND_HOLD);
	assert_int_equal(parse("release x").verb, COMMAND_RELEASE);
	assert_string_equal(answer, "");
	assert_string_equal(command_word(COMMAND_STOP), "stop");
}

static void blanks_do_not_matter(void **state)
{
	(void)state;
	command_t command = parse("  kill   ps2kbd  ");
	assert_int_equal(command.verb, COMMAND_KILL);
	assert_string_equal(command.name, "ps2kbd");
	assert_int_equal(parse("").verb, COMMAND_NONE);
	assert_int_equal(parse("   ").verb, COMMAND_NONE);
}

static void what_is_no_command_says_what_to_type(void **state)
{
	(void)state;
	assert_int_equal(parse("frobnicate").verb, COMMAND_WRONG);
	assert_string_equal(answer, "frobnicate: no such command; type help");
	assert_int_equal(parse("PS").verb, COMMAND_WRONG);
	assert_string_equal(answer, "PS: no such command; did you mean ps? help lists them");
	parse("Exit");
	assert_non_null(strstr(answer, "exit: the prompt has no end; reboot restarts"));
	parse("quit");
	assert_non_null(strstr(answer, "Ctrl-A X ends QEMU"));
	parse("quite");
	assert_string_equal(answer, "quite: no such command; type help");
	parse("!");
	assert_string_equal(answer, "!: no such command; type help");
}

static void a_word_that_is_nearly_a_command_is_answered_with_that_one(void **state)
{
	static const char *const rows[][2] = {{"hel", "help"},
					      {"helpx", "help"},
					      {"kil serial", "kill"},
					      {"strat x", "start"},
					      {"reb", "reboot"},
					      {"sp", "ps"},
					      {"realease", "release"},
					      /* What is called otherwise elsewhere. */
					      {"relaod serial", "reset"},
					      {"list", "ps"},
					      {"restar x", "restart"}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char expected[81];
		int word = (int)strcspn(rows[i][0], " ");
		snprintf(expected, sizeof(expected),
			 "%.*s: no such command; did you mean %s? help lists them", word,
			 rows[i][0], rows[i][1]);
		assert_int_equal(parse(rows[i][0]).verb, COMMAND_WRONG);
		assert_string_equal(answer, expected);
	}
}

/* Of one that is as long as a line all is shown, and the name is not overrun. */
static void a_word_of_any_length_is_no_command(void **state)
{
	(void)state;
	char text[LINE_MOST + 1];
	for (size_t length = 1; length <= LINE_MOST; length++) {
		memset(text, 'z', length);
		text[length] = '\0';
		assert_int_equal(parse(text).verb, COMMAND_WRONG);
		assert_memory_equal(answer, text, length);
		assert_string_equal(answer + length, ": no such command; type help");
	}
}

static void a_missing_or_superfluous_name_is_refused(void **state)
{
	(void)state;
	assert_int_equal(parse("kill").verb, COMMAND_WRONG);
	assert_string_equal(answer, "kill: the name of a driver is missing; type kill NAME");
	assert_int_equal(parse("kill a b").verb, COMMAND_WRONG);
	assert_string_equal(answer, "kill: one name at a time; type kill NAME");
	assert_int_equal(parse("ps a").verb, COMMAND_WRONG);
	assert_string_equal(answer, "ps: it takes no name; type ps alone");
}

static void a_name_of_31_characters_fits_and_32_do_not(void **state)
{
	(void)state;
	char text[] = "kill 0123456789012345678901234567890";
	assert_int_equal(parse(text).verb, COMMAND_KILL);
	assert_int_equal(strlen(parse(text).name), MANAGER_NAME_MAX);
	assert_int_equal(parse("kill 01234567890123456789012345678901").verb, COMMAND_WRONG);
}

static void help_names_every_command_once(void **state)
{
	(void)state;
	operator_help_t help;
	for (uint32_t i = 0; i < COMMAND_COUNT; i++) {
		assert_true(command_help("", i, &help));
		assert_string_equal(help.verb, command_word((command_verb_t)i));
		assert_string_not_equal(help.does, "");
		assert_string_not_equal(help.more, "");
	}
	assert_false(command_help("", COMMAND_COUNT, &help));
	assert_true(command_help("kill", 0, &help));
	assert_string_equal(help.verb, "kill");
	assert_false(command_help("kill", 1, &help));
}

/* Flags stand anywhere behind the verb, and are no names. */
static void a_flag_is_known_or_answered_with_the_nearest(void **state)
{
	static const char *const wrong[][2] = {
	    {"ps --jsn", "ps: it has no flag --jsn; did you mean --json?"},
	    {"kill a -f", "kill: it has no flag -f; --json is the only one"},
	    {"ps --json=1 x", "ps: it has no flag --json=1; did you mean --json?"},
	    {"ps --jso --x", "ps: it has no flag --jso; did you mean --json?"},
	    {"kill --json", "kill: the name of a driver is missing; type kill NAME"}};
	(void)state;
	assert_false(parse("ps").json);
	assert_true(parse("ps --json").json);
	assert_true(parse("kill --json ps2kbd").json);
	assert_int_equal(parse("kill --json ps2kbd").verb, COMMAND_KILL);
	assert_string_equal(parse("kill --json ps2kbd").name, "ps2kbd");
	assert_string_equal(parse("kill ps2kbd --json").name, "ps2kbd");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(parse(wrong[i][0]).verb, COMMAND_WRONG);
		assert_string_equal(answer, wrong[i][1]);
	}
	assert_true(parse("frobnicate --json").json); /* who reads JSON is refused in JSON */
	assert_int_equal(parse("--json").verb, COMMAND_WRONG);
}

static void help_takes_a_verb_or_nothing(void **state)
{
	(void)state;
	assert_int_equal(parse("help").verb, COMMAND_HELP);
	assert_string_equal(parse("help kill").name, "kill");
	assert_int_equal(parse("help kil").verb, COMMAND_WRONG);
	assert_string_equal(answer, "kil: no such command; did you mean kill? help lists them");
	assert_int_equal(parse("help kill ps").verb, COMMAND_WRONG);
	assert_string_equal(answer, "help: one verb at a time; type help VERB");
}

static void what_needs_files_is_refused_here(void **state)
{
	(void)state;
	assert_int_equal(parse("check a.drv.json").verb, COMMAND_WRONG);
	assert_non_null(strstr(answer, "drvctl"));
	assert_int_equal(parse("check").verb, COMMAND_WRONG);
	assert_non_null(strstr(answer, "drvctl"));
}

static void a_row_has_five_columns_whatever_the_state(void **state)
{
	(void)state;
	char text[81], name[33], driver_state[16], beat[16];
	manager_status_t status = {.name = "ps2kbd",
				   .state = STATE_RUNNING,
				   .generation = 3,
				   .restarts = 2,
				   .beat_age_ms = 420};
	unsigned generation, restarts;
	report_row(&status, REPORT_WIDTH, "", text, sizeof(text));
	assert_int_equal(sscanf(text, "%32s %15s %u %u %15s", name, driver_state, &generation,
				&restarts, beat),
			 5);
	assert_string_equal(name, "ps2kbd");
	assert_string_equal(driver_state, "Running");
	assert_int_equal(generation, 3);
	assert_int_equal(restarts, 2);
	assert_string_equal(beat, "400");
	status.state = STATE_QUIESCED; /* it lives */
	report_row(&status, REPORT_WIDTH, "", text, sizeof(text));
	assert_non_null(strstr(text, " Quiesced "));
	assert_string_equal(text + strlen(text) - 4, " 400");
	status.state = STATE_QUARANTINED;
	report_row(&status, REPORT_WIDTH, "", text, sizeof(text));
	assert_non_null(strstr(text, "Quarantined"));
	assert_string_equal(text + strlen(text) - 2, " -");
	assert_string_equal(report_state(STATE_COUNT), "?");
}

static void long_names_and_reasons_leave_the_columns_where_they_are(void **state)
{
	(void)state;
	char head[161], text[161];
	manager_status_t rows[2] = {{.name = "a-name-of-31-characters-as-long."},
				    {.name = "short", .state = STATE_WAITING}};
	rows[0].name[MANAGER_NAME_MAX] = '\0';
	assert_int_equal(report_width(rows, 2, REPORT_WIDTH), MANAGER_NAME_MAX);
	assert_int_equal(report_width(&rows[1], 1, REPORT_WIDTH), REPORT_WIDTH);
	assert_int_equal(report_width(rows, 0, REPORT_WIDTH), REPORT_WIDTH);
	report_header(MANAGER_NAME_MAX, head, sizeof(head));
	size_t column = (size_t)(strstr(head, "STATE") - head);
	report_row(&rows[0], MANAGER_NAME_MAX, "", text, sizeof(text));
	assert_memory_equal(text + column, "Loaded ", 7);
	assert_int_equal(strlen(text), strlen(head));
	report_row(&rows[1], MANAGER_NAME_MAX, "requires disk, which is Stopped", text,
		   sizeof(text));
	assert_memory_equal(text + column, "Waiting ", 8);
	assert_string_equal(text + strlen(head), "  requires disk, which is Stopped");
}

/* The screen is drawn anew only for rows that are not the same. */
static void rows_that_are_the_same_read_the_same_and_others_do_not(void **state)
{
	(void)state;
	const manager_status_t row = {.name = "serial",
				      .state = STATE_RUNNING,
				      .generation = 2,
				      .restarts = 1,
				      .beat_age_ms = 730};
	manager_status_t others[7];
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		others[i] = row;
	others[1].beat_age_ms = 799;
	others[2].beat_age_ms = 800;
	others[3].state = STATE_QUIESCING;
	others[4].generation = 3;
	others[5].restarts = 0;
	others[6].name[0] = 'a';
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char text[2][100];
		report_row(&row, REPORT_WIDTH, "", text[0], sizeof(text[0]));
		report_row(&others[i], REPORT_WIDTH, "", text[1], sizeof(text[1]));
		assert_int_equal(report_is_same(&row, &others[i]), i < 2);
		assert_int_equal(strcmp(text[0], text[1]) == 0, i < 2);
	}
}

/* Who rests is looked at each 200 ms, and the look may be a millisecond late. */
static void the_row_of_a_driver_that_rests_stays_the_same(void **state)
{
	(void)state;
	manager_status_t row = {.name = "serial", .state = STATE_RUNNING}, other = row;
	for (other.beat_age_ms = 0; other.beat_age_ms < 300; other.beat_age_ms++)
		assert_true(report_is_same(&row, &other));
	assert_false(report_is_same(&row, &other));
	assert_int_equal(report_age_ms(&other), 300);
}

static void the_audit_names_each_counter_and_type_once(void **state)
{
	(void)state;
	audit_report_t audit = {
	    .abi_version = 0x10002, .free_bytes = 123, .irq_bound = 1u << 1 | 1u << 4};
	audit.caps[CAP_FRAME] = 7;
	audit.objects[CAP_THREAD] = 9;
	static const char *const expected[] = {
	    "audit: abi_version 1.2",	"audit: free_bytes 123", "audit: irq_bound 1, 4",
	    "audit: irq_unmasked none", "audit: caps.frame 7",	 "audit: objects.thread 9"};
	char text[81];
	unsigned found = 0;
	uint32_t lines = 0;
	scratch_t scratch;
	operator_audit_t record;
	for (; make_audit(&audit, lines, &scratch, &record); lines++) {
		about_counter(&record, text, sizeof(text));
		assert_memory_equal(text, "audit: ", 7);
		for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
			found += !strcmp(text, expected[i]);
		/* Frames are memory and interrupt lines are the machine's: no objects. */
		assert_string_not_equal(text, "audit: objects.frame 0");
		assert_string_not_equal(text, "audit: objects.irq 0");
	}
	assert_int_equal(lines, 9 + (CAP_TYPE_COUNT - 1) + 6);
	assert_int_equal(found, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_command_is_known_by_its_word),
	    cmocka_unit_test(blanks_do_not_matter),
	    cmocka_unit_test(what_is_no_command_says_what_to_type),
	    cmocka_unit_test(a_word_that_is_nearly_a_command_is_answered_with_that_one),
	    cmocka_unit_test(a_word_of_any_length_is_no_command),
	    cmocka_unit_test(a_missing_or_superfluous_name_is_refused),
	    cmocka_unit_test(a_name_of_31_characters_fits_and_32_do_not),
	    cmocka_unit_test(help_names_every_command_once),
	    cmocka_unit_test(a_flag_is_known_or_answered_with_the_nearest),
	    cmocka_unit_test(help_takes_a_verb_or_nothing),
	    cmocka_unit_test(what_needs_files_is_refused_here),
	    cmocka_unit_test(a_row_has_five_columns_whatever_the_state),
	    cmocka_unit_test(long_names_and_reasons_leave_the_columns_where_they_are),
	    cmocka_unit_test(rows_that_are_the_same_read_the_same_and_others_do_not),
	    cmocka_unit_test(the_row_of_a_driver_that_rests_stays_the_same),
	    cmocka_unit_test(the_audit_names_each_counter_and_type_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
