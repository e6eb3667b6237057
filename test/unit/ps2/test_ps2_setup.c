/* SPDX-License-Identifier: BSD-2-Clause */
/* The set-up of controller, keyboard and mouse: its order, its budgets, its errors. */
#include "ps2_bench.h"

#include "ps2/keyboard/rows.h"
#include "ps2/mouse/rows.h"
#include "ps2/rows.h"

#define C(byte)	      (FAKE_CONTROLLER << 8 | (byte))
#define K(byte)	      (FAKE_KEYBOARD << 8 | (byte))
#define M(byte)	      (FAKE_MOUSE << 8 | (byte))
#define RULE(...)     (bench.pc.rules[0] = (fake_rule_t){__VA_ARGS__})
#define WRITTEN(t, b) bench.pc.written[t][b]

static void expect_live(void)
{
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	assert_int_equal(bench.pc.dangerous, 0);
	assert_int_equal(bench.pc.hasty_writes, 0);
}

static void expect_failure(err_t error)
{
	assert_int_equal(bench_start(), error);
	assert_int_equal(bench.ps2.shown, PS2_FAILED);
	assert_int_equal(ps2_health(&bench.ps2), error);
	assert_int_equal(bench.pc.dangerous, 0);
}

static void the_order_is_the_documented_one(void **state)
{
	(void)state;
	static const uint16_t order[] = {
	    C(0x20), C(0x20),				 /* as found, twice */
	    C(0xad), C(0xa7), C(0x20),			 /* ports off */
	    C(0x60), C(0x74), C(0xaa),			 /* all off, self-test */
	    C(0x60), C(0x74), C(0x20), C(0xab),		 /* it held; lines */
	    C(0xd3), C(0x5a),				 /* two ports? */
	    C(0xd3), C(0xf0), C(0xd3), C(0x56), C(0xd3), /* not four */
	    C(0xa5), C(0xa8), C(0x20), C(0xa7), C(0xa9),
	    C(0xa8), C(0xae), C(0x60), C(0x47), /* lines, ports on */
	    C(0x20),				/* it holds */
	    K(0xff),				/* devices, side by side */
	};
	expect_live();
	for (unsigned i = 0; i < LENGTH(order); i++)
		assert_int_equal(bench.pc.log[i], order[i]);
	assert_int_equal(bench_state()->found, 0x61);
	assert_int_equal(STATS.retries, 0);
	assert_int_equal(STATS.resets, 2);
	assert_int_equal(STATS.stray_acks, 0);
}

static void each_table_is_right(void **state)
{
	(void)state;
	static const program_table_t *const controller[] = {&ps2_probe, &ps2_cold, &ps2_quiesce,
							    &ps2_stop, &ps2_stop_unknown};
	uint32_t bad = 0;
	for (unsigned i = 0; i < LENGTH(controller); i++)
		assert_int_equal(program_check(controller[i]->rows, controller[i]->count, &bad),
				 DRV_OK);
	for (unsigned i = DEVICE_SETUP; i <= KEYBOARD_ENABLE; i++)
		assert_int_equal(
		    program_check(keyboard_programs[i].rows, keyboard_programs[i].count, &bad),
		    DRV_OK);
	for (unsigned i = DEVICE_SETUP; i <= MOUSE_LOOK; i++)
		assert_int_equal(
		    program_check(mouse_programs[i].rows, mouse_programs[i].count, &bad),
		    DRV_OK);
}

/* ---- the controller ---- */

static void a_controller_that_is_never_ready_times_out(void **state)
{
	(void)state;
	bench.pc.faults.never_ready = true;
	bench_process();
	assert_int_equal(bench_operate(PS2_EV_START), DRV_ETIMEDOUT);
	assert_int_equal(STATS.write_timeouts, 1);
	assert_int_equal(bench.pc.log_count, 0);
	assert_in_range(bench.pc.now_us, PS2_READY_MS * FAKE_MS, (PS2_READY_MS + 2) * FAKE_MS);
}

