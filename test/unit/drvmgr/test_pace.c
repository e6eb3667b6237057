/* SPDX-License-Identifier: BSD-2-Clause */
/* How often drivers start again, all together: core/pace.h. */
#include "core/pace.h"
#include "core/policy.h"
#include "hands.h"

#define LOUD	    25u
#define QUIET	    LOUD
#define SIMULATED   400u
#define LONGEST_MS  (UNITS_MAX * PACE_EACH_MS)
#define FOR_EVER_MS 20000u

/* As fast as a manifest may say, for ever: each failure of a window that forgives 100. */
static const policy_t loud = {POLICY_ON_FAILURE, 45, 45, 100, 45, 100, 5000, 10000};

/* Whoever begins runs at once. */
static void let_run(void)
{
	for (uint32_t i = 0; i < world.count; i++)
		if (units[i].state == STATE_PROBING)
			hands_run(i);
}

static void begin(uint32_t count, const policy_t *policy)
{
	hands_clear(count);
	for (uint32_t i = 0; i < count; i++)
		world.rules[i].policy = *policy;
	hands_settle();
	let_run();
}

/* A millisecond in which all below `count` that run fail; how many started again. */
static uint32_t pass_loud(uint32_t count)
{
	uint32_t before = 0, after = 0;
	for (uint32_t i = 0; i < world.count; i++)
		before += hands[i].generation;
	hands_pass(1);
	let_run();
	for (uint32_t i = 0; i < world.count; i++)
		after += hands[i].generation;
	for (uint32_t i = 0; i < count; i++)
		if (units[i].state == STATE_RUNNING)
			hands_fail(i);
	return after - before;
}

static uint32_t waits_ms(uint32_t i)
{
	assert_int_equal(units[i].state, STATE_BACKOFF);
	return (uint32_t)(units[i].until_ms - world.now_ms);
}

static void many_at_once_start_so_many_at_once_and_the_rest_in_turn(void **state)
{
	(void)state;
	policy_t at_once = loud;
	at_once.first_ms = 0;
	begin(UNITS_MAX, &at_once);
	world.paid_ms = world.now_ms + PACE_BEHIND_MS - 2 * PACE_EACH_MS; /* three are left */
	for (uint32_t n = 0; n < UNITS_MAX; n++)
		core_fail(&world, UNITS_MAX - 1 - n, DRV_EFAULT, NOBODY);
	hands_settle();
	for (uint32_t n = 0; n < UNITS_MAX; n++) { /* who failed first, first */
		uint32_t i = UNITS_MAX - 1 - n;
		assert_int_equal(units[i].until_ms - world.now_ms,
				 n < 3 ? 0 : (n - 2) * PACE_EACH_MS);
		assert_int_equal(hands[i].last[EFFECT_RESTART].b,
				 n < 3 ? 0 : (n - 2) * PACE_EACH_MS); /* and so it is told */
		assert_int_equal(units[i].state, n < 3 ? STATE_PROBING : STATE_BACKOFF);
	}
}

/* The numbers of docs/supervision.md. */
static void thirty_five_start_at_once_and_from_then_on_one_in_15_ms(void **state)
{
	(void)state;
	begin(1, &loud);
	for (uint32_t n = 1; n <= 35; n++)
		assert_int_equal(pace_pay(&world, 0), 0);
	for (uint32_t n = 0; n < 10; n++)
		assert_int_equal(pace_pay(&world, 0), 10 + 15 * n);
	assert_int_equal(PACE_AT_ONCE, 35);
}

static void loud_drivers_together_start_once_in_each_pace(void **state)
{
	(void)state;
	begin(LOUD, &loud);
	uint32_t starts = 0;
	for (uint32_t ms = 0; ms < FOR_EVER_MS; ms++)
		starts += pass_loud(LOUD);
	assert_in_range(starts, FOR_EVER_MS / PACE_EACH_MS - PACE_AT_ONCE,
			FOR_EVER_MS / PACE_EACH_MS + PACE_AT_ONCE);
	for (uint32_t i = 0; i < LOUD; i++) /* and each has its part of that */
		assert_in_range(hands[i].generation, starts / LOUD - 5, starts / LOUD + 5);
}

