/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver is given another image, core/swap.c: that is on probation until it has proved
 * itself, and what becomes of it otherwise. */
#include "swap_bench.h"

static void who_is_replaced_ends_in_good_order_and_begins_warm(void **state)
{
	(void)state;
	begin();
	assert_int_equal(units[0].state, STATE_QUIESCING);
	assert_int_equal(hands[0].image, 0); /* while the one before lives */
	hands_leave(0);
	assert_int_equal(hands[0].image, 1);
	assert_int_equal(hands[0].generation, 2);
	assert_false(hands[0].forgot);
	assert_true(unit_is_restarted(&units[0]));
	assert_int_equal(units[0].kept_since, 1);
	assert_int_equal(units[0].restarts, 0);
	hands_run(0);
	assert_int_equal(hands[1].generation, 1);
}

static void who_proves_itself_for_long_enough_is_confirmed_and_not_before(void **state)
{
	(void)state;
	hands_fail(0); /* the one before did, which is not the next one's fault */
	hands_run(0);
	replace();
	assert_int_equal(units[0].history.held, 1);
	hands_run(0);
	prove(RESET_MS - 1);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	assert_true(hands[0].second);
	prove(1);
	assert_int_equal(units[0].swap, SWAP_CONFIRMED);
	assert_false(hands[0].second);
	assert_int_equal(hands[0].image, 1);
	assert_int_equal(units[0].history.held, 0);
	hands_fail(0); /* as any other */
	assert_int_equal(units[0].history.held, 1);
	assert_int_equal(hands[0].image, 1);
	hands_run(0);
	assert_int_equal(core_may_replace(&world, 0), DRV_OK);
}

/* Time in which it is judged counts, and only that of one instance. */
static void the_time_begins_again_with_each_instance(void **state)
{
	(void)state;
	replace();
	hands_run(0);
	hands_pass(RESET_MS - 1);
	core_kill(&world, 0);
	hands_settle();
	hands_fail(0);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	hands_run(0);
	prove(RESET_MS - 1);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	prove(1);
	assert_int_equal(units[0].swap, SWAP_CONFIRMED);
}

static void who_fails_on_probation_gives_way_to_the_image_before_it(void **state)
{
	for (uint32_t answers = 0; answers <= 2; answers++) {
		fresh(state);
		world.rules[0].policy.kind = POLICY_NEVER;
		replace();
		for (uint32_t i = 0; i < answers; i++)
			hands_answer(0, DRV_OK);
		hands_fail(0);
		came_back(3);
	}
}

static void who_finds_no_device_or_ends_by_itself_gives_way_too(void **state)
{
	replace();
	hands_answer(0, DRV_ENODEV);
	came_back(3);
	fresh(state);
	replace();
	hands_run(0);
	hands_event(0, EVENT_EXIT);
	came_back(3);
	fresh(state);
	replace();
	no_memory = true;
	hands_answer(0, DRV_OK);
	core_limit(&world, 0, NOBODY);
	no_memory = false;
	hands_settle();
	came_back(3);
}

/* It has the policy that it had, from where it was. */
static void the_image_that_is_back_runs_within_its_limits(void **state)
{
	(void)state;
	hands_fail(0);
	hands_run(0);
	replace();
	hands_fail(0);
	assert_int_equal(units[0].history.held, 1);
	hands_run(0);
	hands_fail(0);
	assert_int_equal(units[0].history.held, 2);
	assert_int_equal(units[0].state, STATE_BACKOFF); /* its second restart waits */
	assert_int_equal(hands[0].image, 0);
}

static void what_the_operator_does_is_no_failure(void **state)
{
	replace();
	hands_run(0);
	core_stop(&world, 0);
	hands_settle();
	hands_fail(0); /* on its way out */
	assert_int_equal(units[0].state, STATE_STOPPED);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	core_start(&world, 0);
	hands_settle();
	hands_run(0);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	assert_int_equal(hands[0].image, 1);
	fresh(state);
	replace();
	hands_run(0);
	core_take_away(&world, 0, 10); /* to see whether its line storms on */
	hands_settle();
	hands_pass(10);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	hands_run(0);
}

static void who_is_held_meanwhile_comes_back_and_is_held(void **state)
{
	(void)state;
	replace();
	hands_run(0);
	core_hold(&world, 0);
	hands_settle();
	hands_fail(0);
	assert_int_equal(units[0].swap, SWAP_RETURNED);
	hands_lacks(0, LACK_RELEASE, 0);
	core_release(&world, 0);
	hands_settle();
	hands_run(0);
}

static void who_fails_on_its_way_out_is_replaced_all_the_same(void **state)
{
	(void)state;
	begin();
	hands_fail(0);
	assert_int_equal(hands[0].image, 1);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	assert_int_equal(units[0].history.held, 0);
	hands_run(0);
}

static void a_stop_meanwhile_counts_and_the_next_one_begins_on_probation(void **state)
{
	(void)state;
	begin();
	core_stop(&world, 0);
	hands_settle();
	hands_leave(0);
	assert_int_equal(units[0].state, STATE_STOPPED);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	core_start(&world, 0);
	hands_settle();
	hands_fail(0);
	came_back(3);
}

