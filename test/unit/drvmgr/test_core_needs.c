/* SPDX-License-Identifier: BSD-2-Clause */
/* Who starts when, core/world.h: what is required, hardware that several want, and groups. */
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

static void a_driver_starts_when_all_that_it_requires_runs(void **state)
{
	(void)state;
	hands_clear(3);
	requires(0, 1);
	requires(0, 2);
	hands_settle();
	hands_lacks(0, LACK_REQUIRED, 1);
	hands_run(1);
	hands_lacks(0, LACK_REQUIRED, 2);
	hands_run(2);
	hands_run(0);
}

static void who_requires_what_nobody_provides_waits_and_says_so(void **state)
{
	(void)state;
	hands_clear(1);
	requires(0, UNITS_MAX);
	hands_settle();
	hands_lacks(0, LACK_PROVIDER, 0);
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
	hands_lacks(0, LACK_REQUIRED, 1);
	hands_lacks(1, LACK_REQUIRED, 0);
}

/* It requires one that is not there yet and that is looked at behind it. */
static void who_will_run_has_what_it_claims_before_those_behind_it(void **state)
{
	(void)state;
	hands_clear(3);
	requires(0, 1);
	rivals(0, 2);
	hands_settle();
	hands_lacks(0, LACK_REQUIRED, 1);
	hands_lacks(2, LACK_HARDWARE, 0);
	hands_run(1);
	hands_run(0);
	assert_int_equal(hands[2].generation, 0);
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
	hands_lacks(1, LACK_REQUIRED, 0);
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

/* The kernel has so many claimers of a shared line (abi/cap.h). */
static void a_shared_line_has_room_for_so_many_and_the_next_one_waits(void **state)
{
	(void)state;
	hands_clear(IRQ_CLAIMERS + 2);
	for (uint32_t i = 0; i <= IRQ_CLAIMERS; i++)
		world.rules[i].shared = 1u << 5;
	world.rules[IRQ_CLAIMERS + 1].shared = 1u << 6; /* another line */
	hands_settle();
	hands_lacks(IRQ_CLAIMERS, LACK_HARDWARE, 0);
	for (uint32_t i = 0; i < IRQ_CLAIMERS + 2; i++)
		if (i != IRQ_CLAIMERS)
			hands_run(i);
	core_stop(&world, 3);
	hands_settle();
	hands_lacks(IRQ_CLAIMERS, LACK_HARDWARE, 0);
	hands_leave(3);
	hands_run(IRQ_CLAIMERS);
	core_start(&world, 3);
	hands_settle();
	hands_lacks(3, LACK_HARDWARE, 0);
}

static void who_comes_later_waits_for_hardware_until_the_other_lets_go(void **state)
{
	(void)state;
	hands_clear(2);
	rivals(0, 1);
	world.rules[0].policy.kind = POLICY_ON_FAILURE;
	hands_settle();
	hands_lacks(1, LACK_HARDWARE, 0);
	hands_run(0);
	hands_fail(0); /* in its delay it still has it */
	hands_lacks(1, LACK_HARDWARE, 0);
	hands_run(0);
	core_stop(&world, 0);
	hands_settle();
	hands_lacks(1, LACK_HARDWARE, 0);
	hands_leave(0);
	hands_run(1);
	core_start(&world, 0); /* now it is the other way round */
	hands_settle();
	hands_lacks(0, LACK_HARDWARE, 1);
	hands_fail(1);
	hands_lacks(0, LACK_HARDWARE, 1);
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
	hands_lacks(3, LACK_GROUP, 1);
	hands_pass(50);
	hands_lacks(1, LACK_GROUP, 2); /* which has not gone yet */
	hands_leave(2);
	hands_run(1);
	hands_lacks(3, LACK_GROUP, 2);
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
	hands_lacks(0, LACK_GROUP, 1);
	hands_lacks(3, LACK_GROUP, 1);
	core_start(&world, 1);
	hands_settle();
	for (uint32_t i = 0; i < 4; i++)
		if (units[i].state == STATE_PROBING)
			hands_run(i);
	for (uint32_t i = 0; i < 4; i++)
		assert_true(hands_live(units[i].state));
}

/* The first requires one that is given up, or requires itself one that is. */
static void who_waits_for_what_will_not_run_keeps_hardware_from_nobody(void **state)
{
	(void)state;
	for (uint32_t links = 1; links < 3; links++) {
		hands_clear(4);
		rivals(2, 3);
		requires(2, links - 1);
		if (links == 2)
		requires(1, 0);
		world.rules[0].policy.burst = 0;
		hands_settle();
		hands_lacks(3, LACK_HARDWARE, 2);
		hands_fail(0);
		assert_int_equal(units[0].state, STATE_QUARANTINED);
		hands_run(3);
	}
}

/* From the hold on, however long its delay would be; and it starts when it is released. */
static void who_is_held_in_its_delay_lets_go_of_hardware_at_once(void **state)
{
	(void)state;
	hands_clear(2);
	rivals(0, 1);
	world.rules[0].policy.first_ms = 30000;
	hands_settle();
	hands_run(0);
	hands_fail(0);
	assert_int_equal(units[0].state, STATE_BACKOFF);
	hands_lacks(1, LACK_HARDWARE, 0);
	assert_int_equal(core_hold(&world, 0), DRV_OK);
	hands_settle();
	hands_lacks(0, LACK_RELEASE, 0);
	hands_run(1);
	assert_int_equal(core_release(&world, 0), DRV_OK);
	hands_settle();
	hands_lacks(0, LACK_HARDWARE, 1);
	assert_int_equal(core_stop(&world, 1), DRV_OK);
	hands_settle();
	hands_leave(1);
	hands_run(0);
}

/* Those before it wait for each other. */
static void a_circle_keeps_hardware_from_nobody(void **state)
{
	(void)state;
	hands_clear(3);
	rivals(0, 2);
	requires(0, 1);
	requires(1, 0);
	hands_settle();
	hands_run(2);
}

/* Whichever of those that provide it: they are rivals, and the second follows the first. */
static void what_two_provide_is_there_when_either_runs(void **state)
{
	(void)state;
	for (uint32_t hopeless = 0; hopeless < 2; hopeless++) {
		hands_clear(3);
		rivals(0, 1);
		if (hopeless)
		requires(0, UNITS_MAX);
		requires(2, 0);
		world.rules[2].also[0] = 1u << 1;
		hands_settle();
		hands_run(hopeless);
		hands_run(2);
		if (hopeless)
			continue;
		hands_lacks(1, LACK_HARDWARE, 0);
		assert_int_equal(core_stop(&world, 0), DRV_OK);
		hands_settle();
		hands_leave(0);
		hands_leave(2);
		hands_run(1);
		hands_run(2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_waits_for_what_will_not_run_keeps_hardware_from_nobody),
	    cmocka_unit_test(who_is_held_in_its_delay_lets_go_of_hardware_at_once),
	    cmocka_unit_test(a_circle_keeps_hardware_from_nobody),
	    cmocka_unit_test(what_two_provide_is_there_when_either_runs),
	    cmocka_unit_test(a_driver_starts_when_all_that_it_requires_runs),
	    cmocka_unit_test(who_requires_what_nobody_provides_waits_and_says_so),
	    cmocka_unit_test(two_that_require_each_other_wait),
	    cmocka_unit_test(who_will_run_has_what_it_claims_before_those_behind_it),
	    cmocka_unit_test(after_its_delay_it_waits_for_what_it_requires),
	    cmocka_unit_test(a_dependent_that_leaves_slowly_comes_back),
	    cmocka_unit_test(a_shared_line_has_room_for_so_many_and_the_next_one_waits),
	    cmocka_unit_test(who_comes_later_waits_for_hardware_until_the_other_lets_go),
	    cmocka_unit_test(absent_and_quarantined_drivers_let_go_of_hardware),
	    cmocka_unit_test(in_a_group_of_one_nobody_else_starts_again),
	    cmocka_unit_test(in_a_group_of_rest_those_behind_start_again_in_their_order),
	    cmocka_unit_test(in_a_group_of_all_everyone_starts_again),
	    cmocka_unit_test(a_group_waits_for_the_one_that_was_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
