/* SPDX-License-Identifier: BSD-2-Clause */
/* Deaths: what the next instance makes of what the last one kept; and what it is asked for. */
#include "ps2_bench.h"

#include <string.h>

#define WRITTEN(t, b) bench.pc.written[t][b]
#define PAGE	      bench.ps2.turn.page

/* The driver dies between reading a byte and its step: as if, for the page. */
static void take_and_die(void)
{
	pc_pass(&bench.pc, 20 * FAKE_MS);
	PAGE->status = pc_status(&bench.pc);
	assert_true(PAGE->status & I8042_STATUS_OUTPUT_FULL);
	PAGE->taken = (pio_kept_t){pc_data(&bench.pc), PAGE->taken.count + 1};
}

static void the_byte_in_flight_is_taken_once(void **state)
{
	(void)state;
	bench_ready();
	pc_key(&bench.pc, KEY_A, true);
	take_and_die();
	bench_process();
	assert_int_equal(STATS.resumed, 1);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	bench_start();
	assert_int_equal(STATS.resumed, 0);
	bench_expect_none();
}

static void a_mouse_byte_in_flight_is_the_mouses(void **state)
{
	(void)state;
	bench_ready();
	pc_buttons(&bench.pc, 1);
	take_and_die();
	bench_start();
	bench_pass(50);
	EXPECT_KEY(BTN_LEFT, INPUT_DOWN);
	bench_expect_none();
	assert_int_equal(STATS.mouse_sync_errors, 0);
}

static void a_byte_over_which_two_died_is_told_as_a_gap(void **state)
{
	(void)state;
	bench_ready();
	pc_key(&bench.pc, KEY_LEFTSHIFT, true);
	bench_pass(20);
	EXPECT_KEY(KEY_LEFTSHIFT, INPUT_DOWN);
	pc_key(&bench.pc, KEY_A, true);
	take_and_die();
	PAGE->tried = PAGE->taken.count; /* the next instance began its step, and died */
	bench_start();
	assert_int_equal(STATS.poisoned, 1);
	EXPECT_KEY(KEY_LEFTSHIFT, INPUT_UP);
	bench_expect_none();
	assert_int_equal(bench.overflows, 1);
	bench_tap(KEY_B);
	EXPECT_KEY(KEY_B, INPUT_DOWN);
}

static void half_a_code_is_completed_by_the_next_instance(void **state)
{
	(void)state;
	bench_ready();
	pc_key(&bench.pc, KEY_UP, true);
	take_and_die(); /* E0 */
	pc_pass(&bench.pc, 2000 * FAKE_MS);
	bench_start();
	bench_pass(20);
	EXPECT_KEY(KEY_UP, INPUT_DOWN);
	bench_expect_none();
}

static void a_warm_probe_leaves_what_waits(void **state)
{
	(void)state;
	bench_ready();
	pc_key(&bench.pc, KEY_A, true);
	pc_pass(&bench.pc, 20 * FAKE_MS);
	bench_process();
	uint32_t reads = bench.pc.data_reads;
	assert_int_equal(bench_operate(PS2_EV_PROBE), DRV_OK);
	assert_int_equal(bench.pc.data_reads, reads);
	bench.pc.faults.absent = true;
	assert_int_equal(bench_operate(PS2_EV_PROBE), DRV_ENODEV);
}

static void a_warm_start_writes_the_configuration_and_asks_for_an_echo(void **state)
{
	(void)state;
	bench_ready();
	uint32_t before = bench.pc.log_count;
	bench_start();
	bench_pass(1000);
	assert_int_equal(bench.pc.log[before], FAKE_CONTROLLER << 8 | 0x60);
	assert_int_equal(bench.pc.log[before + 1], FAKE_CONTROLLER << 8 | 0x47);
	assert_int_equal(bench.pc.log[before + 2], FAKE_KEYBOARD << 8 | KBD_CMD_ECHO);
	assert_int_equal(bench.pc.log_count, before + 3);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
}

static void a_keyboard_that_does_not_answer_is_set_up_and_that_is_told(void **state)
{
	(void)state;
	bench_ready();
	bench.pc.devices[FAKE_KEYBOARD].dead = true; /* to all but a reset */
	bench_start();
	bench_pass(3000);
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 2);
	bench_read();
	assert_int_equal(bench.overflows, 1);
}

static void a_line_that_is_taken_away_leaves_the_mouse_absent(void **state)
{
	(void)state;
	bench_ready();
	pc_buttons(&bench.pc, 1);
	bench_pass(30);
	bench.mouse_given = false;
	bench_ready();
	bench_pass(1000);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_ABSENT);
	assert_int_equal(bench.pc.config, 0x65);
	EXPECT_KEY(BTN_LEFT, INPUT_DOWN);
	EXPECT_KEY(BTN_LEFT, INPUT_UP);
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
}

