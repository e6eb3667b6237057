/* SPDX-License-Identifier: BSD-2-Clause */
/* The decoder against the codes of a 105-key keyboard, in both sets, written down here
 * independently of the driver's tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/protocol/input.h"
#include "ps2/scancode.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define E0(code)      (0xe000u | (code))

static const struct {
	uint16_t key, set1, set2; /* make codes */
} keyboard[] = {
    {KEY_ESC, 0x01, 0x76},
    {KEY_1, 0x02, 0x16},
    {KEY_2, 0x03, 0x1e},
    {KEY_3, 0x04, 0x26},
    {KEY_4, 0x05, 0x25},
    {KEY_5, 0x06, 0x2e},
    {KEY_6, 0x07, 0x36},
    {KEY_7, 0x08, 0x3d},
    {KEY_8, 0x09, 0x3e},
    {KEY_9, 0x0a, 0x46},
    {KEY_0, 0x0b, 0x45},
    {KEY_MINUS, 0x0c, 0x4e},
    {KEY_EQUAL, 0x0d, 0x55},
    {KEY_BACKSPACE, 0x0e, 0x66},
    {KEY_TAB, 0x0f, 0x0d},
    {KEY_Q, 0x10, 0x15},
    {KEY_W, 0x11, 0x1d},
    {KEY_E, 0x12, 0x24},
    {KEY_R, 0x13, 0x2d},
    {KEY_T, 0x14, 0x2c},
    {KEY_Y, 0x15, 0x35},
    {KEY_U, 0x16, 0x3c},
    {KEY_I, 0x17, 0x43},
    {KEY_O, 0x18, 0x44},
    {KEY_P, 0x19, 0x4d},
    {KEY_LEFTBRACE, 0x1a, 0x54},
    {KEY_RIGHTBRACE, 0x1b, 0x5b},
    {KEY_ENTER, 0x1c, 0x5a},
    {KEY_LEFTCTRL, 0x1d, 0x14},
    {KEY_A, 0x1e, 0x1c},
    {KEY_S, 0x1f, 0x1b},
    {KEY_D, 0x20, 0x23},
    {KEY_F, 0x21, 0x2b},
    {KEY_G, 0x22, 0x34},
    {KEY_H, 0x23, 0x33},
    {KEY_J, 0x24, 0x3b},
    {KEY_K, 0x25, 0x42},
    {KEY_L, 0x26, 0x4b},
    {KEY_SEMICOLON, 0x27, 0x4c},
    {KEY_APOSTROPHE, 0x28, 0x52},
    {KEY_GRAVE, 0x29, 0x0e},
    {KEY_LEFTSHIFT, 0x2a, 0x12},
    {KEY_BACKSLASH, 0x2b, 0x5d},
    {KEY_Z, 0x2c, 0x1a},
    {KEY_X, 0x2d, 0x22},
    {KEY_C, 0x2e, 0x21},
    {KEY_V, 0x2f, 0x2a},
    {KEY_B, 0x30, 0x32},
    {KEY_N, 0x31, 0x31},
    {KEY_M, 0x32, 0x3a},
    {KEY_COMMA, 0x33, 0x41},
    {KEY_DOT, 0x34, 0x49},
    {KEY_SLASH, 0x35, 0x4a},
    {KEY_RIGHTSHIFT, 0x36, 0x59},
    {KEY_KPASTERISK, 0x37, 0x7c},
    {KEY_LEFTALT, 0x38, 0x11},
    {KEY_SPACE, 0x39, 0x29},
    {KEY_CAPSLOCK, 0x3a, 0x58},
    {KEY_F1, 0x3b, 0x05},
    {KEY_F2, 0x3c, 0x06},
    {KEY_F3, 0x3d, 0x04},
    {KEY_F4, 0x3e, 0x0c},
    {KEY_F5, 0x3f, 0x03},
    {KEY_F6, 0x40, 0x0b},
    {KEY_F7, 0x41, 0x83},
    {KEY_F8, 0x42, 0x0a},
    {KEY_F9, 0x43, 0x01},
    {KEY_F10, 0x44, 0x09},
    {KEY_NUMLOCK, 0x45, 0x77},
    {KEY_SCROLLLOCK, 0x46, 0x7e},
    {KEY_KP7, 0x47, 0x6c},
    {KEY_KP8, 0x48, 0x75},
    {KEY_KP9, 0x49, 0x7d},
    {KEY_KPMINUS, 0x4a, 0x7b},
    {KEY_KP4, 0x4b, 0x6b},
    {KEY_KP5, 0x4c, 0x73},
    {KEY_KP6, 0x4d, 0x74},
    {KEY_KPPLUS, 0x4e, 0x79},
    {KEY_KP1, 0x4f, 0x69},
    {KEY_KP2, 0x50, 0x72},
    {KEY_KP3, 0x51, 0x7a},
    {KEY_KP0, 0x52, 0x70},
    {KEY_KPDOT, 0x53, 0x71},
    {KEY_SYSRQ, 0x54, 0x84},
    {KEY_102ND, 0x56, 0x61},
    {KEY_F11, 0x57, 0x78},
    {KEY_F12, 0x58, 0x07},
    {KEY_RO, 0x73, 0x51},
    {KEY_YEN, 0x7d, 0x6a},
    {KEY_KPCOMMA, 0x7e, 0x6d},
    {KEY_HENKAN, 0x79, 0x64},
    {KEY_MUHENKAN, 0x7b, 0x67},
    {KEY_KATAKANAHIRAGANA, 0x70, 0x13},
    {KEY_F13, 0x64, 0x08},
    {KEY_F24, 0x76, 0x5f},
    {KEY_KPENTER, E0(0x1c), E0(0x5a)},
    {KEY_RIGHTCTRL, E0(0x1d), E0(0x14)},
    {KEY_KPSLASH, E0(0x35), E0(0x4a)},
    {KEY_SYSRQ, E0(0x37), E0(0x7c)},
    {KEY_RIGHTALT, E0(0x38), E0(0x11)},
    {KEY_HOME, E0(0x47), E0(0x6c)},
    {KEY_UP, E0(0x48), E0(0x75)},
    {KEY_PAGEUP, E0(0x49), E0(0x7d)},
    {KEY_LEFT, E0(0x4b), E0(0x6b)},
    {KEY_RIGHT, E0(0x4d), E0(0x74)},
    {KEY_END, E0(0x4f), E0(0x69)},
    {KEY_DOWN, E0(0x50), E0(0x72)},
    {KEY_PAGEDOWN, E0(0x51), E0(0x7a)},
    {KEY_INSERT, E0(0x52), E0(0x70)},
    {KEY_DELETE, E0(0x53), E0(0x71)},
    {KEY_LEFTMETA, E0(0x5b), E0(0x1f)},
    {KEY_RIGHTMETA, E0(0x5c), E0(0x27)},
    {KEY_COMPOSE, E0(0x5d), E0(0x2f)},
    {KEY_POWER, E0(0x5e), E0(0x37)},
    {KEY_SLEEP, E0(0x5f), E0(0x3f)},
    {KEY_WAKEUP, E0(0x63), E0(0x5e)},
    {KEY_MUTE, E0(0x20), E0(0x23)},
    {KEY_VOLUMEDOWN, E0(0x2e), E0(0x21)},
    {KEY_VOLUMEUP, E0(0x30), E0(0x32)},
    {KEY_NEXTSONG, E0(0x19), E0(0x4d)},
    {KEY_PREVIOUSSONG, E0(0x10), E0(0x15)},
    {KEY_PLAYPAUSE, E0(0x22), E0(0x34)},
    {KEY_STOPCD, E0(0x24), E0(0x3b)},
    {KEY_CALC, E0(0x21), E0(0x2b)},
    {KEY_MAIL, E0(0x6c), E0(0x48)},
    {KEY_HOMEPAGE, E0(0x32), E0(0x3a)},
    {KEY_BACK, E0(0x6a), E0(0x38)},
};