/* Nothing begins before the last instance is gone, and the image is another. */
static void an_end_that_takes_long_is_waited_for(void **state)
{
	(void)state;
	begin();
	slow = true;
	hands_leave(0);
	assert_int_equal(units[0].swap, SWAP_DUE);
	assert_int_equal(hands[0].generation, 1);
	hands_finish(0);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	hands_finish(0);
	hands_run(0);
	hands_fail(0);
	core_overdue(&world, 0); /* it is given up, */
	hands_settle();
	assert_int_equal(units[0].state, STATE_QUARANTINED);
	assert_int_equal(units[0].swap, SWAP_PROBATION);
	hands_finish(0); /* and comes back when it is over */
	assert_int_equal(units[0].swap, SWAP_RETURNED);
	assert_int_equal(hands[0].image, 0);
	hands_finish(0);
	hands_run(0);
}

static void who_does_not_run_or_is_to_go_is_not_replaced(void **state)
{
	static const wanted_t others[] = {WANTED_HELD, WANTED_QUIESCED, WANTED_STOPPED};
	(void)state;
	for (uint32_t at = 0; at < STATE_COUNT; at++) {
		units[0].state = (driver_state_t)at;
		assert_int_equal(core_may_replace(&world, 0),
				 at == STATE_RUNNING ? DRV_OK : DRV_EBUSY);
	}
	units[0].state = STATE_RUNNING;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		units[0].wanted = others[i];
		assert_int_equal(core_may_replace(&world, 0), DRV_EBUSY);
	}
	units[0].wanted = WANTED_UP;
	for (uint32_t swap = 0; swap < SWAP_COUNT; swap++) {
		units[0].swap = (uint8_t)swap;
		bool over =
		    swap == SWAP_NONE || swap == SWAP_CONFIRMED || swap == SWAP_RETURNED;
		assert_int_equal(core_may_replace(&world, 0), over ? DRV_OK : DRV_EBUSY);
	}
	units[0].swap = SWAP_NONE;
	units[0].anew = true;
	assert_int_equal(core_may_replace(&world, 0), DRV_EBUSY);
	units[0].anew = false;
	units[0].killed = true;
	assert_int_equal(core_may_replace(&world, 0), DRV_EBUSY);
}

/* Whatever the dead manager had come to, one of the two is in force, and it goes on. */
static void after_the_managers_death_what_was_due_is_done(void **state)
{
	static const uint8_t due[] = {SWAP_DUE, SWAP_BACK};
	(void)state;
	for (size_t i = 0; i < sizeof(due); i++) {
		for (int ends = 0; ends < 2; ends++) {
			fresh(state);
			units[0].state = STATE_BACKOFF;
			units[0].swap = due[i];
			units[0].ends = ends;
			hands[0].alive = hands[0].has_lines = false;
			hands[0].second = true;
			core_adopt(&world, 0, false, false);
			hands_settle();
			assert_int_equal(units[0].swap,
					 due[i] == SWAP_DUE ? SWAP_PROBATION : SWAP_RETURNED);
			hands_run(0);
		}
	}
	fresh(state);
	units[0].swap = SWAP_CONFIRMING;
	hands[0].second = true;
	hands[0].commands--;
	core_adopt(&world, 0, true, true);
	hands_settle();
	assert_int_equal(units[0].swap, SWAP_CONFIRMED);
	assert_int_equal(hands[0].generation, 1);
}

/* What was sealed had no second image: the unit follows. */
static void without_a_second_image_nothing_is_on_probation(void **state)
{
	static const struct {
		uint8_t from, to;
	} rows[] = {{SWAP_NONE, SWAP_NONE},
		    {SWAP_DUE, SWAP_NONE},
		    {SWAP_PROBATION, SWAP_CONFIRMED},
		    {SWAP_BACK, SWAP_RETURNED},
		    {SWAP_CONFIRMING, SWAP_CONFIRMED},
		    {SWAP_CONFIRMED, SWAP_CONFIRMED},
		    {SWAP_RETURNED, SWAP_RETURNED}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		units[0].swap = rows[i].from;
		core_swapped(&world, 0, false);
		assert_int_equal(units[0].swap, rows[i].to);
	}
}

static void a_start_forgets_what_became_of_the_last_replacement(void **state)
{
	(void)state;
	replace();
	hands_fail(0);
	came_back(3);
	core_stop(&world, 0);
	hands_settle();
	hands_leave(0);
	assert_int_equal(units[0].swap, SWAP_RETURNED);
	core_start(&world, 0);
	assert_int_equal(units[0].swap, SWAP_NONE);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_is_replaced_ends_in_good_order_and_begins_warm),
	    TEST(who_proves_itself_for_long_enough_is_confirmed_and_not_before),
	    TEST(the_time_begins_again_with_each_instance),
	    TEST(who_fails_on_probation_gives_way_to_the_image_before_it),
	    TEST(who_finds_no_device_or_ends_by_itself_gives_way_too),
	    TEST(the_image_that_is_back_runs_within_its_limits),
	    TEST(what_the_operator_does_is_no_failure),
	    TEST(who_is_held_meanwhile_comes_back_and_is_held),
	    TEST(who_fails_on_its_way_out_is_replaced_all_the_same),
	    TEST(a_stop_meanwhile_counts_and_the_next_one_begins_on_probation),
	    TEST(an_end_that_takes_long_is_waited_for),
	    TEST(who_does_not_run_or_is_to_go_is_not_replaced),
	    TEST(after_the_managers_death_what_was_due_is_done),
	    TEST(without_a_second_image_nothing_is_on_probation),
	    TEST(a_start_forgets_what_became_of_the_last_replacement),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
