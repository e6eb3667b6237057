/* SPDX-License-Identifier: BSD-2-Clause */
/* Time between two reads is not time between two bytes: what waited in a device is not late,
 * however long the driver was away. What never comes is. */
#include "ps2_bench.h"

/* The driver has the first byte of what a device says, and looked once more. */
static void take_one_byte(void)
{
	const ps2_page_t *page = bench.ps2.turn.page;
	uint32_t before = page->taken.count;
	while (page->taken.count == before)
		bench_pass(0);
	assert_int_equal(page->taken.count, before + 1);
}

static void a_code_is_whole_though_its_second_interrupt_is_lost(void **state)
{
	(void)state;
	bench_ready();
	pc_key(&bench.pc, KEY_UP, true);
	take_one_byte();
	bench.pc.faults.no_irq = true;
	bench_pass(PS2_SLOW_POLL_MS + 10);
	EXPECT_KEY(KEY_UP, INPUT_DOWN);
	bench_expect_none();
	assert_int_equal(STATS.lost, 1);
}

static void a_code_is_whole_though_the_driver_had_no_processor(void **state)
{
	(void)state;
	bench_ready();
	pc_key(&bench.pc, KEY_UP, true);
	take_one_byte();
	pc_pass(&bench.pc, 3000 * FAKE_MS);
	pc_key(&bench.pc, KEY_UP, false);
	bench_pass(20);
	EXPECT_KEY(KEY_UP, INPUT_DOWN);
	while (bench.events[bench.shown].value == INPUT_REPEAT)
		bench.shown++;
	EXPECT_KEY(KEY_UP, INPUT_UP);
	bench_expect_none();
}

static void a_packet_is_whole_though_the_driver_had_no_processor(void **state)
{
	(void)state;
	bench_ready();
	pc_move(&bench.pc, 3, 4, 0, 0);
	take_one_byte();
	pc_pass(&bench.pc, 3000 * FAKE_MS);
	bench_pass(20);
	EXPECT_REL(REL_X, 3);
	EXPECT_REL(REL_Y, 4);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
	assert_int_equal(STATS.mouse_sync_errors, 0);
}

static void a_code_that_never_ends_is_dropped(void **state)
{
	(void)state;
	bench_ready();
	HAPPEN(.what = FAKE_SENDS, .count = 1, .bytes = {0xe0});
	assert_true(scan_is_inside(&bench_state()->scan));
	bench_pass(SCAN_PREFIX_MS);
	assert_false(scan_is_inside(&bench_state()->scan));
	assert_int_equal(STATS.unknown_scancodes, 1);
	bench_tap(KEY_KP8);
	EXPECT_KEY(KEY_KP8, INPUT_DOWN);
	EXPECT_KEY(KEY_KP8, INPUT_UP);
	bench_expect_none();
	assert_int_equal(bench.overflows, 0);
}

static void a_packet_that_never_ends_is_dropped_and_told(void **state)
{
	(void)state;
	bench_ready();
	pc_buttons(&bench.pc, 1);
	bench_pass(20);
	HAPPEN(.what = FAKE_SENDS, .target = FAKE_MOUSE, .count = 2, .bytes = {0x08, 1});
	bench_pass(PACKET_MS);
	EXPECT_KEY(BTN_LEFT, INPUT_DOWN);
	EXPECT_KEY(BTN_LEFT, INPUT_UP);
	assert_int_equal(bench.overflows, 1);
	assert_int_equal(STATS.mouse_sync_errors, 1);
	assert_int_equal(STATS.mouse_discarded, 2);
	pc_move(&bench.pc, 3, 4, 0, 0);
	bench_pass(20);
	EXPECT_REL(REL_X, 3);
	EXPECT_REL(REL_Y, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_code_is_whole_though_its_second_interrupt_is_lost,
				   bench_real),
	    cmocka_unit_test_setup(a_code_is_whole_though_the_driver_had_no_processor,
				   bench_real),
	    cmocka_unit_test_setup(a_packet_is_whole_though_the_driver_had_no_processor,
				   bench_real),
	    ON_BOTH(a_code_that_never_ends_is_dropped),
	    ON_BOTH(a_packet_that_never_ends_is_dropped_and_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