static scan_t scan;

/* Feeds all bytes; all but the last must say nothing. */
static scan_result_t feed(const uint8_t *bytes, unsigned count)
{
	for (unsigned i = 0; i + 1 < count; i++)
		assert_int_equal(scan_byte(&scan, bytes[i], 0).kind, SCAN_NOTHING);
	return scan_byte(&scan, bytes[count - 1], 0);
}

#define FEED(...) feed((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void expect_key(scan_result_t found, uint16_t key, bool down)
{
	assert_int_equal(found.kind, SCAN_KEY);
	assert_int_equal(found.code, key);
	assert_int_equal(found.down, down);
	assert_false(found.expired);
}

static void every_key_of_set_1_is_pressed_and_released(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	for (unsigned i = 0; i < LENGTH(keyboard); i++) {
		uint8_t code = (uint8_t)keyboard[i].set1;
		if (keyboard[i].set1 >> 8) {
			expect_key(FEED(0xe0, code), keyboard[i].key, true);
			expect_key(FEED(0xe0, code | 0x80), keyboard[i].key, false);
		} else {
			expect_key(FEED(code), keyboard[i].key, true);
			expect_key(FEED(code | 0x80), keyboard[i].key, false);
		}
	}
}

static void every_key_of_set_2_is_pressed_and_released(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET2);
	for (unsigned i = 0; i < LENGTH(keyboard); i++) {
		uint8_t code = (uint8_t)keyboard[i].set2;
		if (keyboard[i].set2 >> 8) {
			expect_key(FEED(0xe0, code), keyboard[i].key, true);
			expect_key(FEED(0xe0, 0xf0, code), keyboard[i].key, false);
		} else {
			expect_key(FEED(code), keyboard[i].key, true);
			expect_key(FEED(0xf0, code), keyboard[i].key, false);
		}
	}
}

