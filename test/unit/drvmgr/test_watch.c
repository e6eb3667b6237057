/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom the manager blames for silence. The time is made up here, and a driver's end is only
 * noted: what follows it is not part of these tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "supervisor/supervisor.h"

#define TURN_MS 50u
#define START	1000u /* when the tests begin */

static manager_t manager;
static driver_page_t pages[DRIVERS_MAX];
static uint64_t blamed_at[DRIVERS_MAX]; /* 0: not blamed */

/* What watch.c calls. A driver that is blamed stays dead. */
void supervisor_event(manager_t *of, driver_t *driver, lifecycle_event_t event)
{
	assert_int_equal(event, EVENT_LIMIT);
	supervisor_fail(of, driver, DRV_ETIMEDOUT, "limit");
}

void supervisor_fail(manager_t *of, driver_t *driver, err_t error, const char *why)
{
	assert_true(driver->instance.alive && error < 0 && why != NULL);
	driver->instance.alive = false;
	driver->unit.state = STATE_QUARANTINED;
	blamed_at[driver->index] = of->now_ms;
}

void manager_log_line(manager_t *of, const char *text, ...)
{
	(void)of, (void)text;
}

err_t thread_suspend(cap_t thread)
{
	(void)thread;
	return DRV_OK;
}

err_t thread_read(cap_t thread, thread_registers_t *registers)
{
	(void)thread, (void)registers;
	return DRV_OK;
}

static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(pages, 0, sizeof(pages));
	memset(blamed_at, 0, sizeof(blamed_at));
	manager.now_ms = START;
	return 0;
}

static void begin(driver_t *driver, driver_state_t state)
{
	driver->instance.alive = true;
	driver->unit.state = state;
	driver->unit.since_ms = driver->unit.beats_ms = manager.now_ms;
	driver->unit.patience = (patience_t){.seen_ms = manager.now_ms};
}

/* A driver that runs. */
static driver_t *add(uint32_t priority, uint32_t period_ms, uint32_t misses)
{
	driver_t *driver = &manager.drivers[manager.count];
	driver->index = manager.count;
	driver->instance.page = &pages[manager.count++];
	driver->manifest.priority = priority;
	driver->manifest.heartbeat.period_ms = period_ms;
	driver->manifest.heartbeat.misses = misses;
	begin(driver, STATE_RUNNING);
	return driver;
}

static uint64_t elapsed(void)
{
	return manager.now_ms - START;
}

/* When the driver was blamed, in milliseconds from the start; 0: not at all. */
static uint64_t blamed(const driver_t *driver)
{
	uint64_t at = blamed_at[driver->index];
	return at ? at - START : 0;
}

static void turn(void)
{
	manager.now_ms += TURN_MS;
	supervisor_tick(&manager);
}

static void a_driver_that_hangs_alone_is_blamed_at_its_limit(void **state)
{
	(void)state;
	driver_t *hung = add(4, 250, 3), *well = add(20, 250, 3);
	while (elapsed() < 3000) {
		well->instance.page->beats++;
		turn();
	}
	assert_int_equal(blamed(hung), 750);
	assert_int_equal(blamed(well), 0);
}

/* In both orders of their numbers: the one that is judged first may not change the other's. */
static void a_spinning_driver_is_blamed_and_not_those_below_it(void **state)
{
	for (unsigned order = 0; order < 2; order++) {
		fresh(state);
		driver_t *first = add(order ? 20 : 4, 250, order ? 4 : 3);
		driver_t *second = add(order ? 4 : 20, 250, order ? 3 : 4);
		driver_t *spinning = order ? first : second, *below = order ? second : first;
		while (elapsed() < 5000) {
			if (!spinning->instance.alive)
				below->instance.page->beats++;
			turn();
		}
		assert_int_equal(blamed(spinning), 1000);
		assert_int_equal(blamed(below), 0);
	}
}

static void a_driver_of_the_same_priority_is_no_excuse(void **state)
{
	(void)state;
	driver_t *slow = add(4, 100, 10), *hung = add(4, 250, 3);
	while (elapsed() < 900)
		turn();
	assert_int_equal(blamed(hung), 750);
	assert_int_equal(blamed(slow), 0);
}

static void a_slow_driver_does_not_hide_the_hang_of_one_below(void **state)
{
	(void)state;
	driver_t *slow = add(20, 100, 10), *hung = add(4, 250, 3);
	for (unsigned i = 1; elapsed() < 10000; i++) {
		if (i % 10 == 0)
			slow->instance.page->beats++;
		turn();
	}
	assert_int_equal(blamed(slow), 0);
	assert_in_range(blamed(hung), 750, 750 + 1000 + TURN_MS);
}

