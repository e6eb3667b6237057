/* SPDX-License-Identifier: BSD-2-Clause */
/* Held keys, modifiers and the event ring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ps2/keys.h"

#define EVENT sizeof(input_event_t)

static keys_t keys;

static int fresh(void **state)
{
	(void)state;
	keys_init(&keys);
	return 0;
}

static input_event_t next(void)
{
	input_event_t event;
	assert_int_equal(keys_read(&keys, &event, EVENT), EVENT);
	return event;
}

static void expect(uint16_t code, uint8_t value, uint8_t modifiers)
{
	input_event_t event = next();
	assert_int_equal(event.code, code);
	assert_int_equal(event.value, value);
	assert_int_equal(event.modifiers, modifiers);
}

static void expect_empty(void)
{
	input_event_t event;
	assert_int_equal(keys_read(&keys, &event, EVENT), 0);
}

static void a_key_goes_down_repeats_and_goes_up(void **state)
{
	(void)state;
	keys_feed(&keys, KEY_A, true, 5);
	keys_feed(&keys, KEY_A, true, 6);
	keys_feed(&keys, KEY_A, false, 7);
	assert_int_equal(next().time_ms, 5);
	expect(KEY_A, INPUT_REPEAT, 0);
	expect(KEY_A, INPUT_UP, 0);
	expect_empty();
}

static void a_release_without_a_press_is_ignored(void **state)
{
	(void)state;
	keys_feed(&keys, KEY_A, false, 1);
	expect_empty();
	assert_int_equal(keys.ring.dropped, 0);
}

static void codes_outside_the_table_are_ignored(void **state)
{
	(void)state;
	keys_feed(&keys, KEY_NONE, true, 1);
	keys_feed(&keys, INPUT_KEYS_MAX, true, 1);
	keys_feed(&keys, 0xffff, true, 1);
	expect_empty();
}

static void modifiers_are_those_after_the_event(void **state)
{
	(void)state;
	keys_feed(&keys, KEY_LEFTSHIFT, true, 0);
	keys_feed(&keys, KEY_RIGHTSHIFT, true, 0);
	keys_feed(&keys, KEY_LEFTSHIFT, false, 0);
	keys_feed(&keys, KEY_RIGHTALT, true, 0);
	keys_feed(&keys, KEY_RIGHTSHIFT, false, 0);
	expect(KEY_LEFTSHIFT, INPUT_DOWN, INPUT_SHIFT);
	expect(KEY_RIGHTSHIFT, INPUT_DOWN, INPUT_SHIFT);
	expect(KEY_LEFTSHIFT, INPUT_UP, INPUT_SHIFT);
	expect(KEY_RIGHTALT, INPUT_DOWN, INPUT_SHIFT | INPUT_ALTGR);
	expect(KEY_RIGHTSHIFT, INPUT_UP, INPUT_ALTGR);
}

static void locks_toggle_on_the_press_but_not_on_its_repeat(void **state)
{
	(void)state;
	keys_feed(&keys, KEY_CAPSLOCK, true, 0);
	keys_feed(&keys, KEY_CAPSLOCK, true, 0);
	keys_feed(&keys, KEY_CAPSLOCK, false, 0);
	expect(KEY_CAPSLOCK, INPUT_DOWN, INPUT_CAPSLOCK);
	expect(KEY_CAPSLOCK, INPUT_REPEAT, INPUT_CAPSLOCK);
	expect(KEY_CAPSLOCK, INPUT_UP, INPUT_CAPSLOCK);
	keys_feed(&keys, KEY_CAPSLOCK, true, 0);
	expect(KEY_CAPSLOCK, INPUT_DOWN, 0);
}

static void release_all_releases_what_is_held_and_nothing_else(void **state)
{
	(void)state;
	keys_release_all(&keys, 0);
	expect_empty();
	keys_feed(&keys, KEY_LEFTCTRL, true, 0);
	keys_feed(&keys, KEY_A, true, 0);
	keys_release_all(&keys, 9);
	expect(KEY_LEFTCTRL, INPUT_DOWN, INPUT_CTRL);
	expect(KEY_A, INPUT_DOWN, INPUT_CTRL);
	expect(KEY_LEFTCTRL, INPUT_UP, 0);
	expect(KEY_A, INPUT_UP, 0);
	expect_empty();
	assert_int_equal(keys.held_count, 0);
	keys_feed(&keys, KEY_A, false, 10); /* the real release comes late */
	expect_empty();
}

static void fill(void)
{
	while (ring_free(&keys.ring) >= EVENT)
		keys_feed(&keys, KEY_B, true, 0);
}

