/* SPDX-License-Identifier: BSD-2-Clause */
/* The turns of supervisor/work.h, with instances that take as many units as the test says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "hands/evidence.h"
#include "hands/safe.h"
#include "hands/spawn.h"
#include "kept/kept.h"
#include "log/tell.h"
#include "supervisor/excess.h"
#include "supervisor/perform.h"
#include "supervisor/work.h"

#define SMALL 0u
#define LARGE 1u

static manager_t manager;
static driver_t drivers[2];
static struct {
	uint32_t clear, build, safe; /* units that are left to do, of each driver */
	err_t fails;
	uint32_t frozen, evidence, counted, begun, failed, told, gone;
	bool tells;
} fake[2];
static uint32_t spent; /* in this turn */

static bool work_off(uint32_t *left, uint32_t *units)
{
	uint32_t now = *left < *units ? *left : *units;
	*left -= now;
	*units -= now;
	spent += now;
	return *left == 0 && *units > 0;
}

err_t spawn_begin(const manager_t *of, driver_t *driver, bool forgets)
{
	(void)of, (void)forgets;
	fake[driver->index].begun++;
	return DRV_OK;
}

err_t spawn_build(manager_t *of, driver_t *driver, process_build_t *build, uint32_t *units)
{
	(void)of, (void)build;
	if (!work_off(&fake[driver->index].build, units))
		return DRV_EAGAIN;
	driver->instance.alive = !fake[driver->index].fails;
	return fake[driver->index].fails;
}

bool spawn_clear(driver_t *driver, uint32_t *at, uint32_t *units)
{
	(void)at;
	assert_false(driver->instance.alive);
	return work_off(&fake[driver->index].clear, units);
}

void spawn_tell_gone(const driver_t *driver)
{
	fake[driver->index].gone++;
}

void spawn_freeze(const driver_t *driver, bool tells)
{
	fake[driver->index].frozen++;
	fake[driver->index].tells = tells;
}

bool safe_perform(manager_t *of, driver_t *driver, safe_turn_t *turn, uint32_t *units)
{
	(void)of, (void)turn;
	assert_true(driver->instance.alive); /* until then its record says so */
	driver->instance.alive = !work_off(&fake[driver->index].safe, units);
	return !driver->instance.alive;
}

void perform_all(manager_t *of)
{
	(void)of;
}

void kept_commit_one(manager_t *of, uint32_t i)
{
	(void)of, (void)i;
}

void evidence_begin(manager_t *of, const driver_t *driver, bool fresh)
{
	(void)of, (void)driver, (void)fresh;
}

void evidence_end(manager_t *of, const driver_t *driver)
{
	(void)of;
	assert_int_equal(fake[driver->index].frozen, 1); /* what it runs does not grow */
	fake[driver->index].evidence++;
}

void excess_end(manager_t *of, const driver_t *driver)
{
	(void)of;
	fake[driver->index].counted++;
	assert_int_equal(fake[driver->index].counted, fake[driver->index].evidence);
}

void tell_failure(manager_t *of, const driver_t *driver, const char *why)
{
	(void)of, (void)why;
	fake[driver->index].failed++;
}

void tell_effect(manager_t *of, const effect_t *effect)
{
	(void)of;
	assert_int_equal(fake[effect->unit].clear, 0); /* nothing is left */
	fake[effect->unit].told++;
}

static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(drivers, 0, sizeof(drivers));
	memset(fake, 0, sizeof(fake));
	spent = 0;
	manager.count = manager.world.count = 2;
	manager.drivers = drivers;
	for (uint32_t i = 0; i < 2; i++) {
		drivers[i].index = i;
		drivers[i].unit.state = STATE_PROBING;
		manager.world.units[i] = &drivers[i].unit;
	}
	return 0;
}

static uint32_t turns_until_alive(uint32_t i)
{
	uint32_t turns = 0;
	while (!drivers[i].instance.alive && turns < 1000) {
		spent = 0;
		work_turn(&manager);
		assert_in_range(spent, 1, WORK_TURN);
		turns++;
	}
	return turns;
}

/* Whoever called it meanwhile is told, as by the end of one that lives. */
static void one_in_the_making_is_ended_as_one_that_lives(void **state)
{
	(void)state;
	for (uint32_t tells = 0; tells < 2; tells++) {
		fresh(state);
		fake[LARGE].build = 100 * WORK_TURN;
		work_make(&manager, &drivers[LARGE], false);
		work_turn(&manager);
		work_end(&manager, &drivers[LARGE], tells);
		assert_int_equal(fake[LARGE].gone, tells);
		assert_int_equal(fake[LARGE].frozen, 0);
		assert_false(work_makes(&manager, &drivers[LARGE]));
	}
}

static void what_takes_long_takes_as_many_turns(void **state)
{
	(void)state;
	fake[LARGE].build = 100 * WORK_TURN - 1;
	work_make(&manager, &drivers[LARGE], false);
	assert_true(work_makes(&manager, &drivers[LARGE]));
	assert_int_equal(spent, 0); /* only begun */
	assert_int_equal(turns_until_alive(LARGE), 100);
	assert_false(work_makes(&manager, &drivers[LARGE]));
	assert_int_equal(manager.works.open, 0);
}

