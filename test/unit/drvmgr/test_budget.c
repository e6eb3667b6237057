/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the processor each instance of a driver is given, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "hands/budget.h"
#include "hands/evidence.h"

enum { THREAD = 1 };
#define TICKS 1000u /* a millisecond */

static manager_t manager;
static driver_t driver;
static inspect_thread_t thread;
static uint32_t given, calls;

err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	if (number)
		*number = cap;
	memset(evidence, 0, size);
	if (cap == THREAD)
		memcpy(evidence, &thread, size);
	return DRV_OK;
}

err_t thread_set(cap_t cap, enum thread_attribute what, uint32_t value)
{
	assert_int_equal(cap, THREAD);
	assert_int_equal(what, THREAD_BUDGET);
	given = value;
	calls++;
	return DRV_OK;
}

err_t thread_read(cap_t cap, thread_registers_t *registers)
{
	(void)cap, (void)registers;
	return DRV_EINVAL;
}

static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(&driver, 0, sizeof(driver));
	manager.drivers = &driver;
	manager.count = 1;
	manager.now_ms = 5000;
	driver.unit.state = STATE_RUNNING;
	driver.manifest.cpu = (cpu_share_t){.budget_us = 25000, .period_us = 100000};
	given = calls = 0;
	return 0;
}

static void begin(void)
{
	driver.instance = (instance_t){.alive = true, .process = {.thread = THREAD}};
	driver.unit.named = verdict_lasting(driver.unit.named);
	thread = (inspect_thread_t){.state = INSPECT_READY, .ticks_per_ms = TICKS};
	assert_int_equal(budget_begin(&manager, &driver), DRV_OK);
	evidence_begin(&manager, &driver, true);
}

static void end(void)
{
	thread.now_ms = (uint32_t)manager.now_ms;
	evidence_end(&manager, &driver);
	driver.instance.alive = false;
}

static void look_after(uint32_t ms)
{
	verdict_t verdicts[DRIVERS_MAX];
	manager.now_ms += ms;
	thread.now_ms = (uint32_t)manager.now_ms;
	evidence_look(&manager, verdicts);
}

static void lives(uint32_t ms)
{
	begin();
	manager.now_ms += ms;
	thread.run_low += ms * TICKS;
	end();
}

static void the_first_instance_has_all_of_it_and_that_is_all(void **state)
{
	(void)state;
	begin();
	assert_int_equal(given, THREAD_BUDGET_MS(25, 100));
	look_after(100);
	look_after(100);
	assert_int_equal(calls, 1);
}

static void the_next_one_has_what_is_left_and_all_of_it_after_a_period(void **state)
{
	(void)state;
	lives(20);
	begin();
	assert_int_equal(given, THREAD_BUDGET_MS(5, 100));
	look_after(50);
	look_after(49);
	assert_int_equal(given, THREAD_BUDGET_MS(5, 100));
	look_after(1);
	assert_int_equal(given, THREAD_BUDGET_MS(25, 100));
	assert_int_equal(calls, 3);
	look_after(1000);
	assert_int_equal(calls, 3);
}

static void one_that_waits_in_its_event_loop_gets_it_too(void **state)
{
	(void)state;
	lives(20);
	begin();
	thread.state = INSPECT_RECEIVING;
	for (uint32_t looks = 0; looks < 4; looks++)
		look_after(50);
	assert_int_equal(given, THREAD_BUDGET_MS(25, 100));
}

static void one_life_after_the_other_has_a_millisecond_at_least(void **state)
{
	(void)state;
	lives(25);
	for (uint32_t count = 0; count < 10; count++) {
		lives(5);
		assert_int_equal(given & 0xffffu, 1);
	}
	manager.now_ms += 100;
	begin();
	assert_int_equal(given, THREAD_BUDGET_MS(25, 100));
}

static void to_be_throttled_is_never_more_than_the_manifest_gives(void **state)
{
	(void)state;
	begin();
	budget_throttle(&driver);
	assert_int_equal(given, THREAD_BUDGET_MS(5, 100));
	driver.manifest.cpu = (cpu_share_t){.budget_us = 1000, .period_us = 100000};
	budget_throttle(&driver);
	assert_int_equal(given, THREAD_BUDGET_MS(1, 100));
}

static void who_was_named_stays_throttled_when_the_period_is_over(void **state)
{
	static const uint32_t kinds[] = {VERDICT_HOGS, VERDICT_STARVES, VERDICT_FLOODS,
					 VERDICT_BUSY}; /* the last is no reason */
	for (uint32_t i = 0; i < 4; i++) {
		fresh(state);
		lives(20);
		begin();
		driver.unit.named = 1u << kinds[i];
		budget_throttle(&driver);
		look_after(200);
		assert_int_equal(given, THREAD_BUDGET_MS(i < 3 ? 5 : 25, 100));
		assert_int_equal(calls, 4);
	}
}