static void a_controller_that_never_answers_times_out_after_the_budget(void **state)
{
	(void)state;
	RULE(.target = FAKE_CONTROLLER, .on = 0x20, .then = FAKE_REFUSES);
	expect_failure(DRV_ETIMEDOUT);
	assert_int_equal(STATS.read_timeouts, PS2_TRIES);
	assert_int_equal(STATS.retries, PS2_TRIES - 1);
	assert_false(bench_state()->config_known);
}

static void all_ones_for_ever_are_no_device(void **state)
{
	(void)state;
	bench.pc.faults.absent = true;
	bench_process();
	assert_int_equal(bench_operate(PS2_EV_PROBE), DRV_ENODEV);
	assert_int_equal(bench.pc.data_reads, PS2_FLUSH_MAX);
	expect_failure(DRV_ENODEV);
	assert_int_equal(bench.pc.log_count, 0);
}

static void a_stream_without_end_is_no_device(void **state)
{
	(void)state;
	bench.pc.faults.endless = true;
	bench.pc.faults.endless_byte = 0x1e;
	bench_process();
	assert_int_equal(bench_operate(PS2_EV_PROBE), DRV_ENODEV);
	assert_int_equal(bench.pc.data_reads, PS2_FLUSH_MAX);
	expect_failure(DRV_ENODEV);
}

static void a_self_test_may_fail_within_the_budget(void **state)
{
	RULE(.target = FAKE_CONTROLLER, .on = 0xaa, .times = PS2_TRIES - 1,
	     .then = FAKE_INSTEAD, .count = 1, .bytes = {0xfc});
	expect_live();
	assert_int_equal(STATS.self_test_failures, PS2_TRIES - 1);
	bench_emulator(state);
	RULE(.target = FAKE_CONTROLLER, .on = 0xaa, .then = FAKE_INSTEAD, .count = 1,
	     .bytes = {0xfc});
	expect_failure(DRV_EIO);
	assert_int_equal(WRITTEN(FAKE_CONTROLLER, 0xaa), PS2_TRIES);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 0);
}

static void a_configuration_lost_by_the_self_test_is_written_again(void **state)
{
	(void)state;
	bench.pc.faults.test_sets = true;
	bench.pc.faults.test_config = 0x61;
	expect_live();
	assert_int_equal(bench.pc.config, 0x47);
}

static void a_configuration_is_believed_when_it_was_read_twice_alike(void **state)
{
	RULE(.target = FAKE_CONTROLLER, .on = 0x20, .times = 1, .then = FAKE_INSTEAD,
	     .count = 1, .bytes = {0x1e});
	expect_live();
	assert_int_equal(bench_state()->found, 0x61);
	assert_int_equal(STATS.retries, 1);
	/* A key that is held repeats itself; with the port off it does not. */
	bench_emulator(state);
	RULE(.target = FAKE_CONTROLLER, .on = 0x20, .times = 2, .then = FAKE_INSTEAD,
	     .count = 1, .bytes = {0x1e});
	expect_live();
	assert_int_equal(bench_state()->found, 0x71);
}

static void a_configuration_that_does_not_hold_is_an_error(void **state)
{
	(void)state;
	bench.pc.faults.fixed = I8042_CONFIG_KBD_OFF;
	expect_failure(DRV_EIO);
	assert_int_equal(STATS.retries, PS2_TRIES - 1);
}

static void without_translation_set_2_is_decoded(void **state)
{
	(void)state;
	bench.pc.faults.fixed = I8042_CONFIG_TRANSLATE;
	expect_live();
	assert_int_equal(bench_state()->scan.set, SCAN_SET2);
	bench_tap(KEY_UP);
	EXPECT_KEY(KEY_UP, INPUT_DOWN);
	EXPECT_KEY(KEY_UP, INPUT_UP);
}

static void failed_line_tests_are_counted_and_ignored(void **state)
{
	(void)state;
	RULE(.target = FAKE_CONTROLLER, .on = 0xab, .then = FAKE_INSTEAD, .count = 1,
	     .bytes = {3});
	bench.pc.rules[1] =
	    (fake_rule_t){.target = FAKE_CONTROLLER, .on = 0xa9, .then = FAKE_REFUSES};
	expect_live();
	assert_int_equal(STATS.self_test_failures, 1);
	assert_int_equal(STATS.read_timeouts, 1);
}

