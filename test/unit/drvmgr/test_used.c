/* SPDX-License-Identifier: BSD-2-Clause */
/* The reckoning of what a driver used, for instances that live as an attacker would choose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/used.h"

#define TICKS 3000000u /* a millisecond */
static const budget_t budget = {25, 100};

static used_t used;
static inspect_thread_t thread;

static int fresh(void **state)
{
	(void)state;
	memset(&used, 0, sizeof(used));
	thread = (inspect_thread_t){.now_ms = 0xfffffff0u, .ticks_per_ms = TICKS};
	return 0;
}

/* The thread runs for `us` of the next `ms`. */
static void live(uint32_t us, uint32_t ms)
{
	uint64_t ran = ticks_run(&thread) + (uint64_t)us * (TICKS / 1000);
	thread.run_low = (uint32_t)ran;
	thread.run_high = (uint32_t)(ran >> 32);
	thread.now_ms += ms;
}

static void end(void)
{
	used_end(&used, &thread, budget);
	thread.run_low = thread.run_high = 0;
}

static uint32_t left(void)
{
	return used_leaves_ms(&used, thread.now_ms, budget);
}

static void what_an_instance_ran_is_not_there_for_the_next(void **state)
{
	(void)state;
	assert_int_equal(left(), 25);
	live(24000, 24);
	end();
	assert_int_equal(left(), 1);
	live(1500, 2);
	end();
	assert_int_equal(left(), 1); /* none is left: a thread has one at least */
}

static void a_begun_millisecond_is_a_whole_one(void **state)
{
	(void)state;
	live(22000, 0);
	end();
	assert_int_equal(left(), 3);
	live(1, 0);
	end();
	assert_int_equal(left(), 3);
	live(999, 0);
	end();
	assert_int_equal(left(), 2);
}

static void it_comes_back_as_time_passes_and_no_more_than_all_of_it(void **state)
{
	(void)state;
	live(25000, 25);
	end();
	assert_int_equal(left(), 1);
	live(0, 40);
	assert_int_equal(left(), 10);
	live(0, 60);
	assert_int_equal(left(), 25);
	live(0, 1000000);
	assert_int_equal(left(), 25);
	live(25000, 25);
	end();
	assert_int_equal(left(), 1);
}

static void what_is_run_when_nobody_else_wants_to_costs_a_whole_budget_at_most(void **state)
{
	(void)state;
	live(10000000, 10000);
	end();
	assert_int_equal(left(), 1);
	live(0, 100);
	assert_int_equal(left(), 25);
}

static void what_was_counted_at_a_look_is_not_counted_again(void **state)
{
	(void)state;
	live(4000, 4);
	used_count(&used, &thread, budget);
	live(4000, 4);
	used_count(&used, &thread, budget);
	end();
	assert_int_equal(left(), 18); /* 25 - 8 + 1 */
}

static void at_a_look_less_than_a_millisecond_waits(void **state)
{
	(void)state;
	live(999, 1);
	assert_false(used_is_behind(&used, &thread));
	live(1, 1);
	assert_true(used_is_behind(&used, &thread));
	used_count(&used, &thread, budget);
	assert_false(used_is_behind(&used, &thread));
}

static void short_lives_add_up(void **state)
{
	(void)state;
	for (uint32_t lives = 0; lives < 20; lives++) {
		live(900, 1);
		end();
	}
	assert_int_equal(left(), 12); /* 25 - 18 + 5 */
}

/* Lives as long as it likes, runs whenever its budget lets it, and dies; the pause is 10 ms. */
static void most_of_an_attackers_lives(uint32_t life_ms)
{
	uint64_t ran_us = 0, now_ms = 0;
	fresh(NULL);
	while (now_ms < 60000) {
		uint32_t left_ms = left(), whole = budget.budget_ms;
		uint32_t budgets =
		    life_ms / budget.period_ms; /* whole ones, behind the first */
		uint32_t ms = left_ms + budgets * whole;
		ms = ms < life_ms ? ms : life_ms;
		live(ms * 1000, life_ms + 10);
		end();
		ran_us += ms * 1000;
		now_ms += life_ms + 10;
	}
	assert_in_range(ran_us / now_ms, 1, 300); /* 250 are its share of 1000 */
}

static void no_length_of_life_gains_much(void **state)
{
	(void)state;
	for (uint32_t life_ms = 1; life_ms < 450; life_ms++)
		most_of_an_attackers_lives(life_ms);
}

static void a_clock_that_is_behind_the_evidence_gives_nothing_back(void **state)
{
	(void)state;
	live(25000, 25);
	end();
	assert_int_equal(used_leaves_ms(&used, thread.now_ms - 3, budget), 1);
	assert_int_equal(left(), 1);
}

/* Half of it is back after half of a period. */
static void a_smaller_budget_owes_no_more_than_itself(void **state)
{
	(void)state;
	used = (used_t){.amount = UINT64_MAX, .at_ms = thread.now_ms};
	assert_int_equal(used_leaves_ms(&used, thread.now_ms + 50, budget), 13);
}

static void where_run_time_is_only_sampled_it_is_counted_so(void **state)
{
	(void)state;
	thread.ticks_per_ms = 1;
	thread.run_low = 20;
	used_end(&used, &thread, budget);
	assert_int_equal(left(), 5);
}

static void the_largest_budget_is_reckoned_without_overflow(void **state)
{
	const budget_t most = {10000, 60000};
	(void)state;
	live(9000000, 9000);
	used_end(&used, &thread, most);
	assert_in_range(used_leaves_ms(&used, thread.now_ms, most), 990, 1001);
	used = (used_t){.amount = UINT64_MAX, .at_ms = thread.now_ms};
	assert_int_equal(used_leaves_ms(&used, thread.now_ms, most), 1);
	assert_int_equal(used_leaves_ms(&used, thread.now_ms + 30000, most), 5000);
	assert_int_equal(used_leaves_ms(&used, thread.now_ms + 60000, most), 10000);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_an_instance_ran_is_not_there_for_the_next),
	    TEST(a_begun_millisecond_is_a_whole_one),
	    TEST(it_comes_back_as_time_passes_and_no_more_than_all_of_it),
	    TEST(what_is_run_when_nobody_else_wants_to_costs_a_whole_budget_at_most),
	    TEST(what_was_counted_at_a_look_is_not_counted_again),
	    TEST(at_a_look_less_than_a_millisecond_waits),
	    TEST(short_lives_add_up),
	    TEST(no_length_of_life_gains_much),
	    TEST(a_clock_that_is_behind_the_evidence_gives_nothing_back),
	    TEST(a_smaller_budget_owes_no_more_than_itself),
	    TEST(where_run_time_is_only_sampled_it_is_counted_so),
	    TEST(the_largest_budget_is_reckoned_without_overflow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
