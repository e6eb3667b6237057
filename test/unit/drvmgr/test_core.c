/* SPDX-License-Identifier: BSD-2-Clause */
/* What follows from what happens to drivers, core/world.h: what the manager promises, one by
 * one. */
#include "core/verdict.h"
#include "hands.h"

static void a_kill_starts_it_again_at_once_and_does_not_count(void **state)
{
	(void)state;
	hands_clear(1);
	world.rules[0].policy.first_ms = 5000;
	world.rules[0].policy.kind = POLICY_NEVER;
	hands_settle();
	for (uint32_t kills = 1; kills <= 50; kills++) {
		hands_run(0);
		assert_int_equal(core_kill(&world, 0), DRV_OK);
		hands_settle();
		assert_int_equal(hands[0].count[EFFECT_KILL], kills);
		hands_fail(0); /* as it was made to */
		assert_int_equal(hands[0].last[EFFECT_RESTART].a, 0);
		assert_int_equal(units[0].restarts, kills);
		assert_true(units[0].last_killed);
		assert_int_equal(units[0].last_error, DRV_ECANCELED);
		assert_int_equal(units[0].history.held, 0);
	}
	hands_run(0);
	hands_fail(0); /* by itself: that one counts */
	assert_false(units[0].last_killed);
	assert_int_equal(units[0].state, STATE_QUARANTINED);
}

static void a_kill_is_nobodys_fault(void **state)
{
	(void)state;
	hands_clear(2);
	hands_settle();
	hands_run(0);
	core_kill(&world, 0);
	hands_settle();
	core_fail(&world, 0, DRV_ETIMEDOUT, 1); /* it was judged before it faulted */
	assert_int_equal(units[0].last_culprit, NOBODY);
	hands_settle();
	hands_run(0);
	core_fail(&world, 0, DRV_ETIMEDOUT, 1);
	assert_int_equal(units[0].last_culprit, 1);
}

static void a_start_forgets_early_deaths(void **state)
{
	(void)state;
	hands_clear(1);
	world.rules[0].policy.kind = POLICY_NEVER;
	hands_settle();
	hands_fail(0);
	assert_int_equal(units[0].early_deaths, 1);
	assert_int_equal(units[0].state, STATE_QUARANTINED);
	core_start(&world, 0);
	hands_settle();
	hands_fail(0);
	assert_int_equal(units[0].early_deaths, 1);
	core_start(&world, 0);
	hands_settle();
	assert_false(units[0].forgets); /* it kept what it kept */
}

static void a_kill_ends_also_what_never_gets_to_fault(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	hands_run(0);
	core_kill(&world, 0);
	hands_settle();
	assert_int_equal(core_wait_ms(&world, 5000), 100);
	hands_pass(99);
	assert_int_equal(units[0].state, STATE_RUNNING);
	hands_pass(1);
	assert_int_equal(units[0].state, STATE_PROBING);
	assert_int_equal(units[0].generation, 2);
}

static void a_kill_of_one_that_is_to_go_lets_it_go(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	hands_run(0);
	core_stop(&world, 0);
	hands_settle();
	core_kill(&world, 0);
	hands_fail(0);
	assert_int_equal(units[0].state, STATE_STOPPED);
	core_start(&world, 0);
	hands_settle();
	hands_run(0);
	hands_fail(0); /* the kill is forgotten */
	assert_false(units[0].last_killed);
}

/* Five in the window, whatever there was before. */
static void giving_up_tells_the_restarts_within_the_window(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	for (uint32_t i = 0; i < 20; i++) {
		hands_run(0);
		hands_pass(10000);
		core_progress(&world, 0);
		hands_fail(0);
		hands_pass(70000);
	}
	while (units[0].state != STATE_QUARANTINED) {
		hands_run(0);
		hands_fail(0);
		hands_pass(units[0].state == STATE_BACKOFF ? 2000 : 0);
	}
	assert_int_equal(hands[0].last[EFFECT_GIVE_UP].a, 5);
	assert_int_equal(units[0].restarts, 25);
	assert_int_equal(hands[0].told, DRV_EQUARANTINED);
}

static void who_never_ran_gets_two_restarts(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	for (uint32_t deaths = 1; deaths <= 3; deaths++) {
		hands_fail(0);
		hands_pass(1000);
	}
	assert_int_equal(units[0].state, STATE_QUARANTINED);
	assert_int_equal(hands[0].generation, 3);
}

