/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver with both devices: what is typed and moved is what is read. */
#include "ps2_bench.h"

static void both_devices_are_set_up_and_stream(void **state)
{
	(void)state;
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	assert_int_equal(bench_state()->devices[PS2_KEYBOARD].id, 0xab41);
	assert_int_equal(bench_state()->devices[PS2_MOUSE].id, MOUSE_ID_FIVE);
	assert_int_equal(bench.pc.config, 0x47);
	assert_int_equal(ps2_health(&bench.ps2), DRV_OK);
	assert_int_equal(bench.pc.dangerous, 0);
	assert_int_equal(bench.pc.hasty_writes, 0);
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_UP);
	bench_tap(KEY_UP);
	EXPECT_KEY(KEY_UP, INPUT_DOWN);
	EXPECT_KEY(KEY_UP, INPUT_UP);
	bench_tap(KEY_PAUSE);
	EXPECT_KEY(KEY_PAUSE, INPUT_DOWN);
	EXPECT_KEY(KEY_PAUSE, INPUT_UP);
	pc_move(&bench.pc, 3, -5, 0, 0);
	bench_pass(30);
	EXPECT_REL(REL_X, 3);
	EXPECT_REL(REL_Y, -5);
	pc_move(&bench.pc, 0, 0, 1, 0);
	bench_pass(30);
	EXPECT_REL(REL_WHEEL, 1);
	pc_buttons(&bench.pc, 1);
	bench_pass(30);
	EXPECT_KEY(BTN_LEFT, INPUT_DOWN);
	pc_buttons(&bench.pc, 0x10);
	bench_pass(30);
	EXPECT_KEY(BTN_LEFT, INPUT_UP);
	EXPECT_KEY(BTN_EXTRA, INPUT_DOWN);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
}

static void a_death_loses_nothing(void **state)
{
	(void)state;
	bench_ready();
	pc_key(&bench.pc, KEY_LEFTSHIFT, true);
	bench_pass(20);
	bench_tap(KEY_A);
	bench_start();
	bench_tap(KEY_B);
	pc_key(&bench.pc, KEY_LEFTSHIFT, false);
	bench_pass(20);
	EXPECT_KEY(KEY_LEFTSHIFT, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_UP);
	EXPECT_KEY(KEY_B, INPUT_DOWN);
	EXPECT_KEY(KEY_B, INPUT_UP);
	EXPECT_KEY(KEY_LEFTSHIFT, INPUT_UP);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
	bench_pass(500);
	bench_expect_none();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_RESET], 1);
	assert_int_equal(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_ECHO], 1);
}

static void press_a(void)
{
	pc_key(&bench.pc, KEY_A, true);
	bench_pass(20);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
}

static void a_damaged_byte_releases_and_is_told(void **state)
{
	(void)state;
	bench_ready();
	press_a();
	HAPPEN(.what = FAKE_DAMAGES, .bytes = {0x1e, I8042_STATUS_PARITY});
	assert_int_equal(STATS.parity_errors, 1);
	EXPECT_KEY(KEY_A, INPUT_UP);
	bench_expect_none();
	assert_int_equal(bench.overflows, 1);
}

static void a_byte_that_timed_out_is_told(void **state)
{
	(void)state;
	bench_ready();
	press_a();
	HAPPEN(.what = FAKE_DAMAGES, .bytes = {I8042_NOT_SENT, I8042_STATUS_TIMEOUT});
	assert_int_equal(STATS.controller_timeouts, 1);
	EXPECT_KEY(KEY_A, INPUT_UP);
	assert_int_equal(bench.overflows, 1);
}

static void a_damaged_packet_releases_buttons_and_is_told(void **state)
{
	(void)state;
	bench_ready();
	press_a();
	pc_buttons(&bench.pc, 1);
	bench_pass(30);
	EXPECT_KEY(BTN_LEFT, INPUT_DOWN);
	HAPPEN(.what = FAKE_DAMAGES, .target = FAKE_MOUSE,
	       .bytes = {0x08, I8042_STATUS_PARITY});
	EXPECT_KEY(BTN_LEFT, INPUT_UP);
	bench_expect_none(); /* the keyboard's are as they were */
	assert_int_equal(bench.overflows, 1);
}

