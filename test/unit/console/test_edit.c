/* SPDX-License-Identifier: BSD-2-Clause */
/* The line editor of both prompts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/edit.h"

static edit_t edit;
static recall_t recall;
static draft_t drafts[2];
static const manager_status_t drivers[] = {{.name = "serial"}, {.name = "screen"}};
static edit_side_t side;
static edit_change_t change;

static int fresh(void **state)
{
	(void)state;
	memset(&edit, 0, sizeof(edit));
	memset(&recall, 0, sizeof(recall));
	memset(drafts, 0, sizeof(drafts));
	side = (edit_side_t){&recall, drafts, 0, drivers, 2};
	return 0;
}

static void take(uint32_t key)
{
	change = edit_take(&edit, &side, key);
	assert_true(edit.at <= edit.length && edit.length <= LINE_MOST);
}

static void take_times(uint32_t key, unsigned times)
{
	while (times--)
		take(key);
}

static void type(const char *text)
{
	for (; *text; text++)
		take((uint32_t)*text);
}

static void enter(const char *text)
{
	type(text);
	edit_entered(&edit, &side);
}

static void has_line(const char *text, uint32_t at)
{
	assert_int_equal(edit.length, strlen(text));
	assert_memory_equal(edit.text, text, edit.length);
	assert_int_equal(edit.at, at);
}

static void changed(uint32_t from, uint32_t to)
{
	assert_int_equal(change.from, from);
	assert_int_equal(change.to, to);
}

static void what_is_typed_goes_in_where_the_cursor_is(void **state)
{
	(void)state;
	type("we");
	has_line("we", 2);
	changed(1, 2);
	take(EDIT_HOME);
	changed(0, 0); /* the cursor alone */
	type("q");
	has_line("qwe", 1);
	changed(0, 3);
	take(EDIT_END);
	type("t");
	take(EDIT_LEFT);
	type("r");
	has_line("qwert", 4);
	changed(3, 5);
	take_times(EDIT_RIGHT, 9);
	has_line("qwert", 5);
	take_times(EDIT_LEFT, 9);
	has_line("qwert", 0);
}

static void characters_are_taken_away_on_either_side(void **state)
{
	(void)state;
	type("qwert");
	take(EDIT_DELETE); /* nothing is there */
	has_line("qwert", 5);
	changed(0, 0);
	take(EDIT_RUB_OUT);
	has_line("qwer", 4);
	changed(4, 5);
	take_times(EDIT_LEFT, 2);
	take(EDIT_RUB_OUT);
	has_line("qer", 1);
	changed(1, 4);
	take(EDIT_DELETE);
	has_line("qr", 1);
	take(EDIT_HOME);
	take(EDIT_RUB_OUT);
	has_line("qr", 0);
	changed(0, 0);
}

static void parts_of_the_line_are_cut(void **state)
{
	(void)state;
	type("log  serial --json");
	take(EDIT_CUT_WORD);
	has_line("log  serial ", 12);
	take(EDIT_CUT_WORD); /* blanks before the cursor go along */
	has_line("log  ", 5);
	take(EDIT_CUT_WORD);
	has_line("", 0);
	take(EDIT_CUT_WORD);
	has_line("", 0);
	type("kill x");
	take_times(EDIT_LEFT, 2);
	take(EDIT_CUT_END);
	has_line("kill", 4);
	changed(4, 6);
	take(EDIT_CUT_END);
	has_line("kill", 4);
	take_times(EDIT_LEFT, 2);
	take(EDIT_CUT_WORD);
	has_line("ll", 0);
	take(EDIT_RIGHT);
	take(EDIT_CUT_ALL);
	has_line("", 0);
	type("x");
	take(EDIT_FORGET);
	has_line("", 0);
}