static void a_controller_with_one_port_serves_the_keyboard(void **state)
{
	(void)state;
	bench.pc.faults.no_aux = true;
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_ABSENT);
	assert_false(bench_state()->aux);
	assert_int_equal(bench.pc.config & I8042_CONFIG_AUX_IRQ, 0);
}

static void without_its_line_the_mouse_port_is_left_off(void **state)
{
	(void)state;
	bench.mouse_given = false;
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_ABSENT);
	assert_int_equal(bench.pc.config, 0x65);
	for (unsigned byte = 0; byte < 256; byte++)
		assert_int_equal(WRITTEN(FAKE_MOUSE, byte), 0);
	assert_int_equal(WRITTEN(FAKE_CONTROLLER, 0xa8), 0);
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
}

/* ---- the keyboard ---- */

static void a_dead_keyboard_costs_exactly_the_retry_budget_and_delays_nobody(void **state)
{
	(void)state;
	RULE(.target = FAKE_KEYBOARD, .on = FAKE_ANY, .then = FAKE_GONE);
	uint64_t before = bench.pc.now_us;
	bench_start();
	assert_true(bench.pc.now_us - before < 100 * FAKE_MS);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	bench_pass(PORT_TRIES * PORT_RESET_ACK_MS + 50);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_ABSENT);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), PORT_TRIES);
	assert_int_equal(STATS.read_timeouts, PORT_TRIES);
	assert_int_equal(STATS.retries, PORT_TRIES - 1);
	assert_int_equal(STATS.failed_commands, 1);
	assert_int_equal(ps2_health(&bench.ps2), DRV_OK);
}

static void a_keyboard_that_comes_late_is_set_up_then(void **state)
{
	(void)state;
	pc_unplug(&bench.pc, FAKE_KEYBOARD);
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_ABSENT);
	bench_pass(10000);
	pc_plug(&bench.pc, FAKE_KEYBOARD);
	bench_pass(2000);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_UP);
}

static void refused_bytes_are_sent_again_within_the_budget(void **state)
{
	static const uint8_t naks[] = {0xfe, 0xfc, 0xff, 0x00};
	for (unsigned i = 0; i < LENGTH(naks); i++) {
		bench_emulator(state);
		RULE(.target = FAKE_KEYBOARD, .on = KBD_CMD_RESET, .times = PORT_TRIES - 1,
		     .then = FAKE_REFUSES, .count = 1, .bytes = {naks[i]});
		expect_live();
		assert_int_equal(STATS.naks, PORT_TRIES - 1);
		assert_int_equal(STATS.retries, PORT_TRIES - 1);
		assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), PORT_TRIES);
	}
}

static void a_keyboard_that_dies_of_a_command_is_set_up_without_it(void **state)
{
	(void)state;
	RULE(.target = FAKE_KEYBOARD, .on = KBD_CMD_DISABLE, .then = FAKE_DIES);
	expect_live();
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 2);
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
}

static void a_keyboard_that_never_acknowledges_enable_is_believed(void **state)
{
	(void)state;
	RULE(.target = FAKE_KEYBOARD, .on = KBD_CMD_ENABLE, .then = FAKE_INSTEAD);
	expect_live();
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
}

static void a_keyboard_without_identification_is_accepted(void **state)
{
	RULE(.target = FAKE_KEYBOARD, .on = KBD_CMD_IDENTIFY, .then = FAKE_INSTEAD, .count = 1,
	     .bytes = {0xfa});
	expect_live();
	assert_int_equal(bench_state()->devices[PS2_KEYBOARD].id, 0);
	bench_emulator(state);
	RULE(.target = FAKE_KEYBOARD, .on = KBD_CMD_IDENTIFY, .then = FAKE_REFUSES, .count = 1,
	     .bytes = {0xfe});
	expect_live();
	assert_int_equal(bench_state()->devices[PS2_KEYBOARD].id, 0);
}

static void a_self_test_that_always_fails_is_told(void **state)
{
	(void)state;
	RULE(.target = FAKE_KEYBOARD, .on = KBD_CMD_RESET, .then = FAKE_INSTEAD, .count = 2,
	     .bytes = {0xfa, 0xfc});
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_ABSENT);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	assert_int_equal(ps2_health(&bench.ps2), DRV_EIO);
	assert_int_equal(STATS.self_test_failures, PORT_TRIES);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), PORT_TRIES);
}