static void an_overrun_mark_releases_and_is_told(void **state)
{
	(void)state;
	bench_ready();
	press_a();
	HAPPEN(.what = FAKE_SENDS, .count = 1, .bytes = {0xff});
	assert_int_equal(STATS.overruns, 1);
	EXPECT_KEY(KEY_A, INPUT_UP);
	assert_int_equal(bench.overflows, 1);
}

static void a_keyboard_that_is_plugged_in_is_set_up_and_nothing_is_held(void **state)
{
	(void)state;
	bench_ready();
	press_a();
	pc_unplug(&bench.pc, FAKE_KEYBOARD);
	pc_plug(&bench.pc, FAKE_KEYBOARD);
	bench_pass(2000);
	EXPECT_KEY(KEY_A, INPUT_UP);
	assert_int_equal(STATS.hotplugs, 1);
	assert_int_equal(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_RESET], 2);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	bench_tap(KEY_B);
	EXPECT_KEY(KEY_B, INPUT_DOWN);
}

static void a_mouse_that_is_plugged_in_is_set_up_and_nothing_is_held(void **state)
{
	(void)state;
	bench_ready();
	pc_buttons(&bench.pc, 1);
	bench_pass(30);
	EXPECT_KEY(BTN_LEFT, INPUT_DOWN);
	pc_unplug(&bench.pc, FAKE_MOUSE);
	pc_buttons(&bench.pc, 0);
	pc_plug(&bench.pc, FAKE_MOUSE);
	bench_pass(2000);
	EXPECT_KEY(BTN_LEFT, INPUT_UP);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	assert_int_equal(bench_state()->packet.kind, PACKET_FIVE);
}

/* One that announces itself again and again is set up three times in ten seconds. */
static void set_ups_are_not_without_end(void **state)
{
	(void)state;
	bench_ready();
	for (unsigned i = 0; i < 8; i++) {
		HAPPEN(.what = FAKE_SENDS, .count = 1, .bytes = {0xaa});
		bench_pass(900);
	}
	assert_int_equal(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_RESET], 1 + DEVICE_SETUPS);
	assert_int_equal(STATS.hotplugs, 8);
}

static void translation_that_is_lost_is_noticed(void **state)
{
	(void)state;
	bench_ready();
	HAPPEN(.what = FAKE_CONFIG, .bytes = {0x07});
	bench_tap(KEY_A);
	bench_pass(2000);
	assert_int_equal(bench.pc.config, 0x47);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	bench_read();
	assert_true(bench.overflows > 0);
	assert_int_equal(bits_count(bench_state()->held, INPUT_KEYS_MAX), 0);
	bench.shown = bench.count;
	bench_tap(KEY_B);
	EXPECT_KEY(KEY_B, INPUT_DOWN);
	EXPECT_KEY(KEY_B, INPUT_UP);
}

/* A reset changes the configuration on some machines. */
/* And it does not come back: then the keyboard's own codes are decoded. */
static void translation_that_is_lost_for_ever_is_done_without(void **state)
{
	(void)state;
	bench_ready();
	bench.pc.faults.fixed = I8042_CONFIG_TRANSLATE;
	HAPPEN(.what = FAKE_CONFIG, .bytes = {0x07});
	for (unsigned i = 0; i < 12; i++) {
		bench_tap(KEY_A);
		bench_pass(700);
	}
	assert_int_equal(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_RESET], 1 + DEVICE_SETUPS);
	assert_int_equal(bench_state()->scan.set, SCAN_SET2);
	bench_read();
	bench.shown = bench.count;
	bench.overflows = 0;
	bench_tap(KEY_UP);
	EXPECT_KEY(KEY_UP, INPUT_DOWN);
	EXPECT_KEY(KEY_UP, INPUT_UP);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
}

