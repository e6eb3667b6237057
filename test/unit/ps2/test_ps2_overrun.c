/* SPDX-License-Identifier: BSD-2-Clause */
/* What does not fit into the devices' queues while nobody reads is told as missing, where it
 * may be missing, and only there. */
#include "ps2_bench.h"

#define PAGE bench.ps2.turn.page

static void type_digits(uint16_t first, uint16_t last)
{
	for (uint16_t key = first; key <= last; key++) {
		pc_key(&bench.pc, key, true);
		pc_key(&bench.pc, key, false);
	}
}

static void a_full_keyboard_is_told_as_an_overrun(void **state)
{
	(void)state;
	bench_ready();
	type_digits(KEY_1, KEY_7);
	pc_key(&bench.pc, KEY_8, true);
	bench_start();
	bench_pass(300);
	bench_read();
	assert_int_equal(bench.count, 15); /* seven taps and a press fit */
	assert_int_equal(bench.overflows, 0);
	pc_key(&bench.pc, KEY_8, false);
	bench_pass(300);
	type_digits(KEY_1, KEY_8);
	bench_start();
	bench_pass(300);
	bench_read();
	assert_int_equal(bench.count, 32); /* none was lost, but who is to know */
	assert_int_equal(bench.overflows, 1);
	assert_int_equal(bits_count(bench_state()->held, INPUT_KEYS_MAX), 0);
	assert_true(STATS.overruns > 0);
}

static void press_0(void)
{
	pc_key(&bench.pc, KEY_0, true);
}

/* The events before the next gap, behind which the reader goes on. */
static unsigned events_before_gap(uint32_t *position)
{
	const ps2_state_t *state = bench_state();
	input_event_t events[INPUT_HELD];
	int32_t bytes = events_read(PAGE, state, 0, position, events, sizeof(events));
	assert_true(bytes >= 0);
	input_event_t none;
	assert_int_equal(events_read(PAGE, state, 0, position, &none, sizeof(none)),
			 DRV_EOVERFLOW);
	*position = events_resume(PAGE, state, 0, *position);
	return (unsigned)bytes / (unsigned)sizeof(events[0]);
}

/* A byte that finds room because the driver reads already may be the last one before others
 * that are lost, too. */
static void a_gap_stands_where_something_may_be_missing(void **state)
{
	(void)state;
	bench_ready();
	uint32_t position = bench.position = PAGE->answered;
	type_digits(KEY_1, KEY_9); /* the ninth one is lost */
	bench.reads = 3;
	bench.happens = press_0;
	bench_start();
	bench_pass(300);
	assert_int_equal(events_before_gap(&position), 16);
	assert_int_equal(events_before_gap(&position), 1);
	bench.position = position;
	EXPECT_KEY(KEY_0, INPUT_UP); /* as it may have been */
	bench_expect_none();
	assert_int_equal(STATS.overruns, 2);
	bench_tap(KEY_A); /* it is over */
	EXPECT_KEY(KEY_A, INPUT_DOWN);
	EXPECT_KEY(KEY_A, INPUT_UP);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
}

/* The queue took its prefix alone. */
static void half_a_code_before_a_gap_is_nothing(void **state)
{
	(void)state;
	bench_ready();
	type_digits(KEY_1, KEY_7);
	pc_key(&bench.pc, KEY_8, true);
	pc_key(&bench.pc, KEY_UP, true);
	pc_key(&bench.pc, KEY_UP, false);
	bench_start();
	bench_pass(10);
	pc_key(&bench.pc, KEY_KP8, true);
	bench_pass(10);
	bench_read();
	assert_int_equal(bench.overflows, 1);
	bench.shown = 15;
	EXPECT_KEY(KEY_8, INPUT_UP);
	EXPECT_KEY(KEY_KP8, INPUT_DOWN);
	bench_expect_none();
}

/* Packets of four bytes: three fit and a fourth does, too. */
static void a_full_mouse_is_told_as_an_overrun(void **state)
{
	(void)state;
	bench_ready();
	for (unsigned packets = 3; packets < 5; packets++) {
		for (unsigned i = 0; i < packets; i++)
			pc_move(&bench.pc, 1, 0, 0, 0);
		bench_start();
		bench_pass(300);
		bench_read();
		assert_int_equal(bench.overflows, packets > 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_full_keyboard_is_told_as_an_overrun, bench_emulator),
	    cmocka_unit_test_setup(a_gap_stands_where_something_may_be_missing, bench_emulator),
	    cmocka_unit_test_setup(half_a_code_before_a_gap_is_nothing, bench_emulator),
	    cmocka_unit_test_setup(a_full_mouse_is_told_as_an_overrun, bench_emulator),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
