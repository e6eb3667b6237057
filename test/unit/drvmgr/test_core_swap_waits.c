/* SPDX-License-Identifier: BSD-2-Clause */
/* An image on probation that waits for what it needs, core/swap.c. */
#include "swap_bench.h"

/* It requires the other one, which stops. */
static void wait_for_the_other(void)
{
	replace();
	hands_run(0);
	world.rules[0].requires_count = 1;
	world.rules[0].requires[0] = 1;
	core_stop(&world, 1);
	hands_settle();
	hands_leave(0);
	hands_leave(1);
}

/* The image before it may need less. */
static void who_waits_for_too_long_for_what_it_requires_gives_way(void **state)
{
	(void)state;
	wait_for_the_other();
	hands_lacks(0, LACK_REQUIRED, 1);
	assert_int_equal(core_wait_ms(&world, UINT32_MAX), RESET_MS);
	hands_pass(RESET_MS - 1);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	assert_true(hands[0].second);
	hands_pass(1);
	assert_int_equal(hands[0].image, 0);
	assert_int_equal(units[0].swap, SWAP_RETURNED);
	assert_int_equal(units[0].state, STATE_WAITING); /* its rules are still those */
	assert_int_equal(hands[0].generation, 2);
	world.rules[0].requires_count = 0;
	world.dirty = true;
	hands_settle();
	assert_int_equal(units[0].history.held, 0);
	assert_int_equal(units[0].early_deaths, 0);
	hands_run(0);
}

static void who_gets_what_it_needs_in_time_stays_on_probation(void **state)
{
	(void)state;
	wait_for_the_other();
	hands_pass(RESET_MS - 1);
	core_start(&world, 1);
	hands_settle();
	hands_run(1);
	hands_run(0);
	hands_pass(RESET_MS - 1);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	prove(1);
	assert_int_equal(units[0].swap, SWAP_CONFIRMED);
	assert_int_equal(hands[0].image, 1);
}

static void who_waits_for_the_operator_or_for_its_line_does_not_give_way(void **state)
{
	for (uint32_t why = 0; why < 3; why++) {
		fresh(state);
		wait_for_the_other();
		if (why == 0)
			core_hold(&world, 0);
		if (why == 1)
			units[0].end_event = EVENT_APART;
		if (why == 2)
			core_stop(&world, 0);
		world.dirty = true;
		hands_settle();
		hands_pass(2 * RESET_MS);
		assert_int_equal(hands[0].image, 1);
		assert_int_equal(units[0].swap, SWAP_PROBATION);
		assert_true(core_wait_ms(&world, UINT32_MAX) > RESET_MS);
	}
}

static void whose_image_is_in_force_for_good_waits(void **state)
{
	(void)state;
	wait_for_the_other();
	core_swapped(&world, 0, false);
	hands[0].second = false;
	hands_pass(2 * RESET_MS);
	assert_int_equal(units[0].swap, SWAP_CONFIRMED);
	assert_int_equal(units[0].state, STATE_WAITING);
	assert_int_equal(hands[0].image, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_waits_for_too_long_for_what_it_requires_gives_way),
	    TEST(who_gets_what_it_needs_in_time_stays_on_probation),
	    TEST(who_waits_for_the_operator_or_for_its_line_does_not_give_way),
	    TEST(whose_image_is_in_force_for_good_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
