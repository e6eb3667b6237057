/* SPDX-License-Identifier: BSD-2-Clause */
/* Which restart policies are refused: those of which no driver could come to an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy_defaults.h"

static void a_policy_that_can_never_give_up_has_a_problem(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	assert_null(policy_problem(&policy));
	policy.reset_ms = policy.window_ms;
	policy.burst = 12; /* 0 + 51100 + 30000 ms is more than a minute */
	assert_non_null(policy_problem(&policy));
	policy.window_ms = 120000;
	assert_null(policy_problem(&policy));
	policy.kind = POLICY_NEVER;
	policy.window_ms = POLICY_WINDOW_MS_MIN;
	assert_null(policy_problem(&policy));
}

static void a_long_first_delay_alone_is_no_problem(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.first_ms = POLICY_FIRST_MS_MAX;
	assert_null(policy_problem(&policy));
}

static void a_max_below_base_is_a_problem(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ALWAYS);
	policy.max_ms = policy.base_ms - 1;
	assert_string_equal(policy_problem(&policy), "max_ms is below base_ms");
	policy.max_ms = policy.base_ms;
	assert_null(policy_problem(&policy));
}

/* Does a driver come to be given up that fails as soon as it runs, but, if `every` is not 0,
 * waits for its delays to begin anew after `first` failures, and then after `every` further
 * ones? */
static bool is_given_up(const policy_t *policy, uint32_t first, uint32_t every)
{
	policy_history_t history = {0};
	uint64_t now_ms = 0;
	for (uint32_t i = 0; i <= 3 * policy->burst; i++) {
		bool calm = i >= first && i < 2 * policy->burst;
		bool waits = calm && every && (i - first) % every == 0;
		policy_on_running(&history, now_ms);
		now_ms += waits ? policy->reset_ms : 0;
		policy_on_progress(policy, &history, now_ms);
		policy_decision_t decision =
		    policy_decide(policy, &history, ENDING_FAILURE, now_ms);
		if (decision.action == POLICY_QUARANTINE)
			return true;
		now_ms += decision.delay_ms;
	}
	return false;
}

static bool can_be_given_up(const policy_t *policy)
{
	for (uint32_t first = 1; first <= policy->burst + 1; first++)
		for (uint32_t every = 0; every <= policy->burst; every++)
			if (is_given_up(policy, first, every))
				return true;
	return false;
}

/* policy_problem() and the deciding code must agree, for all kinds of numbers. */
static void a_policy_without_a_problem_does_give_up_and_one_with_it_does_not(void **state)
{
	(void)state;
	static const uint32_t bases[] = {10, 500, 10000}, windows[] = {1000, 10000, 60000};
	static const uint32_t resets[] = {100, 10000}, firsts[] = {0, 2000};
	for (unsigned i = 0; i < 2 * 2 * 9 * 7; i++) {
		policy_t policy = defaults(POLICY_ON_FAILURE);
		policy.base_ms = bases[i % 3];
		policy.window_ms = windows[i / 3 % 3];
		policy.reset_ms = resets[i / 9 % 2];
		policy.first_ms = firsts[i / 18 % 2];
		policy.factor_pct = 100 + i / 36 * 50;
		for (policy.burst = 0; policy.burst <= 14; policy.burst++)
			assert_int_equal(can_be_given_up(&policy),
					 policy_problem(&policy) == NULL);
	}
}

static void the_delays_alone_decide(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.base_ms = policy.max_ms = 10;
	policy.burst = 20;
	policy.base_ms = policy.max_ms = 52;
	policy.window_ms = 1000; /* 19 delays of 52 ms, and the first of 0 */
	assert_null(policy_problem(&policy));
	policy.first_ms = policy.base_ms;
	assert_non_null(policy_problem(&policy));
}

static void a_window_that_forgives_more_than_a_failure_in_fifty_ms_is_a_problem(void **state)
{
	(void)state;
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy.base_ms = policy.max_ms = 10;
	policy.burst = 100;
	policy.window_ms = 100 * POLICY_EACH_MS;
	assert_null(policy_problem(&policy));
	policy.window_ms--;
	assert_non_null(strstr(policy_problem(&policy), "forgives too much"));
	policy.burst--;
	assert_null(policy_problem(&policy));
}

/* One that fails as often as is forgiven is restarted for ever, and no more often. */
static void who_fails_as_often_as_its_window_forgives_is_never_given_up(void **state)
{
	policy_t policy = defaults(POLICY_ON_FAILURE);
	policy_history_t history = {0};
	uint64_t now_ms = 0;
	(void)state;
	policy.base_ms = policy.max_ms = 10;
	policy.factor_pct = 100;
	policy.burst = 20;
	policy.window_ms = 20 * POLICY_EACH_MS;
	assert_null(policy_problem(&policy));
	for (uint32_t lives = 0; lives < 1000; lives++) {
		policy_on_running(&history, now_ms);
		assert_int_equal(
		    policy_decide(&policy, &history, ENDING_FAILURE, now_ms).action,
		    POLICY_RESTART);
		now_ms += POLICY_EACH_MS;
	}
	for (uint32_t lives = 0; lives < 20; lives++, now_ms += POLICY_EACH_MS - 5)
		policy_decide(&policy, &history, ENDING_FAILURE, now_ms);
	assert_int_equal(policy_decide(&policy, &history, ENDING_FAILURE, now_ms).action,
			 POLICY_QUARANTINE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_policy_that_can_never_give_up_has_a_problem),
	    cmocka_unit_test(a_long_first_delay_alone_is_no_problem),
	    cmocka_unit_test(a_max_below_base_is_a_problem),
	    cmocka_unit_test(a_policy_without_a_problem_does_give_up_and_one_with_it_does_not),
	    cmocka_unit_test(the_delays_alone_decide),
	    cmocka_unit_test(
		a_window_that_forgives_more_than_a_failure_in_fifty_ms_is_a_problem),
	    cmocka_unit_test(who_fails_as_often_as_its_window_forgives_is_never_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
