/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver while keys arrive: interrupts, lost and spurious ones, damaged bytes, foreign
 * bytes, floods, and keyboards that are plugged in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_i8042.h"
#include "ps2/i8042.h"

static fake_t fake;
static ps2_t ps2;

static int streaming(void **state)
{
	(void)state;
	fake_init(&fake);
	ps2_init(&ps2);
	assert_int_equal(fake_run(&fake, &ps2, PS2_EV_START, NULL).type, PS2_ACT_DONE);
	ps2_action_t action = fake_run(&fake, &ps2, PS2_EV_TIMER, NULL);
	assert_int_equal(action.wait_ms, PS2_SLOW_POLL_MS);
	return 0;
}

#define SEND(status, ...)                                                                      \
	fake_send(&fake, (const uint8_t[]){__VA_ARGS__},                                       \
		  sizeof((const uint8_t[]){__VA_ARGS__}), (status))

static ps2_action_t wake(ps2_event_type_t type)
{
	return fake_run(&fake, &ps2, type, NULL);
}

static void expect(uint16_t code, uint8_t value)
{
	input_event_t event = {0};
	assert_int_equal(keys_read(&ps2.keys, &event, sizeof(event)), sizeof(event));
	assert_int_equal(event.code, code);
	assert_int_equal(event.value, value);
}

static void expect_no_event(void)
{
	input_event_t event;
	assert_int_equal(keys_read(&ps2.keys, &event, sizeof(event)), 0);
}

static void an_interrupt_brings_keys_and_tells_the_caller(void **state)
{
	(void)state;
	assert_false(ps2.notify);
	SEND(0, 0x2a, 0x1e, 0x9e, 0xaa);
	ps2_action_t action = wake(PS2_EV_IRQ);
	assert_int_equal(action.type, PS2_ACT_WAIT);
	assert_int_equal(action.wait_ms, PS2_SLOW_POLL_MS);
	assert_true(ps2.notify);
	expect(KEY_LEFTSHIFT, INPUT_DOWN);
	expect(KEY_A, INPUT_DOWN);
	expect(KEY_A, INPUT_UP);
	expect(KEY_LEFTSHIFT, INPUT_UP);
	assert_int_equal(ps2.stats.irq1, 1);
	assert_int_equal(ps2.stats.spurious, 0);
	assert_int_equal(ps2.stats.lost, 0);
	assert_int_equal(ps2.stats.hotplugs, 0);
}

static void keys_that_wait_when_streaming_begins_are_not_lost_interrupts(void **state)
{
	(void)state;
	assert_int_equal(wake(PS2_EV_START).type, PS2_ACT_DONE);
	SEND(0, 0x1e);
	wake(PS2_EV_TIMER);
	expect(KEY_A, INPUT_DOWN);
	assert_int_equal(ps2.stats.lost, 0);
}

static void pause_is_pressed_and_released(void **state)
{
	(void)state;
	SEND(0, 0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5);
	wake(PS2_EV_IRQ);
	expect(KEY_PAUSE, INPUT_DOWN);
	expect(KEY_PAUSE, INPUT_UP);
	expect_no_event();
}

static void a_spurious_interrupt_is_counted_and_forgotten(void **state)
{
	(void)state;
	assert_int_equal(wake(PS2_EV_IRQ).type, PS2_ACT_WAIT);
	assert_int_equal(ps2.stats.spurious, 1);
	wake(PS2_EV_TIMER);
	assert_int_equal(ps2.stats.spurious, 1);
	SEND(0, 0x1e);
	wake(PS2_EV_IRQ);
	expect(KEY_A, INPUT_DOWN);
}

static void the_slow_poll_finds_what_an_interrupt_should_have_brought(void **state)
{
	(void)state;
	SEND(0, 0x1e, 0x9e);
	wake(PS2_EV_TIMER);
	expect(KEY_A, INPUT_DOWN);
	expect(KEY_A, INPUT_UP);
	assert_int_equal(ps2.stats.lost, 1);
	wake(PS2_EV_TIMER);
	assert_int_equal(ps2.stats.lost, 1);
}

