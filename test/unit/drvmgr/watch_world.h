/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers and the manager's supervisor with the real core/. What the looks find is written down
 * by the test; instances are made and ended at once. */
#ifndef WATCH_WORLD_H
#define WATCH_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture_fake.h"
#include "cap/format.h"
#include "cap/syscall.h"
#include "hands/budget.h"
#include "hands/evidence.h"
#include "hands/shared.h"
#include "log/take.h"
#include "log/tell.h"
#include "supervisor/excess.h"
#include "supervisor/perform.h"
#include "supervisor/supervisor.h"

enum { SERVER, CLIENT, OTHER, COUNT };
#define START 10000u

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static verdict_t found[DRIVERS_MAX];	/* at the next look */
static uint32_t clients[DRIVERS_MAX];	/* whose call each has taken */
static uint32_t throttled[DRIVERS_MAX]; /* times */
static verdict_t told[DRIVERS_MAX];	/* the last that was described … */
static uint32_t tells[DRIVERS_MAX];	/* … and how many were */
static uint32_t failed[DRIVERS_MAX];	/* times that it was told */
static uint32_t limits_told; /* failures by a limit, with what the last call answered */

void evidence_look(manager_t *of, verdict_t verdicts[DRIVERS_MAX])
{
	(void)of;
	memcpy(verdicts, found, sizeof(found));
}

void budget_throttle(const driver_t *driver)
{
	throttled[driver->index]++;
}

void evidence_describe(const manager_t *of, const driver_t *driver, const verdict_t *verdict,
		       char *text, size_t size)
{
	(void)of;
	told[driver->index] = *verdict;
	tells[driver->index]++;
	format(text, size, "%s", verdict_text(verdict->kind));
}

uint32_t evidence_client(const manager_t *of, const driver_t *server)
{
	(void)of;
	return clients[server->index];
}

uint32_t evidence_wait_ms(const manager_t *of)
{
	(void)of;
	return 0;
}

uint32_t evidence_sleep_ms(const manager_t *of)
{
	(void)of;
	return 0;
}

uint32_t shared_lines(const manager_t *of)
{
	(void)of;
	return 0;
}

storm_answer_t shared_look(manager_t *of, uint32_t line)
{
	(void)of, (void)line;
	fail_msg("no line is shared");
	return (storm_answer_t){0};
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

static bool lines_taken[DRIVERS_MAX];

void take_all(manager_t *of, driver_t *driver)
{
	(void)of;
	lines_taken[driver->index] = true;
}

/* What a driver wrote before it failed stands before that. */
void tell_failure(manager_t *of, const driver_t *driver, const char *why)
{
	(void)of, (void)why;
	assert_true(lines_taken[driver->index]);
	lines_taken[driver->index] = false;
	failed[driver->index]++;
}

/* A limit passed, and its own line says so. */
void tell_end(manager_t *of, const driver_t *driver, const char *why)
{
	(void)of, (void)driver;
	assert_string_equal(why, verdict_text(VERDICT_LIMIT));
	limits_told++;
}

/* Each instance takes its steps at once. */
static void answer(uint32_t i)
{
	core_answer(&manager.world, i, drivers[i].unit.command_seq, DRV_OK);
}

void perform_all(manager_t *of)
{
	effect_t effect;
	while (core_next(&of->world, &effect)) {
		driver_t *driver = &drivers[effect.unit];
		if (effect.kind == EFFECT_END) {
			driver->instance.alive = false;
			core_ended(&of->world, effect.unit);
		} else if (effect.kind == EFFECT_SPAWN) {
			driver->instance.alive = true;
			of->watches[effect.unit].begun = of->watches[effect.unit].state.begun =
			    true;
		} else if (effect.kind == EFFECT_COMMAND && effect.a != DRIVER_RUN) {
			answer(effect.unit);
		}
	}
}

static void pass_ms(uint32_t ms)
{
	manager.now_ms += ms;
	supervisor_tick(&manager);
}

static void well(void)
{
	for (uint32_t i = 0; i < DRIVERS_MAX; i++)
		found[i] = verdict_of(VERDICT_WELL, 0);
}

/* The client uses the server; the other one uses nobody. */
static int fresh(void **state)
{
	static log_t log;
	static const char *const names[COUNT] = {"server", "client", "other"};
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	memset(&manager, 0, sizeof(manager));
	memset(&log, 0, sizeof(log));
	memset(throttled, 0, sizeof(throttled));
	memset(tells, 0, sizeof(tells));
	memset(failed, 0, sizeof(failed));
	manager.drivers = drivers;
	manager.log = &log;
	manager.now_ms = START;
	manager.count = manager.world.count = COUNT;
	well();
	for (uint32_t i = 0; i < COUNT; i++) {
		clients[i] = NOBODY;
		drivers[i].index = i;
		strcpy(drivers[i].manifest.name, names[i]);
		drivers[i].unit.last_culprit = NOBODY;
		manager.world.units[i] = &drivers[i].unit;
		manager.world.order[i] = i;
		manager.world.rules[i] =
		    (rules_t){.rank = i,
			      .policy = {POLICY_ON_FAILURE, 0, 10, 100, 10, 5, 60000, 10000},
			      .limits = {500, 2000, 500, 500, 1000}};
	}
	strcpy(drivers[CLIENT].manifest.uses.items[0], "server");
	drivers[CLIENT].manifest.uses.count = 1;
	core_begin(&manager.world, manager.now_ms);
	pass_ms(1);
	for (uint32_t i = 0; i < COUNT; i++)
		assert_int_equal(drivers[i].unit.state, STATE_RUNNING);
	return 0;
}

static uint32_t failures(uint32_t i)
{
	return drivers[i].unit.history.held;
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

#endif