static void a_line_that_is_full_takes_no_more(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LINE_MOST; i++)
		type("x");
	type("y");
	changed(0, 0);
	take(EDIT_HOME);
	type("y");
	take(EDIT_TAB);
	assert_int_equal(edit.length, LINE_MOST);
	assert_int_equal(edit.at, 0);
	for (unsigned i = 0; i < LINE_MOST; i++)
		assert_int_equal(edit.text[i], 'x');
}

static void commands_come_back_and_the_draft_behind_them(void **state)
{
	(void)state;
	take(EDIT_UP);
	take(EDIT_DOWN);
	has_line("", 0);
	enter("ps");
	enter("kill x");
	type("dra");
	take(EDIT_UP);
	has_line("kill x", 6);
	changed(0, 6);
	take(EDIT_UP);
	has_line("ps", 2);
	changed(0, 6);
	take(EDIT_UP); /* there is none before */
	has_line("ps", 2);
	changed(0, 0);
	take(EDIT_DOWN);
	has_line("kill x", 6);
	take(EDIT_DOWN);
	has_line("dra", 3);
	take(EDIT_DOWN);
	has_line("dra", 3);
	type("ft");
	take(EDIT_UP);
	type("y");
	edit_entered(&edit, &side);
	take(EDIT_UP);
	has_line("kill xy", 7);
	take(EDIT_FORGET);
	has_line("", 0);
	take(EDIT_UP); /* from the newest on again */
	has_line("kill xy", 7);
	take(EDIT_DOWN);
	has_line("", 0);
}

/* What is not kept yet writes its draft beside the one that the kept line may need. */
static void a_draft_that_is_kept_is_not_written_over(void **state)
{
	(void)state;
	enter("ps");
	type("first");
	take(EDIT_UP);
	edit_t kept = edit;
	side.free = kept.drafted == 1 ? 1 : 0;
	take(EDIT_DOWN);
	type("x");
	take(EDIT_UP);
	take(EDIT_DOWN);
	has_line("firstx", 6);
	type("y");
	take(EDIT_UP);
	edit = kept;
	take(EDIT_DOWN);
	has_line("first", 5);
}

static void a_command_that_is_forgotten_meanwhile_leads_to_the_draft(void **state)
{
	(void)state;
	enter("ps");
	type("dr");
	take(EDIT_UP);
	for (unsigned i = 0; i < RECALL_BYTES; i++)
		recall_add(&recall, i % 2 ? "help" : "top", 3);
	take(EDIT_DOWN);
	has_line("dr", 2);
}

static void what_is_not_printable_does_not_come_back(void **state)
{
	(void)state;
	recall_add(&recall,
		   "a\x1b[2J\r\xff"
		   "b",
		   8);
	take(EDIT_UP);
	has_line("a[2Jb", 5);
	drafts[0].length = UINT32_MAX;
	memset(drafts[0].text, '\x07', LINE_MOST);
	take(EDIT_DOWN);
	has_line("", 0);
}

static void tab_puts_in_what_all_have_in_common(void **state)
{
	(void)state;
	type("wh");
	take(EDIT_TAB);
	has_line("why ", 4);
	changed(2, 4);
	take(EDIT_TAB);
	has_line("why s", 5);
	assert_false(edit.tabbed);
	take(EDIT_TAB);
	has_line("why s", 5);
	assert_true(edit.tabbed);
	changed(0, 0);
	type("e");
	assert_false(edit.tabbed);
	take(EDIT_TAB);
	has_line("why serial ", 11);
	take(EDIT_FORGET);
	type("xyz");
	take(EDIT_TAB);
	has_line("xyz", 3);
	assert_false(edit.tabbed);
	take(EDIT_FORGET);
	type("hel x");
	take_times(EDIT_LEFT, 2);
	take(EDIT_TAB);
	has_line("help  x", 5);
	changed(3, 7);
}

static void no_key_changes_nothing(void **state)
{
	(void)state;
	type("ab");
	const edit_t before = edit;
	static const uint32_t none[] = {EDIT_NOTHING, EDIT_CLEAR, EDIT_CLEAR + 1, '\n',
					0x1b,	      0x7f,	  UINT32_MAX};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		take(none[i]);
	assert_memory_equal(&edit, &before, sizeof(edit));
}

