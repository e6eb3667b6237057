/* SPDX-License-Identifier: BSD-2-Clause */
/* core/world.h: drivers that the manager keeps away for a time, for the others of a line that
 * is shared. */
#include "hands.h"

/* Whatever its policy is, it is no failure, and no restart of its own; nor if the manager dies
 * meanwhile, while it ends or when it is away. */
static void one_that_is_taken_away_comes_back_and_nothing_counts(void **state)
{
	(void)state;
	hands_clear(1);
	slow = true;
	world.rules[0].policy.kind = POLICY_NEVER;
	hands_settle();
	hands_finish(0);
	hands_run(0);
	for (uint32_t i = 1; i <= 3; i++) {
		core_take_away(&world, 0, 300);
		hands_settle();
		assert_int_equal(units[0].state, STATE_RECOVERING);
		if (i == 2)
			core_adopt(&world, 0, false, false);
		hands_settle();
		hands_finish(0);
		assert_int_equal(units[0].state, STATE_BACKOFF);
		assert_int_equal(hands[0].last[EFFECT_RESTART].a, 0);
		if (i == 3)
			core_adopt(&world, 0, false, false);
		hands_pass(299);
		assert_int_equal(units[0].state, STATE_BACKOFF);
		hands_pass(1);
		hands_finish(0);
		hands_run(0);
		assert_int_equal(units[0].restarts, 0);
		assert_int_equal(units[0].history.held, 0);
		assert_int_equal(units[0].generation, i + 1);
	}
	hands_fail(0);
	hands_finish(0);
	assert_int_equal(units[0].state, STATE_QUARANTINED);
}

static void one_that_is_kept_apart_comes_back_when_that_is_over(void **state)
{
	(void)state;
	hands_clear(2);
	hands_settle();
	hands_run(0);
	core_keep_apart(&world, 0, 300);
	hands_fail(0); /* a first failure, which waits for nothing else */
	assert_int_equal(hands[0].last[EFFECT_RESTART].b, 300);
	hands_pass(299);
	assert_int_equal(units[0].state, STATE_BACKOFF);
	hands_pass(1);
	assert_int_equal(units[0].state, STATE_PROBING);
	hands_run(0);
	hands_fail(0); /* it is over */
	assert_int_equal(hands[0].last[EFFECT_RESTART].b, 100);
}

/* Whether the longer time is asked for first or last. */
static void who_is_kept_apart_twice_stays_away_for_the_longer_time(void **state)
{
	(void)state;
	for (int first = 0; first < 2; first++) {
		hands_clear(1);
		hands_settle();
		hands_run(0);
		core_keep_apart(&world, 0, first ? 300 : 100);
		core_keep_apart(&world, 0, first ? 100 : 300);
		hands_fail(0);
		assert_int_equal(hands[0].last[EFFECT_RESTART].b, 300);
		assert_int_equal(core_stop(&world, 0), DRV_OK);
		hands_settle();
		assert_int_equal(core_start(&world, 0), DRV_OK); /* the operator's word */
		hands_settle();
		assert_int_equal(units[0].state, STATE_PROBING);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_that_is_taken_away_comes_back_and_nothing_counts),
	    cmocka_unit_test(one_that_is_kept_apart_comes_back_when_that_is_over),
	    cmocka_unit_test(who_is_kept_apart_twice_stays_away_for_the_longer_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
