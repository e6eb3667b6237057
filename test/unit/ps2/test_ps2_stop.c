/* SPDX-License-Identifier: BSD-2-Clause */
/* Stops, resets and the start behind each: what is released, what goes back, what waits. */
#include "ps2_bench.h"

#define WRITTEN(t, b) bench.pc.written[t][b]

/* More than a step can release, by whatever ends the driver's work. */
static void all_that_is_held_is_released_before_it_ends(void **state)
{
	static const ps2_event_type_t ends[] = {PS2_EV_QUIESCE, PS2_EV_STOP};
	(void)state;
	for (unsigned i = 0; i < 2 * LENGTH(ends); i++) {
		bench_fresh(&fake_emulator);
		bench_ready();
		for (uint16_t key = KEY_1; key < KEY_CAPSLOCK; key++)
			bench_tap(key), pc_key(&bench.pc, key, true), bench_pass(5);
		bench_read();
		if (i % 2)
			bench_process(); /* it ends before it goes on */
		assert_int_equal(bench_operate(ends[i / 2]), DRV_OK);
		bench_read();
		assert_int_equal(bits_count(bench_state()->held, INPUT_KEYS_MAX), 0);
		for (unsigned byte = 0; byte < sizeof(bench.held.keys); byte++)
			assert_int_equal(bench.held.keys[byte], 0);
	}
}

static void a_reset_that_finds_no_second_port_has_no_mouse(void **state)
{
	(void)state;
	bench_ready();
	pc_buttons(&bench.pc, 1);
	bench_pass(30);
	bench_operate(PS2_EV_QUIESCE);
	bench.pc.faults.no_aux = true;
	assert_int_equal(bench_operate(PS2_EV_START), DRV_OK);
	bench_pass(3000);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_ABSENT);
	assert_int_equal(ps2_health(&bench.ps2), DRV_OK);
	EXPECT_KEY(BTN_LEFT, INPUT_DOWN);
	EXPECT_KEY(BTN_LEFT, INPUT_UP);
	assert_int_equal(bench.overflows, 1);
}

static void a_stop_releases_and_puts_the_first_configuration_back(void **state)
{
	(void)state;
	bench_ready();
	bench_start();
	pc_key(&bench.pc, KEY_LEFTSHIFT, true);
	bench_pass(20);
	assert_int_equal(bench_operate(PS2_EV_QUIESCE), DRV_OK);
	assert_int_equal(bench.pc.config & CONFIG_IRQS, 0);
	assert_int_equal(bench.pc.config & 0x30, 0x30);
	EXPECT_KEY(KEY_LEFTSHIFT, INPUT_DOWN);
	EXPECT_KEY(KEY_LEFTSHIFT, INPUT_UP);
	assert_int_equal(bench_operate(PS2_EV_STOP), DRV_OK);
	assert_int_equal(bench.pc.config, bench.pc.is.config & 0x74);
	assert_int_equal(bench.ps2.shown, PS2_OFF);
}

static void what_is_typed_while_it_is_stopped_waits(void **state)
{
	(void)state;
	assert_true(bench.pc.config & I8042_CONFIG_TRANSLATE);
	bench_ready();
	pc_key(&bench.pc, KEY_LEFTSHIFT, true);
	bench_pass(20);
	bench_operate(PS2_EV_QUIESCE);
	pc_key(&bench.pc, KEY_LEFTSHIFT, false); /* AA, which is no report */
	bench_operate(PS2_EV_STOP);
	pc_key(&bench.pc, KEY_A, true);
	bench_start();
	bench_pass(100);
	EXPECT_KEY(KEY_LEFTSHIFT, INPUT_DOWN);
	EXPECT_KEY(KEY_LEFTSHIFT, INPUT_UP);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
	assert_int_equal(STATS.hotplugs, 0);
}

/* Firmware left translation off: what waits is in the set that is decoded all the same. */
static void what_is_typed_while_it_is_stopped_waits_in_its_set(void **state)
{
	(void)state;
	bench.pc.config &= (uint8_t)~I8042_CONFIG_TRANSLATE;
	uint8_t found = bench.pc.config & (uint8_t)~CONFIG_IRQS;
	bench_ready();
	bench_operate(PS2_EV_QUIESCE);
	bench_operate(PS2_EV_STOP);
	pc_pass(&bench.pc, FAKE_MS); /* the controller takes it */
	assert_int_equal(bench.pc.config, found | I8042_CONFIG_TRANSLATE);
	pc_key(&bench.pc, KEY_A, true);
	pc_pass(&bench.pc, 50 * FAKE_MS);
	pc_key(&bench.pc, KEY_A, false);
	bench_start();
	bench_pass(100);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_UP);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
}

/* One that was never set up has nothing that waits for the next start. */
static void a_configuration_that_was_never_in_use_goes_back_whole(void **state)
{
	(void)state;
	bench.pc.config &= (uint8_t)~I8042_CONFIG_TRANSLATE;
	uint8_t found = bench.pc.config & (uint8_t)~CONFIG_IRQS;
	bench.pc.rules[0] =
	    (fake_rule_t){FAKE_CONTROLLER, 0xaa, 0, 0, FAKE_REFUSES, 0, 1, {0xfc}};
	assert_int_equal(bench_start(), DRV_EIO);
	assert_int_equal(bench_operate(PS2_EV_STOP), DRV_OK);
	pc_pass(&bench.pc, FAKE_MS); /* the controller takes it */
	assert_int_equal(bench.pc.config, found);
}