/* ---- beside an editor that is as simple as can be ---- */

static char model[LINE_MOST + 2];
static uint32_t model_at;

static void model_put(char c)
{
	size_t length = strlen(model);
	if (length == LINE_MOST)
		return;
	memmove(model + model_at + 1, model + model_at, length - model_at + 1);
	model[model_at++] = c;
}

static void model_take_away(void)
{
	memmove(model + model_at, model + model_at + 1, strlen(model) - model_at);
}

static void model_take(uint32_t key)
{
	if (key >= ' ' && key <= '~')
		model_put((char)key);
	else if (key == EDIT_LEFT && model_at)
		model_at--;
	else if (key == EDIT_RIGHT && model[model_at])
		model_at++;
	else if (key == EDIT_HOME)
		model_at = 0;
	else if (key == EDIT_END)
		model_at = (uint32_t)strlen(model);
	else if (key == EDIT_RUB_OUT && model_at) {
		model_at--;
		model_take_away();
	} else if (key == EDIT_DELETE && model[model_at])
		model_take_away();
	else if (key == EDIT_CUT_END)
		model[model_at] = '\0';
	else if (key == EDIT_CUT_ALL || key == EDIT_FORGET) {
		*model = '\0';
		model_at = 0;
	} else if (key == EDIT_CUT_WORD)
		for (bool letters = false;
		     model_at && !(letters && model[model_at - 1] == ' ');) {
			letters |= model[--model_at] != ' ';
			model_take_away();
		}
}

/* And what it says of a change is all that changed. */
static void any_keys_do_what_they_do_to_a_simple_editor(void **state)
{
	static const uint32_t keys[] = {'a',	     'b',	   ' ',		 EDIT_LEFT,
					EDIT_RIGHT,  EDIT_HOME,	   EDIT_END,	 EDIT_RUB_OUT,
					EDIT_DELETE, EDIT_CUT_END, EDIT_CUT_ALL, EDIT_CUT_WORD,
					EDIT_FORGET, EDIT_NOTHING};
	char before[LINE_MOST];
	uint32_t seed = 3;
	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		seed = seed * 1664525u + 1013904223u;
		uint32_t draw = seed >> 16 & 63;
		uint32_t key = draw < 14 ? keys[draw] : keys[draw % 5];
		memset(before, 0, sizeof(before));
		memcpy(before, edit.text, edit.length);
		uint32_t length = edit.length;
		take(key);
		model_take(key);
		has_line(model, model_at);
		for (uint32_t n = 0; n < LINE_MOST; n++) {
			char was = n < length ? before[n] : '\0',
			     is = n < edit.length ? edit.text[n] : '\0';
			assert_true(was == is || (n >= change.from && n < change.to));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_typed_goes_in_where_the_cursor_is, fresh),
	    cmocka_unit_test_setup(characters_are_taken_away_on_either_side, fresh),
	    cmocka_unit_test_setup(parts_of_the_line_are_cut, fresh),
	    cmocka_unit_test_setup(a_line_that_is_full_takes_no_more, fresh),
	    cmocka_unit_test_setup(commands_come_back_and_the_draft_behind_them, fresh),
	    cmocka_unit_test_setup(a_draft_that_is_kept_is_not_written_over, fresh),
	    cmocka_unit_test_setup(a_command_that_is_forgotten_meanwhile_leads_to_the_draft,
				   fresh),
	    cmocka_unit_test_setup(what_is_not_printable_does_not_come_back, fresh),
	    cmocka_unit_test_setup(tab_puts_in_what_all_have_in_common, fresh),
	    cmocka_unit_test_setup(no_key_changes_nothing, fresh),
	    cmocka_unit_test_setup(any_keys_do_what_they_do_to_a_simple_editor, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
