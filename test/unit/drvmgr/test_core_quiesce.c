/* SPDX-License-Identifier: BSD-2-Clause */
/* Quiesce and reset, core/world.h: what becomes of an instance that is to do nothing, or to set
 * its device up afresh, and of one that fails at it. */
#include "hands.h"

#include "abi/protocol/driver.h"

/* A driver that runs. */
static int fresh(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	hands_run(0);
	return 0;
}

static void quiesce(uint32_t i)
{
	assert_int_equal(core_quiesce(&world, i), DRV_OK);
	hands_settle();
	assert_int_equal(units[i].state, STATE_QUIESCING);
	assert_int_equal(hands[i].command, DRIVER_QUIESCE);
}

static void be_quiesced(uint32_t i)
{
	quiesce(i);
	hands_answer(i, DRV_OK);
	assert_int_equal(units[i].state, STATE_QUIESCED);
}

/* It is asked to reset, and has quiesced. */
static void reset(uint32_t i)
{
	assert_int_equal(core_reset(&world, i), DRV_OK);
	hands_settle();
	assert_int_equal(units[i].state, STATE_QUIESCING);
	hands_answer(i, DRV_OK);
	assert_int_equal(units[i].state, STATE_INITIALISING);
	assert_int_equal(hands[i].command, DRIVER_INIT);
}

/* It ended, failed `failures` times, and is not started again. */
static void check_held(uint32_t failures)
{
	hands_lacks(0, LACK_RELEASE, 0);
	assert_int_equal(units[0].wanted, WANTED_HELD);
	assert_int_equal(units[0].history.held, failures);
	hands_pass(100000);
	assert_int_equal(units[0].state, STATE_WAITING);
	assert_int_equal(core_release(&world, 0), DRV_OK);
	hands_settle();
	hands_run(0);
	assert_int_equal(hands[0].generation, 2);
}

static void who_is_quiesced_lives_until_it_is_set_up_afresh(void **state)
{
	err_t (*const verbs[])(world_t *, uint32_t) = {core_start, core_reset};
	for (size_t i = 0; i < 2; i++) {
		fresh(state);
		be_quiesced(0);
		hands_pass(1000000);
		assert_int_equal(units[0].state, STATE_QUIESCED);
		assert_true(hands[0].alive);
		assert_int_equal(verbs[i](&world, 0), DRV_OK);
		hands_settle();
		assert_int_equal(units[0].state, STATE_INITIALISING);
		assert_int_equal(hands[0].command, DRIVER_INIT);
		hands_answer(0, DRV_OK);
		assert_int_equal(units[0].state, STATE_RUNNING);
		assert_int_equal(hands[0].command, DRIVER_RUN);
		assert_int_equal(units[0].wanted, WANTED_UP);
		assert_int_equal(hands[0].generation, 1);
		assert_int_equal(hands[0].count[EFFECT_LINES], 1);
	}
}

static void a_reset_sets_the_same_instance_up_afresh(void **state)
{
	(void)state;
	reset(0);
	hands_answer(0, DRV_OK);
	assert_int_equal(units[0].state, STATE_RUNNING);
	assert_int_equal(hands[0].generation, 1);
	assert_int_equal(units[0].restarts, 0);
	assert_int_equal(hands[0].count[EFFECT_END], 0);
	assert_false(units[0].resets);
	hands_settle(); /* once */
	assert_int_equal(units[0].state, STATE_RUNNING);
}

/* However late it answers that. */
static void a_reset_that_fails_is_a_failure(void **state)
{
	(void)state;
	reset(0);
	hands_pass(1500);
	hands_answer(0, DRV_EIO);
	assert_int_equal(units[0].state, STATE_PROBING);
	assert_int_equal(units[0].generation, 2);
	assert_int_equal(units[0].restarts, 1);
	assert_int_equal(units[0].last_error, DRV_EIO);
	assert_int_equal(units[0].history.held, 1);
	hands_run(0);
	reset(0);
	core_limit(&world, 0, NOBODY);
	hands_settle();
	assert_int_equal(units[0].last_error, DRV_ETIMEDOUT);
	assert_int_equal(units[0].history.held, 2);
	assert_int_equal(units[0].early_deaths, 0); /* each of them had run */
}