/* It fails each self-test, and then somebody types on it. */
static void a_keyboard_that_works_is_well(void **state)
{
	(void)state;
	bench.pc.rules[0] = (fake_rule_t){
	    FAKE_KEYBOARD, KBD_CMD_RESET, 0, 0, FAKE_INSTEAD, 0, 2, {PS2_ACK, 0xfc}};
	bench_ready();
	assert_int_equal(ps2_health(&bench.ps2), DRV_EIO);
	bench.ps2.turn.ready = 0;
	pc_key(&bench.pc, KEY_CAPSLOCK, true);
	bench_pass(30);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(ps2_health(&bench.ps2), DRV_OK);
	assert_int_equal(bench.ps2.turn.ready, INPUT_OPEN_KEYBOARD);
	bench_pass(1000);
	assert_int_equal(bench.pc.keys.leds, KBD_LED_CAPS);
}

static void the_configuration_is_written_again_after_a_keyboards_reset(void **state)
{
	(void)state;
	pc_unplug(&bench.pc, FAKE_MOUSE);
	bench.pc.happenings[0] =
	    (fake_happening_t){.at_ms = 300, .what = FAKE_CONFIG, .bytes = {0x64}};
	assert_int_equal(bench_start(), DRV_OK);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_SETTING_UP);
	while (bench_device(PS2_KEYBOARD) == DEVICE_SETTING_UP)
		bench_pass(1);
	bench_pass(20);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(bench.pc.config, 0x47);
}

static void an_interrupt_without_a_byte_is_counted(void **state)
{
	(void)state;
	bench_ready();
	uint32_t before = STATS.spurious;
	HAPPEN(.what = FAKE_SPURIOUS, .target = FAKE_KEYBOARD);
	assert_int_equal(STATS.spurious, before + 1);
	press_a();
	assert_int_equal(STATS.spurious, before + 1);
}

static void without_interrupts_bytes_are_looked_for(void **state)
{
	(void)state;
	bench_ready();
	HAPPEN(.what = FAKE_QUIET);
	pc_key(&bench.pc, KEY_A, true);
	bench_pass(PS2_SLOW_POLL_MS + 10);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	assert_int_equal(STATS.lost, 1);
	pc_key(&bench.pc, KEY_A, false);
	bench_pass(PS2_SLOW_POLL_MS + 10);
	assert_int_equal(STATS.lost, 2);
	assert_true(STATS.repairs > 0);
	pc_key(&bench.pc, KEY_B, true);
	bench_pass(2 * PS2_FAST_POLL_MS);
	EXPECT_KEY(KEY_A, INPUT_UP);
	EXPECT_KEY(KEY_B, INPUT_DOWN);
}

static void bytes_that_fit_together_no_more_lead_up_the_ladder(void **state)
{
	(void)state;
	bench_ready();
	for (unsigned i = 0; i < MOUSE_BAD_MAX; i++)
		HAPPEN(.what = FAKE_SENDS, .target = FAKE_MOUSE, .count = 1, .bytes = {0});
	bench_pass(200);
	assert_int_equal(STATS.resyncs, 1);
	assert_int_equal(STATS.mouse_sync_errors, MOUSE_BAD_MAX);
	bench_read();
	assert_int_equal(bench.overflows, 1);
	assert_int_equal(bench.pc.written[FAKE_MOUSE][MOUSE_CMD_RESET], 1);
	pc_move(&bench.pc, 2, 0, 0, 0);
	bench_pass(30);
	bench_read();
	bench.shown = bench.count - 1;
	EXPECT_REL(REL_X, 2);
	for (unsigned i = 0; i < MOUSE_RESYNCS_MAX * MOUSE_BAD_MAX; i++)
		HAPPEN(.what = FAKE_SENDS, .target = FAKE_MOUSE, .count = 1, .bytes = {0});
	bench_pass(2000);
	assert_int_equal(bench.pc.written[FAKE_MOUSE][MOUSE_CMD_RESET], 2);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
}

static void events_that_nobody_reads_are_counted(void **state)
{
	(void)state;
	bench_ready();
	for (unsigned i = 0; i < INPUT_HELD / 2; i++)
		bench_tap(KEY_A);
	assert_int_equal(STATS.ring_high_water, INPUT_HELD);
	assert_int_equal(STATS.ring_drops, 0);
	bench_tap(KEY_B);
	assert_int_equal(STATS.ring_high_water, INPUT_HELD);
	assert_int_equal(STATS.ring_drops, 2);
	bench_read();
	assert_int_equal(bench.overflows, 1);
	assert_int_equal(bench.count, INPUT_HELD);
}

