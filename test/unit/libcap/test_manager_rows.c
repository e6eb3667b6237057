/* SPDX-License-Identifier: BSD-2-Clause */
/* What an operator asks of the manager as structures and rows: those that came whole. */
#include "manager_world.h"

static void what_a_driver_holds_and_its_policy_are_whole(void **state)
{
	manager_held_t held;
	manager_policy_t policy;
	(void)state;
	answers(sizeof(held), 0, sizeof(held));
	assert_int_equal(manager_held("a", 4, &held), DRV_OK);
	asked(MANAGER_HELD, 1);
	assert_int_equal(manager_is.sent.word1, 4);
	assert_int_equal(strlen(held.owner), sizeof(held.owner) - 1);
	assert_int_equal(strlen(held.text), sizeof(held.text) - 1);
	answers(sizeof(held), 0, sizeof(held) - 4);
	FAILS(DRV_EIO, manager_held("a", 0, &held));
	answers(sizeof(policy), 0, sizeof(policy));
	assert_int_equal(manager_policy("a", 16, &policy), DRV_OK);
	asked(MANAGER_POLICY, 1);
	assert_int_equal(manager_is.sent.word1, 16);
	assert_int_equal(policy.count, MANAGER_RETRIES); /* whatever was said */
	answers(sizeof(policy) - 4, 0, sizeof(policy));
	FAILS(DRV_EIO, manager_policy("a", 0, &policy));
}

static void rows_are_those_that_came(void **state)
{
	manager_margin_t margins[MARGIN_COUNT];
	manager_usage_t usage[3];
	(void)state;
	answers(24, 2, 24);
	assert_int_equal(manager_margins("a", margins), 2);
	asked(MANAGER_MARGINS, 1);
	answers(24, 3, 24);
	FAILS(DRV_EIO, manager_margins("a", margins));
	answers(0, 3, 3 * sizeof(usage[0]));
	assert_int_equal(manager_usage(5, usage, 2), 2);
	asked(MANAGER_USAGE, 1);
	assert_int_equal(manager_is.sent.word0, 5);
	assert_int_equal(strlen(usage[1].name), MANAGER_NAME_MAX);
	answers(DRV_ENOENT, 0, 0);
	FAILS(DRV_ENOENT, manager_usage(9, usage, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_driver_holds_and_its_policy_are_whole),
	    cmocka_unit_test(rows_are_those_that_came),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