static void a_byte_of_the_mouse_inside_a_code_is_dropped(void **state)
{
	(void)state;
	SEND(0, 0xe0);
	SEND(I8042_STATUS_AUX, 0xaa, 0x08);
	SEND(0, 0x48);
	wake(PS2_EV_IRQ);
	expect(KEY_UP, INPUT_DOWN);
	expect_no_event();
	assert_int_equal(ps2.stats.wrong_port, 2);
	assert_int_equal(ps2.stats.rx_mouse, 2);
	assert_int_equal(ps2.stats.hotplugs, 0);
}

static void a_damaged_byte_releases_all_keys(void **state)
{
	(void)state;
	SEND(0, 0x1e);
	SEND(I8042_STATUS_PARITY, 0x30); /* would be B going down */
	SEND(I8042_STATUS_TIMEOUT, 0xfe);
	wake(PS2_EV_IRQ);
	expect(KEY_A, INPUT_DOWN);
	expect(KEY_A, INPUT_UP);
	expect_no_event();
	assert_int_equal(ps2.stats.parity_errors, 1);
	assert_int_equal(ps2.stats.controller_timeouts, 1);
}

static void an_overrun_releases_all_keys(void **state)
{
	(void)state;
	SEND(0, 0x2a, 0x1e, 0xff, 0x9e, 0xaa);
	wake(PS2_EV_IRQ);
	expect(KEY_LEFTSHIFT, INPUT_DOWN);
	expect(KEY_A, INPUT_DOWN);
	expect(KEY_A, INPUT_UP);
	expect(KEY_LEFTSHIFT, INPUT_UP);
	expect_no_event();
	assert_int_equal(ps2.stats.overruns, 1);
	assert_int_equal(ps2.stats.hotplugs, 0); /* aa was the late release of the shift */
}

static void a_keyboard_that_is_plugged_in_is_set_up_with_nothing_held(void **state)
{
	(void)state;
	SEND(0, 0x1e);
	wake(PS2_EV_IRQ);
	fake.scanning = false; /* a new one */
	SEND(0, 0xaa);
	assert_int_equal(wake(PS2_EV_IRQ).type, PS2_ACT_DONE);
	expect(KEY_A, INPUT_DOWN);
	expect(KEY_A, INPUT_UP);
	assert_true(fake.scanning);
	assert_int_equal(ps2.stats.hotplugs, 1);
	assert_int_equal(ps2.stats.inits, 2);
	assert_int_equal(fake.keyboard_resets, 2);
	SEND(0, 0x30);
	wake(PS2_EV_IRQ);
	expect(KEY_B, INPUT_DOWN);
}

static void a_keyboard_that_dies_on_plugging_in_is_an_error(void **state)
{
	(void)state;
	SEND(0, 0xaa);
	fake.dead_keyboard = true;
	ps2_action_t action = wake(PS2_EV_IRQ);
	assert_int_equal(action.type, PS2_ACT_FAIL);
	assert_int_equal(action.error, DRV_ETIMEDOUT);
	assert_int_equal(ps2.stats.state, PS2_FAILED);
	fake.dead_keyboard = false;
	assert_int_equal(wake(PS2_EV_START).type, PS2_ACT_DONE);
}

static void an_interrupt_during_a_set_up_is_harmless(void **state)
{
	(void)state;
	fake.latency_ms = 5;
	ps2_step(&ps2, (ps2_event_t){.type = PS2_EV_START, .now_ms = fake.now_ms});
	assert_int_equal(wake(PS2_EV_IRQ).type, PS2_ACT_DONE);
	assert_int_equal(ps2.stats.state, PS2_STREAMING);
	assert_int_equal(ps2.stats.irq1, 1);
}