static void expect_tap(scan_result_t found, uint16_t key)
{
	assert_int_equal(found.kind, SCAN_TAP);
	assert_int_equal(found.code, key);
}

static void pause_and_break_are_taps_of_one_key(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	expect_tap(FEED(0xe1, 0x1d, 0x45), KEY_PAUSE);
	assert_int_equal(FEED(0xe1, 0x9d, 0xc5).kind, SCAN_NOTHING);
	expect_tap(FEED(0xe0, 0x46), KEY_PAUSE);
	assert_int_equal(FEED(0xe0, 0xc6).kind, SCAN_NOTHING);
	expect_key(FEED(0x1e), KEY_A, true);

	scan_init(&scan, SCAN_SET2);
	expect_tap(FEED(0xe1, 0x14, 0x77), KEY_PAUSE);
	assert_int_equal(FEED(0xe1, 0xf0, 0x14, 0xf0, 0x77).kind, SCAN_NOTHING);
	expect_tap(FEED(0xe0, 0x7e), KEY_PAUSE);
	assert_int_equal(FEED(0xe0, 0xf0, 0x7e).kind, SCAN_NOTHING);
	expect_key(FEED(0x1c), KEY_A, true);
}

static void a_broken_pause_types_nothing(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	assert_int_equal(FEED(0xe1, 0x1e).kind, SCAN_UNKNOWN);
	expect_key(FEED(0x1e), KEY_A, true);
	assert_int_equal(FEED(0xe1, 0x1d, 0x1e).kind, SCAN_UNKNOWN);
	scan_init(&scan, SCAN_SET2);
	assert_int_equal(FEED(0xe1, 0xf0, 0x15).kind, SCAN_UNKNOWN);
	expect_key(FEED(0x1c), KEY_A, true);
}

static void fake_shifts_around_print_screen_are_swallowed(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	expect_key(FEED(0xe0, 0x2a, 0xe0, 0x37), KEY_SYSRQ, true);
	expect_key(FEED(0xe0, 0xb7), KEY_SYSRQ, false);
	assert_int_equal(FEED(0xe0, 0xaa).kind, SCAN_NOTHING);
	assert_int_equal(FEED(0xe0, 0x36).kind, SCAN_NOTHING);
	assert_int_equal(FEED(0xe0, 0xb6).kind, SCAN_NOTHING);
	scan_init(&scan, SCAN_SET2);
	expect_key(FEED(0xe0, 0x12, 0xe0, 0x7c), KEY_SYSRQ, true);
	expect_key(FEED(0xe0, 0xf0, 0x7c), KEY_SYSRQ, false);
	assert_int_equal(FEED(0xe0, 0xf0, 0x12).kind, SCAN_NOTHING);
}

static void aa_releases_left_shift_only_if_it_was_pressed(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	expect_key(FEED(0x2a), KEY_LEFTSHIFT, true);
	expect_key(FEED(0x2a), KEY_LEFTSHIFT, true); /* typematic */
	expect_key(FEED(0xaa), KEY_LEFTSHIFT, false);
	scan_result_t report = FEED(0xaa);
	assert_int_equal(report.kind, SCAN_SELF_TEST);
	assert_true(report.passed);
	report = FEED(0xfc);
	assert_int_equal(report.kind, SCAN_SELF_TEST);
	assert_false(report.passed);
	scan_init(&scan, SCAN_SET2);
	expect_key(FEED(0x12), KEY_LEFTSHIFT, true);
	assert_int_equal(FEED(0xaa).kind, SCAN_SELF_TEST); /* no key has this code */
}

