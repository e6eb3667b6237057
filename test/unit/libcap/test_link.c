/* SPDX-License-Identifier: BSD-2-Clause */
/* A client's link against a driver that dies: what is asked again, what is told, and how often
 * a driver is bothered. */
#include "link_world.h"

static int32_t write_some(void)
{
	return link_write(&driver, "text", 4);
}

static void the_first_request_connects_and_opens(void **state)
{
	(void)state;
	assert_int_equal(write_some(), 4);
	assert_int_equal(write_some(), 4);
	assert_int_equal(world.connected, 1);
	assert_int_equal(world.opened, 1);
	assert_int_equal(driver.opened, 1);
}

static void a_request_reaches_the_driver_as_it_is(void **state)
{
	uint32_t value, bytes = 0;
	char data[8];
	(void)state;
	assert_int_equal(link_read(&driver, data, 8), 8);
	assert_ptr_equal(world.data, data);
	value = 300;
	assert_int_equal(link_read_at(&driver, &value, data + 2, 6), 6);
	assert_ptr_equal(world.data, data + 2);
	assert_int_equal(world.word1, 300);
	assert_int_equal(value, 306);
	assert_int_equal(link_write(&driver, data + 1, 7), 7);
	assert_ptr_equal(world.data, data + 1);
	assert_int_equal(link_seek(&driver, 4711), DRV_OK);
	assert_int_equal(world.word0, 4711);
	assert_int_equal(link_ioctl(&driver, 0x101, 12, &value, data, &bytes, 8), DRV_OK);
	assert_int_equal(world.word0, 0x101);
	assert_int_equal(world.word1, 12);
	assert_ptr_equal(world.value, &value);
	assert_ptr_equal(world.data, data);
	assert_ptr_equal(world.bytes, &bytes);
	assert_int_equal(world.room, 8);
}

static void what_was_not_done_is_asked_of_the_next_instance(void **state)
{
	(void)state;
	assert_int_equal(write_some(), 4);
	world.session = false; /* it died and came back between two requests */
	assert_int_equal(write_some(), 4);
	assert_int_equal(world.done, 2);
	assert_int_equal(driver.opened, 2);
	assert_int_equal(world.connected, 1);
}

static void that_the_driver_forgot_is_told_once(void **state)
{
	(void)state;
	world.kept_since = 3; /* it was so before this client came */
	assert_int_equal(write_some(), 4);
	assert_false(driver.forgotten);
	world.session = false;
	assert_int_equal(write_some(), 4);
	assert_int_equal(driver.opened, 2);
	assert_false(driver.forgotten);
	world.session = false;
	world.kept_since = 6;
	assert_int_equal(write_some(), 4);
	assert_true(driver.forgotten);
	driver.forgotten = false;
	world.session = false;
	assert_int_equal(write_some(), 4);
	assert_false(driver.forgotten);
	/* What one instance found is not said by the next: that is no news. */
	world.session = false;
	world.kept_since = 3;
	assert_int_equal(write_some(), 4);
	assert_false(driver.forgotten);
}

static void what_may_have_been_done_is_told(void **state)
{
	(void)state;
	world.dies = 1;
	assert_int_equal(write_some(), DRV_EGONE);
	assert_int_equal(world.done, 1);
	world.dies = 1;
	assert_int_equal(link_read(&driver, NULL, 4), DRV_EGONE);
	world.dies = 1;
	assert_int_equal(link_ioctl(&driver, 1, 0, NULL, NULL, NULL, 0), DRV_EGONE);
	assert_int_equal(world.done, 3);
	assert_int_equal(write_some(), 4); /* and the link is whole again */
}

static void what_is_repeatable_is_repeated_but_not_for_ever(void **state)
{
	(void)state;
	world.dies = 1;
	assert_int_equal(link_seek(&driver, 100), DRV_OK);
	assert_int_equal(world.done, 2);
	uint32_t position = 300;
	world.dies = 1;
	assert_int_equal(link_read_at(&driver, &position, NULL, 4), 4);
	assert_int_equal(world.done, 4);
	assert_int_equal(world.word1, 300);
	assert_int_equal(position, 304);
	world.dies = 1000;
	assert_int_equal(link_seek(&driver, 100), DRV_EGONE);
	assert_true(world.done <= 10);
	assert_int_equal(link_read_at(&driver, &position, NULL, 4), DRV_EGONE);
	assert_int_equal(position, 304);
}

static void a_driver_that_does_not_answer_is_left_alone_for_a_while(void **state)
{
	(void)state;
	assert_int_equal(write_some(), 4);
	world.fails = DRV_ETIMEDOUT;
	assert_int_equal(write_some(), DRV_ETIMEDOUT);
	world.fails = DRV_OK;
	unsigned asked = world.asked;
	int32_t last = DRV_OK;
	cap_record_errors(&last);
	assert_int_equal(write_some(), DRV_EAGAIN);
	assert_int_equal(last, DRV_EAGAIN);
	cap_record_errors(NULL);
	world.now += LINK_RETRY_MS - 1;
	assert_int_equal(write_some(), DRV_EAGAIN);
	assert_int_equal(world.asked, asked);
	world.now += 1;
	assert_int_equal(write_some(), 4);
}