static void a_small_one_does_not_wait_for_a_large_one(void **state)
{
	(void)state;
	fake[LARGE].build = 100 * WORK_TURN;
	fake[SMALL].build = WORK_TURN / 2;
	work_make(&manager, &drivers[LARGE], false);
	work_turn(&manager);
	work_make(&manager, &drivers[SMALL], false);
	assert_in_range(turns_until_alive(SMALL), 1, 5);
	assert_in_range(turns_until_alive(LARGE), 90, 100);
}

static void an_end_is_told_when_all_is_over(void **state)
{
	(void)state;
	fake[LARGE].safe = 2 * WORK_TURN;
	fake[LARGE].clear = 2 * WORK_TURN;
	drivers[LARGE].instance.alive = drivers[LARGE].unit.ends = true;
	work_tell_later(&manager, &(effect_t){.kind = EFFECT_STATE, .unit = LARGE});
	work_end(&manager, &drivers[LARGE], true);
	assert_int_equal(fake[LARGE].frozen, 1); /* at once */
	assert_int_equal(fake[LARGE].told, 0);
	for (uint32_t turns = 0; drivers[LARGE].unit.ends; turns++) {
		assert_in_range(turns, 0, 4);
		work_turn(&manager);
	}
	assert_int_equal(fake[LARGE].clear + fake[LARGE].safe, 0);
	assert_int_equal(fake[LARGE].told, 1);
	assert_int_equal(manager.works.open, 0);
}

static void an_end_takes_the_place_of_what_is_in_the_making(void **state)
{
	(void)state;
	fake[LARGE].build = 100 * WORK_TURN;
	work_make(&manager, &drivers[LARGE], false);
	work_turn(&manager);
	drivers[LARGE].unit.ends = true;
	work_end(&manager, &drivers[LARGE], false);
	assert_false(work_makes(&manager, &drivers[LARGE]));
	work_turn(&manager);
	assert_false(drivers[LARGE].unit.ends);
	assert_true(fake[LARGE].build > 90 * WORK_TURN);
	assert_int_equal(manager.works.open, 0);
}

static void what_cannot_be_made_is_told_and_fails(void **state)
{
	(void)state;
	fake[SMALL].fails = DRV_ENOMEM;
	work_make(&manager, &drivers[SMALL], false);
	work_turn(&manager);
	assert_int_equal(fake[SMALL].failed, 1);
	assert_int_equal(drivers[SMALL].unit.state, STATE_RECOVERING);
	assert_int_equal(drivers[SMALL].unit.last_error, DRV_ENOMEM);
	assert_int_equal(manager.works.open, 0);
}

/* Only its own turns count, and all that an end can take are allowed. */
static void an_end_that_takes_too_many_of_its_own_turns_is_given_up(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		manager.world.rules[i].policy =
		    (policy_t){.kind = POLICY_ON_FAILURE, .burst = 5, .window_ms = 60000};
		drivers[i].unit.state = STATE_RECOVERING;
		drivers[i].unit.ends = drivers[i].instance.alive = true;
	}
	fake[SMALL].safe = 2 * WORK_TURN; /* it counts as well */
	fake[SMALL].clear = UINT32_MAX;
	fake[LARGE].clear = (WORK_TURNS_MOST - 2) * WORK_TURN;
	work_end(&manager, &drivers[SMALL], false);
	work_end(&manager, &drivers[LARGE], false);
	for (uint32_t turns = 0; drivers[LARGE].unit.ends; turns++) {
		assert_in_range(turns, 0, 2 * WORK_TURNS_MOST);
		work_turn(&manager);
	}
	assert_int_equal(drivers[LARGE].unit.state, STATE_BACKOFF);
	for (uint32_t turns = 0; drivers[SMALL].unit.state == STATE_RECOVERING; turns++) {
		assert_in_range(turns, 0, 10);
		work_turn(&manager);
	}
	assert_int_equal(drivers[SMALL].unit.state, STATE_QUARANTINED);
	assert_true(drivers[SMALL].unit.ends);
	fake[SMALL].clear = 0; /* it goes on, and comes to an end */
	work_turn(&manager);
	assert_false(drivers[SMALL].unit.ends);
}

static void waiting_calls_are_told_of_an_end_if_they_are_to_be(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		drivers[i].instance.alive = true;
		work_end(&manager, &drivers[i], i == LARGE);
		assert_int_equal(fake[i].tells, i == LARGE);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_in_the_making_is_ended_as_one_that_lives),
	    TEST(what_takes_long_takes_as_many_turns),
	    TEST(a_small_one_does_not_wait_for_a_large_one),
	    TEST(an_end_is_told_when_all_is_over),
	    TEST(an_end_takes_the_place_of_what_is_in_the_making),
	    TEST(what_cannot_be_made_is_told_and_fails),
	    TEST(an_end_that_takes_too_many_of_its_own_turns_is_given_up),
	    TEST(waiting_calls_are_told_of_an_end_if_they_are_to_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
