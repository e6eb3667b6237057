/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys to characters and names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cap/keymap.h"

static void letters_follow_shift_and_caps_lock(void **state)
{
	(void)state;
	assert_int_equal(key_char(KEY_A, 0), 'a');
	assert_int_equal(key_char(KEY_A, INPUT_SHIFT), 'A');
	assert_int_equal(key_char(KEY_Z, INPUT_CAPSLOCK), 'Z');
	assert_int_equal(key_char(KEY_Z, INPUT_CAPSLOCK | INPUT_SHIFT), 'z');
}

static void caps_lock_leaves_digits_and_signs_alone(void **state)
{
	(void)state;
	assert_int_equal(key_char(KEY_1, INPUT_CAPSLOCK), '1');
	assert_int_equal(key_char(KEY_1, INPUT_SHIFT), '!');
	assert_int_equal(key_char(KEY_APOSTROPHE, INPUT_SHIFT), '"');
	assert_int_equal(key_char(KEY_BACKSLASH, 0), '\\');
	assert_int_equal(key_char(KEY_SPACE, INPUT_SHIFT), ' ');
}

static void every_printable_character_can_be_typed(void **state)
{
	(void)state;
	for (char want = ' '; want <= '~'; want++) {
		unsigned found = 0;
		for (unsigned code = 0; code < INPUT_KEYS_MAX; code++)
			found += key_char((uint16_t)code, 0) == want ||
				 key_char((uint16_t)code, INPUT_SHIFT) == want;
		assert_int_not_equal(found, 0);
	}
}

static void the_keypad_types_digits_under_num_lock_only(void **state)
{
	(void)state;
	static const uint16_t digits[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
					  KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
	for (int i = 0; i < 10; i++) {
		assert_int_equal(key_char(digits[i], INPUT_NUMLOCK), '0' + i);
		assert_int_equal(key_char(digits[i], 0), 0);
		assert_int_equal(key_char(digits[i], INPUT_NUMLOCK | INPUT_SHIFT), 0);
	}
	assert_int_equal(key_char(KEY_KPDOT, INPUT_NUMLOCK), '.');
	assert_int_equal(key_char(KEY_KPPLUS, 0), '+');
	assert_int_equal(key_char(KEY_KPMINUS, 0), '-');
	assert_int_equal(key_char(KEY_KPENTER, 0), '\n');
}

static void keys_that_type_nothing_give_nul(void **state)
{
	(void)state;
	static const uint16_t silent[] = {KEY_NONE,	 KEY_ESC,   KEY_F1,  KEY_UP,
					  KEY_LEFTSHIFT, KEY_PAUSE, KEY_F12, KEY_DELETE,
					  KEY_F24,	 0xff,	    0xffff};
	for (unsigned i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		assert_int_equal(key_char(silent[i], 0), 0);
	assert_int_equal(key_char(KEY_A, INPUT_CTRL), 0);
	assert_int_equal(key_char(KEY_A, INPUT_ALT), 0);
	assert_int_equal(key_char(KEY_A, INPUT_ALTGR), 0);
	assert_int_equal(key_char(KEY_A, INPUT_META), 0);
	assert_int_equal(key_char(KEY_KP7, INPUT_NUMLOCK | INPUT_CTRL), 0);
}

static void keys_have_their_evdev_names(void **state)
{
	(void)state;
	assert_string_equal(key_name(KEY_A), "a");
	assert_string_equal(key_name(KEY_LEFTSHIFT), "leftshift");
	assert_string_equal(key_name(KEY_KPENTER), "kpenter");
	assert_string_equal(key_name(KEY_102ND), "102nd");
	assert_string_equal(key_name(KEY_PAUSE), "pause");
	assert_string_equal(key_name(KEY_SYSRQ), "sysrq");
	assert_int_equal(KEY_UP, 103);
	assert_int_equal(KEY_LEFTMETA, 125);
}

static void codes_without_a_key_are_named_unknown(void **state)
{
	(void)state;
	assert_string_equal(key_name(KEY_NONE), "unknown");
	assert_string_equal(key_name(84), "unknown");
	assert_string_equal(key_name(INPUT_KEYS_MAX), "unknown");
	assert_string_equal(key_name(0xffff), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_follow_shift_and_caps_lock),
	    cmocka_unit_test(caps_lock_leaves_digits_and_signs_alone),
	    cmocka_unit_test(every_printable_character_can_be_typed),
	    cmocka_unit_test(the_keypad_types_digits_under_num_lock_only),
	    cmocka_unit_test(keys_that_type_nothing_give_nul),
	    cmocka_unit_test(keys_have_their_evdev_names),
	    cmocka_unit_test(codes_without_a_key_are_named_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