static void a_flood_is_taken_in_bounded_portions(void **state)
{
	(void)state;
	unsigned steps = 0;
	fake.endless = true;
	fake.endless_byte = 0x1e;
	unsigned reads = fake.data_reads;
	for (unsigned i = 1; i <= 100; i++) {
		ps2_action_t action = fake_run(&fake, &ps2, PS2_EV_IRQ, &steps);
		assert_int_equal(action.type, PS2_ACT_WAIT);
		assert_int_equal(action.wait_ms, PS2_POLL_MS);
		assert_int_equal(fake.data_reads, reads + i * PS2_DRAIN_MAX);
	}
	ps2_stats_t stats = ps2_stats(&ps2);
	assert_int_equal(stats.ring_high_water, KEYS_EVENTS);
	assert_int_equal(stats.ring_drops, 100 * PS2_DRAIN_MAX - KEYS_EVENTS);
	assert_int_equal(stats.lost, 0);
}

static void a_controller_that_vanishes_is_an_error(void **state)
{
	(void)state;
	fake.absent = true;
	ps2_action_t action = wake(PS2_EV_TIMER);
	assert_int_equal(action.type, PS2_ACT_FAIL);
	assert_int_equal(action.error, DRV_EIO);
}

static void strays_and_unknown_codes_are_counted(void **state)
{
	(void)state;
	SEND(0, 0xfa, 0xfe, 0x55, 0xe0);
	wake(PS2_EV_IRQ);
	fake_pass(&fake, SCAN_PREFIX_MS + 1);
	SEND(0, 0x48);
	wake(PS2_EV_IRQ);
	expect(KEY_KP8, INPUT_DOWN);
	assert_int_equal(ps2.stats.stray_acks, 2);
	assert_int_equal(ps2.stats.unknown_scancodes, 2);
}

static void quiesce_releases_what_is_held(void **state)
{
	(void)state;
	SEND(0, 0x1e);
	wake(PS2_EV_IRQ);
	assert_int_equal(wake(PS2_EV_QUIESCE).type, PS2_ACT_DONE);
	expect(KEY_A, INPUT_DOWN);
	expect(KEY_A, INPUT_UP);
	assert_int_equal(ps2.stats.state, PS2_OFF);
}

static void ten_thousand_starts_and_stops_leave_the_machine_as_it_was(void **state)
{
	(void)state;
	wake(PS2_EV_STOP);
	uint8_t config = fake.config;
	for (unsigned i = 0; i < 10000; i++) {
		fake.log_count = 0;
		assert_int_equal(wake(PS2_EV_START).type, PS2_ACT_DONE);
		assert_int_equal(wake(PS2_EV_STOP).type, PS2_ACT_DONE);
		assert_int_equal(fake.config, config);
	}
	assert_int_equal(ps2.stats.retries, 0);
	assert_int_equal(ps2.stats.state, PS2_OFF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(an_interrupt_brings_keys_and_tells_the_caller, streaming),
	    cmocka_unit_test_setup(keys_that_wait_when_streaming_begins_are_not_lost_interrupts,
				   streaming),
	    cmocka_unit_test_setup(pause_is_pressed_and_released, streaming),
	    cmocka_unit_test_setup(a_spurious_interrupt_is_counted_and_forgotten, streaming),
	    cmocka_unit_test_setup(the_slow_poll_finds_what_an_interrupt_should_have_brought,
				   streaming),
	    cmocka_unit_test_setup(a_byte_of_the_mouse_inside_a_code_is_dropped, streaming),
	    cmocka_unit_test_setup(a_damaged_byte_releases_all_keys, streaming),
	    cmocka_unit_test_setup(an_overrun_releases_all_keys, streaming),
	    cmocka_unit_test_setup(a_keyboard_that_is_plugged_in_is_set_up_with_nothing_held,
				   streaming),
	    cmocka_unit_test_setup(a_keyboard_that_dies_on_plugging_in_is_an_error, streaming),
	    cmocka_unit_test_setup(an_interrupt_during_a_set_up_is_harmless, streaming),
	    cmocka_unit_test_setup(a_flood_is_taken_in_bounded_portions, streaming),
	    cmocka_unit_test_setup(a_controller_that_vanishes_is_an_error, streaming),
	    cmocka_unit_test_setup(strays_and_unknown_codes_are_counted, streaming),
	    cmocka_unit_test_setup(quiesce_releases_what_is_held, streaming),
	    cmocka_unit_test_setup(ten_thousand_starts_and_stops_leave_the_machine_as_it_was,
				   streaming),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
