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
#include "cap/syscall.h"
#include "cap/told.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)

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
static message_t came; /* with the last signal */

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
	came = (message_t){0};
	runtime = (runtime_t){.ops = &ops, .signal = take_told, .came = &came};
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

/* Two words from position 50 on came with a signal. */
static void comes_along(uint32_t bits, uint32_t bytes, uint32_t words)
{
	came = (message_t){.info = MSG_INFO(bytes, words, 0), .word0 = bits, .word1 = 52};
	buffer.words[2] = 50;
	buffer.words[3] = 0x11111111;
	buffer.words[4] = 0x22222222;
	runtime.signal(bits);
	came = (message_t){0};
}

static uint32_t kept_for(cap_t signal)
{
	uint32_t position = 50, data[2] = {0};
	uint32_t bytes = told_take(signal, &position, data, sizeof(data));
	assert_int_equal(position, bytes ? 52 : 50);
	assert_int_equal(data[0], bytes ? 0x11111111 : 0);
	return bytes;
}

static void what_comes_along_waits_for_whose_signal_it_is(void **state)
{
	cap_t signal;
	(void)state;
	derived = COMES + 1;
	assert_int_equal(driver_make_signal(1, &signal), DRV_OK);
	comes_along(A, 8, DRIVER_TOLD_WORD + 2);
	assert_int_equal(times, 1); /* and it is told of the signal all the same */
	assert_int_equal(kept_for(COMES + 1), 0);
	assert_int_equal(kept_for(COMES), 8);
	comes_along(B, 5, DRIVER_TOLD_WORD + 2);
	assert_int_equal(kept_for(COMES), 0);
	assert_int_equal(kept_for(COMES + 1), 5);
	comes_along(B, 4, DRIVER_TOLD_WORD + 2);
	runtime.signal(A); /* without anything: it stays */
	pass(1);	   /* as does the timer */
	assert_int_equal(kept_for(COMES + 1), 4);
}

/* As much as comes is no more than the newest. */
static void what_comes_with_a_signal_that_is_put_off_is_kept(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DRIVER_SIGNALS_EACH; i++)
		runtime.signal(A);
	told = 0;
	comes_along(A, 8, DRIVER_TOLD_WORD + 2);
	assert_int_equal(told, 0);
	pass(DRIVER_SIGNALS_MS);
	assert_int_equal(told, A);
	assert_int_equal(kept_for(COMES), 8);
}

static void what_is_too_short_or_too_long_is_not_kept(void **state)
{
	static const struct {
		uint32_t bytes, words;
	} wrong[] = {{8, DRIVER_TOLD_WORD},
		     {8, DRIVER_TOLD_WORD + 1},
		     {0, DRIVER_TOLD_WORD + 2},
		     {8, 1},
		     {0xfeff, MSG_WORDS},
		     {8, MSG_WORDS + 1},
		     {8, 255}};
	(void)state;
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		told = 0;
		comes_along(A, wrong[i].bytes, wrong[i].words);
		assert_int_equal(kept_for(COMES), 0);
		pass(DRIVER_SIGNALS_MS);
		assert_int_equal(told, A);
	}
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
	    cmocka_unit_test_setup(what_comes_along_waits_for_whose_signal_it_is, fresh),
	    cmocka_unit_test_setup(what_comes_with_a_signal_that_is_put_off_is_kept, fresh),
	    cmocka_unit_test_setup(what_is_too_short_or_too_long_is_not_kept, fresh),
	    cmocka_unit_test_setup(a_signal_that_is_not_there_is_refused, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