/* The mouse port was set up to be off: all begins anew, and is told. */
static void a_line_that_is_given_later_brings_the_mouse(void **state)
{
	(void)state;
	bench.mouse_given = false;
	bench_ready();
	bench_ready(); /* as it was: nothing is lost */
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 1);
	bench.mouse_given = true;
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	pc_move(&bench.pc, 3, 0, 0, 0);
	bench_pass(30);
	EXPECT_REL(REL_X, 3);
	assert_int_equal(bench.overflows, 1);
	bench_ready();
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 2);
}

/* ---- lamps ---- */

static void lamps_in_flight_are_sent_again(void **state)
{
	(void)state;
	bench_ready();
	assert_int_equal(keyboard_set_leds(&bench.ps2.turn, INPUT_CAPSLOCK), DRV_OK);
	/* Dies with the command written and the parameter due. */
	ps2_event_t event = {.type = PS2_EV_TIMER};
	while (bench.pc.devices[FAKE_KEYBOARD].expects != KBD_CMD_LEDS) {
		event.now_ms = (uint32_t)(bench.pc.now_us / FAKE_MS);
		ps2_action_t action = ps2_step(&bench.ps2, event);
		event.type = PS2_EV_STATUS;
		event.byte = pc_status(&bench.pc);
		if (action.type == PS2_ACT_WRITE_DATA) {
			pc_write(&bench.pc, action.byte);
			pc_pass(&bench.pc, 10 * FAKE_MS);
			event.type = PS2_EV_WRITTEN;
		}
	}
	assert_true(bench_state()->devices[PS2_KEYBOARD].owes);
	bench_start();
	bench_pass(500);
	assert_int_equal(bench.pc.keys.leds, KBD_LED_CAPS);
	assert_false(bench_state()->devices[PS2_KEYBOARD].owes);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 1);
	bench_tap(KEY_A);
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_UP);
	assert_int_equal(bench.overflows, 0);
}

static void settings_outlive_the_driver_and_the_keyboard(void **state)
{
	(void)state;
	bench_ready();
	keyboard_set_leds(&bench.ps2.turn, INPUT_NUMLOCK);
	keyboard_set_repeat(&bench.ps2.turn, 250, 33);
	bench_start();
	bench_pass(1500);
	assert_int_equal(bench.pc.keys.leds, KBD_LED_NUM);
	assert_int_equal(bench.pc.keys.typematic, 0);
	pc_unplug(&bench.pc, FAKE_KEYBOARD);
	bench_pass(100);
	pc_plug(&bench.pc, FAKE_KEYBOARD);
	bench_pass(3000);
	assert_int_equal(bench.pc.keys.leds, KBD_LED_NUM);
	assert_int_equal(bench.pc.keys.typematic, 0);
}

static void lamps_follow_the_locks_until_they_are_set(void **state)
{
	(void)state;
	bench_ready();
	bench_tap(KEY_CAPSLOCK);
	assert_int_equal(bench.pc.keys.leds, KBD_LED_CAPS);
	keyboard_set_leds(&bench.ps2.turn, 0);
	bench_pass(1100);
	assert_int_equal(bench.pc.keys.leds, 0);
	keyboard_set_leds(&bench.ps2.turn, INPUT_LEDS_FOLLOW);
	bench_pass(1100);
	assert_int_equal(bench.pc.keys.leds, KBD_LED_CAPS);
	assert_int_equal(keyboard_set_leds(&bench.ps2.turn, INPUT_ALT), DRV_EINVAL);
}

/* Two wishes close together: the second comes when the parameter of the first is fixed. */
static void a_wish_that_comes_late_is_fulfilled(void **state)
{
	(void)state;
	const port_t *port = &bench.ps2.keyboard.device.port;
	bench_ready();
	bench_pass(300);
	keyboard_set_leds(&bench.ps2.turn, INPUT_CAPSLOCK);
	bench_feed(PS2_EV_TIMER, 0);
	while (!port->program.row || port->program.row->op != PORT_SEND_OWN)
		bench_pass(1);
	keyboard_set_leds(&bench.ps2.turn, 0);
	bench_pass(1500);
	assert_int_equal(bench.pc.keys.leds, 0);
	keyboard_set_repeat(&bench.ps2.turn, 250, 33);
	bench_feed(PS2_EV_TIMER, 0);
	while (!port->program.row || port->program.row->op != PORT_SEND_OWN)
		bench_pass(1);
	keyboard_set_repeat(&bench.ps2.turn, 1000, 500);
	bench_pass(1500);
	assert_int_equal(bench.pc.keys.typematic, 0x7f);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_LEDS), 2);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_REPEAT), 2);
}