static void a_reset_is_a_set_up_from_the_beginning_and_is_told(void **state)
{
	(void)state;
	bench_ready();
	bench_operate(PS2_EV_QUIESCE);
	assert_int_equal(bench_operate(PS2_EV_START), DRV_OK);
	bench_pass(2000);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 2);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	bench_read();
	assert_int_equal(bench.overflows, 1); /* gaps side by side are one */
}

static void a_stop_without_a_known_configuration_writes_none(void **state)
{
	(void)state;
	bench_process();
	assert_int_equal(bench_operate(PS2_EV_STOP), DRV_OK);
	assert_int_equal(WRITTEN(FAKE_CONTROLLER, 0x60), 0);
	assert_int_equal(bench.pc.config & 0x30, 0x30);
	bench.pc.faults.never_ready = true;
	assert_int_equal(bench_operate(PS2_EV_STOP), DRV_ETIMEDOUT);
}

/* ---- what a death left to say to a mouse ---- */

/* The byte in flight says that the mouse was plugged in. */
static void plug_and_die(void)
{
	ps2_page_t *page = bench.ps2.turn.page;
	HAPPEN(.what = FAKE_SENDS, .target = FAKE_MOUSE, .count = 1,
	       .bytes = {MOUSE_SELF_TEST_GOOD});
	page->status = I8042_STATUS_OUTPUT_FULL | I8042_STATUS_AUX;
	page->taken = (pio_kept_t){MOUSE_ID_PLAIN, page->taken.count + 1};
}

static void assert_mouse_left_alone(uint32_t since)
{
	for (; since < bench.pc.log_count; since++)
		assert_int_not_equal(bench.pc.log[since] >> 8, FAKE_MOUSE);
}

static void a_mouse_that_is_not_served_any_more_is_left_alone(void **state)
{
	(void)state;
	bench_ready();
	plug_and_die();
	uint32_t before = bench.pc.log_count;
	bench.mouse_given = false;
	assert_int_equal(bench_start(), DRV_OK);
	bench_pass(3000);
	assert_mouse_left_alone(before);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_ABSENT);
}

static void what_a_death_left_to_say_is_not_said_by_a_stop(void **state)
{
	(void)state;
	bench_ready();
	plug_and_die();
	uint32_t before = bench.pc.log_count;
	bench_process();
	assert_int_equal(bench_operate(PS2_EV_STOP), DRV_OK);
	assert_mouse_left_alone(before);
	bench_ready();
	assert_int_equal(bench.pc.written[FAKE_MOUSE][MOUSE_CMD_RESET], 2);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
}

static void a_controller_that_is_gone_cannot_be_stopped(void **state)
{
	(void)state;
	bench_ready();
	bench.pc.faults.absent = true;
	assert_int_equal(bench_operate(PS2_EV_STOP), DRV_ENODEV);
}

/* Its devices may have had something to say, and nobody knows what is still held. */
static void a_controller_that_is_gone_while_it_runs_is_set_up_by_the_next_instance(void **state)
{
	(void)state;
	bench_ready();
	pc_key(&bench.pc, KEY_A, true);
	bench_pass(50);
	bench_read();
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	bench.pc.faults.absent = true;
	for (unsigned ms = 0; ms < 10000 && !bench_failed(); ms += 100)
		bench_pass(100);
	assert_true(bench_failed());
	assert_int_equal(bench.ps2.phase, PS2_IDLE);
	assert_int_equal(bench.ps2.shown, PS2_FAILED);
	assert_false(bench_state()->warm);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_ABSENT);
	bench.pc.faults.absent = false;
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	unsigned before = bench.overflows;
	bench_read();
	assert_int_equal(bench.overflows, before + 1);
	assert_int_equal(bench.held.keys[KEY_A / 8] >> KEY_A % 8 & 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_controller_that_is_gone_cannot_be_stopped, bench_real),
	    ON_BOTH(a_controller_that_is_gone_while_it_runs_is_set_up_by_the_next_instance),
	    cmocka_unit_test_setup(a_stop_releases_and_puts_the_first_configuration_back,
				   bench_emulator),
	    cmocka_unit_test(all_that_is_held_is_released_before_it_ends),
	    ON(real, a_reset_that_finds_no_second_port_has_no_mouse),
	    ON_BOTH(what_is_typed_while_it_is_stopped_waits),
	    ON_BOTH(what_is_typed_while_it_is_stopped_waits_in_its_set),
	    ON_BOTH(a_configuration_that_was_never_in_use_goes_back_whole),
	    cmocka_unit_test_setup(a_reset_is_a_set_up_from_the_beginning_and_is_told,
				   bench_real),
	    cmocka_unit_test_setup(a_stop_without_a_known_configuration_writes_none,
				   bench_emulator),
	    ON(emulator, a_mouse_that_is_not_served_any_more_is_left_alone),
	    ON(emulator, what_a_death_left_to_say_is_not_said_by_a_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
