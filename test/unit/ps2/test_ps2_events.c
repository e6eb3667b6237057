/* SPDX-License-Identifier: BSD-2-Clause */
/* The stream of events: what is held, numbers, gaps, readers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ps2/events.h"

#define FIRST 0xffffff80u /* numbers wrap on the way */

static ps2_page_t page;
static ps2_state_t state;
static uint32_t position;
static input_event_t events[2 * INPUT_HELD];
static unsigned count, shown;

static int fresh(void **unused)
{
	(void)unused;
	page = (ps2_page_t){0};
	state = (ps2_state_t){0};
	events_begin(&page, &state, FIRST);
	position = FIRST;
	count = shown = 0;
	return 0;
}

static int32_t read_for(uint8_t devices)
{
	int32_t bytes = events_read(&page, &state, devices, &position, events, sizeof(events));
	count = bytes > 0 ? (unsigned)bytes / sizeof(events[0]) : 0;
	shown = 0;
	return bytes;
}

static void expect(uint8_t type, uint16_t code, int32_t value)
{
	assert_true(shown < count);
	assert_int_equal(events[shown].type, type);
	assert_int_equal(events[shown].code, code);
	assert_int_equal(events[shown].value, value);
	shown++;
}

static void key(uint16_t code, bool down)
{
	events_key(&page, &state, code, down, 7);
}

static void keys_go_down_repeat_and_go_up(void **unused)
{
	(void)unused;
	key(KEY_A, true);
	key(KEY_A, true);
	key(KEY_A, false);
	key(KEY_A, false);	   /* it is not held */
	key(KEY_NONE, true);	   /* no key */
	key(INPUT_KEYS_MAX, true); /* nor this */
	assert_int_equal(read_for(0), 3 * sizeof(events[0]));
	assert_int_equal(events[0].time_ms, 7);
	expect(INPUT_KEY, KEY_A, INPUT_DOWN);
	expect(INPUT_KEY, KEY_A, INPUT_REPEAT);
	expect(INPUT_KEY, KEY_A, INPUT_UP);
	assert_int_equal(read_for(0), 0);
	assert_int_equal(position, FIRST + 3);
	assert_int_equal(page.answered, FIRST + 3);
}

static void modifiers_and_locks_are_those_after_the_event(void **unused)
{
	(void)unused;
	static const struct {
		uint16_t key;
		uint8_t bit;
	} map[] = {
	    {KEY_LEFTSHIFT, INPUT_SHIFT}, {KEY_RIGHTSHIFT, INPUT_SHIFT},
	    {KEY_LEFTCTRL, INPUT_CTRL},	  {KEY_RIGHTCTRL, INPUT_CTRL},
	    {KEY_LEFTALT, INPUT_ALT},	  {KEY_RIGHTALT, INPUT_ALTGR},
	    {KEY_LEFTMETA, INPUT_META},	  {KEY_RIGHTMETA, INPUT_META},
	};
	for (unsigned i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		key(map[i].key, true);
		assert_int_equal(events_modifiers(&state), map[i].bit);
		key(map[i].key, false);
		assert_int_equal(events_modifiers(&state), 0);
	}
	key(KEY_CAPSLOCK, true);
	key(KEY_CAPSLOCK, true); /* a repeat does not turn it */
	key(KEY_CAPSLOCK, false);
	key(KEY_NUMLOCK, true);
	key(KEY_SCROLLLOCK, true);
	assert_int_equal(events_modifiers(&state), INPUT_LOCKS);
	key(KEY_CAPSLOCK, true);
	assert_int_equal(events_modifiers(&state), INPUT_NUMLOCK | INPUT_SCROLLLOCK);
}

static void buttons_are_told_as_they_change(void **unused)
{
	(void)unused;
	events_buttons(&page, &state, 0x03, 0);
	events_buttons(&page, &state, 0x03, 0);
	events_buttons(&page, &state, 0x12, 0);
	read_for(0);
	expect(INPUT_KEY, BTN_LEFT, INPUT_DOWN);
	expect(INPUT_KEY, BTN_RIGHT, INPUT_DOWN);
	expect(INPUT_KEY, BTN_LEFT, INPUT_UP);
	expect(INPUT_KEY, BTN_EXTRA, INPUT_DOWN);
	assert_int_equal(shown, count);
}

static void motion_that_nobody_was_answered_is_one(void **unused)
{
	(void)unused;
	events_motion(&page, &state, REL_X, 3, 0);
	events_motion(&page, &state, REL_Y, -2, 0);
	events_motion(&page, &state, REL_X, 4, 0);
	events_motion(&page, &state, REL_WHEEL, 0, 0);
	read_for(0);
	expect(INPUT_REL, REL_X, 7);
	expect(INPUT_REL, REL_Y, -2);
	assert_int_equal(shown, count);
	events_motion(&page, &state, REL_X, 1, 0); /* they were answered the 7 */
	read_for(0);
	expect(INPUT_REL, REL_X, 1);
}