static void a_refusal_of_the_driver_leaves_the_session_open(void **state)
{
	(void)state;
	world.fails = DRV_EINVAL;
	assert_int_equal(write_some(), DRV_EINVAL);
	world.fails = DRV_EAGAIN;
	assert_int_equal(write_some(), DRV_EAGAIN);
	world.fails = DRV_OK;
	assert_int_equal(write_some(), 4);
	assert_int_equal(world.opened, 1);
}

static void an_error_that_says_so_ends_the_session(void **state)
{
	static const err_t ends[] = {DRV_EGONE, DRV_ETIMEDOUT, DRV_EBADCAP, DRV_EQUARANTINED,
				     DRV_ENODEV};
	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		world.now += LINK_RETRY_MS;
		world.fails = DRV_OK;
		assert_int_equal(write_some(), 4);
		assert_true(driver.open);
		world.fails = ends[i];
		assert_int_equal(write_some(), ends[i]);
		assert_false(driver.open);
	}
}

static void what_cannot_be_opened_is_told_and_tried_again_at_the_next_request(void **state)
{
	static const err_t errors[] = {DRV_EGONE, DRV_EQUARANTINED, DRV_ENODEV, DRV_EAGAIN,
				       DRV_ENOMEM};
	(void)state;
	world.connects = DRV_EPERM;
	assert_int_equal(write_some(), DRV_EPERM);
	assert_int_equal(world.opened, 0);
	world.connects = DRV_OK;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		world.opens = errors[i];
		assert_int_equal(write_some(), errors[i]);
		assert_false(driver.open);
	}
	assert_int_equal(world.asked, 0);
	world.opens = DRV_OK;
	assert_int_equal(write_some(), 4);
}

static void a_capability_that_is_gone_is_got_anew(void **state)
{
	(void)state;
	assert_int_equal(write_some(), 4);
	world.fails = DRV_EBADCAP;
	assert_int_equal(write_some(), DRV_EBADCAP);
	world.fails = DRV_OK;
	assert_int_equal(write_some(), 4);
	assert_true(world.connected > 1);
	assert_int_equal(world.released, world.connected - 1);
}

/* As when another driver provides the service now. */
static void an_owner_can_have_the_connection_made_anew(void **state)
{
	(void)state;
	assert_int_equal(write_some(), 4);
	link_lose(&driver, DRV_EGONE);
	assert_int_equal(world.released, 0);
	assert_int_equal(write_some(), 4);
	assert_int_equal(world.connected, 1);
	link_lose(&driver, DRV_EBADCAP);
	assert_int_equal(world.released, 1);
	assert_int_equal(write_some(), 4);
	assert_int_equal(world.connected, 2);
}

static void who_is_told_how_drivers_are_bothers_none_that_does_not_run(void **state)
{
	(void)state;
	manager_status_t status = {.name = "disk", .state = STATE_BACKOFF, .generation = 1};
	assert_false(link_follow(&driver, &status));
	assert_int_equal(world.connected, 0);
	status.state = STATE_RUNNING;
	assert_true(link_follow(&driver, &status));
	assert_false(link_follow(&driver, &status)); /* it is not new */
	status.generation = 2;
	assert_true(link_follow(&driver, &status));
	status.state = STATE_QUIESCING; /* it may still be read */
	assert_false(link_follow(&driver, &status));
	assert_true(driver.open);
	status.state = STATE_STOPPED;
	assert_false(link_follow(&driver, &status));
	assert_false(driver.open);
	strcpy(status.name, "dis");
	status.state = STATE_RUNNING;
	assert_false(link_follow(&driver, &status));
	assert_int_equal(world.opened, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_first_request_connects_and_opens, fresh),
	    cmocka_unit_test_setup(a_request_reaches_the_driver_as_it_is, fresh),
	    cmocka_unit_test_setup(an_error_that_says_so_ends_the_session, fresh),
	    cmocka_unit_test_setup(what_was_not_done_is_asked_of_the_next_instance, fresh),
	    cmocka_unit_test_setup(that_the_driver_forgot_is_told_once, fresh),
	    cmocka_unit_test_setup(what_may_have_been_done_is_told, fresh),
	    cmocka_unit_test_setup(what_is_repeatable_is_repeated_but_not_for_ever, fresh),
	    cmocka_unit_test_setup(a_driver_that_does_not_answer_is_left_alone_for_a_while,
				   fresh),
	    cmocka_unit_test_setup(a_refusal_of_the_driver_leaves_the_session_open, fresh),
	    cmocka_unit_test_setup(
		what_cannot_be_opened_is_told_and_tried_again_at_the_next_request, fresh),
	    cmocka_unit_test_setup(a_capability_that_is_gone_is_got_anew, fresh),
	    cmocka_unit_test_setup(an_owner_can_have_the_connection_made_anew, fresh),
	    cmocka_unit_test_setup(who_is_told_how_drivers_are_bothers_none_that_does_not_run,
				   fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
