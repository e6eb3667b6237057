/* SPDX-License-Identifier: BSD-2-Clause */
/* What adopt.h does with each driver that a dead incarnation of the manager left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/inspect.h"
#include "cap/syscall.h"
#include "hands/budget.h"
#include "hands/depot.h"
#include "hands/ends.h"
#include "hands/evidence.h"
#include "hands/spawn.h"
#include "log/tell.h"
#include "supervisor/adopt.h"
#include "supervisor/supervisor.h"
#include "supervisor/swap.h"

enum { FAULTED, WELL, SUSPENDED, GONE, REFUSED, COUNT };
#define THREAD	10u /* of driver 0; then in a row */
#define ADDRESS 0x404040u
#define CODE	6u

static manager_t manager;
static driver_t drivers[COUNT];
static inspect_thread_t threads[COUNT];
static struct {
	uint32_t mapped, watched, spent, told, opened, faults;
	message_t fault;
} seen[COUNT];
static uint32_t unmappable, collected, swapped;

err_t spawn_map_pages(manager_t *of, const driver_t *driver)
{
	(void)of;
	seen[driver->index].mapped++;
	return driver->index == unmappable ? DRV_ENOMEM : DRV_OK;
}

/* What nobody names is free before anything else is done. */
err_t depot_adopt(manager_t *of)
{
	for (uint32_t i = 0; i < of->count; i++)
		assert_int_equal(seen[i].mapped, 0);
	collected++;
	assert_int_equal(collected, swapped);
	return DRV_OK;
}

/* And before that it is known who is named. */
void swap_adopt(manager_t *of)
{
	(void)of;
	assert_int_equal(collected, swapped);
	swapped++;
}

void evidence_begin(manager_t *of, const driver_t *driver, bool fresh)
{
	(void)of;
	seen[driver->index].watched += fresh;
}

void tell_adopt(const manager_t *of, const driver_t *driver)
{
	assert_ptr_equal(of, &manager);
	seen[driver->index].told++;
}

void budget_adopt(manager_t *of, const driver_t *driver)
{
	(void)of;
	seen[driver->index].spent++;
}

err_t ends_make(const manager_t *of, driver_t *driver)
{
	(void)of;
	seen[driver->index].opened++;
	return DRV_OK;
}

err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	assert_null(number);
	assert_in_range(cap, THREAD, THREAD + COUNT - 1);
	assert_int_equal(size, sizeof(threads[0]));
	memcpy(evidence, &threads[cap - THREAD], size);
	return DRV_OK;
}

/* By then all are taken over: what follows from it can be of any of them. */
void supervisor_fault(manager_t *of, driver_t *driver, const message_t *message)
{
	for (uint32_t i = 0; i < of->count; i++)
		assert_int_equal(seen[i].opened, drivers[i].accepted);
	seen[driver->index].faults++;
	seen[driver->index].fault = *message;
}

static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(drivers, 0, sizeof(drivers));
	memset(seen, 0, sizeof(seen));
	unmappable = COUNT;
	manager.drivers = drivers;
	manager.count = manager.world.count = COUNT;
	for (uint32_t i = 0; i < COUNT; i++) {
		driver_t *driver = &drivers[i];
		bool alive = i != GONE && i != REFUSED;
		driver->index = i;
		driver->accepted = i != REFUSED;
		driver->unit.state = alive ? STATE_RUNNING : STATE_STOPPED;
		driver->instance.alive = alive;
		driver->instance.process.thread = THREAD + i;
		threads[i] = (inspect_thread_t){.state = INSPECT_STOPPED,
						.stop_label = FAULT_PAGE,
						.stop_address = ADDRESS + i,
						.stop_code = CODE};
		manager.world.units[i] = &driver->unit;
		manager.world.order[i] = i;
	}
	/* It was resumed since its fault; and one that the dead one froze had none. */
	threads[WELL].state = INSPECT_RECEIVING;
	threads[SUSPENDED].stop_label = 0;
	return 0;
}

static void a_fault_that_the_dead_one_had_received_is_not_lost(void **state)
{
	(void)state;
	assert_int_equal(adopt_all(&manager), DRV_OK);
	for (uint32_t i = 0; i < COUNT; i++)
		assert_int_equal(seen[i].faults, i == FAULTED);
	const message_t *fault = &seen[FAULTED].fault;
	assert_int_equal(MSG_LABEL(fault->info), FAULT_PAGE);
	assert_int_equal(fault->word0, ADDRESS + FAULTED);
	assert_int_equal(fault->word1, CODE);
}

static void each_that_was_accepted_is_taken_over_once(void **state)
{
	(void)state;
	assert_int_equal(adopt_all(&manager), DRV_OK);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(seen[i].mapped, i != REFUSED);
		assert_int_equal(seen[i].watched, i != REFUSED);
		assert_int_equal(seen[i].spent, i != REFUSED); /* what it used is not known */
		assert_int_equal(seen[i].told, i != REFUSED);
		assert_int_equal(seen[i].opened, i != REFUSED);
	}
}

static void one_that_cannot_be_taken_over_ends_all_of_it(void **state)
{
	(void)state;
	unmappable = SUSPENDED;
	assert_int_equal(adopt_all(&manager), DRV_ENOMEM);
	assert_int_equal(seen[WELL].opened, 1);
	assert_int_equal(seen[GONE].mapped, 0);
	assert_int_equal(seen[FAULTED].faults, 0);
}

/* One that died before they were given, and one that has none. */
static void who_has_not_all_its_lines_is_given_them(void **state)
{
	uint32_t given = 0;
	effect_t effect;
	(void)state;
	drivers[WELL].manifest.caps.irq.count = 2;
	drivers[WELL].instance.lines[0] = 1;
	assert_int_equal(adopt_all(&manager), DRV_OK);
	while (core_next(&manager.world, &effect))
		given |= (uint32_t)(effect.kind == EFFECT_LINES) << effect.unit;
	assert_int_equal(given, 1u << WELL);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_fault_that_the_dead_one_had_received_is_not_lost),
	    TEST(each_that_was_accepted_is_taken_over_once),
	    TEST(one_that_cannot_be_taken_over_ends_all_of_it),
	    TEST(who_has_not_all_its_lines_is_given_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