static void motion_does_not_pass_a_button(void **unused)
{
	(void)unused;
	events_motion(&page, &state, REL_X, 3, 0);
	events_buttons(&page, &state, 1, 0);
	events_motion(&page, &state, REL_X, 4, 0);
	key(KEY_A, true);
	events_motion(&page, &state, REL_X, 5, 0);
	read_for(0);
	expect(INPUT_REL, REL_X, 3);
	expect(INPUT_KEY, BTN_LEFT, INPUT_DOWN);
	expect(INPUT_REL, REL_X, 4);
	expect(INPUT_KEY, KEY_A, INPUT_DOWN);
	expect(INPUT_REL, REL_X, 5);
}

/* As by a death between the ring's store and the commit. */
static void motion_of_a_step_that_is_made_twice_is_added_once(void **unused)
{
	(void)unused;
	events_motion(&page, &state, REL_X, 3, 0);
	ps2_state_t kept = state;
	events_motion(&page, &state, REL_X, 4, 0);
	state = kept;
	events_motion(&page, &state, REL_X, 4, 0);
	read_for(0);
	expect(INPUT_REL, REL_X, 7);
	assert_int_equal(count, 1);
}

/* A release, and the steps that make it. */
static void release(uint8_t devices)
{
	events_release(&state, devices);
	while (events_settle(&page, &state, 0))
		;
}

static void gap(uint8_t devices)
{
	events_gap(&page, &state, devices, 0);
	release(devices);
}

static void a_gap_stops_each_reader_once(void **unused)
{
	(void)unused;
	key(KEY_A, true);
	key(KEY_LEFTSHIFT, true);
	gap(INPUT_OPEN_KEYBOARD);
	key(KEY_B, true);
	assert_int_equal(read_for(0), 2 * sizeof(events[0]));
	assert_int_equal(read_for(0), DRV_EOVERFLOW);
	assert_int_equal(position, FIRST + 2);
	input_state_t held;
	uint32_t next = events_resume(&page, &state, 0, position);
	events_state_at(&page, &state, next, &held);
	assert_int_equal(held.keys[KEY_A / 8] >> (KEY_A % 8) & 1, 1); /* its release follows */
	assert_int_equal(held.modifiers, INPUT_SHIFT);
	position = next;
	read_for(0);
	expect(INPUT_KEY, KEY_A, INPUT_UP);
	expect(INPUT_KEY, KEY_LEFTSHIFT, INPUT_UP);
	expect(INPUT_KEY, KEY_B, INPUT_DOWN);
	assert_int_equal(shown, count);
}

static void a_reader_of_one_device_does_not_meet_the_other(void **unused)
{
	(void)unused;
	key(KEY_A, true);
	events_buttons(&page, &state, 1, 0);
	events_motion(&page, &state, REL_X, 1, 0);
	gap(INPUT_OPEN_MOUSE);
	key(KEY_A, false);
	read_for(INPUT_OPEN_KEYBOARD);
	expect(INPUT_KEY, KEY_A, INPUT_DOWN);
	expect(INPUT_KEY, KEY_A, INPUT_UP);
	assert_int_equal(shown, count);
	assert_int_equal(position, state.head);
	position = FIRST;
	read_for(INPUT_OPEN_MOUSE);
	expect(INPUT_KEY, BTN_LEFT, INPUT_DOWN);
	expect(INPUT_REL, REL_X, 1);
	assert_int_equal(shown, count);
	assert_int_equal(read_for(INPUT_OPEN_MOUSE), DRV_EOVERFLOW);
	position = events_resume(&page, &state, INPUT_OPEN_MOUSE, position);
	read_for(INPUT_OPEN_MOUSE);
	expect(INPUT_KEY, BTN_LEFT, INPUT_UP);
	assert_int_equal(shown, count);
}

static void the_newest_events_are_held_and_no_others(void **unused)
{
	(void)unused;
	for (uint32_t i = 0; i < INPUT_HELD; i++)
		key(KEY_A, i % 2 == 0);
	assert_int_equal(read_for(0), INPUT_HELD * sizeof(events[0]));
	position = FIRST;
	key(KEY_B, true);
	assert_int_equal(read_for(0), DRV_EOVERFLOW);
	assert_int_equal(events_resume(&page, &state, 0, FIRST), FIRST + 1);
	position = FIRST + 1;
	assert_int_equal(read_for(0), INPUT_HELD * sizeof(events[0]));
	assert_int_equal(events[0].value, INPUT_UP);
	assert_int_equal(events[INPUT_HELD - 1].code, KEY_B);
	input_state_t held;
	events_state_at(&page, &state, FIRST + 1, &held);
	assert_int_equal(held.keys[KEY_A / 8] >> (KEY_A % 8) & 1, 1);
	assert_int_equal(held.keys[KEY_B / 8] >> (KEY_B % 8) & 1, 0);
}

