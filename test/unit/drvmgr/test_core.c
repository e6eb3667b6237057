/* SPDX-License-Identifier: BSD-2-Clause */
/* What follows from what happens to drivers, core/world.h: what the manager promises, one by
 * one. */
#include "hands.h"

static void requires(uint32_t i, uint32_t provider)
{
	rules_t *rules = &world.rules[i];
	rules->requires[rules->requires_count++] = (uint8_t)provider;
}

static void rivals(uint32_t i, uint32_t j)
{
	world.rules[i].rivals |= 1u << j;
	world.rules[j].rivals |= 1u << i;
}

static void check_lack(uint32_t i, lack_t kind, uint32_t other)
{
	reason_t reason = core_lack(&world, i);
	assert_int_equal(units[i].state, STATE_WAITING);
	assert_int_equal(reason.kind, kind);
	assert_int_equal(reason.other, other);
	assert_int_equal(hands[i].last[EFFECT_WAIT].a, kind);
	assert_int_equal(hands[i].last[EFFECT_WAIT].b, other);
}

static void a_driver_starts_when_all_that_it_requires_runs(void **state)
{
	(void)state;
	hands_clear(3);
	requires(0, 1);
	requires(0, 2);
	hands_settle();
	check_lack(0, LACK_REQUIRED, 1);
	hands_run(1);
	check_lack(0, LACK_REQUIRED, 2);
	hands_run(2);
	hands_run(0);
}

static void who_requires_what_nobody_provides_waits_and_says_so(void **state)
{
	(void)state;
	hands_clear(1);
	requires(0, UNITS_MAX);
	hands_settle();
	check_lack(0, LACK_PROVIDER, 0);
	assert_int_equal(hands[0].generation, 0);
	assert_int_equal(hands[0].count[EFFECT_WAIT], 1);
}

static void two_that_require_each_other_wait(void **state)
{
	(void)state;
	hands_clear(2);
	requires(0, 1);
	requires(1, 0);
	hands_settle();
	check_lack(0, LACK_REQUIRED, 1);
	check_lack(1, LACK_REQUIRED, 0);
}

static void after_its_delay_it_waits_for_what_it_requires(void **state)
{
	(void)state;
	hands_clear(2);
	requires(1, 0);
	world.rules[1].policy.first_ms = 1000;
	hands_settle();
	hands_run(0);
	hands_run(1);
	hands_fail(1);
	assert_int_equal(units[1].state, STATE_BACKOFF);
	assert_int_equal(core_stop(&world, 0), DRV_OK);
	hands_settle();
	hands_leave(0);
	hands_pass(1000);
	check_lack(1, LACK_REQUIRED, 0);
	assert_int_equal(core_start(&world, 0), DRV_OK);
	hands_settle();
	hands_run(0);
	hands_run(1);
}

/* Its dependency is back before it is gone. */
static void a_dependent_that_leaves_slowly_comes_back(void **state)
{
	(void)state;
	hands_clear(2);
	requires(1, 0);
	hands_settle();
	hands_run(0);
	hands_run(1);
	hands_fail(0);
	assert_int_equal(units[1].state, STATE_QUIESCING);
	hands_run(0);
	hands_leave(1);
	hands_run(1);
	assert_int_equal(units[1].restarts, 0);
}

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
	hands_fail(0);
	hands_pass(1000);
	assert_true(hands[0].forgot);
	hands_run(0);
	hands_fail(0);
	hands_pass(1000);
	assert_false(hands[0].forgot);
}

static void who_comes_later_waits_for_hardware_until_the_other_lets_go(void **state)
{
	(void)state;
	hands_clear(2);
	rivals(0, 1);
	world.rules[0].policy.kind = POLICY_ON_FAILURE;
	hands_settle();
	check_lack(1, LACK_HARDWARE, 0);
	hands_run(0);
	hands_fail(0); /* in its delay it still has it */
	check_lack(1, LACK_HARDWARE, 0);
	hands_run(0);
	core_stop(&world, 0);
	hands_settle();
	check_lack(1, LACK_HARDWARE, 0);
	hands_leave(0);
	hands_run(1);
	core_start(&world, 0); /* now it is the other way round */
	hands_settle();
	check_lack(0, LACK_HARDWARE, 1);
	hands_fail(1);
	check_lack(0, LACK_HARDWARE, 1);
}