static void a_quiet_driver_waits_for_one_restart_of_each_loud_one_at_most(void **state)
{
	(void)state;
	begin(LOUD + 1, &loud);
	uint32_t longest_ms = 0;
	world.rules[QUIET].policy = (policy_t){POLICY_ALWAYS, 0, 10, 100, 10, 100, 5000, 100};
	for (uint32_t ms = 0; ms < FOR_EVER_MS; ms++) {
		pass_loud(LOUD);
		if (ms % 1000 != 999)
			continue;
		assert_int_equal(units[QUIET].state, STATE_RUNNING);
		hands_fail(QUIET);
		if (units[QUIET].state == STATE_BACKOFF && waits_ms(QUIET) > longest_ms)
			longest_ms = waits_ms(QUIET);
	}
	assert_in_range(longest_ms, PACE_EACH_MS, LONGEST_MS);
}

/* With any policy that a manifest may have, also the fastest. */
static void a_driver_that_is_alone_restarts_when_it_is_simulated_to(void **state)
{
	(void)state;
	static policy_retry_t plan[SIMULATED];
	static const policy_t policies[] = {
	    {POLICY_ON_FAILURE, 0, 10, 100, 10, 100, 5000, 100},
	    {POLICY_ALWAYS, 0, 10, 400, 3600000, 100, 3600000, 100},
	    {POLICY_ON_FAILURE, 45, 45, 100, 45, 100, 5000, 100},
	    {POLICY_ON_FAILURE, 0, 100, 200, 30000, 5, 60000, 10000},
	};
	for (size_t n = 0; n < sizeof(policies) / sizeof(policies[0]); n++) {
		policy_decision_t last;
		size_t count = policy_simulate(&policies[n], true, 0, plan, SIMULATED, &last);
		begin(1, &policies[n]);
		uint64_t begun_ms = world.now_ms;
		assert_true(count > 4);
		for (size_t at = 0; at < count; at++) {
			hands_fail(0);
			assert_int_equal(units[0].until_ms - begun_ms, plan[at].at_ms);
			if (units[0].state == STATE_BACKOFF)
				hands_pass(waits_ms(0));
			let_run();
		}
	}
}

/* Nobody gets around the pace by being required, or in a group. */
static void who_ends_with_another_pays_as_well(void **state)
{
	(void)state;
	begin(6, &loud);
	world.rules[1].requires[world.rules[1].requires_count++] = 0;
	world.rules[2].requires[world.rules[2].requires_count++] = 1;
	world.rules[0].group = world.rules[3].group = world.rules[5].group = 1;
	world.rules[0].strategy = GROUP_REST;
	core_stop(&world, 5); /* of the group, but it does not live */
	hands_settle();
	hands_leave(5);
	assert_int_equal(world.paid_ms, 0);
	hands_fail(0); /* 1 and 3 leave; 2 when 1 does not run any more */
	assert_int_equal(units[2].state, STATE_QUIESCING);
	assert_int_equal(world.paid_ms - world.now_ms, 4 * PACE_EACH_MS);
	hands_fail(4);
	assert_int_equal(world.paid_ms - world.now_ms, 5 * PACE_EACH_MS);
}

static void essential_drivers_and_the_operator_neither_wait_nor_pay(void **state)
{
	(void)state;
	policy_t at_once = loud;
	at_once.first_ms = 0;
	begin(3, &at_once);
	world.rules[0].essential = true;
	uint64_t paid_ms = world.paid_ms = world.now_ms + PACE_BEHIND_MS + 1000;
	hands_fail(0);
	assert_int_equal(hands[0].generation, 2);
	core_kill(&world, 1);
	hands_settle();
	hands_fail(1);
	assert_int_equal(hands[1].generation, 2);
	assert_int_equal(world.paid_ms, paid_ms);
	hands_fail(2); /* that one waits, or until the operator starts it */
	assert_int_equal(waits_ms(2), 1000);
	core_stop(&world, 2);
	hands_settle();
	core_start(&world, 2);
	hands_settle();
	assert_int_equal(hands[2].generation, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(many_at_once_start_so_many_at_once_and_the_rest_in_turn),
	    cmocka_unit_test(thirty_five_start_at_once_and_from_then_on_one_in_15_ms),
	    cmocka_unit_test(loud_drivers_together_start_once_in_each_pace),
	    cmocka_unit_test(a_quiet_driver_waits_for_one_restart_of_each_loud_one_at_most),
	    cmocka_unit_test(a_driver_that_is_alone_restarts_when_it_is_simulated_to),
	    cmocka_unit_test(who_ends_with_another_pays_as_well),
	    cmocka_unit_test(essential_drivers_and_the_operator_neither_wait_nor_pay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