/* All lives of a throttled driver share what is left to it. */
static void the_next_instance_of_who_was_named_is_throttled_as_well(void **state)
{
	(void)state;
	lives(20);
	driver.unit.named = 1u << VERDICT_FLOODS;
	budget_throttle(&driver); /* nobody lives: there is nothing to give */
	assert_int_equal(calls, 1);
	lives(3);
	assert_int_equal(given, THREAD_BUDGET_MS(1, 100)); /* 20 are more than all of 5 */
	manager.now_ms += 100;
	lives(3);
	assert_int_equal(given, THREAD_BUDGET_MS(5, 100));
	lives(3);
	assert_int_equal(given, THREAD_BUDGET_MS(2, 100));
	begin();
	assert_int_equal(given, THREAD_BUDGET_MS(1, 100));
	look_after(100);
	assert_int_equal(given, THREAD_BUDGET_MS(5, 100));
}

static void what_holds_for_the_next_instance_too(void **state)
{
	(void)state;
	for (uint32_t kind = 0; kind < VERDICT_COUNT; kind++) {
		bool lasts = kind == VERDICT_HOGS || kind == VERDICT_STARVES ||
			     kind == VERDICT_FLOODS || kind == VERDICT_BUSY;
		uint32_t expected = lasts ? 1u << kind : 0;
		if (kind == VERDICT_PERSISTS)
			expected = 1u << VERDICT_FLOODS;
		assert_int_equal(verdict_lasting(1u << kind), expected);
	}
}

/* It is named once, and has all of its budget. */
static void the_next_instance_of_who_was_busy_is_not_throttled(void **state)
{
	(void)state;
	budget_t whole = budget_share(&driver);
	driver.unit.named = verdict_lasting(1u << VERDICT_BUSY);
	assert_int_equal(driver.unit.named, 1u << VERDICT_BUSY);
	assert_int_equal(budget_share(&driver).budget_ms, whole.budget_ms);
	driver.unit.named |= 1u << VERDICT_HOGS;
	assert_int_not_equal(budget_share(&driver).budget_ms, whole.budget_ms);
}

/* The manager dies; the driver's record is there. */
static void taken_over(void)
{
	memset(manager.watches, 0, sizeof(manager.watches));
	budget_adopt(&manager, &driver);
}

static void after_a_managers_death_what_is_left_is_what_was_left(void **state)
{
	(void)state;
	begin();
	manager.now_ms += 10;
	thread.run_low = 10 * TICKS;
	taken_over(); /* it was not looked at since */
	manager.now_ms += 10;
	thread.run_low = 20 * TICKS;
	end();
	taken_over(); /* and is ended by another one than who made it */
	begin();
	assert_int_equal(given, THREAD_BUDGET_MS(5, 100));
	taken_over();
	thread.run_low = 5 * TICKS;
	look_after(0);
	taken_over();
	end();
	begin();
	assert_int_equal(given, THREAD_BUDGET_MS(1, 100)); /* no death gives any back */
}

/* What came back before a look is not used up by a death behind it. */
static void after_a_managers_death_what_ran_long_ago_has_come_back(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 0; i < 10; i++) {
		thread.run_low += 10 * TICKS;
		look_after(100);
	}
	taken_over();
	end();
	begin();
	assert_int_equal(given, THREAD_BUDGET_MS(15, 100));
}

static void a_look_at_one_that_used_nothing_more_changes_no_record(void **state)
{
	(void)state;
	begin();
	thread.run_low = 5 * TICKS;
	look_after(100);
	assert_int_equal(manager.world.touched, 1);
	manager.world.touched = 0;
	thread.run_low += TICKS - 1;
	look_after(100);
	assert_int_equal(manager.world.touched, 0);
}

/* What it has then is not known: it can be what was left, for a period, once. */
static void after_a_managers_death_who_lives_has_all_of_it_in_a_period(void **state)
{
	(void)state;
	begin();
	budget_adopt(&manager, &driver);
	given = 0;
	look_after(99);
	assert_int_equal(given, 0);
	look_after(1);
	assert_int_equal(given, THREAD_BUDGET_MS(25, 100));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_first_instance_has_all_of_it_and_that_is_all),
	    TEST(the_next_one_has_what_is_left_and_all_of_it_after_a_period),
	    TEST(one_that_waits_in_its_event_loop_gets_it_too),
	    TEST(one_life_after_the_other_has_a_millisecond_at_least),
	    TEST(to_be_throttled_is_never_more_than_the_manifest_gives),
	    TEST(who_was_named_stays_throttled_when_the_period_is_over),
	    TEST(the_next_instance_of_who_was_named_is_throttled_as_well),
	    TEST(the_next_instance_of_who_was_busy_is_not_throttled),
	    TEST(what_holds_for_the_next_instance_too),
	    TEST(after_a_managers_death_what_is_left_is_what_was_left),
	    TEST(after_a_managers_death_what_ran_long_ago_has_come_back),
	    TEST(a_look_at_one_that_used_nothing_more_changes_no_record),
	    TEST(after_a_managers_death_who_lives_has_all_of_it_in_a_period),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