static void what_was_kept_goes_after_two_deaths_in_a_row_before_running(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	for (uint32_t i = 0; i < 4; i++) { /* deaths while Running, and one before it */
		hands_run(0);
		hands_fail(0);
		hands_pass(1000);
		assert_false(hands[0].forgot);
	}
	hands_fail(0);
	hands_pass(1000);
	assert_false(hands[0].forgot);
	core_kill(&world, 0); /* which says nothing about what was kept */
	hands_fail(0);
	assert_false(hands[0].forgot);
	core_absolve(&world, 0, 0);
	assert_int_equal(units[0].kept_since, 1);
	hands_fail(0);
	hands_pass(1000);
	assert_true(hands[0].forgot);
	assert_int_equal(units[0].kept_since, units[0].generation);
	uint32_t since = units[0].kept_since;
	hands_run(0);
	hands_fail(0);
	hands_pass(1000);
	assert_false(hands[0].forgot);
	assert_int_equal(units[0].kept_since, since);
}

static void what_is_held_goes_on_and_is_not_started_again(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	hands_run(0);
	assert_int_equal(core_hold(&world, 0), DRV_OK);
	hands_settle();
	assert_int_equal(units[0].state, STATE_RUNNING);
	assert_int_equal(core_hold(&world, 0), DRV_EEXIST);
	hands_fail(0);
	hands_lacks(0, LACK_RELEASE, 0);
	assert_int_equal(core_release(&world, 0), DRV_OK);
	hands_settle();
	hands_run(0);
}

static void a_start_ends_the_hold_of_what_rests(void **state)
{
	(void)state;
	hands_clear(1);
	world.rules[0].policy.kind = POLICY_NEVER;
	hands_settle();
	hands_fail(0);
	assert_int_equal(units[0].state, STATE_QUARANTINED);
	assert_int_equal(core_hold(&world, 0), DRV_OK);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	hands_settle();
	assert_int_equal(core_release(&world, 0), DRV_EBUSY); /* it is not held */
	hands_run(0);
	world.rules[0].policy.kind = POLICY_ON_FAILURE;
	assert_int_equal(core_hold(&world, 0), DRV_OK);
	hands_fail(0);
	hands_lacks(0, LACK_RELEASE, 0);
	assert_int_equal(core_start(&world, 0),
			 DRV_EBUSY); /* but of what waits it is refused */
	hands_lacks(0, LACK_RELEASE, 0);
}

static void the_operator_s_verbs_say_when_they_mean_nothing(void **state)
{
	(void)state;
	hands_clear(2);
	world.rules[1].refusal = DRV_EFORMAT;
	hands_settle();
	assert_int_equal(units[1].state, STATE_REJECTED);
	assert_int_equal(units[1].last_error, DRV_EFORMAT);
	assert_int_equal(core_start(&world, 1), DRV_EBUSY);
	assert_int_equal(core_stop(&world, 1), DRV_EBUSY);
	assert_int_equal(core_kill(&world, 1), DRV_EBUSY);
	assert_int_equal(core_release(&world, 0), DRV_EBUSY);
	hands_run(0);
	assert_int_equal(core_start(&world, 0), DRV_EBUSY);
	assert_int_equal(core_stop(&world, 0), DRV_OK);
	hands_settle();
	assert_int_equal(core_stop(&world, 0), DRV_EBUSY);
	assert_int_equal(core_start(&world, 0), DRV_OK); /* while it leaves */
	hands_settle();
	hands_leave(0);
	hands_run(0);
	hands_event(0, EVENT_EXIT); /* by itself, and its policy lets it be */
	assert_int_equal(units[0].state, STATE_STOPPED);
	assert_int_equal(core_stop(&world, 0), DRV_EBUSY);
	assert_int_equal(core_kill(&world, 0), DRV_EBUSY);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	hands_settle();
	hands_run(0);
}

static void an_essential_driver_is_never_given_up(void **state)
{
	(void)state;
	hands_clear(1);
	world.rules[0].essential = true;
	world.rules[0].policy.max_ms = 3000;
	hands_settle();
	for (uint32_t deaths = 0; deaths < 50; deaths++) {
		hands_fail(0);
		assert_int_not_equal(units[0].state, STATE_QUARANTINED);
		hands_pass(3000);
		assert_int_equal(units[0].state, STATE_PROBING);
	}
	assert_int_equal(hands[0].last[EFFECT_RESTART].b, 3000);
}

static void what_another_is_to_blame_for_is_taken_back(void **state)
{
	(void)state;
	hands_clear(1);
	world.rules[0].policy.burst = 1;
	hands_pass(1000);
	hands_run(0);
	hands_fail(0);
	hands_pass(5000);
	hands_run(0);
	hands_fail(0);
	assert_int_equal(units[0].state, STATE_QUARANTINED);
	core_absolve(&world, 0, 5000);
	hands_settle();
	hands_run(0);
	assert_int_equal(units[0].history.held, 1); /* the first one was its own */
}

