/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's timers. The time is made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/driver.h"

static driver_page_t page;
#define driver_page real_driver_page /* whose page has a fixed address in the machine */
#include "libs/libcap/driver/private.h"
#undef driver_page
#define driver_page() (&page)
#include "libs/libcap/driver/timer.c"

runtime_t runtime;
static uint32_t now;
static unsigned fired[DRIVER_TIMERS + 1];
static unsigned again = DRIVER_TIMERS; /* set for now when it fires */

static const message_t *replied; /* what was answered last … */
static unsigned replies;	 /* … of so many answers */

static unsigned looks; /* at the clock */

uint32_t clock_ms(void)
{
	looks++;
	return now;
}

err_t ipc_reply(cap_t reply, const message_t *message)
{
	assert_int_equal(reply, page.reply);
	assert_int_equal(fired[DRIVER_TIMERS] + fired[0], 0); /* before callbacks */
	replied = message;
	replies++;
	return DRV_OK;
}

static void plain(void)
{
	fired[DRIVER_TIMERS]++;
}

static void timed(unsigned index)
{
	assert_true(index < DRIVER_TIMERS);
	fired[index]++;
	if (index == again)
		driver_timer_set(index, 0);
}

static int fresh(void **state)
{
	static const driver_ops_t ops = {.timer = plain, .timed = timed};
	(void)state;
	page.work = 0;
	runtime = (runtime_t){.ops = &ops};
	now = UINT32_MAX - 5; /* the clock wraps in every test */
	memset(fired, 0, sizeof(fired));
	again = DRIVER_TIMERS;
	replies = 0;
	return 0;
}

/* What was seen of the clock before is forgotten. */
static void begin_turn(void)
{
	runtime.turn_knows = false;
	looks = 0;
}

static void pass(uint32_t ms)
{
	begin_turn();
	now += ms;
	timers_take();
}

static void each_timer_fires_once_at_its_time(void **state)
{
	(void)state;
	assert_int_equal(timers_take(), TIMEOUT_FOREVER);
	driver_set_timer(10);
	assert_int_equal(driver_timer_set(0, 7), DRV_OK);
	assert_int_equal(driver_timer_set(DRIVER_TIMERS - 1, 30), DRV_OK);
	assert_int_equal(timers_take(), 7);
	pass(6);
	assert_int_equal(fired[0], 0);
	pass(1);
	assert_int_equal(fired[0], 1);
	assert_int_equal(timers_take(), 3);
	pass(3);
	assert_int_equal(fired[DRIVER_TIMERS], 1);
	pass(100);
	assert_int_equal(fired[0], 1);
	assert_int_equal(fired[DRIVER_TIMERS], 1);
	assert_int_equal(fired[DRIVER_TIMERS - 1], 1);
	assert_int_equal(page.work, 3); /* which the driver's health tells */
	assert_int_equal(timers_take(), TIMEOUT_FOREVER);
}

static void a_turn_in_which_none_is_due_looks_at_the_clock_once(void **state)
{
	(void)state;
	looks = 0;
	assert_int_equal(timers_take(), TIMEOUT_FOREVER);
	assert_int_equal(looks, 0); /* none is set */
	driver_timer_set(0, 9);
	driver_timer_set(1, 5);
	begin_turn();
	assert_int_equal(timers_take(), 5);
	assert_int_equal(looks, 1);
}

/* A timer that is set, and whoever else wants to know what time it is, looks for the loop. */
static void who_looked_at_the_clock_looked_for_all_of_the_turn(void **state)
{
	(void)state;
	begin_turn();
	driver_timer_set(0, 9);
	assert_int_equal(timers_take(), 9);
	assert_int_equal(looks, 1);
	begin_turn();
	now += 2;
	assert_int_equal(driver_now_ms(), now);
	assert_int_equal(timers_take(), 7);
	assert_int_equal(looks, 1);
}

/* Also one in which no timer was set. */
static void what_an_earlier_turn_saw_is_not_believed(void **state)
{
	(void)state;
	driver_now_ms();
	assert_int_equal(timers_take(), TIMEOUT_FOREVER);
	uint32_t at = now + 10;
	now += 4;
	driver_set_timer_at(at);
	assert_int_equal(timers_take(), 6);
	now += 6;
	timers_take();
	assert_int_equal(fired[DRIVER_TIMERS], 1);
}

static void a_timer_is_set_for_a_time_without_a_look_at_the_clock(void **state)
{
	(void)state;
	begin_turn();
	driver_set_timer_at(now + 30);
	driver_set_timer_at(now + 10); /* instead */
	assert_int_equal(looks, 0);
	assert_int_equal(timers_take(), 10);
	pass(9);
	assert_int_equal(fired[DRIVER_TIMERS], 0);
	pass(1);
	assert_int_equal(fired[DRIVER_TIMERS], 1);
	driver_set_timer_at(now - 1); /* which has passed */
	assert_int_equal(timers_take(), 0);
	assert_int_equal(fired[DRIVER_TIMERS], 2);
	runtime.quiet = true;
	driver_set_timer_at(now);
	assert_int_equal(timers_take(), TIMEOUT_FOREVER);
}

