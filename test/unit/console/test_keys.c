/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of the line editor, from bytes and from events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/keys.h"

static keys_t keys;

static int fresh(void **state)
{
	(void)state;
	memset(&keys, 0, sizeof(keys));
	return 0;
}

/* The keys that these bytes are; 0 ends them. */
static void gives(const char *bytes, const uint32_t *wanted)
{
	for (; *bytes; bytes++) {
		uint32_t key = keys_take(&keys, *bytes);
		if (key != EDIT_NOTHING)
			assert_int_equal(key, *wanted++);
	}
	assert_int_equal(*wanted, 0);
}
#define GIVES(bytes, ...)    gives(bytes, (const uint32_t[]){__VA_ARGS__, 0})
#define GIVES_NOTHING(bytes) gives(bytes, (const uint32_t[]){0})

static void what_is_printable_is_its_own_key(void **state)
{
	(void)state;
	GIVES("a ~", 'a', ' ', '~');
	GIVES_NOTHING("\xc3\xa4\xff\x1c\x1d\x1e\x1f\x11\x13\x14");
	assert_int_equal(keys_take(&keys, '\0'), EDIT_NOTHING);
}

static void control_bytes_edit(void **state)
{
	(void)state;
	GIVES("\x01\x02\x05\x06", EDIT_HOME, EDIT_LEFT, EDIT_END, EDIT_RIGHT);
	GIVES("\x10\x0e\x04\x08\x7f", EDIT_UP, EDIT_DOWN, EDIT_DELETE, EDIT_RUB_OUT,
	      EDIT_RUB_OUT);
	GIVES("\x0b\x15\x17\x03\x0c\t", EDIT_CUT_END, EDIT_CUT_ALL, EDIT_CUT_WORD, EDIT_FORGET,
	      EDIT_CLEAR, EDIT_TAB);
}

static void return_line_feed_or_both_end_one_line(void **state)
{
	(void)state;
	GIVES("\r", EDIT_ENTER);
	GIVES_NOTHING("\n");
	GIVES("\n", EDIT_ENTER);
	GIVES("\r\r\n\n", EDIT_ENTER, EDIT_ENTER, EDIT_ENTER);
	GIVES("\ra\n", EDIT_ENTER, 'a', EDIT_ENTER);
}

static void keys_of_either_mode_of_a_terminal_are_known(void **state)
{
	(void)state;
	GIVES("\x1b[A\x1b[B\x1b[C\x1b[D", EDIT_UP, EDIT_DOWN, EDIT_RIGHT, EDIT_LEFT);
	GIVES("\x1bOA\x1bOB\x1bOC\x1bOD", EDIT_UP, EDIT_DOWN, EDIT_RIGHT, EDIT_LEFT);
	GIVES("\x1b[H\x1b[F\x1bOH\x1bOF", EDIT_HOME, EDIT_END, EDIT_HOME, EDIT_END);
	GIVES("\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1b[3~", EDIT_HOME, EDIT_END, EDIT_HOME, EDIT_END,
	      EDIT_DELETE);
}

static void other_sequences_are_swallowed_whole(void **state)
{
	(void)state;
	GIVES("\x1b[1;5C\x1b[2~\x1b[15~\x1b[200~\x1b[99999A\x1b[?25hx", 'x');
	GIVES("\x1bOPa\x1b[0~b\x1b[~c", 'a', 'b', 'c');
	GIVES("\x1bxy", 'y');
	GIVES("\x1b[[Aa\x1b[[Eb\x1b[1[c", 'a', 'b', 'c'); /* F1 and F5 of a Linux console */
}

static void a_control_character_is_in_no_sequence(void **state)
{
	static const char *const begun[] = {"\x1b", "\x1b[", "\x1b[1;", "\x1bO", "\x1b[["};
	(void)state;
	for (size_t i = 0; i < sizeof(begun) / sizeof(begun[0]); i++) {
		GIVES_NOTHING(begun[i]);
		GIVES("\x03y", EDIT_FORGET, 'y');
		GIVES_NOTHING(begun[i]);
		GIVES("\ry", EDIT_ENTER, 'y');
		GIVES_NOTHING(begun[i]);
		GIVES("\x7fy", EDIT_RUB_OUT, 'y');
		GIVES_NOTHING(begun[i]);
		GIVES("\x1b[Ay", EDIT_UP, 'y'); /* Esc, and then a key; or Alt with it */
		GIVES_NOTHING(begun[i]);
		GIVES_NOTHING("\xff");
		GIVES("\x03", EDIT_FORGET);
	}
	GIVES("\x1b\r\nz", EDIT_ENTER, 'z');
}

