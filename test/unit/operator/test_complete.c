/* SPDX-License-Identifier: BSD-2-Clause */
/* What Tab makes of a command that is being typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/command.h"
#include "cap/complete.h"

static const manager_status_t drivers[] = {
    {.name = "serial"}, {.name = "screen"}, {.name = "ps2kbd"}};
static char all[1024];

static complete_t given(const char *line)
{
	return (complete_t){line, (uint32_t)strlen(line), drivers, 3};
}

static completion_t found(const char *line)
{
	complete_t of = given(line);
	return complete_line(&of);
}

/* All matches, a blank between two. */
static const char *offers(const char *line)
{
	complete_t of = given(line);
	const char *word;
	*all = '\0';
	for (uint32_t i = 0; (word = complete_match(&of, i)); i++) {
		strcat(all, i ? " " : "");
		strcat(all, word);
	}
	return all;
}

static void verbs_come_first(void **state)
{
	(void)state;
	assert_string_equal(offers("he"), "help health");
	assert_string_equal(offers("  sta"), "stats start");
	completion_t of = found("rel");
	assert_int_equal(of.matches, 1);
	assert_int_equal(of.typed, 3);
	assert_string_equal(of.word, "release");
	assert_string_equal(found("st").word, "st");
	assert_int_equal(found("xyz").matches, 0);
	assert_string_equal(found("xyz").word, "");
	assert_int_equal(found("").matches, COMMAND_COUNT);
	assert_string_equal(found("").word, "");
}

static void names_of_drivers_where_a_verb_takes_one(void **state)
{
	(void)state;
	assert_string_equal(offers("why "), "serial screen ps2kbd");
	assert_string_equal(offers("why s"), "serial screen");
	assert_string_equal(found("why ps").word, "ps2kbd");
	assert_string_equal(offers("kill "), "serial screen ps2kbd drvmgr");
	assert_string_equal(offers("stop d"), "");
	assert_string_equal(offers("log "), "serial screen ps2kbd drvmgr init input");
	assert_string_equal(offers("help qu"), "quiesce");
	assert_string_equal(offers("nosuchverb "), "");
}

static void flags_where_no_name_may_follow(void **state)
{
	(void)state;
	assert_string_equal(offers("ps "), "--json");
	assert_string_equal(offers("why serial "), "--json");
	assert_string_equal(offers("why -"), "--json");
	assert_string_equal(offers("log --"), "--json --level --from");
	assert_string_equal(offers("log serial "), "--json --level --from -f");
	assert_string_equal(offers("why --json "), "serial screen ps2kbd");
	assert_string_equal(offers("check "), "");
	assert_string_equal(offers("reboot x"), "");
}

static void words_of_a_flag_behind_it(void **state)
{
	(void)state;
	assert_string_equal(offers("log --level "), "error warn info debug");
	assert_string_equal(offers("log serial --level w"), "warn");
	assert_string_equal(offers("log --from "), "");
	assert_string_equal(offers("log --level warn s"), "serial screen");
	assert_string_equal(offers("log --from 12 serial --l"), "--level");
	assert_string_equal(offers("why --level "), "serial screen ps2kbd"); /* no flag there */
}

/* What is offered is taken. */
static void each_word_that_is_offered_makes_a_command(void **state)
{
	char line[128], wrong[200];
	(void)state;
	for (unsigned verb = 0; verb < COMMAND_COUNT; verb++) {
		const command_row_t *row = &command_rows[verb];
		if (row->argument == OPERATOR_FILE)
			continue;
		strcpy(line, row->word);
		strcat(line, " ");
		complete_t of = given(line);
		const char *word = complete_match(&of, 0);
		assert_non_null(word);
		strcat(line, word);
		assert_int_equal(command_parse(line, wrong, sizeof(wrong)).verb, verb);
		strcat(line, " ");
		of = given(line);
		word = complete_match(&of, 0);
		assert_non_null(word);
		assert_string_equal(word, "--json");
		strcat(line, word);
		assert_int_equal(command_parse(line, wrong, sizeof(wrong)).verb, verb);
	}
	assert_int_equal(command_parse("log --level warn --from 1", wrong, sizeof(wrong)).verb,
			 COMMAND_LOG);
}

static void whatever_was_typed_it_ends(void **state)
{
	static const char letters[] = "log --level serial -";
	char line[64];
	uint32_t seed = 5;
	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		for (uint32_t n = 0; n < sizeof(line); n++) {
			seed = seed * 1664525u + 1013904223u;
			line[n] = letters[(seed >> 10) % (sizeof(letters) - 1)];
		}
		complete_t of = {line, seed % sizeof(line), drivers, 3};
		completion_t end = complete_line(&of);
		assert_true(end.matches <= 2 * COMMAND_COUNT);
		assert_true(strlen(end.word) <= COMPLETE_MOST);
		assert_true(!end.matches || strlen(end.word) >= end.typed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(verbs_come_first),
	    cmocka_unit_test(names_of_drivers_where_a_verb_takes_one),
	    cmocka_unit_test(flags_where_no_name_may_follow),
	    cmocka_unit_test(words_of_a_flag_behind_it),
	    cmocka_unit_test(each_word_that_is_offered_makes_a_command),
	    cmocka_unit_test(whatever_was_typed_it_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