static void a_stuck_controller_is_read_in_turns(void **state)
{
	(void)state;
	bench_ready();
	bench.pc.faults.endless = true;
	bench.pc.faults.endless_byte = 0x1e;
	uint32_t before = bench.pc.data_reads;
	bench_feed(PS2_EV_IRQ, PS2_KEYBOARD);
	assert_int_equal(bench.pc.data_reads - before, PS2_DRAIN_MAX);
	assert_true(bench.timer);
}

/* What it takes for an answer's row is bounded by number, not by time alone. */
static void bytes_that_are_no_answer_fail_an_attempt(void **state)
{
	(void)state;
	assert_int_equal(bench_start(), DRV_OK);
	bench_pass(20);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_SETTING_UP);
	assert_int_equal(STATS.retries, 0);
	bench.pc.faults.endless = true;
	bench.pc.faults.endless_byte = 0x1e;
	bench_pass(20);
	assert_int_equal(STATS.retries, 1);
}

/* It is told once, and what comes then is nobody's. */
static void a_controller_that_is_gone_while_it_runs_has_failed(void **state)
{
	(void)state;
	bench_ready();
	bench.pc.faults.absent = true;
	bench_feed(PS2_EV_IRQ, PS2_KEYBOARD);
	bench_pass(1000);
	assert_int_equal(bench.result, DRV_EIO);
	assert_int_equal(bench.ps2.shown, PS2_FAILED);
	uint32_t reads = bench.pc.data_reads;
	bench_feed(PS2_EV_IRQ, PS2_KEYBOARD);
	assert_int_equal(bench.pc.data_reads, reads);
}

static void the_configuration_found_first_outlives_a_reset(void **state)
{
	(void)state;
	bench_ready();
	assert_int_equal(bench_operate(PS2_EV_QUIESCE), DRV_OK);
	assert_int_equal(bench_operate(PS2_EV_START), DRV_OK);
	assert_int_equal(bench_operate(PS2_EV_STOP), DRV_OK);
	assert_int_equal(bench.pc.config, fake_emulator.config & ~CONFIG_IRQS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH(both_devices_are_set_up_and_stream),
	    ON_BOTH(a_death_loses_nothing),
	    cmocka_unit_test_setup(a_damaged_byte_releases_and_is_told, bench_emulator),
	    cmocka_unit_test_setup(a_byte_that_timed_out_is_told, bench_emulator),
	    cmocka_unit_test_setup(a_damaged_packet_releases_buttons_and_is_told,
				   bench_emulator),
	    cmocka_unit_test_setup(an_overrun_mark_releases_and_is_told, bench_emulator),
	    cmocka_unit_test_setup(a_keyboard_that_is_plugged_in_is_set_up_and_nothing_is_held,
				   bench_real),
	    cmocka_unit_test_setup(a_mouse_that_is_plugged_in_is_set_up_and_nothing_is_held,
				   bench_real),
	    cmocka_unit_test_setup(set_ups_are_not_without_end, bench_real),
	    cmocka_unit_test_setup(translation_that_is_lost_is_noticed, bench_real),
	    ON_BOTH(translation_that_is_lost_for_ever_is_done_without),
	    ON(real, a_keyboard_that_works_is_well),
	    cmocka_unit_test_setup(the_configuration_is_written_again_after_a_keyboards_reset,
				   bench_real),
	    cmocka_unit_test_setup(an_interrupt_without_a_byte_is_counted, bench_emulator),
	    cmocka_unit_test_setup(without_interrupts_bytes_are_looked_for, bench_emulator),
	    cmocka_unit_test_setup(bytes_that_fit_together_no_more_lead_up_the_ladder,
				   bench_real),
	    cmocka_unit_test_setup(events_that_nobody_reads_are_counted, bench_emulator),
	    cmocka_unit_test_setup(a_stuck_controller_is_read_in_turns, bench_emulator),
	    cmocka_unit_test_setup(the_configuration_found_first_outlives_a_reset,
				   bench_emulator),
	    cmocka_unit_test_setup(bytes_that_are_no_answer_fail_an_attempt, bench_real),
	    cmocka_unit_test_setup(a_controller_that_is_gone_while_it_runs_has_failed,
				   bench_real),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
