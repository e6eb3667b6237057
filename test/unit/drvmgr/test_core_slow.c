/* SPDX-License-Identifier: BSD-2-Clause */
/* core/world.h with hands that take their time: whatever happens meanwhile, no instance begins
 * before what is left of the last one, or of one that had the same hardware, is gone. hands.h
 * fails the test if one does. */
#include "abi/protocol/driver.h"
#include "hands.h"

static void begin(uint32_t count)
{
	hands_clear(count);
	slow = true;
}

static void run(uint32_t i)
{
	hands_finish(i);
	hands_run(i);
}

static void stop(uint32_t i)
{
	assert_int_equal(core_stop(&world, i), DRV_OK);
	hands_settle();
	hands_leave(i);
	assert_int_equal(units[i].state, STATE_STOPPED);
	assert_true(hands[i].ending);
}

static void the_policy_is_asked_when_nothing_is_left(void **state)
{
	(void)state;
	begin(1);
	hands_settle();
	run(0);
	hands_fail(0);
	assert_int_equal(units[0].state, STATE_RECOVERING);
	assert_int_equal(hands[0].generation, 1);
	hands_finish(0);
	assert_int_equal(units[0].state, STATE_PROBING);
	assert_int_equal(hands[0].generation, 2);
	run(0);
}

/* Whether it failed or was killed. */
static void who_is_stopped_while_its_end_lasts_does_not_start_again(void **state)
{
	(void)state;
	for (int killed = 0; killed < 2; killed++) {
		begin(1);
		hands_settle();
		run(0);
		if (killed)
			assert_int_equal(core_kill(&world, 0), DRV_OK);
		hands_fail(0);
		assert_int_equal(units[0].state, STATE_RECOVERING);
		assert_int_equal(core_stop(&world, 0), DRV_OK);
		hands_settle();
		assert_int_equal(core_stop(&world, 0), DRV_EBUSY);
		assert_int_equal(units[0].state, STATE_STOPPED);
		hands_finish(0);
		assert_int_equal(units[0].state, STATE_STOPPED);
		hands_pass(60000);
		assert_int_equal(units[0].state, STATE_STOPPED);
		assert_int_equal(hands[0].generation, 1);
		assert_int_equal(core_start(&world, 0), DRV_OK);
		hands_settle();
		run(0);
	}
}

/* It fails when it is to leave, which no policy forgives; that was before it was started. */
static void who_is_started_while_its_end_lasts_starts_whatever_its_policy_says(void **state)
{
	(void)state;
	begin(1);
	world.rules[0].policy.kind = POLICY_NEVER;
	hands_settle();
	run(0);
	assert_int_equal(core_stop(&world, 0), DRV_OK);
	hands_settle();
	hands_fail(0);
	assert_int_equal(units[0].state, STATE_STOPPED);
	assert_true(hands[0].ending);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	assert_int_equal(core_start(&world, 0), DRV_EBUSY);
	hands_finish(0);
	assert_int_equal(hands[0].generation, 2);
	run(0);
	hands_fail(0);
	hands_finish(0);
	assert_int_equal(units[0].state, STATE_QUARANTINED);
}

static void who_is_started_again_at_once_waits_for_its_own_end(void **state)
{
	(void)state;
	begin(1);
	hands_settle();
	run(0);
	stop(0);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	hands_settle();
	assert_int_equal(hands[0].generation, 1);
	hands_finish(0);
	assert_int_equal(hands[0].generation, 2);
	run(0);
}

static void who_wants_the_same_hardware_waits_for_the_others_end(void **state)
{
	(void)state;
	begin(2);
	world.rules[0].rivals = 2;
	world.rules[1].rivals = 1;
	hands_settle();
	run(0);
	hands_lacks(1, LACK_HARDWARE, 0);
	stop(0);
	hands_lacks(1, LACK_HARDWARE, 0);
	hands_finish(0);
	run(1);
}

static void a_group_waits_for_the_end_of_who_leaves(void **state)
{
	(void)state;
	begin(2);
	for (uint32_t i = 0; i < 2; i++) {
		world.rules[i].group = 1;
		world.rules[i].strategy = GROUP_ALL;
	}
	hands_settle();
	run(0);
	run(1);
	hands_fail(0);
	hands_finish(0);
	hands_leave(1);
	assert_int_equal(hands[0].generation, 1);
	hands_finish(1);
	run(0);
	run(1);
	assert_int_equal(hands[0].generation + hands[1].generation, 4);
}

