/* SPDX-License-Identifier: BSD-2-Clause */
/* What supervisor/perform.h does, with the real core/: before each step that makes, ends or
 * tells a driver something, the driver is committed as it is then, so that whoever takes over
 * after a death in the middle of the step finds what it follows from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture_fake.h"
#include "hands/evidence.h"
#include "hands/grant.h"
#include "hands/spawn.h"
#include "kept/kept.h"
#include "log/take.h"
#include "log/tell.h"
#include "supervisor/perform.h"
#include "supervisor/swap.h"
#include "supervisor/work.h"

#define LINE 77u

static manager_t manager;
static driver_t driver;
static driver_t committed;
static uint32_t made, ended, told, lines, killed, swapped;
static bool tells, in_making, slow;
static effect_t later; /* what is to be told when the end is over */
static err_t no_lines;

void kept_commit_one(manager_t *of, uint32_t i)
{
	(void)of;
	assert_int_equal(i, 0);
	memcpy(&committed, &driver, sizeof(driver));
}

void kept_commit(manager_t *of)
{
	if (of->world.touched)
		kept_commit_one(of, 0);
}

static void is_committed(void)
{
	assert_memory_equal(&committed.unit, &driver.unit, sizeof(driver.unit));
	assert_memory_equal(&committed.instance, &driver.instance, sizeof(driver.instance));
}

void work_make(manager_t *of, driver_t *which, bool forgets)
{
	(void)of, (void)forgets;
	is_committed();
	which->instance.alive = !in_making;
	made++;
}

void work_end(manager_t *of, driver_t *which, bool tells_calls)
{
	is_committed();
	which->instance.alive = false;
	which->instance.lines[0] = CAP_NULL;
	tells = tells_calls;
	ended++;
	if (!slow)
		core_ended(&of->world, 0);
}

void spawn_command(const driver_t *which, uint32_t what, uint32_t number)
{
	(void)which, (void)what, (void)number;
	is_committed();
	told++;
}

err_t grant_irqs(const manager_t *of, driver_t *to)
{
	(void)of;
	is_committed();
	lines++;
	if (!no_lines)
		to->instance.lines[0] = LINE;
	return no_lines;
}

err_t spawn_kill(const driver_t *which)
{
	(void)which;
	assert_int_equal(captured, 1); /* before its registers are not its own any more */
	killed++;
	return DRV_OK;
}

void swap_perform(manager_t *of, driver_t *which)
{
	is_committed();
	core_swapped(&of->world, which->index, true);
	swapped++;
}

void work_tell_later(manager_t *of, const effect_t *effect)
{
	(void)of;
	later = *effect;
}

bool work_makes(const manager_t *of, const driver_t *which)
{
	(void)of, (void)which;
	return in_making;
}

/* ---- what is of no account here ---- */

void work_tell(manager_t *of, const driver_t *which)
{
	(void)of, (void)which;
}

void evidence_begin(manager_t *of, const driver_t *which, bool begun)
{
	(void)of, (void)which, (void)begun;
}

void spawn_close(const driver_t *which, err_t error)
{
	(void)which, (void)error;
}

void take_all(manager_t *of, driver_t *which)
{
	(void)of, (void)which;
}

void tell_effect(manager_t *of, const effect_t *effect)
{
	(void)of, (void)effect;
}

void tell_failure(manager_t *of, const driver_t *which, const char *why)
{
	(void)of, (void)which, (void)why;
}

/* ---- */

static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(&driver, 0, sizeof(driver));
	memset(&committed, 0xff, sizeof(committed));
	made = ended = told = lines = killed = captured = swapped = 0;
	no_lines = DRV_OK;
	in_making = slow = false;
	later = (effect_t){0};
	manager.drivers = &driver;
	manager.count = manager.world.count = 1;
	manager.world.units[0] = &driver.unit;
	manager.world.rules[0] =
	    (rules_t){.keeps_calls = true,
		      .policy = {POLICY_ON_FAILURE, 0, 100, 200, 30000, 5, 60000, 10000},
		      .limits = {500, 2000, 500, 500, 1000}};
	core_begin(&manager.world, 1);
	perform_all(&manager);
	assert_int_equal(made, 1);
	return 0;
}

static void answer(void)
{
	assert_int_equal(core_answer(&manager.world, 0, driver.unit.command_seq, DRV_OK),
			 DRV_OK);
	perform_all(&manager);
}