static void two_slow_drivers_that_alternate_do_not_hide_it_either(void **state)
{
	(void)state;
	driver_t *slow = add(20, 100, 10), *other = add(19, 100, 10), *hung = add(4, 250, 3);
	for (unsigned i = 0; elapsed() < 20000; i++) {
		if (i % 12 == 0)
			slow->instance.page->beats++;
		if (i % 12 == 6)
			other->instance.page->beats++;
		turn();
	}
	assert_int_equal(blamed(slow), 0);
	assert_int_equal(blamed(other), 0);
	assert_in_range(blamed(hung), 750, 750 + 1000 + TURN_MS);
}

static void the_clock_goes_on_where_it_stood(void **state)
{
	(void)state;
	driver_t *slow = add(20, 100, 10), *hung = add(4, 250, 3);
	while (elapsed() < 500)
		turn(); /* late from 100 on: seen at 150 */
	while (hung->instance.alive && elapsed() < 5000) {
		slow->instance.page->beats++;
		turn();
	}
	assert_int_equal(blamed(hung), 750 + 400);
}

static void a_sign_of_life_allows_a_new_excuse(void **state)
{
	(void)state;
	driver_t *slow = add(20, 100, 10), *well = add(4, 250, 3);
	for (unsigned i = 1; elapsed() < 20000; i++) {
		if (i % 18 == 0) { /* 900 ms: then those below have their turn */
			slow->instance.page->beats++;
			well->instance.page->beats++;
		}
		turn();
	}
	assert_int_equal(blamed(slow), 0);
	assert_int_equal(blamed(well), 0);
}

/* Each spins as long as it may; nothing below runs between. */
static void the_end_of_one_that_spins_renews_the_excuse(void **state)
{
	(void)state;
	driver_t *below = add(4, 250, 3), *spinning = add(20, 100, 10),
		 *next = add(19, 100, 10);
	while (elapsed() < 1850)
		turn();
	assert_int_equal(blamed(spinning), 1000);
	assert_int_equal(blamed(next), 0);
	assert_int_equal(blamed(below), 0);
	while (elapsed() < 2500)
		turn();
	assert_true(blamed(next) > 1850);
	assert_int_equal(blamed(below), 0);
	while (elapsed() < 5000)
		turn();
	assert_true(blamed(below) > blamed(next)); /* hung after all */
}

static void a_driver_that_is_ended_again_and_again_does_not_hide_a_hang_for_ever(void **state)
{
	(void)state;
	driver_t *spinning = add(20, 100, 10), *hung = add(4, 250, 3);
	while (elapsed() < 60000 && hung->instance.alive) {
		turn();
		if (!spinning->instance.alive)
			begin(spinning, STATE_RUNNING);
	}
	assert_false(hung->instance.alive);
}

static void limits_of_states_have_the_same_clock(void **state)
{
	(void)state;
	driver_t *slow = add(20, 100, 10), *starting = add(4, 250, 3);
	starting->manifest.lifecycle.init_ms = 600;
	begin(starting, STATE_INITIALISING);
	for (unsigned i = 1; elapsed() < 10000; i++) {
		if (i % 10 == 0)
			slow->instance.page->beats++;
		starting->instance.page->beats++; /* says nothing about the step */
		turn();
	}
	assert_in_range(blamed(starting), 600 + 400, 600 + 1000 + TURN_MS);
}

static void a_spinning_start_is_blamed_and_not_those_below_it(void **state)
{
	(void)state;
	driver_t *below = add(4, 250, 3), *starting = add(20, 250, 3);
	starting->manifest.lifecycle.init_ms = 2000;
	begin(starting, STATE_INITIALISING);
	while (elapsed() < 5000) {
		if (!starting->instance.alive)
			below->instance.page->beats++;
		turn();
	}
	assert_int_equal(blamed(starting), 2000);
	assert_int_equal(blamed(below), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_driver_that_hangs_alone_is_blamed_at_its_limit, fresh),
	    cmocka_unit_test_setup(a_spinning_driver_is_blamed_and_not_those_below_it, fresh),
	    cmocka_unit_test_setup(a_driver_of_the_same_priority_is_no_excuse, fresh),
	    cmocka_unit_test_setup(a_slow_driver_does_not_hide_the_hang_of_one_below, fresh),
	    cmocka_unit_test_setup(two_slow_drivers_that_alternate_do_not_hide_it_either,
				   fresh),
	    cmocka_unit_test_setup(the_clock_goes_on_where_it_stood, fresh),
	    cmocka_unit_test_setup(a_sign_of_life_allows_a_new_excuse, fresh),
	    cmocka_unit_test_setup(the_end_of_one_that_spins_renews_the_excuse, fresh),
	    cmocka_unit_test_setup(
		a_driver_that_is_ended_again_and_again_does_not_hide_a_hang_for_ever, fresh),
	    cmocka_unit_test_setup(limits_of_states_have_the_same_clock, fresh),
	    cmocka_unit_test_setup(a_spinning_start_is_blamed_and_not_those_below_it, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
