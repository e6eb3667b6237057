/* SPDX-License-Identifier: BSD-2-Clause */
/* How much each client may ask of an essential driver, and what the manager is told. */
#include "session_world.h"

/* So many requests are answered with `error`. */
static void expect(uint32_t badge, uint32_t count, err_t error)
{
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(ask(badge, DRIVER_READ), error);
}

static void a_client_has_its_share_of_an_essential_driver_and_no_more(void **state)
{
	const uint32_t other = DRIVER_BADGE(1, 1);
	(void)state;
	page.context.flags = DRIVER_FLAG_ESSENTIAL;
	assert_int_equal(ask(other, DRIVER_OPEN), DRV_OK);
	expect(CLIENT, DRIVER_SHARE, DRV_OK);
	assert_int_equal(tells, 0);
	expect(CLIENT, DRIVER_SHARE, DRV_EAGAIN);
	assert_int_equal(tells, 1);
	assert_int_equal(MSG_LABEL(told.info), MANAGER_EXCESS);
	assert_int_equal(told.word0, CLIENT);
	assert_int_equal(told.word1, 0);
	expect(other, DRIVER_SHARE - 1, DRV_OK); /* another's share is its own */
	expect(CLIENT, DRIVER_SHARE, DRV_EAGAIN);
	assert_int_equal(tells, 2); /* once for all */
	assert_int_equal(told.word0, CLIENT);
	assert_int_equal(told.word1, 1);
	now_ms = MANAGER_PERIOD_MS;
	expect(CLIENT, DRIVER_SHARE, DRV_OK);
	expect(CLIENT, 1, DRV_EAGAIN);
	assert_int_equal(tells, 3);
}

static void an_instance_does_not_pay_for_the_one_before(void **state)
{
	const uint32_t old = DRIVER_BADGE(CLIENT, 0x3fffff), new = DRIVER_BADGE(CLIENT, 0);
	(void)state;
	page.context.flags = DRIVER_FLAG_ESSENTIAL;
	for (uint32_t i = 0; i < DRIVER_SHARE; i++)
		ask(old, DRIVER_SEEK);
	assert_int_equal(ask(old, DRIVER_OPEN), DRV_EAGAIN);
	assert_int_equal(tells, 1);
	expect(new, DRIVER_SHARE, DRV_OK);
	assert_int_equal(tells, 1);
	assert_int_equal(ask(new, DRIVER_READ), DRV_EAGAIN);
	assert_int_equal(tells, 2);
	assert_int_equal(told.word0, new);
}

static void what_is_asked_before_the_driver_serves_counts(void **state)
{
	(void)state;
	page.context.flags = DRIVER_FLAG_ESSENTIAL;
	runtime.serving = 0;
	expect(CLIENT, DRIVER_SHARE, DRV_EAGAIN);
	assert_int_equal(tells, 0);
	expect(CLIENT, 1, DRV_EAGAIN);
	assert_int_equal(tells, 1);
}

static void what_the_manager_was_not_there_to_hear_is_told_again(void **state)
{
	(void)state;
	page.context.flags = DRIVER_FLAG_ESSENTIAL;
	expect(CLIENT, DRIVER_SHARE, DRV_OK);
	hears = DRV_EAGAIN;
	expect(CLIENT, 3 * DRIVER_SHARE, DRV_EAGAIN);
	assert_int_equal(tells, 0);
	hears = DRV_OK;
	expect(CLIENT, 1, DRV_EAGAIN);
	assert_int_equal(tells, 1);
	assert_int_equal(told.word1, 0);
}

static void nothing_is_counted_of_the_operator_nor_at_other_drivers(void **state)
{
	uint32_t chief = DRIVER_BADGE(2, 1) | DRIVER_BADGE_OPERATOR;
	(void)state;
	expect(CLIENT, 3 * DRIVER_SHARE, DRV_OK);
	page.context.flags = DRIVER_FLAG_ESSENTIAL;
	assert_int_equal(ask(chief, DRIVER_OPEN), DRV_OK);
	expect(chief, 3 * DRIVER_SHARE, DRV_OK);
	assert_int_equal(tells, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_client_has_its_share_of_an_essential_driver_and_no_more),
	    TEST(an_instance_does_not_pay_for_the_one_before),
	    TEST(what_is_asked_before_the_driver_serves_counts),
	    TEST(what_the_manager_was_not_there_to_hear_is_told_again),
	    TEST(nothing_is_counted_of_the_operator_nor_at_other_drivers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