static void a_reset_has_the_time_of_init_without_recover(void **state)
{
	const lifecycle_limits_t *limits = &world.rules[0].limits;
	(void)state;
	hands_fail(0);
	assert_int_equal(units[0].state, STATE_PROBING);
	hands_answer(0, DRV_OK);
	assert_int_equal(unit_limit_ms(&units[0], limits), 3000);
	hands_answer(0, DRV_OK);
	reset(0);
	assert_int_equal(unit_limit_ms(&units[0], limits), 2000);
}

static void who_fails_while_it_quiesces_for_a_reset_fails(void **state)
{
	(void)state;
	core_reset(&world, 0);
	hands_settle();
	hands_fail(0);
	assert_int_equal(units[0].history.held, 1);
	assert_int_equal(units[0].state, STATE_PROBING);
}

static void who_fails_quiesced_or_on_the_way_there_is_held(void **state)
{
	fresh(state);
	quiesce(0);
	hands_fail(0);
	hands_pass(1000);
	check_held(1);
	fresh(state);
	be_quiesced(0);
	hands_fail(0);
	hands_pass(1000);
	check_held(1);
	fresh(state);
	be_quiesced(0);
	hands_event(0, EVENT_EXIT);
	check_held(0);
	fresh(state);
	be_quiesced(0);
	core_kill(&world, 0);
	hands_settle();
	hands_fail(0);
	hands_pass(1000);
	check_held(0);
}

/* An answer that came before, or is sent again, says nothing. */
static void what_is_quiesced_has_nothing_to_answer(void **state)
{
	(void)state;
	be_quiesced(0);
	hands_answer(0, DRV_EIO);
	assert_int_equal(units[0].state, STATE_QUIESCED);
}

static void who_says_that_it_cannot_quiesce_fails_if_it_was_to_stay_so(void **state)
{
	fresh(state);
	quiesce(0);
	hands_answer(0, DRV_EIO);
	assert_int_equal(units[0].last_error, DRV_EIO);
	hands_pass(1000);
	check_held(1);
	fresh(state);
	core_reset(&world, 0); /* which may be what helps */
	hands_settle();
	hands_answer(0, DRV_EIO);
	assert_int_equal(units[0].state, STATE_INITIALISING);
	assert_int_equal(units[0].history.held, 0);
}

static void who_does_not_quiesce_in_time_is_ended(void **state)
{
	fresh(state);
	quiesce(0);
	core_limit(&world, 0, NOBODY);
	hands_settle();
	assert_int_equal(units[0].state, STATE_STOPPING);
	hands_event(0, EVENT_EXIT);
	check_held(0);
	fresh(state);
	core_reset(&world, 0);
	hands_settle();
	core_limit(&world, 0, NOBODY);
	hands_settle();
	assert_int_equal(units[0].state, STATE_STOPPING);
	hands_event(0, EVENT_EXIT);
	hands_run(0); /* which is what was wanted of it */
	assert_int_equal(units[0].generation, 2);
}

static void who_is_quiesced_is_stopped_without_another_quiesce(void **state)
{
	(void)state;
	be_quiesced(0);
	assert_int_equal(core_stop(&world, 0), DRV_OK);
	hands_settle();
	assert_int_equal(units[0].state, STATE_STOPPING);
	assert_int_equal(hands[0].command, DRIVER_STOP);
	hands_event(0, EVENT_EXIT);
	assert_int_equal(units[0].state, STATE_STOPPED);
	assert_int_equal(units[0].wanted, WANTED_STOPPED);
}

static void the_last_wish_is_what_is_done(void **state)
{
	fresh(state);
	quiesce(0);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	hands_answer(0, DRV_OK);
	assert_int_equal(units[0].state, STATE_INITIALISING);
	fresh(state);
	core_reset(&world, 0);
	core_quiesce(&world, 0);
	hands_settle();
	hands_answer(0, DRV_OK);
	assert_int_equal(units[0].state, STATE_QUIESCED);
	fresh(state);
	core_reset(&world, 0);
	hands_settle();
	core_stop(&world, 0);
	assert_int_equal(core_start(&world, 0), DRV_OK); /* once it is gone */
	hands_leave(0);
	hands_run(0);
	assert_int_equal(units[0].generation, 2);
}