static void who_is_stopped_in_the_making_is_told_when_it_is_made(void **state)
{
	(void)state;
	begin(1);
	hands_settle();
	assert_true(hands[0].making);
	assert_int_equal(core_stop(&world, 0), DRV_OK);
	hands_settle();
	assert_int_equal(units[0].state, STATE_STOPPING);
	hands_finish(0);
	assert_int_equal(hands[0].command, DRIVER_STOP);
	hands_event(0, EVENT_EXIT);
	hands_finish(0);
	assert_int_equal(units[0].state, STATE_STOPPED);
}

static void who_fails_in_the_making_ends_and_is_made_again(void **state)
{
	(void)state;
	begin(1);
	hands_settle();
	hands_fail(0);
	assert_true(hands[0].ending);
	assert_false(hands[0].making);
	hands_finish(0);
	assert_int_equal(hands[0].generation, 2);
	run(0);
}

/* However long it takes, and whatever else the manager had to do meanwhile: only the turns that
 * its own end had count, and the hands count them. */
static void who_recovers_is_not_given_up_for_the_time_that_it_takes(void **state)
{
	(void)state;
	for (int starts = 0; starts < 2; starts++) {
		begin(1);
		hands_settle();
		run(0);
		if (starts) { /* and so does one that was started again meanwhile */
			stop(0);
			assert_int_equal(core_start(&world, 0), DRV_OK);
		} else {
			hands_fail(0);
		}
		hands_pass(3600000);
		assert_int_equal(core_wait_ms(&world, 60000), 60000);
		assert_int_equal(units[0].state, starts ? STATE_LOADED : STATE_RECOVERING);
		hands_finish(0);
		run(0);
	}
}

static void overdue(uint32_t i)
{
	core_overdue(&world, i);
	hands_settle();
}

static void who_is_overdue_is_given_up_and_takes_its_group_along(void **state)
{
	(void)state;
	begin(2);
	for (uint32_t i = 0; i < 2; i++) {
		world.rules[i].group = 1;
		world.rules[i].strategy = GROUP_ALL;
	}
	hands_settle();
	run(0);
	run(1);
	hands_fail(0);
	assert_int_equal(units[1].state, STATE_RUNNING);
	overdue(0);
	assert_int_equal(units[0].state, STATE_QUARANTINED);
	assert_int_equal(hands[0].told, DRV_EQUARANTINED);
	assert_int_equal(hands[0].count[EFFECT_GIVE_UP], 1);
	assert_int_equal(hands[0].last[EFFECT_GIVE_UP].c, EVENT_LIMIT);
	hands_leave(1);
	hands_finish(1);
	hands_lacks(1, LACK_GROUP, 0);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	hands_settle();
	assert_int_equal(hands[0].generation, 1); /* something is left */
	hands_finish(0);
	run(0);
	run(1);
}

static void who_is_overdue_and_essential_goes_on_when_it_is_over(void **state)
{
	(void)state;
	begin(1);
	world.rules[0].essential = true;
	hands_settle();
	run(0);
	hands_fail(0);
	overdue(0);
	assert_int_equal(units[0].state, STATE_RECOVERING);
	hands_finish(0);
	run(0);
}

/* Nobody is given up whom nobody wants, and none that was started since. */
static void who_is_overdue_and_was_stopped_or_started_is_not_given_up(void **state)
{
	(void)state;
	for (int starts = 0; starts < 2; starts++) {
		begin(1);
		hands_settle();
		run(0);
		hands_fail(0);
		if (starts)
			assert_int_equal(core_start(&world, 0), DRV_OK);
		else
			assert_int_equal(core_stop(&world, 0), DRV_OK);
		overdue(0); /* in the same turn */
		assert_int_equal(units[0].state, starts ? STATE_LOADED : STATE_STOPPED);
		overdue(0);
		assert_int_equal(units[0].state, starts ? STATE_LOADED : STATE_STOPPED);
		hands_finish(0);
		assert_int_equal(units[0].state, starts ? STATE_PROBING : STATE_STOPPED);
	}
}