static void absent_and_quarantined_drivers_let_go_of_hardware(void **state)
{
	(void)state;
	hands_clear(3);
	rivals(0, 1);
	rivals(0, 2);
	rivals(1, 2);
	world.rules[1].policy.kind = POLICY_NEVER;
	hands_settle();
	hands_answer(0, DRV_ENODEV);
	assert_int_equal(hands[0].told, DRV_ENODEV);
	hands_fail(1);
	assert_int_equal(units[1].state, STATE_QUARANTINED);
	hands_run(2);
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
	assert_int_equal(core_hold(&world, 0), DRV_EBUSY);
	hands_fail(0);
	check_lack(0, LACK_RELEASE, 0);
	assert_int_equal(core_release(&world, 0), DRV_OK);
	hands_settle();
	hands_run(0);
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

/* Four of a group that run, of which number 1 failed and is in its delay. */
static void begin_group(group_strategy_t strategy)
{
	hands_clear(5);
	for (uint32_t i = 0; i < 4; i++) {
		world.rules[i].group = 1;
		world.rules[i].strategy = strategy;
		world.rules[i].policy.first_ms = 50;
	}
	hands_settle();
	for (uint32_t i = 0; i < 5; i++)
		hands_run(i);
	hands_fail(1);
}

static void in_a_group_of_one_nobody_else_starts_again(void **state)
{
	(void)state;
	begin_group(GROUP_ONE);
	hands_pass(50);
	hands_run(1);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(units[i].generation, i == 1 ? 2 : 1);
}

static void in_a_group_of_rest_those_behind_start_again_in_their_order(void **state)
{
	(void)state;
	begin_group(GROUP_REST);
	assert_int_equal(units[0].state, STATE_RUNNING);
	assert_int_equal(units[4].state, STATE_RUNNING);
	hands_leave(3);
	check_lack(3, LACK_GROUP, 1);
	hands_pass(50);
	check_lack(1, LACK_GROUP, 2); /* which has not gone yet */
	hands_leave(2);
	hands_run(1);
	check_lack(3, LACK_GROUP, 2);
	hands_run(2);
	hands_run(3);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(units[i].generation, i >= 1 && i <= 3 ? 2 : 1);
		assert_int_equal(units[i].restarts, i == 1);
	}
}

static void in_a_group_of_all_everyone_starts_again(void **state)
{
	(void)state;
	begin_group(GROUP_ALL);
	hands_leave(0);
	hands_leave(2);
	hands_leave(3);
	hands_run(0);
	hands_pass(50);
	for (uint32_t i = 1; i < 4; i++)
		hands_run(i);
	assert_int_equal(units[4].generation, 1);
}

static void a_group_waits_for_the_one_that_was_given_up(void **state)
{
	(void)state;
	begin_group(GROUP_ALL);
	hands_leave(0);
	hands_leave(2);
	hands_leave(3);
	hands_run(0);
	hands_pass(50);
	for (uint32_t deaths = 0; units[1].state != STATE_QUARANTINED; deaths++) {
		assert_in_range(deaths, 0, 20);
		hands_fail(1);
		if (units[0].state == STATE_QUIESCING)
			hands_leave(0);
		if (units[0].state == STATE_PROBING)
			hands_run(0);
		hands_pass(5000);
		if (units[0].state == STATE_PROBING)
			hands_run(0);
	}
	if (units[0].state == STATE_QUIESCING)
		hands_leave(0);
	check_lack(0, LACK_GROUP, 1);
	check_lack(3, LACK_GROUP, 1);
	core_start(&world, 1);
	hands_settle();
	for (uint32_t i = 0; i < 4; i++)
		if (units[i].state == STATE_PROBING)
			hands_run(i);
	for (uint32_t i = 0; i < 4; i++)
		assert_true(hands_live(units[i].state));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_driver_starts_when_all_that_it_requires_runs),
	    cmocka_unit_test(who_requires_what_nobody_provides_waits_and_says_so),
	    cmocka_unit_test(two_that_require_each_other_wait),
	    cmocka_unit_test(after_its_delay_it_waits_for_what_it_requires),
	    cmocka_unit_test(a_dependent_that_leaves_slowly_comes_back),
	    cmocka_unit_test(a_kill_starts_it_again_at_once_and_does_not_count),
	    cmocka_unit_test(a_kill_ends_also_what_never_gets_to_fault),
	    cmocka_unit_test(a_kill_of_one_that_is_to_go_lets_it_go),
	    cmocka_unit_test(giving_up_tells_the_restarts_within_the_window),
	    cmocka_unit_test(who_never_ran_gets_two_restarts),
	    cmocka_unit_test(what_was_kept_goes_after_two_deaths_in_a_row_before_running),
	    cmocka_unit_test(who_comes_later_waits_for_hardware_until_the_other_lets_go),
	    cmocka_unit_test(absent_and_quarantined_drivers_let_go_of_hardware),
	    cmocka_unit_test(what_is_held_goes_on_and_is_not_started_again),
	    cmocka_unit_test(the_operator_s_verbs_say_when_they_mean_nothing),
	    cmocka_unit_test(in_a_group_of_one_nobody_else_starts_again),
	    cmocka_unit_test(in_a_group_of_rest_those_behind_start_again_in_their_order),
	    cmocka_unit_test(in_a_group_of_all_everyone_starts_again),
	    cmocka_unit_test(a_group_waits_for_the_one_that_was_given_up),
	    cmocka_unit_test(an_essential_driver_is_never_given_up),
	    cmocka_unit_test(what_another_is_to_blame_for_is_taken_back),
	    cmocka_unit_test(calls_that_wait_are_told_of_an_end_only_if_they_are_to_be),
	    cmocka_unit_test(without_memory_it_is_given_up_and_nothing_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