static void noise_gives_keys_that_there_are(void **state)
{
	uint32_t seed = 7;
	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		seed = seed * 1664525u + 1013904223u;
		uint32_t key = keys_take(&keys, (char)(seed >> 9));
		assert_true(key == EDIT_NOTHING || (key >= ' ' && key <= '~') ||
			    (key >= EDIT_ENTER && key <= EDIT_CLEAR));
	}
}

static uint32_t event(uint16_t code, uint8_t modifiers)
{
	return keys_of(&(input_event_t){
	    .type = INPUT_KEY, .code = code, .value = INPUT_DOWN, .modifiers = modifiers});
}

static void a_keyboard_has_the_same_keys(void **state)
{
	static const struct {
		uint16_t code;
		uint32_t key;
	} plain[] = {
	    {KEY_LEFT, EDIT_LEFT},     {KEY_RIGHT, EDIT_RIGHT},	 {KEY_HOME, EDIT_HOME},
	    {KEY_END, EDIT_END},       {KEY_UP, EDIT_UP},	 {KEY_DOWN, EDIT_DOWN},
	    {KEY_DELETE, EDIT_DELETE}, {KEY_TAB, EDIT_TAB},	 {KEY_BACKSPACE, EDIT_RUB_OUT},
	    {KEY_ENTER, EDIT_ENTER},   {KEY_KPENTER, EDIT_ENTER}};
	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		assert_int_equal(event(plain[i].code, 0), plain[i].key);
		assert_int_equal(event(plain[i].code, INPUT_ALT), EDIT_NOTHING);
	}
	assert_int_equal(event(KEY_A, 0), 'a');
	assert_int_equal(event(KEY_A, INPUT_SHIFT), 'A');
	assert_int_equal(event(KEY_KP7, INPUT_NUMLOCK), '7');
	assert_int_equal(event(KEY_F1, 0), EDIT_NOTHING);
	assert_int_equal(event(KEY_LEFTSHIFT, INPUT_SHIFT), EDIT_NOTHING);
}

static void ctrl_and_a_letter_is_what_a_terminal_sends(void **state)
{
	static const uint16_t letters[26] = {KEY_A, KEY_B, KEY_C, KEY_D, KEY_E, KEY_F, KEY_G,
					     KEY_H, KEY_I, KEY_J, KEY_K, KEY_L, KEY_M, KEY_N,
					     KEY_O, KEY_P, KEY_Q, KEY_R, KEY_S, KEY_T, KEY_U,
					     KEY_V, KEY_W, KEY_X, KEY_Y, KEY_Z};
	(void)state;
	for (unsigned i = 0; i < 26; i++) {
		keys = (keys_t){0};
		uint32_t key = keys_take(&keys, (char)(i + 1));
		assert_int_equal(event(letters[i], INPUT_CTRL), key);
		assert_int_equal(event(letters[i], INPUT_CTRL | INPUT_NUMLOCK), key);
		assert_int_equal(event(letters[i], INPUT_CTRL | INPUT_ALT), EDIT_NOTHING);
	}
}

static void what_goes_up_or_is_no_key_is_none(void **state)
{
	(void)state;
	input_event_t of = {.type = INPUT_KEY, .code = KEY_A, .value = INPUT_UP};
	assert_int_equal(keys_of(&of), EDIT_NOTHING);
	of.value = INPUT_REPEAT;
	assert_int_equal(keys_of(&of), 'a');
	of.type = INPUT_REL;
	assert_int_equal(keys_of(&of), EDIT_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_printable_is_its_own_key, fresh),
	    cmocka_unit_test_setup(control_bytes_edit, fresh),
	    cmocka_unit_test_setup(return_line_feed_or_both_end_one_line, fresh),
	    cmocka_unit_test_setup(keys_of_either_mode_of_a_terminal_are_known, fresh),
	    cmocka_unit_test_setup(other_sequences_are_swallowed_whole, fresh),
	    cmocka_unit_test_setup(a_control_character_is_in_no_sequence, fresh),
	    cmocka_unit_test_setup(noise_gives_keys_that_there_are, fresh),
	    cmocka_unit_test_setup(a_keyboard_has_the_same_keys, fresh),
	    cmocka_unit_test_setup(ctrl_and_a_letter_is_what_a_terminal_sends, fresh),
	    cmocka_unit_test_setup(what_goes_up_or_is_no_key_is_none, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