static void run(void)
{
	answer();
	answer();
	assert_int_equal(driver.unit.state, STATE_RUNNING);
}

static void all_that_is_done_is_committed_before(void **state)
{
	(void)state;
	run();
	assert_int_equal(lines, 1);
	assert_in_range(told, 2, 3);
	core_fail(&manager.world, 0, DRV_EFAULT, NOBODY);
	perform_all(&manager);
	assert_int_equal(ended, 1);
	assert_int_equal(made, 2);
	run();
	assert_int_equal(core_stop(&manager.world, 0), DRV_OK);
	perform_all(&manager);
	answer();
	core_event(&manager.world, 0, EVENT_EXIT);
	perform_all(&manager);
	assert_int_equal(driver.unit.state, STATE_STOPPED);
	assert_int_equal(ended, 2);
}

static void an_image_is_changed_when_the_instance_is_gone_and_before_the_next_one(void **state)
{
	(void)state;
	run();
	core_replace(&manager.world, 0);
	perform_all(&manager);
	answer();
	assert_int_equal(swapped, 0);
	core_event(&manager.world, 0, EVENT_EXIT);
	perform_all(&manager);
	assert_int_equal(swapped, 1);
	assert_int_equal(made, 2);
	assert_int_equal(driver.unit.swap, SWAP_PROBATION);
}

/* Whoever takes over asks the record whether the driver has its lines. */
static void that_it_has_its_lines_is_committed_behind(void **state)
{
	(void)state;
	answer();
	assert_int_equal(committed.instance.lines[0], LINE);
}

static void one_that_cannot_have_its_lines_fails(void **state)
{
	(void)state;
	no_lines = DRV_ENOMEM;
	answer();
	assert_int_equal(driver.unit.last_error, DRV_ENOMEM);
	assert_int_equal(ended, 1);
}

/* One in the making has no thread that could fault: what is to be done about it comes up while
 * something is done. */
static void one_that_is_killed_in_the_making_ends_and_is_committed_before(void **state)
{
	(void)state;
	driver.instance.alive = false;
	in_making = true;
	assert_int_equal(core_kill(&manager.world, 0), DRV_OK);
	perform_all(&manager);
	assert_int_equal(killed, 0);
	assert_int_equal(ended, 1);
	assert_int_equal(made, 2);
	in_making = false;
	fresh(NULL);
	assert_int_equal(core_kill(&manager.world, 0), DRV_OK);
	perform_all(&manager);
	assert_int_equal(killed, 1);
	assert_int_equal(ended, 0); /* until the kernel tells its fault */
}

static void waiting_calls_are_told_of_an_end_if_the_driver_does_not_hold_them(void **state)
{
	(void)state;
	for (uint32_t holds = 0; holds < 2; holds++) {
		fresh(NULL);
		manager.world.rules[0].keeps_calls = holds;
		run();
		core_fail(&manager.world, 0, DRV_EFAULT, NOBODY);
		perform_all(&manager);
		assert_int_equal(ended, 1);
		assert_int_equal(tells, !holds);
	}
}

/* That it recovers is told at once; that nothing is left of it, when that is so. */
static void that_a_driver_is_stopped_is_told_when_its_end_is_over(void **state)
{
	(void)state;
	run();
	slow = true;
	core_fail(&manager.world, 0, DRV_EFAULT, NOBODY);
	perform_all(&manager);
	assert_int_equal(later.b, 0);
	assert_int_equal(core_stop(&manager.world, 0), DRV_OK);
	perform_all(&manager);
	assert_int_equal(driver.unit.state, STATE_STOPPED);
	assert_int_equal(later.a, STATE_RECOVERING);
	assert_int_equal(later.b, STATE_STOPPED);
	later = (effect_t){0};
	assert_int_equal(core_start(&manager.world, 0), DRV_OK);
	perform_all(&manager);
	assert_int_equal(driver.unit.state, STATE_LOADED);
	assert_int_equal(later.b, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(all_that_is_done_is_committed_before),
	    TEST(an_image_is_changed_when_the_instance_is_gone_and_before_the_next_one),
	    TEST(that_it_has_its_lines_is_committed_behind),
	    TEST(one_that_cannot_have_its_lines_fails),
	    TEST(one_that_is_killed_in_the_making_ends_and_is_committed_before),
	    TEST(that_a_driver_is_stopped_is_told_when_its_end_is_over),
	    TEST(waiting_calls_are_told_of_an_end_if_the_driver_does_not_hold_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