static void a_full_ring_drops_the_newest_event_and_counts_it(void **state)
{
	(void)state;
	keys_feed(&keys, KEY_A, true, 0);
	fill();
	assert_int_equal(keys.ring.dropped, 0);
	keys_feed(&keys, KEY_C, true, 0);
	keys_feed(&keys, KEY_A, false, 0);
	assert_int_equal(keys.ring.dropped, 2);
	assert_int_equal(keys.ring.high_water, KEYS_EVENTS * EVENT);
	expect(KEY_A, INPUT_DOWN, 0); /* the oldest is still there */
}

static void after_a_full_ring_no_key_stays_stuck(void **state)
{
	(void)state;
	keys_feed(&keys, KEY_LEFTSHIFT, true, 0);
	keys_feed(&keys, KEY_A, true, 0);
	fill();
	keys_feed(&keys, KEY_A, false, 0); /* lost */
	bool down[INPUT_KEYS_MAX] = {false};
	input_event_t event;
	while (keys_read(&keys, &event, EVENT) == EVENT)
		down[event.code] = event.value != INPUT_UP;
	for (unsigned code = 0; code < INPUT_KEYS_MAX; code++)
		assert_false(down[code]);
	assert_int_equal(keys_modifiers(&keys), 0);
	keys_feed(&keys, KEY_A, true, 0);
	expect(KEY_A, INPUT_DOWN, 0);
}

static void every_key_held_at_once_can_be_released(void **state)
{
	(void)state;
	for (unsigned code = 1; code < INPUT_KEYS_MAX; code++)
		keys_feed(&keys, (uint16_t)code, true, 0);
	while (ring_free(&keys.ring) >= EVENT)
		keys_feed(&keys, KEY_A, true, 0);
	keys_feed(&keys, KEY_A, true, 0); /* lost */
	input_event_t events[KEYS_EVENTS];
	assert_int_equal(keys_read(&keys, events, sizeof(events)), sizeof(events));
	assert_int_equal(keys_read(&keys, events, sizeof(events)),
			 (INPUT_KEYS_MAX - 1) * EVENT);
	assert_int_equal(keys.held_count, 0);
}

static void a_read_takes_whole_events_only(void **state)
{
	(void)state;
	uint8_t room[2 * EVENT];
	keys_feed(&keys, KEY_A, true, 0);
	keys_feed(&keys, KEY_B, true, 0);
	assert_int_equal(keys_read(&keys, room, EVENT - 1), 0);
	assert_int_equal(keys_read(&keys, room, 2 * EVENT - 1), EVENT);
	assert_int_equal(keys_read(&keys, room, sizeof(room)), EVENT);
}

/* Random keys and reads: what a reader has seen go down is what the driver says is held. */
static void readers_and_driver_agree_on_what_is_held(void **state)
{
	(void)state;
	bool down[INPUT_KEYS_MAX] = {false};
	uint32_t dice = 3;
	for (unsigned i = 0; i < 300000; i++) {
		dice = dice * 1664525u + 1013904223u;
		if (dice >> 29 == 0 || i > 299000) {
			input_event_t event;
			if (keys_read(&keys, &event, EVENT))
				down[event.code] = event.value != INPUT_UP;
		} else if (dice >> 22 == 0x3f8) {
			keys_release_all(&keys, i);
		} else {
			keys_feed(&keys, (uint16_t)((dice >> 12) % 64), dice >> 28 & 1, i);
		}
	}
	assert_int_equal(ring_used(&keys.ring), 0);
	for (unsigned code = 0; code < INPUT_KEYS_MAX; code++)
		assert_int_equal(down[code], (keys.held[code / 8] >> (code % 8)) & 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_key_goes_down_repeats_and_goes_up, fresh),
	    cmocka_unit_test_setup(a_release_without_a_press_is_ignored, fresh),
	    cmocka_unit_test_setup(codes_outside_the_table_are_ignored, fresh),
	    cmocka_unit_test_setup(modifiers_are_those_after_the_event, fresh),
	    cmocka_unit_test_setup(locks_toggle_on_the_press_but_not_on_its_repeat, fresh),
	    cmocka_unit_test_setup(release_all_releases_what_is_held_and_nothing_else, fresh),
	    cmocka_unit_test_setup(a_full_ring_drops_the_newest_event_and_counts_it, fresh),
	    cmocka_unit_test_setup(after_a_full_ring_no_key_stays_stuck, fresh),
	    cmocka_unit_test_setup(every_key_held_at_once_can_be_released, fresh),
	    cmocka_unit_test_setup(a_read_takes_whole_events_only, fresh),
	    cmocka_unit_test_setup(readers_and_driver_agree_on_what_is_held, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
