/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the restart policy, core/policy.h. Time is an argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy_defaults.h"

/* One end of a driver that was Running. */
static policy_decision_t end_at(const policy_t *policy, policy_history_t *history,
				policy_ending_t ending, uint64_t now_ms)
{
	policy_on_running(history, now_ms);
	return policy_decide(policy, history, ending, now_ms);
}

static void each_policy_answers_each_ending_as_its_table_says(void **state)
{
	(void)state;
	static const policy_action_t expected[POLICY_KIND_COUNT][ENDING_COUNT] = {
	    {POLICY_QUARANTINE, POLICY_STOP, POLICY_STOP},
	    {POLICY_RESTART, POLICY_STOP, POLICY_STOP},
	    {POLICY_RESTART, POLICY_RESTART, POLICY_STOP},
	};
	for (uint32_t kind = 0; kind < POLICY_KIND_COUNT; kind++) {
		for (unsigned ending = 0; ending < ENDING_COUNT; ending++) {
			policy_t policy = defaults(kind);
			policy_history_t history = {0};
			policy_decision_t decision =
			    end_at(&policy, &history, (policy_ending_t)ending, 0);
			assert_int_equal(decision.action, expected[kind][ending]);
		}
	}
}

static void delays_start_at_first_then_grow_from_base_to_max(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	static const uint32_t expected[] = {0,	  100,	200,   400,   800,   1600,
					    3200, 6400, 12800, 25600, 30000, 30000};
	policy.first_ms = 7;
	assert_int_equal(policy_delay(&policy, 1), 7);
	for (uint32_t n = 2; n <= 12; n++)
		assert_int_equal(policy_delay(&policy, n), expected[n - 1]);
	assert_int_equal(policy_delay(&policy, UINT32_MAX), 30000);
}

static void growth_does_not_lose_fractions(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.base_ms = 10;
	policy.factor_pct = 150;
	/* 10 x 1.5^k, cut: 15, 22.5, 33.75, 50.625, 75.9375 */
	static const uint32_t expected[] = {10, 15, 22, 33, 50, 75};
	for (uint32_t n = 2; n < 8; n++)
		assert_int_equal(policy_delay(&policy, n), expected[n - 2]);
	policy.factor_pct = 101; /* 10 x 1.01^50 = 16.446 */
	assert_int_equal(policy_delay(&policy, 52), 16);
}

static void a_factor_of_100_keeps_the_delay(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.factor_pct = POLICY_FACTOR_MIN;
	assert_int_equal(policy_delay(&policy, UINT32_MAX), policy.base_ms);
}

static void the_largest_bounds_do_not_overflow(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.base_ms = POLICY_BASE_MS_MAX;
	policy.factor_pct = POLICY_FACTOR_MAX;
	policy.max_ms = POLICY_MAX_MS_MAX;
	assert_int_equal(policy_delay(&policy, 3), 240000);
	assert_int_equal(policy_delay(&policy, 5), 3600000);
	assert_int_equal(policy_delay(&policy, 1000), POLICY_MAX_MS_MAX);
}

static void failure_burst_plus_one_inside_the_window_quarantines(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_history_t history = {0};
	for (uint32_t i = 0; i < policy.burst; i++)
		assert_int_equal(end_at(&policy, &history, ENDING_FAILURE, i).action,
				 POLICY_RESTART);
	assert_int_equal(end_at(&policy, &history, ENDING_FAILURE, policy.window_ms - 1).action,
			 POLICY_QUARANTINE);
}

static void the_window_slides(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_history_t history = {0};
	for (uint32_t i = 0; i < policy.burst; i++)
		end_at(&policy, &history, ENDING_FAILURE, 1000u * i);
	/* The failure at 0 has just left the window, then that at 1000. */
	assert_int_equal(end_at(&policy, &history, ENDING_FAILURE, 60000).action,
			 POLICY_RESTART);
	assert_int_equal(end_at(&policy, &history, ENDING_FAILURE, 60999).action,
			 POLICY_QUARANTINE);
}

static void one_failure_per_window_is_restarted_for_ever(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ALWAYS);
	policy.burst = 1;
	policy_history_t history = {0};
	for (uint64_t i = 0; i < 3 * POLICY_BURST_MAX; i++)
		assert_int_equal(
		    end_at(&policy, &history, ENDING_FAILURE, i * policy.window_ms).action,
		    POLICY_RESTART);
}

static void the_greatest_burst_is_counted_exactly(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.burst = POLICY_BURST_MAX;
	policy_history_t history = {0};
	for (uint32_t i = 0; i < POLICY_BURST_MAX; i++)
		assert_int_equal(end_at(&policy, &history, ENDING_FAILURE, i).action,
				 POLICY_RESTART);
	assert_int_equal(end_at(&policy, &history, ENDING_FAILURE, 500).action,
			 POLICY_QUARANTINE);
}

/* More failures than are remembered, and then the last ones are taken back: what is counted is
 * each of those before, once. */
static void what_is_taken_back_of_a_full_history_is_not_counted(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.burst = POLICY_BURST_MAX;
	policy_history_t history = {0};
	for (uint32_t i = 0; i < POLICY_BURST_MAX + 30; i++)
		policy_decide(&policy, &history, ENDING_FAILURE, 1000 * i);
	assert_true(policy_forgive(&history, 1000 * POLICY_BURST_MAX));
	policy.window_ms = 10500; /* since 99500 */
	assert_int_equal(policy_decide(&policy, &history, ENDING_FAILURE, 110000).within, 0);
	policy.window_ms = 11500; /* that one, and the last that was left */
	assert_int_equal(policy_decide(&policy, &history, ENDING_FAILURE, 110001).within, 2);
}