static void a_hold_outlives_a_reset_and_no_quiesce(void **state)
{
	(void)state;
	core_hold(&world, 0);
	reset(0);
	hands_answer(0, DRV_OK);
	assert_int_equal(units[0].wanted, WANTED_HELD);
	be_quiesced(0);
	core_start(&world, 0);
	hands_settle();
	assert_int_equal(units[0].wanted, WANTED_UP);
}

static void who_requires_it_stops_while_it_is_quiesced(void **state)
{
	(void)state;
	hands_clear(2);
	world.rules[1].requires[world.rules[1].requires_count++] = 0;
	hands_settle();
	hands_run(0);
	hands_run(1);
	be_quiesced(0);
	hands_leave(1);
	hands_lacks(1, LACK_REQUIRED, 0);
	core_start(&world, 0);
	hands_settle();
	hands_answer(0, DRV_OK);
	hands_run(1);
}

static void who_requires_another_does_not_stay_quiesced_without_it(void **state)
{
	(void)state;
	hands_clear(2);
	world.rules[1].requires[world.rules[1].requires_count++] = 0;
	hands_settle();
	hands_run(0);
	hands_run(1);
	be_quiesced(1);
	core_stop(&world, 0);
	hands_settle();
	assert_int_equal(units[1].state, STATE_STOPPING);
	hands_event(1, EVENT_EXIT);
	hands_lacks(1, LACK_RELEASE, 0);
}

/* It is not set up afresh first, nor shown as Quiesced. */
static void who_has_to_go_meanwhile_goes_when_it_has_quiesced(void **state)
{
	err_t (*const verbs[])(world_t *, uint32_t) = {core_reset, core_quiesce};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		hands_clear(2);
		world.rules[1].requires[world.rules[1].requires_count++] = 0;
		hands_settle();
		hands_run(0);
		hands_run(1);
		verbs[i](&world, 1);
		hands_settle();
		core_stop(&world, 0);
		hands_settle();
		uint32_t steps = hands[1].count[EFFECT_STATE], commands = hands[1].commands;
		hands_answer(1, DRV_OK);
		assert_int_equal(units[1].state, STATE_STOPPING);
		assert_int_equal(hands[1].count[EFFECT_STATE], steps + 1);
		assert_int_equal(hands[1].commands, commands + 1);
	}
}

static void only_who_runs_is_reset_or_quiesced(void **state)
{
	for (driver_state_t in = 0; in < STATE_COUNT; in++) {
		fresh(state);
		units[0].state = in;
		err_t expected = in == STATE_RUNNING ? DRV_OK : DRV_EBUSY;
		assert_int_equal(core_reset(&world, 0), expected);
		assert_int_equal(core_quiesce(&world, 0), expected);
		assert_int_equal(units[0].wanted == WANTED_QUIESCED, in == STATE_RUNNING);
		units[0].state = in; /* and who is quiesced, or about to be, is reset */
		units[0].wanted = WANTED_QUIESCED;
		bool is = in == STATE_QUIESCING || in == STATE_QUIESCED || in == STATE_RUNNING;
		assert_int_equal(core_reset(&world, 0), is ? DRV_OK : DRV_EBUSY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	    TEST(who_is_quiesced_lives_until_it_is_set_up_afresh),
	    TEST(a_reset_sets_the_same_instance_up_afresh),
	    TEST(a_reset_that_fails_is_a_failure),
	    TEST(a_reset_has_the_time_of_init_without_recover),
	    TEST(who_fails_while_it_quiesces_for_a_reset_fails),
	    TEST(who_fails_quiesced_or_on_the_way_there_is_held),
	    TEST(what_is_quiesced_has_nothing_to_answer),
	    TEST(who_says_that_it_cannot_quiesce_fails_if_it_was_to_stay_so),
	    TEST(who_does_not_quiesce_in_time_is_ended),
	    TEST(who_is_quiesced_is_stopped_without_another_quiesce),
	    TEST(the_last_wish_is_what_is_done),
	    TEST(a_hold_outlives_a_reset_and_no_quiesce),
	    TEST(who_requires_it_stops_while_it_is_quiesced),
	    TEST(who_requires_another_does_not_stay_quiesced_without_it),
	    TEST(who_has_to_go_meanwhile_goes_when_it_has_quiesced),
	    TEST(only_who_runs_is_reset_or_quiesced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
