/* SPDX-License-Identifier: BSD-2-Clause */
/* An operator's restart, core/world.h: a clean end and a new instance, which the policy does
 * not count and does not forget anything for. */
#include "hands.h"

#include "abi/protocol/driver.h"

/* A driver that runs, and one that requires it. */
static int fresh(void **state)
{
	(void)state;
	hands_clear(2);
	world.rules[1].requires_count = 1;
	world.rules[1].requires[0] = 0;
	hands_settle();
	hands_run(0);
	hands_run(1);
	return 0;
}

static void leave(uint32_t i)
{
	hands_answer(i, DRV_OK);
	assert_int_equal(units[i].state, STATE_STOPPING);
	assert_int_equal(hands[i].command, DRIVER_STOP);
	core_event(&world, i, EVENT_EXIT);
	hands_settle();
}

static void who_is_restarted_ends_in_good_order_and_begins_anew(void **state)
{
	(void)state;
	units[1].history.failures[0] = 7;
	units[1].history.held = 1;
	units[1].history.restarts = 1;
	assert_int_equal(core_restart(&world, 1), DRV_OK);
	hands_settle();
	assert_int_equal(units[1].state, STATE_QUIESCING);
	assert_int_equal(hands[1].command, DRIVER_QUIESCE);
	assert_int_equal(core_restart(&world, 1), DRV_EBUSY); /* it is under way */
	leave(1);
	hands_run(1);
	assert_int_equal(hands[1].generation, 2);
	assert_int_equal(units[1].restarts, 0);
	assert_int_equal(units[1].history.held, 1);
	assert_int_equal(units[1].history.restarts, 1);
	assert_false(units[1].anew);
	hands_pass(100000);
	assert_int_equal(hands[1].generation, 2); /* once */
	assert_int_equal(hands[0].generation, 1);
}

static void who_requires_it_starts_again_too(void **state)
{
	(void)state;
	assert_int_equal(core_restart(&world, 0), DRV_OK);
	hands_settle();
	leave(0);
	assert_int_equal(units[1].state, STATE_QUIESCING);
	leave(1);
	hands_run(0);
	hands_run(1);
	assert_int_equal(hands[0].generation, 2);
	assert_int_equal(hands[1].generation, 2);
}

/* It was to go anyway. */
static void who_fails_on_its_way_out_begins_anew_all_the_same(void **state)
{
	(void)state;
	assert_int_equal(core_restart(&world, 1), DRV_OK);
	hands_settle();
	core_fail(&world, 1, DRV_EIO, NOBODY);
	hands_settle();
	hands_run(1);
	assert_int_equal(hands[1].generation, 2);
	assert_int_equal(units[1].history.held, 0);
}

static void a_stop_meanwhile_counts(void **state)
{
	(void)state;
	assert_int_equal(core_restart(&world, 1), DRV_OK);
	assert_int_equal(core_stop(&world, 1), DRV_OK);
	hands_settle();
	leave(1);
	assert_int_equal(units[1].state, STATE_STOPPED);
	hands_pass(100000);
	assert_int_equal(units[1].state, STATE_STOPPED);
	assert_int_equal(core_restart(&world, 1), DRV_EBUSY);
}

static void who_does_not_run_or_is_wanted_otherwise_is_not_restarted(void **state)
{
	static const wanted_t others[] = {WANTED_HELD, WANTED_QUIESCED, WANTED_STOPPED};
	(void)state;
	for (uint32_t at = 0; at < STATE_COUNT; at++) {
		units[1].state = (driver_state_t)at;
		units[1].anew = false;
		assert_int_equal(core_restart(&world, 1),
				 at == STATE_RUNNING ? DRV_OK : DRV_EBUSY);
	}
	units[1].state = STATE_RUNNING;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		units[1].anew = false;
		units[1].wanted = others[i];
		assert_int_equal(core_restart(&world, 1), DRV_EBUSY);
		assert_false(units[1].anew);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_is_restarted_ends_in_good_order_and_begins_anew),
	    TEST(who_requires_it_starts_again_too),
	    TEST(who_fails_on_its_way_out_begins_anew_all_the_same),
	    TEST(a_stop_meanwhile_counts),
	    TEST(who_does_not_run_or_is_wanted_otherwise_is_not_restarted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
