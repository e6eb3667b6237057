/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver is told by those whose client it is. The time is made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/protocol/manager.h"
#include "cap/driver.h"

static driver_page_t page;
#define driver_page real_driver_page /* whose page has a fixed address in the machine */
#include "libs/libcap/driver/private.h"
#undef driver_page
#define driver_page() (&page)
#include "libs/libcap/driver/signals.c"
#include "libs/libcap/driver/timer.c"

#define COMES 7
#define A     DRIVER_SIGNAL_CLIENT(0)
#define B     DRIVER_SIGNAL_CLIENT(1)

runtime_t runtime;
static uint32_t now, told, times;
static int32_t derived;

uint32_t clock_ms(void)
{
	return now;
}

DriverContextV2 *driver_context(void)
{
	return &page.context;
}

err_t ipc_reply(cap_t reply, const message_t *message)
{
	(void)reply, (void)message;
	return DRV_OK;
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	assert_int_equal(cap, page.notification_grant);
	assert_int_equal(rights, RIGHT_WRITE);
	assert_in_range(scope0, DRIVER_SIGNAL_CLIENT(0), DRIVER_SIGNAL_CLIENT(15));
	assert_int_equal(scope1, 0);
	return derived;
}

static void take_told(uint32_t bits)
{
	assert_int_not_equal(bits, 0);
	told |= bits;
	times++;
}

static int fresh(void **state)
{
	static const driver_ops_t ops = {.signal = take_told};
	cap_t signal;
	(void)state;
	page = (driver_page_t){.notification_grant = 5};
	runtime = (runtime_t){.ops = &ops, .signal = take_told};
	now = 0u - 2 * DRIVER_SIGNALS_MS; /* the clock wraps in every test */
	now -= now % DRIVER_SIGNALS_MS;
	told = times = 0;
	derived = COMES;
	return driver_make_signal(0, &signal);
}

/* Time passes between two turns of the loop, each of which ends with the timers. */
static void pass(uint32_t ms)
{
	for (; ms; ms--) {
		timers_take();
		now++;
		timers_take();
	}
}

static void each_is_told_at_once_and_what_is_too_much_later_and_together(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= DRIVER_SIGNALS_EACH; i++) {
		runtime.signal(A);
		assert_int_equal(times, i);
	}
	told = 0;
	runtime.signal(A);
	runtime.signal(B);
	assert_int_equal(times, DRIVER_SIGNALS_EACH);
	pass(DRIVER_SIGNALS_MS - 1);
	assert_int_equal(told, 0);
	pass(1);
	assert_int_equal(told, A | B);
	assert_int_equal(times, DRIVER_SIGNALS_EACH + 1);
	pass(5 * DRIVER_SIGNALS_MS); /* there is nothing more to tell */
	assert_int_equal(times, DRIVER_SIGNALS_EACH + 1);
}

/* Whatever comes: so many that who asks an essential driver three times for each keeps to its
 * share. */
static void however_many_come_it_is_told_of_few(void **state)
{
	(void)state;
	for (uint32_t offset = 0; offset < DRIVER_SIGNALS_MS; offset++) {
		pass(1);
		times = 0;
		for (uint32_t ms = 0; ms < MANAGER_PERIOD_MS; ms++) {
			for (int i = 0; i < 20; i++)
				runtime.signal(A);
			pass(1);
		}
		assert_in_range(times, 10 * DRIVER_SIGNALS_EACH, DRIVER_SHARE / 3);
	}
}

static void one_that_comes_when_others_are_put_off_takes_them_along(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DRIVER_SIGNALS_EACH + 1; i++)
		runtime.signal(A);
	told = 0;
	now += DRIVER_SIGNALS_MS; /* its own timer has not had its turn */
	runtime.signal(B);
	assert_int_equal(told, A | B);
	times = 0;
	timers_take();
	assert_int_equal(times, 0);
}

static void an_essential_driver_is_told_of_all(void **state)
{
	(void)state;
	page.context.flags = DRIVER_FLAG_ESSENTIAL;
	for (uint32_t i = 0; i < 100; i++)
		runtime.signal(A);
	assert_int_equal(times, 100);
}

static void who_does_not_listen_is_told_nothing(void **state)
{
	static const driver_ops_t deaf = {0};
	(void)state;
	runtime.ops = &deaf;
	for (uint32_t i = 0; i < 100; i++)
		runtime.signal(A);
	pass(DRIVER_SIGNALS_MS);
	assert_int_equal(times, 0);
}

static void a_signal_that_is_not_there_is_refused(void **state)
{
	cap_t signal = CAP_NULL;
	int32_t last = DRV_OK;
	(void)state;
	cap_record_errors(&last);
	assert_int_equal(driver_make_signal(DRIVER_SIGNAL_CLIENTS, &signal), DRV_EINVAL);
	assert_int_equal(last, DRV_EINVAL);
	cap_record_errors(NULL);
	derived = DRV_ENOMEM;
	assert_int_equal(driver_make_signal(0, &signal), DRV_ENOMEM);
	assert_int_equal(signal, CAP_NULL);
	derived = COMES;
	assert_int_equal(driver_make_signal(DRIVER_SIGNAL_CLIENTS - 1, &signal), DRV_OK);
	assert_int_equal(signal, COMES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(each_is_told_at_once_and_what_is_too_much_later_and_together,
				   fresh),
	    cmocka_unit_test_setup(however_many_come_it_is_told_of_few, fresh),
	    cmocka_unit_test_setup(one_that_comes_when_others_are_put_off_takes_them_along,
				   fresh),
	    cmocka_unit_test_setup(an_essential_driver_is_told_of_all, fresh),
	    cmocka_unit_test_setup(who_does_not_listen_is_told_nothing, fresh),
	    cmocka_unit_test_setup(a_signal_that_is_not_there_is_refused, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