static void answers_are_told_from_releases_alike(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	assert_int_equal(FEED(0xfa).kind, SCAN_STRAY_ACK);
	assert_int_equal(FEED(0xfe).kind, SCAN_STRAY_ACK);
	expect_key(FEED(0x7e), KEY_KPCOMMA, true);
	expect_key(FEED(0xfe), KEY_KPCOMMA, false);
	assert_int_equal(FEED(0xfe).kind, SCAN_STRAY_ACK);
	assert_int_equal(FEED(0xf2).kind, SCAN_TAP);
}

static void overrun_marks_are_reported(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	assert_int_equal(FEED(0xff).kind, SCAN_OVERRUN);
	assert_int_equal(FEED(0x7f).kind, SCAN_UNKNOWN);
	assert_int_equal(FEED(0xff).kind, SCAN_OVERRUN); /* not the release of 7f */
	scan_init(&scan, SCAN_SET2);
	assert_int_equal(FEED(0x00).kind, SCAN_OVERRUN);
}

static void a_prefix_that_is_not_completed_expires(void **state)
{
	(void)state;
	static const uint8_t prefixes[] = {0xe0, 0xe1};
	for (unsigned i = 0; i < sizeof(prefixes); i++) {
		scan_init(&scan, SCAN_SET1);
		scan_byte(&scan, prefixes[i], 0xffffff00u);
		scan_result_t found = scan_byte(&scan, 0x48, 0xffffff00u + SCAN_PREFIX_MS + 1);
		assert_true(found.expired);
		assert_int_equal(found.kind, SCAN_KEY);
		assert_int_equal(found.code, KEY_KP8);
	}
	scan_init(&scan, SCAN_SET1);
	scan_byte(&scan, 0xe0, 0xffffff00u);
	expect_key(scan_byte(&scan, 0x48, 0xffffff00u + SCAN_PREFIX_MS), KEY_UP, true);
}

static void unknown_codes_are_reported_and_forgotten(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	assert_int_equal(FEED(0x55).kind, SCAN_UNKNOWN);
	assert_int_equal(FEED(0xe0, 0x01).kind, SCAN_UNKNOWN);
	expect_key(FEED(0x48), KEY_KP8, true);
	scan_init(&scan, SCAN_SET2);
	assert_int_equal(FEED(0x90).kind, SCAN_UNKNOWN);
	assert_int_equal(FEED(0xf0, 0x00).kind, SCAN_UNKNOWN);
	assert_int_equal(FEED(0xe0, 0xf0, 0xff).kind, SCAN_UNKNOWN);
	expect_key(FEED(0x75), KEY_KP8, true);
}

static void any_bytes_give_valid_results(void **state)
{
	(void)state;
	uint32_t dice = 7;
	for (unsigned set = SCAN_SET1; set <= SCAN_SET2; set++) {
		scan_init(&scan, (scan_set_t)set);
		for (unsigned i = 0; i < 300000; i++) {
			dice = dice * 1664525u + 1013904223u;
			uint8_t byte = (uint8_t)(dice >> 16);
			static const uint8_t prefixes[] = {0xe0, 0xe1, 0xf0, 0xe0};
			if (dice >> 30 == 0)
				byte = prefixes[(dice >> 28) & 3];
			scan_result_t found = scan_byte(&scan, byte, i);
			assert_true(found.kind <= SCAN_UNKNOWN);
			if (found.kind == SCAN_KEY || found.kind == SCAN_TAP)
				assert_in_range(found.code, 1, INPUT_KEYS_MAX - 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_key_of_set_1_is_pressed_and_released),
	    cmocka_unit_test(every_key_of_set_2_is_pressed_and_released),
	    cmocka_unit_test(pause_and_break_are_taps_of_one_key),
	    cmocka_unit_test(a_broken_pause_types_nothing),
	    cmocka_unit_test(fake_shifts_around_print_screen_are_swallowed),
	    cmocka_unit_test(aa_releases_left_shift_only_if_it_was_pressed),
	    cmocka_unit_test(answers_are_told_from_releases_alike),
	    cmocka_unit_test(overrun_marks_are_reported),
	    cmocka_unit_test(a_prefix_that_is_not_completed_expires),
	    cmocka_unit_test(unknown_codes_are_reported_and_forgotten),
	    cmocka_unit_test(any_bytes_give_valid_results),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