static void lamps_are_right_however_fast_a_lock_is_tapped_twice(void **state)
{
	(void)state;
	bench_ready();
	bench_pass(300);
	for (unsigned apart = 1; apart < 60; apart++) {
		for (unsigned tap = 0; tap < 2; tap++) {
			pc_key(&bench.pc, KEY_CAPSLOCK, true);
			bench_pass(2);
			pc_key(&bench.pc, KEY_CAPSLOCK, false);
			bench_pass(tap ? 1500 : apart);
		}
		bool on = bench_state()->locks & INPUT_CAPSLOCK;
		assert_int_equal(bench.pc.keys.leds, on ? KBD_LED_CAPS : 0);
	}
}

/* If `away`, the driver has the processor only when an interrupt waits. */
static void move_for(uint32_t ms, bool away)
{
	for (; ms >= 10; ms -= 10) {
		pc_move(&bench.pc, 1, 0, 0, 0);
		if (away)
			pc_pass(&bench.pc, 10 * FAKE_MS);
		bench_pass(away ? 0 : 10);
	}
}

/* A mouse interrupts all the time, and what the keyboard does by time is done in time. */
static void a_driver_that_is_always_interrupted_looks_after_the_keyboard(void **state)
{
	(void)state;
	bench_ready();
	bench_pass(300);
	bench_start();
	move_for(2000, true);
	assert_int_equal(bench.pc.written[FAKE_KEYBOARD][KBD_CMD_ECHO], 1);
}

static void a_mouse_that_moves_holds_up_nothing_of_the_keyboard(void **state)
{
	(void)state;
	const uint32_t *written = bench.pc.written[FAKE_KEYBOARD];
	bench_ready();
	bench_pass(300);
	bench_start();
	pc_key(&bench.pc, KEY_CAPSLOCK, true);
	pc_key(&bench.pc, KEY_CAPSLOCK, false);
	move_for(KEYBOARD_QUIET_MS + 100, false);
	assert_int_equal(written[KBD_CMD_ECHO], 1);
	assert_int_equal(bench.pc.keys.leds, KBD_LED_CAPS);
	HAPPEN(.what = FAKE_CONFIG, .bytes = {0x57}); /* its port is off */
	move_for(KEYBOARD_LOOK_MS + 2000, false);
	assert_int_equal(bench.pc.config, 0x47);
	assert_int_equal(STATS.lost, 0);
}

static void a_death_in_a_set_up_begins_it_again(void **state)
{
	(void)state;
	bench_start();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_SETTING_UP);
	bench_ready();
	assert_int_equal(bench_device(PS2_KEYBOARD), DEVICE_LIVE);
	assert_int_equal(bench_device(PS2_MOUSE), DEVICE_LIVE);
	assert_int_equal(WRITTEN(FAKE_KEYBOARD, KBD_CMD_RESET), 2);
	bench_read();
	assert_int_equal(bench.overflows, 0); /* nobody was served before */
}

static void a_page_that_is_thrown_away_is_told_to_new_readers(void **state)
{
	(void)state;
	input_event_t event;
	bench_ready();
	memset(PAGE, 0, PAGE_SIZE);
	bench_process();
	uint32_t position = PAGE->answered;
	assert_int_equal(events_read(PAGE, bench_state(), 0, &position, &event, sizeof(event)),
			 DRV_EOVERFLOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_byte_in_flight_is_taken_once, bench_emulator),
	    cmocka_unit_test_setup(a_mouse_byte_in_flight_is_the_mouses, bench_real),
	    cmocka_unit_test_setup(a_byte_over_which_two_died_is_told_as_a_gap, bench_emulator),
	    cmocka_unit_test_setup(half_a_code_is_completed_by_the_next_instance,
				   bench_emulator),
	    cmocka_unit_test_setup(a_warm_probe_leaves_what_waits, bench_real),
	    cmocka_unit_test_setup(a_warm_start_writes_the_configuration_and_asks_for_an_echo,
				   bench_real),
	    cmocka_unit_test_setup(a_keyboard_that_does_not_answer_is_set_up_and_that_is_told,
				   bench_real),
	    cmocka_unit_test_setup(a_line_that_is_taken_away_leaves_the_mouse_absent,
				   bench_real),
	    ON_BOTH(a_line_that_is_given_later_brings_the_mouse),
	    ON_BOTH(lamps_in_flight_are_sent_again),
	    cmocka_unit_test_setup(settings_outlive_the_driver_and_the_keyboard, bench_real),
	    cmocka_unit_test_setup(lamps_follow_the_locks_until_they_are_set, bench_real),
	    ON(real, a_wish_that_comes_late_is_fulfilled),
	    ON(real, lamps_are_right_however_fast_a_lock_is_tapped_twice),
	    ON(emulator, a_driver_that_is_always_interrupted_looks_after_the_keyboard),
	    ON(real, a_mouse_that_moves_holds_up_nothing_of_the_keyboard),
	    cmocka_unit_test_setup(a_death_in_a_set_up_begins_it_again, bench_real),
	    cmocka_unit_test_setup(a_page_that_is_thrown_away_is_told_to_new_readers,
				   bench_emulator),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