static void a_self_test_may_take_four_seconds_and_delays_nobody(void **state)
{
	(void)state;
	bench.pc.is.test_us[PS2_KEYBOARD] = 3900 * FAKE_MS;
	bench_start();
	bench_pass(1500);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_SETTING_UP);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	pc_move(&bench.pc, 1, 0, 0, 0);
	bench_pass(50);
	EXPECT_REL(REL_X, 1);
	bench_pass(3500);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 1);
}

/* ---- the mouse ---- */

static void a_mouse_is_what_it_says_after_the_knock(void **state)
{
	static const uint8_t ids[] = {FAKE_PLAIN, MOUSE_ID_WHEEL, MOUSE_ID_FIVE};
	for (unsigned i = 0; i < LENGTH(ids); i++) {
		bench_emulator(state);
		bench.pc.faults.mouse_ids = ids[i];
		expect_live();
		assert_int_equal(bench_state()->packet.kind, i ? ids[i] : PACKET_PLAIN);
	}
}

static void no_mouse_is_well(void **state)
{
	(void)state;
	pc_unplug(&bench.pc, FAKE_MOUSE);
	bench_ready();
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_ABSENT);
	assert_int_equal(STATS.tx_mouse, PORT_TRIES);
	assert_int_equal(ps2_health(&bench.ps2), DRV_OK);
	pc_plug(&bench.pc, FAKE_MOUSE);
	bench_pass(3000);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_order_is_the_documented_one, bench_emulator),
	    cmocka_unit_test(each_table_is_right),
	    cmocka_unit_test_setup(a_controller_that_is_never_ready_times_out, bench_emulator),
	    cmocka_unit_test_setup(a_controller_that_never_answers_times_out_after_the_budget,
				   bench_emulator),
	    cmocka_unit_test_setup(all_ones_for_ever_are_no_device, bench_emulator),
	    cmocka_unit_test_setup(a_stream_without_end_is_no_device, bench_emulator),
	    cmocka_unit_test_setup(a_self_test_may_fail_within_the_budget, bench_emulator),
	    cmocka_unit_test_setup(a_configuration_lost_by_the_self_test_is_written_again,
				   bench_emulator),
	    cmocka_unit_test_setup(a_configuration_is_believed_when_it_was_read_twice_alike,
				   bench_emulator),
	    cmocka_unit_test_setup(a_configuration_that_does_not_hold_is_an_error,
				   bench_emulator),
	    cmocka_unit_test_setup(without_translation_set_2_is_decoded, bench_emulator),
	    cmocka_unit_test_setup(failed_line_tests_are_counted_and_ignored, bench_emulator),
	    cmocka_unit_test_setup(a_controller_with_one_port_serves_the_keyboard,
				   bench_emulator),
	    cmocka_unit_test_setup(without_its_line_the_mouse_port_is_left_off, bench_emulator),
	    cmocka_unit_test_setup(
		a_dead_keyboard_costs_exactly_the_retry_budget_and_delays_nobody,
		bench_emulator),
	    cmocka_unit_test_setup(a_keyboard_that_comes_late_is_set_up_then, bench_real),
	    cmocka_unit_test_setup(refused_bytes_are_sent_again_within_the_budget,
				   bench_emulator),
	    cmocka_unit_test_setup(a_keyboard_that_dies_of_a_command_is_set_up_without_it,
				   bench_real),
	    cmocka_unit_test_setup(a_keyboard_that_never_acknowledges_enable_is_believed,
				   bench_real),
	    cmocka_unit_test_setup(a_keyboard_without_identification_is_accepted,
				   bench_emulator),
	    cmocka_unit_test_setup(a_self_test_that_always_fails_is_told, bench_emulator),
	    cmocka_unit_test_setup(a_self_test_may_take_four_seconds_and_delays_nobody,
				   bench_real),
	    cmocka_unit_test_setup(a_mouse_is_what_it_says_after_the_knock, bench_emulator),
	    cmocka_unit_test_setup(no_mouse_is_well, bench_real),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
