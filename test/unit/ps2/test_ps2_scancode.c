/* SPDX-License-Identifier: BSD-2-Clause */
/* The decoder: what is special, and what is no key. test_ps2_codes.c has every key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/protocol/input.h"
#include "ps2/keyboard/scancode.h"

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
	assert_int_equal(FEED(0xfa).kind, SCAN_ACK);
	assert_int_equal(FEED(0xfe).kind, SCAN_RESEND);
	assert_int_equal(FEED(0xee).kind, SCAN_ECHO);
	expect_key(FEED(0x7e), KEY_KPCOMMA, true);
	expect_key(FEED(0xfe), KEY_KPCOMMA, false);
	assert_int_equal(FEED(0xfe).kind, SCAN_RESEND);
	expect_key(FEED(0x6e), KEY_F23, true);
	expect_key(FEED(0xee), KEY_F23, false);
	assert_int_equal(FEED(0xee).kind, SCAN_ECHO);
	assert_int_equal(FEED(0xf2).kind, SCAN_TAP);
}

static void an_answer_inside_a_code_leaves_it_whole(void **state)
{
	(void)state;
	static const uint8_t answers[] = {0xfa, 0xfe, 0xee};
	for (unsigned i = 0; i < sizeof(answers); i++) {
		scan_init(&scan, SCAN_SET1);
		assert_int_equal(FEED(0xe0).kind, SCAN_NOTHING);
		assert_in_range(FEED(answers[i]).kind, SCAN_ACK, SCAN_ECHO);
		expect_key(FEED(0x48), KEY_UP, true);
		assert_int_equal(FEED(0xe1, 0x1d).kind, SCAN_NOTHING);
		assert_in_range(FEED(answers[i]).kind, SCAN_ACK, SCAN_ECHO);
		assert_int_equal(FEED(0x45).kind, SCAN_TAP);
		scan_init(&scan, SCAN_SET2);
		assert_int_equal(FEED(0xe0, 0xf0).kind, SCAN_NOTHING);
		assert_in_range(FEED(answers[i]).kind, SCAN_ACK, SCAN_ECHO);
		expect_key(FEED(0x75), KEY_UP, false);
	}
}

static void a_release_that_lost_its_prefix_is_that_of_the_key_that_is_down(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	expect_key(FEED(0xe0, 0x48), KEY_UP, true);
	expect_key(FEED(0xc8), KEY_UP, false);
	expect_key(FEED(0xc8), KEY_KP8, false); /* and then it is what it says */
	expect_key(FEED(0xe0, 0x48), KEY_UP, true);
	expect_key(FEED(0x48), KEY_KP8, true);
	expect_key(FEED(0xc8), KEY_KP8, false); /* both are down: the plain one */
	expect_key(FEED(0xe0, 0xc8), KEY_UP, false);
	scan_init(&scan, SCAN_SET2);
	expect_key(FEED(0xe0, 0x75), KEY_UP, true);
	expect_key(FEED(0xf0, 0x75), KEY_UP, false);
}

static void
a_press_that_lost_its_prefix_is_taken_back_by_the_release_of_the_other_key(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	expect_key(FEED(0x48), KEY_KP8, true);
	expect_key(FEED(0xe0, 0xc8), KEY_KP8, false);
	expect_key(FEED(0xe0, 0xc8), KEY_UP, false); /* and then it is what it says */
	expect_key(FEED(0x2a), KEY_LEFTSHIFT, true);
	assert_int_equal(FEED(0xe0, 0xaa).kind, SCAN_NOTHING); /* a fake shift is no key's */
	expect_key(FEED(0xaa), KEY_LEFTSHIFT, false);
	scan_init(&scan, SCAN_SET2);
	expect_key(FEED(0x75), KEY_KP8, true);
	expect_key(FEED(0xe0, 0xf0, 0x75), KEY_KP8, false);
}

static void a_release_of_set_2_tells_that_translation_is_lost(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	assert_int_equal(FEED(0xf0).kind, SCAN_RAW);
	assert_int_equal(FEED(0xe0, 0xf0).kind, SCAN_RAW);
	expect_key(FEED(0x70), KEY_KATAKANAHIRAGANA, true);
	expect_key(FEED(0xf0), KEY_KATAKANAHIRAGANA, false);
	assert_int_equal(FEED(0xf0).kind, SCAN_RAW);
	expect_key(FEED(0x1e), KEY_A, true);
}

static void the_time_of_a_keyboard_that_could_send_nothing_does_not_count(void **state)
{
	(void)state;
	scan_init(&scan, SCAN_SET1);
	scan_byte(&scan, 0xe0, 0);
	assert_true(scan_is_late(&scan, 5000));
	scan_resume(&scan, 5000);
	assert_false(scan_is_late(&scan, 5000 + SCAN_PREFIX_MS - 1));
	assert_true(scan_is_late(&scan, 5000 + SCAN_PREFIX_MS));
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

/* Whether it is dropped then is for who knows that nothing waits. */
static void a_prefix_that_is_not_completed_is_late(void **state)
{
	(void)state;
	static const uint8_t prefixes[] = {0xe0, 0xe1};
	for (unsigned i = 0; i < sizeof(prefixes); i++) {
		scan_init(&scan, SCAN_SET1);
		assert_false(scan_is_late(&scan, SCAN_PREFIX_MS)); /* of none */
		scan_byte(&scan, prefixes[i], 0xffffff00u);
		assert_false(scan_is_late(&scan, 0xffffff00u + SCAN_PREFIX_MS - 1));
		assert_true(scan_is_late(&scan, 0xffffff00u + SCAN_PREFIX_MS));
		scan_drop_prefix(&scan);
		expect_key(scan_byte(&scan, 0x48, 0), KEY_KP8, true);
	}
	scan_init(&scan, SCAN_SET1);
	scan_byte(&scan, 0xe0, 0xffffff00u);
	expect_key(scan_byte(&scan, 0x48, 0xffffff00u + 2 * SCAN_PREFIX_MS), KEY_UP, true);
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
			bool answer = byte == 0xfa || byte == 0xfe || byte == 0xee;
			assert_true(found.kind == SCAN_NOTHING || answer ||
				    !scan_is_inside(&scan));
			if (found.kind == SCAN_KEY || found.kind == SCAN_TAP)
				assert_in_range(found.code, 1, INPUT_KEYS_MAX - 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pause_and_break_are_taps_of_one_key),
	    cmocka_unit_test(a_broken_pause_types_nothing),
	    cmocka_unit_test(fake_shifts_around_print_screen_are_swallowed),
	    cmocka_unit_test(aa_releases_left_shift_only_if_it_was_pressed),
	    cmocka_unit_test(answers_are_told_from_releases_alike),
	    cmocka_unit_test(an_answer_inside_a_code_leaves_it_whole),
	    cmocka_unit_test(a_release_that_lost_its_prefix_is_that_of_the_key_that_is_down),
	    cmocka_unit_test(
		a_press_that_lost_its_prefix_is_taken_back_by_the_release_of_the_other_key),
	    cmocka_unit_test(a_release_of_set_2_tells_that_translation_is_lost),
	    cmocka_unit_test(the_time_of_a_keyboard_that_could_send_nothing_does_not_count),
	    cmocka_unit_test(overrun_marks_are_reported),
	    cmocka_unit_test(a_prefix_that_is_not_completed_is_late),
	    cmocka_unit_test(unknown_codes_are_reported_and_forgotten),
	    cmocka_unit_test(any_bytes_give_valid_results),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