static void a_burst_of_zero_forgives_nothing(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.burst = 0;
	policy_history_t history = {0};
	assert_int_equal(end_at(&policy, &history, ENDING_FAILURE, 5).action,
			 POLICY_QUARANTINE);
}

static void a_clean_exit_counts_under_always(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ALWAYS);
	policy_history_t history = {0};
	for (uint32_t i = 0; i < policy.burst; i++)
		end_at(&policy, &history, ENDING_CLEAN_EXIT, i);
	assert_int_equal(end_at(&policy, &history, ENDING_CLEAN_EXIT, 10).action,
			 POLICY_QUARANTINE);
}

static void an_operators_stop_never_counts(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ALWAYS);
	policy_history_t history = {0};
	for (uint32_t i = 0; i < 50; i++)
		assert_int_equal(end_at(&policy, &history, ENDING_STOPPED, i).action,
				 POLICY_STOP);
	policy_decision_t decision = end_at(&policy, &history, ENDING_FAILURE, 60);
	assert_int_equal(decision.action, POLICY_RESTART);
	assert_int_equal(decision.restart, 1);
}

static void a_driver_that_never_ran_gets_two_restarts(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ALWAYS);
	policy.burst = 50;
	policy_history_t history = {0};
	assert_int_equal(policy_decide(&policy, &history, ENDING_FAILURE, 0).action,
			 POLICY_RESTART);
	assert_int_equal(policy_decide(&policy, &history, ENDING_FAILURE, 1000000).action,
			 POLICY_RESTART);
	assert_int_equal(policy_decide(&policy, &history, ENDING_FAILURE, 2000000).action,
			 POLICY_QUARANTINE);
}

static void a_driver_that_ran_once_is_not_held_to_two(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_history_t history = {0};
	policy_on_running(&history, 0);
	for (uint64_t i = 0; i < 10; i++)
		assert_int_equal(
		    policy_decide(&policy, &history, ENDING_FAILURE, i * 1000000).action,
		    POLICY_RESTART);
}

static void running_with_progress_resets_the_delay_but_not_the_window(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_history_t history = {0};
	end_at(&policy, &history, ENDING_FAILURE, 0);
	assert_int_equal(end_at(&policy, &history, ENDING_FAILURE, 1).restart, 2);
	policy_on_running(&history, 1000);
	policy_on_progress(&policy, &history, 1000 + policy.reset_ms - 1);
	assert_int_equal(history.restarts, 2);
	policy_on_progress(&policy, &history, 1000 + policy.reset_ms);
	policy_decision_t decision = policy_decide(&policy, &history, ENDING_FAILURE, 12000);
	assert_int_equal(decision.restart, 1);
	assert_int_equal(decision.delay_ms, policy.first_ms);
	assert_int_equal(history.held, 3);
}

static void progress_counts_only_while_running(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_history_t history = {0};
	end_at(&policy, &history, ENDING_FAILURE, 0);
	policy_on_progress(&policy, &history, 1000000);
	assert_int_equal(history.restarts, 1);
}

static void a_clear_forgets_everything(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_history_t history = {0};
	while (end_at(&policy, &history, ENDING_FAILURE, 0).action == POLICY_RESTART) {
	}
	policy_clear(&history);
	policy_decision_t decision = end_at(&policy, &history, ENDING_FAILURE, 1);
	assert_int_equal(decision.action, POLICY_RESTART);
	assert_int_equal(decision.restart, 1);
}

static void a_simulation_lists_every_retry(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_retry_t retries[10];
	policy_decision_t last;
	static const uint64_t expected[] = {0, 100, 300, 700, 1500};
	assert_int_equal(policy_simulate(&policy, true, 0, retries, 10, &last), 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(retries[i].at_ms, expected[i]);
	assert_int_equal(last.action, POLICY_QUARANTINE);
	assert_int_equal(policy_simulate(&policy, false, 0, retries, 10, &last), 2);
	assert_int_equal(policy_simulate(&policy, true, 0, retries, 3, &last), 3);
	assert_int_equal(last.action, POLICY_RESTART);
}

static void a_simulation_of_slow_failures_starts_over_each_time(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_retry_t retries[20];
	policy_decision_t last;
	assert_int_equal(policy_simulate(&policy, true, 20000, retries, 20, &last), 20);
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(retries[i].delay_ms, policy.first_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_policy_answers_each_ending_as_its_table_says),
	    cmocka_unit_test(delays_start_at_first_then_grow_from_base_to_max),
	    cmocka_unit_test(growth_does_not_lose_fractions),
	    cmocka_unit_test(a_factor_of_100_keeps_the_delay),
	    cmocka_unit_test(the_largest_bounds_do_not_overflow),
	    cmocka_unit_test(failure_burst_plus_one_inside_the_window_quarantines),
	    cmocka_unit_test(the_window_slides),
	    cmocka_unit_test(one_failure_per_window_is_restarted_for_ever),
	    cmocka_unit_test(the_greatest_burst_is_counted_exactly),
	    cmocka_unit_test(what_is_taken_back_of_a_full_history_is_not_counted),
	    cmocka_unit_test(a_burst_of_zero_forgives_nothing),
	    cmocka_unit_test(a_clean_exit_counts_under_always),
	    cmocka_unit_test(an_operators_stop_never_counts),
	    cmocka_unit_test(a_driver_that_never_ran_gets_two_restarts),
	    cmocka_unit_test(a_driver_that_ran_once_is_not_held_to_two),
	    cmocka_unit_test(running_with_progress_resets_the_delay_but_not_the_window),
	    cmocka_unit_test(progress_counts_only_while_running),
	    cmocka_unit_test(a_clear_forgets_everything),
	    cmocka_unit_test(a_simulation_lists_every_retry),
	    cmocka_unit_test(a_simulation_of_slow_failures_starts_over_each_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
