/* SPDX-License-Identifier: BSD-2-Clause */
/* Deaths beside typing: over the set-up, over a stop, and of the next instance too. */
#include "ps2_script.h"

static void start(void *unused)
{
	(void)unused;
	bench_ready();
}

/* Nothing was typed before: what is, afterwards, is there. The next instance begins the set-up
 * anew, and says so. */
static void a_set_up(void **state)
{
	(void)state;
	static const deed_t deed[] = {TAP(KEY_A), {MOVE, 3, 4}, CLICK(1), TAP(KEY_UP)};
	static seen_t wanted, got;
	cut_t cut;
	begin(deed, LENGTH(deed));
	cut_record(&cut, start, NULL);
	act(NULL);
	see(&wanted);
	assert_as_typed(&wanted);
	for (uint32_t point = 0; point < cut.points; point++) {
		cut_back(&cut, point);
		bench_ready();
		bench_read();
		assert_int_equal(bench.count, 0);
		bench.overflows = 0;
		act(NULL);
		see(&got);
		assert_same(&got, &wanted, point, cut.points);
	}
	cut_free(&cut);
}

static void stop(void *unused)
{
	(void)unused;
	assert_int_equal(bench_operate(PS2_EV_QUIESCE), DRV_OK);
	bench_read();
	assert_int_equal(bench_operate(PS2_EV_STOP), DRV_OK);
}

/* What is held is released once, by the stop or when it really is. */
static void a_stop_while_keys_are_held(void **state)
{
	(void)state;
	static const deed_t deed[] = {{PRESS, KEY_A, 0},   {PRESS, KEY_LEFTSHIFT, 0},
				      {BUTTONS, 2, 0},	   {RELEASE, KEY_LEFTSHIFT, 0},
				      {RELEASE, KEY_A, 0}, {BUTTONS, 0, 0},
				      TAP(KEY_B)};
	static seen_t got;
	cut_t cut;
	begin(deed, 3);
	bench_ready();
	act(NULL);
	bench_read();
	cut_record(&cut, stop, NULL);
	for (uint32_t point = 0; point <= cut.points; point++) {
		cut_back(&cut, point);
		script_count = LENGTH(deed);
		bench_ready();
		act(NULL);
		see(&got);
		uint32_t ups[INPUT_KEYS_MAX] = {0};
		for (uint32_t i = 0; i < got.keys; i++)
			ups[got.key[i].code] += got.key[i].value == INPUT_UP;
		assert_int_equal(got.keys, 6);
		assert_int_equal(ups[KEY_A] + ups[KEY_LEFTSHIFT] + ups[KEY_B], 3);
		assert_int_equal(got.buttons, 2);
		assert_int_equal(got.button[1].value, INPUT_UP);
		assert_int_equal(got.held.buttons, 0);
		for (size_t i = 0; i < sizeof(got.held.keys); i++)
			assert_int_equal(got.held.keys[i], 0);
	}
	cut_free(&cut);
}

/* A controller that is slow to take a command has bytes of the mouse meanwhile: the step of one
 * over which the driver dies is made as the mouse's. */
static void a_stop_while_the_mouse_speaks(void **state)
{
	(void)state;
	static const deed_t deed[] = {TAP(KEY_A)};
	static const int32_t nothing[4] = {0};
	static seen_t got;
	uint32_t taken = 0;
	cut_t cut;
	begin(deed, LENGTH(deed));
	bench_ready();
	act(NULL);
	bench_read();
	bench.pc.is.take_us = 10 * FAKE_MS;
	pc_move(&bench.pc, 1, 1, 0, 0);
	taken = bench.ps2.turn.page->taken.count;
	cut_record(&cut, stop, NULL);
	assert_int_equal(bench.ps2.turn.page->taken.count - taken, 4); /* it does not wait */
	for (uint32_t point = 0; point <= cut.points; point++) {
		cut_back(&cut, point);
		bench_ready();
		see(&got);
		assert_as_typed(&got);
		assert_int_equal(got.buttons, 0);
		assert_int_equal(got.button[0].motion[0], 1);
		assert_int_equal(got.button[0].motion[1], 1);
		assert_memory_equal(got.button[0].motion + 2, nothing, 2 * sizeof(int32_t));
		for (size_t i = 0; i < sizeof(got.held.keys); i++)
			assert_int_equal(got.held.keys[i], 0);
	}
	cut_free(&cut);
}

static void plug_in(void *unused)
{
	(void)unused;
	pc_plug(&bench.pc, FAKE_KEYBOARD);
	bench_pass(1500);
}