static void calls_that_wait_are_told_of_an_end_only_if_they_are_to_be(void **state)
{
	(void)state;
	hands_clear(2);
	world.rules[1].keeps_calls = true;
	hands_settle();
	hands_fail(0);
	hands_fail(1);
	assert_true(hands[0].told_calls);
	assert_false(hands[1].told_calls);
}

static void without_memory_it_is_given_up_and_nothing_is_left(void **state)
{
	(void)state;
	hands_clear(1);
	no_memory = true;
	hands_settle();
	hands_pass(1000);
	hands_pass(1000);
	assert_int_equal(units[0].state, STATE_QUARANTINED);
	assert_int_equal(units[0].last_error, DRV_ENOMEM);
}

/* Its last end is no failure, and nobody's fault: whoever was to blame for the one before has
 * nothing to be forgiven for it. */
static void an_exit_is_the_last_end_and_nobody_s_fault(void **state)
{
	(void)state;
	hands_clear(2);
	world.rules[0].policy.kind = POLICY_ALWAYS;
	hands_settle();
	hands_run(0);
	core_fail(&world, 0, DRV_ETIMEDOUT, 1);
	hands_settle();
	assert_int_equal(units[0].last_culprit, 1);
	hands_run(0);
	hands_event(0, EVENT_EXIT);
	assert_int_equal(units[0].last_error, DRV_OK);
	assert_int_equal(units[0].last_culprit, NOBODY);
	assert_int_equal(units[0].history.held, 2); /* its policy counts it */
	hands_pass(1000);
	hands_run(0);
	assert_int_equal(core_kill(&world, 0), DRV_OK);
	hands_event(0, EVENT_EXIT); /* before it has faulted */
	assert_true(units[0].last_killed);
}

static void what_was_said_of_an_instance_is_said_again_of_the_next(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	hands_run(0);
	core_name(&world, 0, VERDICT_SPINS);
	hands_event(0, EVENT_OK); /* means nothing */
	assert_int_equal(units[0].named, 1u << VERDICT_SPINS);
	hands_fail(0);
	assert_int_equal(units[0].named, 0);
}

/* However it ends and begins, and whoever has it do so, but the operator's start. */
static void what_throttles_an_instance_throttles_the_next_until_a_start(void **state)
{
	(void)state;
	hands_clear(1);
	hands_settle();
	hands_run(0);
	core_name(&world, 0, VERDICT_PERSISTS);
	hands_fail(0);
	hands_run(0);
	assert_int_equal(units[0].named, 1u << VERDICT_FLOODS);
	assert_int_equal(core_kill(&world, 0), DRV_OK);
	hands_fail(0);
	hands_run(0);
	assert_int_equal(units[0].generation, 3);
	assert_int_equal(units[0].named, 1u << VERDICT_FLOODS);
	assert_int_equal(core_stop(&world, 0), DRV_OK);
	hands_settle();
	hands_leave(0);
	assert_int_equal(units[0].state, STATE_STOPPED);
	assert_int_equal(units[0].named, 1u << VERDICT_FLOODS);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	assert_int_equal(units[0].named, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_throttles_an_instance_throttles_the_next_until_a_start),
	    cmocka_unit_test(a_kill_starts_it_again_at_once_and_does_not_count),
	    cmocka_unit_test(a_kill_is_nobodys_fault),
	    cmocka_unit_test(a_start_forgets_early_deaths),
	    cmocka_unit_test(a_kill_ends_also_what_never_gets_to_fault),
	    cmocka_unit_test(a_kill_of_one_that_is_to_go_lets_it_go),
	    cmocka_unit_test(giving_up_tells_the_restarts_within_the_window),
	    cmocka_unit_test(who_never_ran_gets_two_restarts),
	    cmocka_unit_test(what_was_kept_goes_after_two_deaths_in_a_row_before_running),
	    cmocka_unit_test(what_is_held_goes_on_and_is_not_started_again),
	    cmocka_unit_test(the_operator_s_verbs_say_when_they_mean_nothing),
	    cmocka_unit_test(a_start_ends_the_hold_of_what_rests),
	    cmocka_unit_test(an_essential_driver_is_never_given_up),
	    cmocka_unit_test(what_another_is_to_blame_for_is_taken_back),
	    cmocka_unit_test(calls_that_wait_are_told_of_an_end_only_if_they_are_to_be),
	    cmocka_unit_test(without_memory_it_is_given_up_and_nothing_is_left),
	    cmocka_unit_test(an_exit_is_the_last_end_and_nobody_s_fault),
	    cmocka_unit_test(what_was_said_of_an_instance_is_said_again_of_the_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