/* Whatever its end was, and whatever its policy made of it. */
static void a_start_that_is_answered_while_an_end_lasts_is_not_lost(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < POLICY_KIND_COUNT * 2 * 2 * 2 * 2; n++) {
		uint32_t kind = n / 16;
		bool exits = n & 1, stops = n & 2, killed = n & 4, late = n & 8;
		begin(1);
		world.rules[0].policy.kind = kind;
		hands_settle();
		run(0);
		if (killed)
			assert_int_equal(core_kill(&world, 0), DRV_OK);
		if (exits)
			hands_event(0, EVENT_EXIT);
		else
			hands_fail(0);
		assert_int_equal(units[0].state, STATE_RECOVERING);
		if (stops)
			assert_int_equal(core_stop(&world, 0), DRV_OK);
		if (late)
			hands_settle();
		assert_int_equal(core_start(&world, 0), DRV_OK);
		if (late)
			hands_pass(1000);
		hands_finish(0);
		assert_int_equal(hands[0].generation, 2);
		run(0);
		hands_pass(1000); /* no kill of the one before is left */
		assert_int_equal(units[0].state, STATE_RUNNING);
		assert_int_equal(units[0].history.held + units[0].history.restarts, 0);
	}
}

static void who_is_started_while_its_failure_is_taken_apart_takes_its_group_along(void **state)
{
	(void)state;
	for (int exits = 0; exits < 2; exits++) {
		begin(2);
		for (uint32_t i = 0; i < 2; i++) {
			world.rules[i].group = 1;
			world.rules[i].strategy = GROUP_ALL;
		}
		hands_settle();
		run(0);
		run(1);
		if (exits)
			hands_event(0, EVENT_EXIT);
		else
			hands_fail(0);
		assert_int_equal(core_start(&world, 0), DRV_OK);
		hands_settle();
		assert_int_equal(units[1].state, exits ? STATE_RUNNING : STATE_QUIESCING);
		hands_finish(0);
		if (exits) {
			run(0); /* its policy would have let it be, and the other one too */
			continue;
		}
		hands_leave(1);
		hands_finish(1);
		run(0);
		run(1);
	}
}

/* What is told when the end is over is the change that was made last. */
static void after_the_manager_s_death_what_is_told_is_what_happened(void **state)
{
	(void)state;
	const effect_t *told = &hands[0].last[EFFECT_STATE];
	begin(1);
	hands_settle();
	run(0);
	stop(0);
	core_adopt(&world, 0, false, false);
	hands_settle();
	assert_int_equal(told->a, STATE_STOPPING);
	assert_int_equal(told->b, STATE_STOPPED);
	assert_int_equal(told->c, EVENT_EXIT);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	assert_int_equal(core_hold(&world, 0), DRV_OK);
	hands_settle();
	assert_int_equal(units[0].state, STATE_WAITING);
	uint32_t count = hands[0].count[EFFECT_STATE];
	core_adopt(&world, 0, false, false);
	hands_settle();
	assert_int_equal(hands[0].count[EFFECT_STATE], count);
	assert_int_equal(core_stop(&world, 0), DRV_OK);
	hands_settle();
	core_adopt(&world, 0, false, false);
	hands_settle();
	assert_int_equal(hands[0].count[EFFECT_STATE], count + 2);
	assert_int_equal(told->a, STATE_WAITING);
	assert_int_equal(told->b, STATE_STOPPED);
	assert_int_equal(told->c, EVENT_STOP);
	hands_finish(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_policy_is_asked_when_nothing_is_left),
	    cmocka_unit_test(who_is_stopped_while_its_end_lasts_does_not_start_again),
	    cmocka_unit_test(
		who_is_started_while_its_end_lasts_starts_whatever_its_policy_says),
	    cmocka_unit_test(who_is_started_again_at_once_waits_for_its_own_end),
	    cmocka_unit_test(who_wants_the_same_hardware_waits_for_the_others_end),
	    cmocka_unit_test(a_group_waits_for_the_end_of_who_leaves),
	    cmocka_unit_test(who_is_stopped_in_the_making_is_told_when_it_is_made),
	    cmocka_unit_test(who_fails_in_the_making_ends_and_is_made_again),
	    cmocka_unit_test(who_recovers_is_not_given_up_for_the_time_that_it_takes),
	    cmocka_unit_test(who_is_overdue_is_given_up_and_takes_its_group_along),
	    cmocka_unit_test(who_is_overdue_and_essential_goes_on_when_it_is_over),
	    cmocka_unit_test(who_is_overdue_and_was_stopped_or_started_is_not_given_up),
	    cmocka_unit_test(a_start_that_is_answered_while_an_end_lasts_is_not_lost),
	    cmocka_unit_test(
		who_is_started_while_its_failure_is_taken_apart_takes_its_group_along),
	    cmocka_unit_test(after_the_manager_s_death_what_is_told_is_what_happened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