/* A keyboard that was plugged in is as it should be, whatever was known of it at the death. */
static void a_keyboard_that_is_plugged_in(void **state)
{
	(void)state;
	static const deed_t deed[] = {{LEDS, INPUT_NUMLOCK, 0}, {REPEAT, 250, 33}, TAP(KEY_A)};
	static seen_t got;
	cut_t cut;
	begin(deed, LENGTH(deed));
	bench_ready();
	act(NULL);
	bench_pass(1500);
	pc_unplug(&bench.pc, FAKE_KEYBOARD);
	bench_pass(100);
	bench_read();
	cut_record(&cut, plug_in, NULL);
	for (uint32_t point = 1; point <= cut.points; point++) {
		cut_back(&cut, point);
		bench_ready();
		bench_pass(1500);
		see(&got);
		if (bench.pc.keys.leds != KBD_LED_NUM || bench.pc.keys.typematic != 0)
			fail_msg("death at point %u of %u: lamps %x, rate %x", point,
				 cut.points, bench.pc.keys.leds, bench.pc.keys.typematic);
	}
	cut_free(&cut);
}

/* A mouse has announced itself so often that its set-up has to wait, and the driver dies. */
static void a_mouse_whose_set_up_is_due(void **state)
{
	(void)state;
	bench_ready();
	for (unsigned i = 0; i <= DEVICE_SETUPS; i++) {
		pc_unplug(&bench.pc, FAKE_MOUSE);
		bench_pass(100);
		pc_plug(&bench.pc, FAKE_MOUSE);
		bench_pass(1500);
	}
	assert_true(bench_state()->devices[PS2_MOUSE].setup_due);
	bench_ready();
	bench_pass(1000);
	bench_read();
	unsigned from = bench.count;
	pc_move(&bench.pc, 3, 0, 0, 0);
	bench_pass(100);
	bench_read();
	assert_int_equal(bench_motion(from, REL_X), 3);
}

/* The next instance dies too. A byte over which two died is dropped: that is told. */
static void a_second_death_is_told_if_it_costs_anything(void **state)
{
	(void)state;
	static const deed_t deed[] = {TAP(KEY_UP),
				      {PRESS, KEY_CAPSLOCK, 0},
				      {MOVE, 3, 4},
				      {RELEASE, KEY_CAPSLOCK, 0},
				      CLICK(1)};
	static seen_t wanted, got;
	uint32_t told = 0, whole = 0;
	cut_t cut, again;
	begin(deed, LENGTH(deed));
	bench_ready();
	cut_record(&cut, act, NULL);
	see(&wanted);
	/* A real controller's restart has four times the points. */
	uint32_t each = bench.pc.is.one_queue ? 3 : 29;
	for (uint32_t point = 0; point < cut.points; point += each) {
		cut_back(&cut, point);
		cut_record(&again, start, NULL);
		for (uint32_t second = 0; second < again.points; second++) {
			cut_back(&again, second);
			assert_int_equal(bench_start(), DRV_OK);
			bench_pass(DEED_MS);
			act(NULL);
			see(&got);
			if (got.overflows == 0)
				assert_same(&got, &wanted, point, cut.points);
			assert_memory_equal(got.held.keys, wanted.held.keys,
					    sizeof(got.held.keys));
			assert_int_equal(got.held.buttons, 0);
			assert_in_range(got.keys, 0, wanted.keys);
			told += got.overflows != 0;
			whole += got.overflows == 0;
		}
		cut_free(&again);
	}
	cut_free(&cut);
	assert_in_range(told, 1, whole / 2);
}

static void be_silent(void *unused)
{
	(void)unused;
	bench_pass(3000);
}

/* Over a look after the mouse, or what comes of one that found it deaf: answers are no packets,
 * and what is done afterwards is there. */
static void a_look_after_silence(void **state)
{
	(void)state;
	static const deed_t deed[] = {CLICK(1), {MOVE, 3, 4}, TAP(KEY_A), CLICK(2)};
	static seen_t wanted, got;
	uint32_t told = 0;
	cut_t cut;
	begin(deed, LENGTH(deed));
	bench_ready();
	bench_pass(MOUSE_LOOK_MS - 2000);
	cut_record(&cut, be_silent, NULL);
	uint32_t each = bench.pc.is.one_queue ? 1 : 7; /* a real one is waited for */
	assert_int_equal(bench.pc.written[FAKE_MOUSE][MOUSE_CMD_STATUS], 1);
	act(NULL);
	see(&wanted);
	assert_as_typed(&wanted);
	for (uint32_t point = 0; point < cut.points; point += each) {
		cut_back(&cut, point);
		bench_ready();
		bench_pass(1000);
		bench_read();
		assert_int_equal(bench.count, 0);
		told += bench.overflows;
		assert_true(point > 0 || told == 0);
		bench.overflows = 0;
		act(NULL);
		see(&got);
		assert_same(&got, &wanted, point, cut.points);
	}
	assert_in_range(told, 1, cut.points - 1); /* if an answer was due */
	cut_free(&cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH(a_set_up),
	    ON_BOTH(a_stop_while_keys_are_held),
	    ON(real, a_stop_while_the_mouse_speaks),
	    ON(real, a_keyboard_that_is_plugged_in),
	    ON(real, a_mouse_whose_set_up_is_due),
	    ON_BOTH(a_look_after_silence),
	    ON_BOTH(a_second_death_is_told_if_it_costs_anything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