static void a_position_that_is_not_known_is_a_gap(void **unused)
{
	(void)unused;
	key(KEY_A, true);
	position = state.head + 1;
	assert_int_equal(read_for(0), DRV_EOVERFLOW);
	assert_int_equal(events_resume(&page, &state, 0, position), FIRST);
	position = FIRST - 1;
	assert_int_equal(read_for(0), DRV_EOVERFLOW);
	position = FIRST;
	assert_int_equal(events_read(&page, &state, 0, &position, events, 11), DRV_EINVAL);
	assert_int_equal(position, FIRST);
}

/* Nobody reads for hours, and the mouse goes one way. */
static void motion_is_no_more_than_an_event_can_say(void **unused)
{
	(void)unused;
	events_motion(&page, &state, REL_X, INT32_MAX - 10, 0);
	events_motion(&page, &state, REL_X, 10, 0);
	events_motion(&page, &state, REL_X, 5, 0);
	events_motion(&page, &state, REL_Y, INT32_MIN + 1, 0);
	events_motion(&page, &state, REL_Y, -2, 0);
	read_for(0);
	expect(INPUT_REL, REL_X, INT32_MAX);
	expect(INPUT_REL, REL_X, 5);
	expect(INPUT_REL, REL_Y, INT32_MIN + 1);
	expect(INPUT_REL, REL_Y, -2);
	assert_int_equal(shown, count);
}

/* The ring is in no sum: a stray store into it costs its readers an event, and no more. */
static void a_code_that_is_none_changes_nothing_that_is_held(void **unused)
{
	static const uint16_t codes[] = {INPUT_KEYS_MAX, BTN_LEFT - 1, BTN_LEFT + INPUT_BUTTONS,
					 UINT16_MAX};
	(void)unused;
	key(KEY_A, true);
	key(KEY_B, true);
	for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		input_state_t held;
		page.events[1].code = codes[i];
		events_state_at(&page, &state, FIRST + 1, &held);
		assert_int_equal(held.buttons, 0);
		assert_int_equal(held.keys[KEY_A / 8] >> (KEY_A % 8) & 1, 1);
		assert_int_equal(held.keys[KEY_B / 8] >> (KEY_B % 8) & 1, 1);
	}
}

static void many_keys_are_released_in_several_steps(void **unused)
{
	(void)unused;
	for (uint16_t code = 1; code < 101; code++)
		key(code, true);
	position = state.head;
	uint32_t before = state.head, steps = 1;
	events_gap(&page, &state, INPUT_OPEN_KEYBOARD, 0);
	assert_int_equal(state.head - before, 1);
	for (; state.release; steps++) {
		before = state.head;
		assert_true(events_settle(&page, &state, 0));
		assert_in_range(state.head - before, 0, PS2_STEP_EVENTS);
	}
	assert_in_range(steps, 5, 20);
	assert_false(events_settle(&page, &state, 0));
	assert_int_equal(bits_count(state.held, INPUT_KEYS_MAX), 0);
	position = events_resume(&page, &state, 0, position);
	assert_int_equal(read_for(0), 100 * sizeof(events[0]));
}

static void a_release_of_one_device_leaves_the_other(void **unused)
{
	(void)unused;
	key(KEY_A, true);
	events_buttons(&page, &state, 1, 0);
	release(INPUT_OPEN_KEYBOARD);
	assert_int_equal(state.buttons, 1);
	assert_int_equal(bits_count(state.held, INPUT_KEYS_MAX), 0);
	key(KEY_A, true);
	release(INPUT_OPEN_MOUSE);
	assert_int_equal(state.buttons, 0);
	assert_int_equal(bits_count(state.held, INPUT_KEYS_MAX), 1);
	assert_int_equal(state.release, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(keys_go_down_repeat_and_go_up, fresh),
	    cmocka_unit_test_setup(modifiers_and_locks_are_those_after_the_event, fresh),
	    cmocka_unit_test_setup(buttons_are_told_as_they_change, fresh),
	    cmocka_unit_test_setup(motion_that_nobody_was_answered_is_one, fresh),
	    cmocka_unit_test_setup(motion_does_not_pass_a_button, fresh),
	    cmocka_unit_test_setup(motion_of_a_step_that_is_made_twice_is_added_once, fresh),
	    cmocka_unit_test_setup(a_gap_stops_each_reader_once, fresh),
	    cmocka_unit_test_setup(a_reader_of_one_device_does_not_meet_the_other, fresh),
	    cmocka_unit_test_setup(the_newest_events_are_held_and_no_others, fresh),
	    cmocka_unit_test_setup(a_position_that_is_not_known_is_a_gap, fresh),
	    cmocka_unit_test_setup(motion_is_no_more_than_an_event_can_say, fresh),
	    cmocka_unit_test_setup(a_code_that_is_none_changes_nothing_that_is_held, fresh),
	    cmocka_unit_test_setup(many_keys_are_released_in_several_steps, fresh),
	    cmocka_unit_test_setup(a_release_of_one_device_leaves_the_other, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
