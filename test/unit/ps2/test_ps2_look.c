/* SPDX-License-Identifier: BSD-2-Clause */
/* What the driver does after silence: a device that was switched off, or came unseen, works
 * again, and one that is well notices nothing. */
#include "ps2_bench.h"

#define MOUSE_WRITTEN bench.pc.written[FAKE_MOUSE]

static void a_port_or_scanning_that_was_switched_off_is_switched_on(void **state)
{
	(void)state;
	bench_ready();
	HAPPEN(.what = FAKE_CONFIG, .bytes = {0x57});
	bench_pass(KEYBOARD_LOOK_MS + 2000);
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_UP);
	HAPPEN(.what = FAKE_DEAFENS, .target = FAKE_KEYBOARD);
	bench_pass(KEYBOARD_LOOKS * (KEYBOARD_LOOK_MS + 1500));
	bench_tap(KEY_B);
	EXPECT_KEY(KEY_B, INPUT_DOWN);
	EXPECT_KEY(KEY_B, INPUT_UP);
	bench_expect_none();
}

/* The lamp is not given up for refused, nor is the keyboard asked without end. */
static void a_lamp_is_set_though_the_port_was_switched_off(void **state)
{
	(void)state;
	bench_ready();
	HAPPEN(.what = FAKE_CONFIG, .bytes = {0x57});
	keyboard_set_leds(&bench.ps2.turn, INPUT_CAPSLOCK);
	bench_pass(KEYBOARD_LOOK_MS);
	assert_int_equal(bench.pc.config, 0x47);
	assert_int_equal(bench.pc.keys.leds, KBD_LED_CAPS);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
}

/* Each wish costs one look. */
static void lamps_that_are_never_answered_are_given_up(void **state)
{
	(void)state;
	bench_ready();
	bench.pc.rules[0] =
	    (fake_rule_t){FAKE_KEYBOARD, KBD_CMD_LEDS, 0, 0, FAKE_REFUSES, 0, 0, {0}};
	bench.pc.rules[1] =
	    (fake_rule_t){FAKE_KEYBOARD, KBD_CMD_ECHO, 0, 0, FAKE_REFUSES, 0, 0, {0}};
	keyboard_set_leds(&bench.ps2.turn, INPUT_CAPSLOCK);
	bench_pass(KEYBOARD_LOOK_MS);
	assert_int_equal(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_LEDS], 2 * PORT_TRIES);
	assert_int_equal(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_ENABLE], 2);
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_UP);
}

/* What empties a keyboard's buffer is not for a look that comes so often. */
static void a_silent_keyboard_is_asked_for_an_echo_and_seldom_for_more(void **state)
{
	(void)state;
	const uint32_t *written = bench.pc.written[FAKE_KEYBOARD];
	bench_ready();
	for (unsigned i = 0; i < 2; i++) {
		bench_pass(KEYBOARD_LOOKS * KEYBOARD_LOOK_MS - 1000);
		assert_int_equal(written[KBD_CMD_ENABLE], 1);
		assert_true(written[KBD_CMD_ECHO] > i * 6 + 5);
		bench_tap(KEY_A);
	}
	bench_pass(KEYBOARD_LOOKS * (KEYBOARD_LOOK_MS + 1500));
	assert_int_equal(written[KBD_CMD_ENABLE], 2);
	assert_int_equal(written[KBD_CMD_RESET], 1);
}

static void a_keyboard_that_knows_no_echo_is_there(void **state)
{
	(void)state;
	bench_ready();
	bench.pc.rules[0] =
	    (fake_rule_t){FAKE_KEYBOARD, KBD_CMD_ECHO, 0, 0, FAKE_REFUSES, 0, 1, {PS2_RESEND}};
	bench_pass(2 * (KEYBOARD_LOOK_MS + 2000));
	assert_true(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_ECHO] > 0);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
}

static void a_mouse_that_reports_no_more_is_set_up_again(void **state)
{
	(void)state;
	bench_ready();
	HAPPEN(.what = FAKE_DEAFENS, .target = FAKE_MOUSE);
	bench_pass(MOUSE_LOOK_MS - 2000);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_STATUS], 0);
	bench_pass(5000);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_STATUS], 1);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_RESET], 2);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	pc_move(&bench.pc, 3, 0, 0, 0);
	bench_pass(30);
	EXPECT_REL(REL_X, 3);
	assert_int_equal(bench.overflows, 1); /* it may have been moved meanwhile */
}

/* Silence is no reason for a set-up, and nothing is told. */
static void a_silent_mouse_is_looked_after_and_left_alone(void **state)
{
	(void)state;
	bench_ready();
	bench_pass(3 * (MOUSE_LOOK_MS + 2000));
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_STATUS], 3);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_RESET], 1);
	pc_move(&bench.pc, 3, 0, 0, 0);
	bench_pass(30);
	EXPECT_REL(REL_X, 3);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
}

/* In the emulator packets stand before the answer: they are not lost, though a byte of them may
 * look like it. */
static void what_is_moved_during_a_look_is_read(void **state)
{
	(void)state;
	bench_ready();
	bench.pc.rules[0] = (fake_rule_t){
	    FAKE_MOUSE, MOUSE_CMD_STATUS, 0, 1, FAKE_BEFORE, 0, 4, {0x18, PS2_ACK, 0, 0}};
	bench_pass(MOUSE_LOOK_MS + 2000);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_STATUS], 1);
	EXPECT_REL(REL_X, PS2_ACK - 256);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
	assert_int_equal(STATS.mouse_sync_errors, 0);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_RESET], 1);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_IDENTIFY], 2); /* both of the set-up */
}

/* One look soon after a set-up that failed, then seldom ones, each of two commands. */
static void a_mouse_that_is_not_there_is_looked_for(void **state)
{
	(void)state;
	pc_unplug(&bench.pc, FAKE_MOUSE);
	bench_ready();
	uint32_t resets = MOUSE_WRITTEN[MOUSE_CMD_RESET];
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_ABSENT);
	bench_pass(MOUSE_DOUBT_MS + 2000);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_STATUS], 1);
	bench_pass(MOUSE_LOOK_MS - 4000);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_STATUS], 1);
	bench_pass(6000);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_STATUS], 2);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_IDENTIFY], 2);
	assert_int_equal(MOUSE_WRITTEN[MOUSE_CMD_RESET], resets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_port_or_scanning_that_was_switched_off_is_switched_on,
				   bench_real),
	    ON_BOTH(a_lamp_is_set_though_the_port_was_switched_off),
	    ON_BOTH(lamps_that_are_never_answered_are_given_up),
	    cmocka_unit_test_setup(a_silent_keyboard_is_asked_for_an_echo_and_seldom_for_more,
				   bench_real),
	    cmocka_unit_test_setup(a_keyboard_that_knows_no_echo_is_there, bench_real),
	    ON_BOTH(a_mouse_that_reports_no_more_is_set_up_again),
	    ON_BOTH(a_silent_mouse_is_looked_after_and_left_alone),
	    cmocka_unit_test_setup(what_is_moved_during_a_look_is_read, bench_emulator),
	    cmocka_unit_test_setup(a_mouse_that_is_not_there_is_looked_for, bench_real),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