static void a_timer_can_be_set_anew_and_cancelled(void **state)
{
	(void)state;
	driver_timer_set(1, 5);
	driver_timer_set(1, 20);
	driver_timer_set(2, 5);
	driver_timer_set(2, DRIVER_NO_TIMER);
	driver_set_timer(5);
	driver_set_timer(DRIVER_NO_TIMER);
	pass(10);
	assert_int_equal(fired[1] + fired[2] + fired[DRIVER_TIMERS], 0);
	pass(10);
	assert_int_equal(fired[1], 1);
}

/* And does not fire at once, as one further than half the clock away would. */
static void a_timer_beyond_the_most_is_one_at_the_most(void **state)
{
	(void)state;
	driver_timer_set(0, DRIVER_TIMER_MAX_MS);
	driver_timer_set(1, DRIVER_TIMER_MAX_MS + 1);
	driver_timer_set(2, DRIVER_NO_TIMER - 1);
	pass(0);
	pass(DRIVER_TIMER_MAX_MS - 1);
	assert_int_equal(fired[0] + fired[1] + fired[2], 0);
	pass(1);
	assert_int_equal(fired[0] + fired[1] + fired[2], 3);
}

static void one_that_sets_itself_for_now_leaves_the_others_their_turn(void **state)
{
	(void)state;
	again = 3;
	driver_timer_set(3, 0);
	driver_timer_set(4, 0);
	assert_int_equal(timers_take(), 0);
	assert_int_equal(fired[3], 1);
	assert_int_equal(fired[4], 1);
	assert_int_equal(timers_take(), 0);
	assert_int_equal(fired[3], 2);
}

static void one_that_is_quiesced_sets_none(void **state)
{
	(void)state;
	runtime.quiet = true;
	driver_timer_set(0, 1);
	driver_set_timer(1);
	pass(10);
	assert_int_equal(fired[0] + fired[DRIVER_TIMERS], 0);
	assert_int_equal(timers_take(), TIMEOUT_FOREVER);
	runtime.quiet = false;
	driver_timer_set(0, 1);
	pass(1);
	assert_int_equal(fired[0], 1);
}

static void a_timer_that_is_not_there_is_refused(void **state)
{
	int32_t error = DRV_OK;
	(void)state;
	cap_record_errors(&error);
	assert_int_equal(driver_timer_set(DRIVER_TIMERS, 1), DRV_EINVAL);
	assert_int_equal(error, DRV_EINVAL);
	assert_int_equal(driver_timer_set(UINT32_MAX, 1), DRV_EINVAL);
	assert_int_equal(timers_take(), TIMEOUT_FOREVER);
	cap_record_errors(NULL);
}

/* A callback may send messages, and those lie where the answer does. */
static void an_answer_is_given_before_callbacks_and_once(void **state)
{
	static const message_t answer;
	(void)state;
	page.reply = 42;
	runtime.answer = &answer;
	driver_set_timer(5);
	driver_timer_set(0, 5);
	pass(4);
	assert_ptr_equal(runtime.answer, &answer); /* the next receive gives it */
	assert_int_equal(replies, 0);
	pass(1);
	assert_ptr_equal(replied, &answer);
	assert_null(runtime.answer);
	assert_int_equal(replies, 1);
	assert_int_equal(fired[DRIVER_TIMERS] + fired[0], 2);
	driver_set_timer(5);
	pass(5);
	assert_int_equal(replies, 1);
}

static void who_asks_for_the_turn_s_time_looks_once_at_most(void **state)
{
	(void)state;
	begin_turn();
	assert_int_equal(driver_turn_ms(), now);
	now += 7;
	assert_int_equal(driver_turn_ms(), now - 7);
	assert_int_equal(looks, 1);
	begin_turn();
	runtime.turn_knows = true; /* the signal told it */
	runtime.turn_ms = 77;
	assert_int_equal(driver_turn_ms(), 77);
	assert_int_equal(looks, 0);
	assert_int_equal(driver_now_ms(), now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(who_asks_for_the_turn_s_time_looks_once_at_most, fresh),
	    cmocka_unit_test_setup(each_timer_fires_once_at_its_time, fresh),
	    cmocka_unit_test_setup(a_turn_in_which_none_is_due_looks_at_the_clock_once, fresh),
	    cmocka_unit_test_setup(who_looked_at_the_clock_looked_for_all_of_the_turn, fresh),
	    cmocka_unit_test_setup(what_an_earlier_turn_saw_is_not_believed, fresh),
	    cmocka_unit_test_setup(a_timer_is_set_for_a_time_without_a_look_at_the_clock,
				   fresh),
	    cmocka_unit_test_setup(a_timer_can_be_set_anew_and_cancelled, fresh),
	    cmocka_unit_test_setup(a_timer_beyond_the_most_is_one_at_the_most, fresh),
	    cmocka_unit_test_setup(one_that_sets_itself_for_now_leaves_the_others_their_turn,
				   fresh),
	    cmocka_unit_test_setup(one_that_is_quiesced_sets_none, fresh),
	    cmocka_unit_test_setup(a_timer_that_is_not_there_is_refused, fresh),
	    cmocka_unit_test_setup(an_answer_is_given_before_callbacks_and_once, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
