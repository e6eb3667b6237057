/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers that come into the running system and go: core/admit.c. */
#include "hands.h"

enum { OLD, NEW, COUNT };

static int fresh(void **state)
{
	(void)state;
	hands_clear(COUNT);
	core_empty(&units[NEW], 0);
	world.rules[NEW].refusal = DRV_ENOENT;
	hands_settle();
	hands_run(OLD);
	return 0;
}

static void comes(void)
{
	world.rules[NEW].refusal = DRV_OK;
	core_admit(&world, NEW);
	hands_settle();
}

static void goes(void)
{
	assert_int_equal(core_may_go(&world, NEW), DRV_OK);
	world.rules[NEW].refusal = DRV_ENOENT;
	world.dirty = false;
	core_discard(&world, NEW);
	assert_true(world.dirty); /* who waits for its hardware is looked at */
	hands_settle();
}

static void an_empty_place_does_nothing(void **state)
{
	(void)state;
	hands_pass(100000);
	assert_int_equal(units[NEW].state, STATE_REJECTED);
	assert_int_equal(hands[NEW].count[EFFECT_STATE], 0);
	assert_int_equal(core_start(&world, NEW), DRV_EBUSY);
}

static void who_comes_is_started(void **state)
{
	(void)state;
	hands_pass(1234);
	comes();
	assert_int_equal(units[NEW].since_ms, world.now_ms);
	hands_run(NEW);
	assert_int_equal(units[NEW].generation, 1);
	assert_false(unit_is_restarted(&units[NEW]));
	assert_int_equal(units[OLD].state, STATE_RUNNING);
}

static void who_lives_or_comes_back_by_itself_may_not_go(void **state)
{
	(void)state;
	comes();
	assert_int_equal(core_may_go(&world, NEW), DRV_EBUSY);
	hands_run(NEW);
	assert_int_equal(core_may_go(&world, NEW), DRV_EBUSY);
	hands_fail(NEW); /* at once, and again in 100 ms */
	hands_run(NEW);
	hands_fail(NEW);
	assert_int_equal(units[NEW].state, STATE_BACKOFF);
	assert_int_equal(core_may_go(&world, NEW), DRV_EBUSY);
	core_stop(&world, NEW);
	hands_settle();
	assert_int_equal(core_may_go(&world, NEW), DRV_OK);
}

static void what_is_being_taken_apart_may_not_go(void **state)
{
	(void)state;
	comes();
	hands_run(NEW);
	slow = true;
	hands_fail(NEW);
	assert_int_equal(units[NEW].state, STATE_RECOVERING);
	assert_int_equal(core_may_go(&world, NEW), DRV_EBUSY);
	core_stop(&world, NEW);
	hands_settle();
	assert_int_equal(units[NEW].state, STATE_STOPPED);
	assert_int_equal(core_may_go(&world, NEW), DRV_EBUSY);
	hands_finish(NEW);
	assert_int_equal(core_may_go(&world, NEW), DRV_OK);
}

/* Clients and servers know an instance by its place and its number. */
static void the_next_one_in_a_place_goes_on_with_the_numbers_of_the_last(void **state)
{
	(void)state;
	comes();
	hands_run(NEW);
	hands_fail(NEW);
	hands_run(NEW);
	core_stop(&world, NEW);
	hands_settle();
	hands_leave(NEW);
	goes();
	assert_int_equal(units[NEW].state, STATE_REJECTED);
	comes();
	assert_int_equal(units[NEW].generation, 3);
	assert_false(unit_is_restarted(&units[NEW])); /* but is none that was restarted */
	assert_int_equal(units[NEW].kept_since, 3);
	assert_int_equal(units[NEW].restarts, 0);
	assert_int_equal(units[NEW].last_error, DRV_OK);
	hands_run(NEW);
	hands_fail(NEW);
	assert_int_equal(units[NEW].generation, 4);
	assert_true(unit_is_restarted(&units[NEW]));
	assert_int_equal(units[NEW].kept_since, 3);
}

static void who_has_gone_is_to_blame_for_nothing(void **state)
{
	(void)state;
	comes();
	hands_run(NEW);
	core_fail(&world, OLD, DRV_ETIMEDOUT, NEW);
	hands_settle();
	assert_int_equal(units[OLD].last_culprit, NEW);
	core_stop(&world, NEW);
	hands_settle();
	hands_leave(NEW);
	goes();
	assert_int_equal(units[OLD].last_culprit, NOBODY);
}

static void who_waits_for_it_is_started_when_it_comes(void **state)
{
	(void)state;
	world.rules[OLD].requires_count = 1;
	world.rules[OLD].requires[0] = UNITS_MAX;
	core_stop(&world, OLD);
	hands_settle();
	hands_leave(OLD);
	core_start(&world, OLD);
	hands_settle();
	assert_int_equal(units[OLD].state, STATE_WAITING);
	world.rules[OLD].requires[0] = NEW;
	comes();
	hands_run(NEW);
	assert_int_equal(units[OLD].state, STATE_PROBING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(an_empty_place_does_nothing, fresh),
	    cmocka_unit_test_setup(who_comes_is_started, fresh),
	    cmocka_unit_test_setup(who_lives_or_comes_back_by_itself_may_not_go, fresh),
	    cmocka_unit_test_setup(what_is_being_taken_apart_may_not_go, fresh),
	    cmocka_unit_test_setup(the_next_one_in_a_place_goes_on_with_the_numbers_of_the_last,
				   fresh),
	    cmocka_unit_test_setup(who_has_gone_is_to_blame_for_nothing, fresh),
	    cmocka_unit_test_setup(who_waits_for_it_is_started_when_it_comes, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
