/* SPDX-License-Identifier: BSD-2-Clause */
/* When the root task takes drvmgr for dead, and how soon it makes it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "servers/init/judge.h"

#define TICKS 1000u /* a millisecond */

static inspect_thread_t thread_at(uint64_t run_ms, uint32_t received_ms)
{
	uint64_t run = run_ms * TICKS;
	return (inspect_thread_t){.state = INSPECT_READY,
				  .run_low = (uint32_t)run,
				  .run_high = (uint32_t)(run >> 32),
				  .ticks_per_ms = TICKS,
				  .received_ms = received_ms};
}

static bool seen(look_t *look, uint64_t run_ms, uint32_t received_ms)
{
	inspect_thread_t thread = thread_at(run_ms, received_ms);
	return judge_hangs(look, &thread);
}

static void one_that_runs_for_half_a_second_without_a_receive_hangs(void **state)
{
	(void)state;
	look_t look = {0};
	assert_false(seen(&look, 10, 7));
	assert_false(seen(&look, 10 + JUDGE_HANG_MS - 1, 7));
	assert_true(seen(&look, 10 + JUDGE_HANG_MS, 7));
}

static void one_that_enters_a_receive_now_and_then_does_not_hang(void **state)
{
	(void)state;
	look_t look = {0};
	for (uint32_t i = 0; i < 100; i++)
		assert_false(seen(&look, (uint64_t)i * JUDGE_HANG_MS, i));
}

static void time_in_which_it_does_not_run_is_not_held_against_it(void **state)
{
	(void)state;
	look_t look = {0};
	for (uint32_t i = 0; i < 100; i++)
		assert_false(seen(&look, 10, 7));
}

static void one_that_waits_in_a_receive_does_not_hang(void **state)
{
	(void)state;
	look_t look = {0};
	inspect_thread_t thread = thread_at(10, 7);
	assert_false(judge_hangs(&look, &thread));
	thread = thread_at(10 + 2 * JUDGE_HANG_MS, 7);
	thread.state = INSPECT_RECEIVING;
	assert_false(judge_hangs(&look, &thread));
}

static void before_its_first_receive_one_that_signals_does_not_hang(void **state)
{
	(void)state;
	look_t look = {0};
	inspect_thread_t thread = thread_at(0, 0);
	uint32_t run_ms = 0;
	for (; thread.signals < 100; thread.signals++, run_ms += JUDGE_HANG_MS) {
		thread.run_low = run_ms * TICKS;
		assert_false(judge_hangs(&look, &thread));
	}
	thread.run_low = run_ms * TICKS;
	assert_false(judge_hangs(&look, &thread)); /* the last one */
	thread.run_low += JUDGE_HANG_MS * TICKS;
	assert_true(judge_hangs(&look, &thread));
	look = (look_t){0}; /* once it served that is nothing */
	thread.received_ms = 7;
	assert_false(judge_hangs(&look, &thread));
	thread.run_low += JUDGE_HANG_MS * TICKS;
	thread.signals++;
	assert_true(judge_hangs(&look, &thread));
}

static void before_the_clock_is_counted_nothing_is_judged(void **state)
{
	(void)state;
	look_t look = {0};
	inspect_thread_t thread = thread_at(10, 7);
	thread.ticks_per_ms = 0;
	assert_false(judge_hangs(&look, &thread));
	assert_false(judge_hangs(&look, &thread));
}

static void the_first_deaths_of_a_row_cost_no_time_and_further_ones_more_and_more(void **state)
{
	(void)state;
	row_t row = {0};
	uint32_t now = 0xffffff00u, last = 0; /* over the clock's wrap */
	for (uint32_t i = 0; i < JUDGE_FREE; i++)
		assert_int_equal(judge_delay(&row, now += 1), 0);
	for (uint32_t i = 0; i < 100; i++) {
		uint32_t delay = judge_delay(&row, now += last + 1);
		assert_int_equal(
		    delay, last
			       ? (2 * last < JUDGE_DELAY_MAX_MS ? 2 * last : JUDGE_DELAY_MAX_MS)
			       : JUDGE_DELAY_MS);
		last = delay;
	}
}

/* A row of so many deaths that the next one is waited for, at time 1. */
static row_t long_row(void)
{
	row_t row = {0};
	for (uint32_t i = 0; i < 2 * JUDGE_FREE; i++)
		judge_delay(&row, 1);
	assert_int_equal(row.count, 2 * JUDGE_FREE);
	return row;
}

static void the_death_of_one_that_served_for_the_window_is_the_first_of_a_row(void **state)
{
	(void)state;
	row_t row = long_row();
	inspect_thread_t thread = thread_at(10, row.next_ms);
	judge_serves(&row, &thread);
	assert_int_equal(judge_delay(&row, row.next_ms), 0);
	assert_int_equal(row.count, 1);
	row = long_row();
	thread = thread_at(10, 2); /* and waits since then */
	thread.state = INSPECT_RECEIVING;
	thread.now_ms = row.next_ms;
	judge_serves(&row, &thread);
	assert_int_equal(judge_delay(&row, row.next_ms), 0);
}

/* However long it took until that was seen. */
static void one_that_hangs_or_never_served_does_not_end_the_row(void **state)
{
	(void)state;
	row_t row = long_row();
	inspect_thread_t thread = thread_at(10, row.next_ms - 1);
	thread.now_ms = row.next_ms + JUDGE_HANG_MS;
	judge_serves(&row, &thread);
	thread.received_ms = 0;
	judge_serves(&row, &thread);
	assert_int_equal(judge_delay(&row, thread.now_ms), JUDGE_DELAY_MAX_MS);
	assert_int_equal(row.count, 2 * JUDGE_FREE + 1);
}

static void a_row_that_was_ended_stays_so_over_the_clocks_wrap(void **state)
{
	(void)state;
	row_t row = long_row();
	inspect_thread_t thread = thread_at(10, row.next_ms);
	judge_serves(&row, &thread);
	thread.received_ms += 0x80000000u;
	judge_serves(&row, &thread);
	assert_int_equal(judge_delay(&row, thread.received_ms), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_that_runs_for_half_a_second_without_a_receive_hangs),
	    cmocka_unit_test(one_that_enters_a_receive_now_and_then_does_not_hang),
	    cmocka_unit_test(time_in_which_it_does_not_run_is_not_held_against_it),
	    cmocka_unit_test(one_that_waits_in_a_receive_does_not_hang),
	    cmocka_unit_test(before_its_first_receive_one_that_signals_does_not_hang),
	    cmocka_unit_test(before_the_clock_is_counted_nothing_is_judged),
	    cmocka_unit_test(
		the_first_deaths_of_a_row_cost_no_time_and_further_ones_more_and_more),
	    cmocka_unit_test(the_death_of_one_that_served_for_the_window_is_the_first_of_a_row),
	    cmocka_unit_test(one_that_hangs_or_never_served_does_not_end_the_row),
	    cmocka_unit_test(a_row_that_was_ended_stays_so_over_the_clocks_wrap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
