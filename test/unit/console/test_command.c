/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands, and the lines about drivers and counters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/command.h"
#include "servers/console/report.h"

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
	assert_int_equal(parse("ps").verb, COMMAND_PS);
	assert_int_equal(parse("audit").verb, COMMAND_AUDIT);
	assert_int_equal(parse("reboot").verb, COMMAND_REBOOT);
	assert_int_equal(parse("caps x").verb, COMMAND_CAPS);
	assert_int_equal(parse("kill x").verb, COMMAND_KILL);
	assert_int_equal(parse("start x").verb, COMMAND_START);
	assert_int_equal(parse("stop x").verb, COMMAND_STOP);
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
	assert_int_equal(parse("hel").verb, COMMAND_WRONG);
	assert_string_equal(answer, "hel: no such command; type help");
	assert_int_equal(parse("helpx").verb, COMMAND_WRONG);
	assert_int_equal(parse("PS").verb, COMMAND_WRONG);
}

static void a_missing_or_superfluous_name_is_refused(void **state)
{
	(void)state;
	assert_int_equal(parse("kill").verb, COMMAND_WRONG);
	assert_string_equal(answer, "type kill NAME");
	assert_int_equal(parse("kill a b").verb, COMMAND_WRONG);
	assert_int_equal(parse("ps a").verb, COMMAND_WRONG);
	assert_string_equal(answer, "type ps alone");
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
	char text[81];
	for (uint32_t i = 0; i < COMMAND_COUNT; i++) {
		const char *word = command_word((command_verb_t)i);
		assert_true(command_help(i, text, sizeof(text)));
		assert_memory_equal(text, word, strlen(word));
	}
	assert_false(command_help(COMMAND_COUNT, text, sizeof(text)));
}

static void a_word_is_found_whole_or_not_at_all(void **state)
{
	(void)state;
	assert_true(text_has_word("trace=input", "trace=input"));
	assert_true(text_has_word("castellan.elf a=b  trace=input c", "trace=input"));
	assert_false(text_has_word("trace=inputs", "trace=input"));
	assert_false(text_has_word("xtrace=input trace=", "trace=input"));
	assert_false(text_has_word("", "trace=input"));
}

static void a_row_has_five_columns_whatever_the_state(void **state)
{
	(void)state;
	char text[81], name[33], driver_state[16], beat[16];
	manager_status_t status = {.name = "ps2kbd",
				   .state = STATE_RUNNING,
				   .generation = 3,
				   .restarts = 2,
				   .beat_age_ms = 120};
	unsigned generation, restarts;
	report_row(&status, text, sizeof(text));
	assert_int_equal(sscanf(text, "%32s %15s %u %u %15s", name, driver_state, &generation,
				&restarts, beat),
			 5);
	assert_string_equal(name, "ps2kbd");
	assert_string_equal(driver_state, "Running");
	assert_int_equal(generation, 3);
	assert_int_equal(restarts, 2);
	assert_string_equal(beat, "120");
	status.state = STATE_QUARANTINED;
	report_row(&status, text, sizeof(text));
	assert_non_null(strstr(text, "Quarantined"));
	assert_string_equal(text + strlen(text) - 2, " -");
	assert_string_equal(report_state(STATE_COUNT), "?");
}

static void the_audit_names_each_counter_and_type_once(void **state)
{
	(void)state;
	audit_report_t audit = {.free_bytes = 123, .irq_bound = 18};
	audit.caps[CAP_FRAME] = 7;
	audit.objects[CAP_MMIO] = 9;
	char text[81];
	unsigned free_bytes = 0, frames = 0, mmio = 0, bound = 0;
	uint32_t lines = 0;
	for (; report_audit(&audit, lines, text, sizeof(text)); lines++) {
		assert_memory_equal(text, "audit: ", 7);
		free_bytes += !strcmp(text, "audit: free_bytes 123");
		bound += !strcmp(text, "audit: irq_bound 18");
		frames += !strcmp(text, "audit: caps.frame 7");
		mmio += !strcmp(text, "audit: objects.mmio 9");
	}
	assert_int_equal(lines, 9 + 2 * (CAP_TYPE_COUNT - 1));
	assert_int_equal(free_bytes + bound + frames + mmio, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_command_is_known_by_its_word),
	    cmocka_unit_test(blanks_do_not_matter),
	    cmocka_unit_test(what_is_no_command_says_what_to_type),
	    cmocka_unit_test(a_missing_or_superfluous_name_is_refused),
	    cmocka_unit_test(a_name_of_31_characters_fits_and_32_do_not),
	    cmocka_unit_test(help_names_every_command_once),
	    cmocka_unit_test(a_word_is_found_whole_or_not_at_all),
	    cmocka_unit_test(a_row_has_five_columns_whatever_the_state),
	    cmocka_unit_test(the_audit_names_each_counter_and_type_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
