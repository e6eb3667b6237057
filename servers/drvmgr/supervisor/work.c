/* SPDX-License-Identifier: BSD-2-Clause */
/* The turns of work.h. Drivers take them in a circle, each until its work is done or it had
 * several: small ones do not wait for a large one. */
#include "supervisor/work.h"

#include "cap/format.h"
#include "cap/syscall.h"
#include "hands/evidence.h"
#include "hands/safe.h"
#include "hands/spawn.h"
#include "kept/kept.h"
#include "log/tell.h"
#include "supervisor/excess.h"
#include "supervisor/perform.h"

#define TURNS_IN_A_ROW 4u
#define WHY_MAX	       160u

static void open_work(manager_t *manager, const driver_t *driver, enum work_step step)
{
	manager->works.items[driver->index] = (work_t){.step = (uint8_t)step};
	manager->works.open |= 1u << driver->index;
}

static void close_work(manager_t *manager, const driver_t *driver)
{
	manager->works.items[driver->index].step = WORK_NONE;
	manager->works.open &= ~(1u << driver->index);
}

void work_end(manager_t *manager, driver_t *driver, bool tells)
{
	open_work(manager, driver, driver->instance.alive ? WORK_SAFE : WORK_REVOKE);
	if (!driver->instance.alive) {
		if (tells)
			spawn_tell_gone(driver);
		return;
	}
	spawn_freeze(driver, tells);
	evidence_end(manager, driver);
	excess_end(manager, driver);
}

bool work_makes(const manager_t *manager, const driver_t *driver)
{
	uint8_t step = manager->works.items[driver->index].step;
	return step == WORK_CLEAR || step == WORK_BUILD;
}

static void fail(manager_t *manager, driver_t *driver, err_t err)
{
	char why[WHY_MAX];
	format(why, sizeof(why), "cannot make the process: %s (%s)", error_name(err),
	       error_text(err));
	tell_failure(manager, driver, why);
	core_fail(&manager->world, driver->index, err, NOBODY);
}

/* Anything that was to be made is there, or cannot be. */
static void made(manager_t *manager, driver_t *driver, err_t err)
{
	close_work(manager, driver);
	evidence_begin(manager, driver, true);
	if (err)
		fail(manager, driver, err);
	kept_commit_one(manager, driver->index);
}

void work_make(manager_t *manager, driver_t *driver, bool forgets)
{
	open_work(manager, driver, WORK_CLEAR);
	if (forgets && manager->deaths)
		store_forgot(manager->deaths, driver->index);
	err_t err = spawn_begin(manager, driver, forgets);
	if (err)
		made(manager, driver, err);
}

void work_tell_later(manager_t *manager, const effect_t *effect)
{
	manager->works.told[effect->unit] = *effect;
	manager->works.tells |= 1u << effect->unit;
}

void work_tell(manager_t *manager, const driver_t *driver)
{
	if (!(manager->works.tells >> driver->index & 1))
		return;
	manager->works.tells &= ~(1u << driver->index);
	tell_effect(manager, &manager->works.told[driver->index]);
	manager->changed = true;
}

static void ended(manager_t *manager, driver_t *driver)
{
	close_work(manager, driver);
	work_tell(manager, driver);
	core_ended(&manager->world, driver->index);
	kept_commit_one(manager, driver->index);
}

/* An end has had a turn, and is not over. */
static void count_turn(manager_t *manager, const driver_t *driver, work_t *work)
{
	if (work->step != WORK_REVOKE && work->step != WORK_SAFE)
		return;
	if (++work->turns == WORK_TURNS_MOST)
		core_overdue(&manager->world, driver->index);
}

/* Goes on with the driver's work as far as the units reach. */
static void go_on(manager_t *manager, driver_t *driver, uint32_t *units)
{
	work_t *work = &manager->works.items[driver->index];
	err_t err;
	switch (work->step) {
	case WORK_CLEAR:
		if (spawn_clear(driver, &work->cleared, units))
			work->step = WORK_BUILD;
		break;
	case WORK_BUILD:
		err = spawn_build(manager, driver, &work->build, units);
		if (err != DRV_EAGAIN)
			made(manager, driver, err);
		break;
	case WORK_SAFE:
		if (!safe_perform(manager, driver, &work->safe, units))
			break;
		work->step = WORK_REVOKE;
		kept_commit_one(manager, driver->index);
		break;
	case WORK_REVOKE:
		if (spawn_clear(driver, &work->cleared, units))
			ended(manager, driver);
		break;
	}
	if (*units == 0)
		count_turn(manager, driver, work);
}

/* The driver whose turn it is. */
static driver_t *next(manager_t *manager)
{
	works_t *works = &manager->works;
	if (works->in_a_row == TURNS_IN_A_ROW) {
		works->in_a_row = 0;
		works->at++;
	}
	while (!(works->open >> works->at % REGISTRY_MAX & 1)) {
		works->in_a_row = 0;
		works->at++;
	}
	works->at %= REGISTRY_MAX;
	return driver_touch(manager, works->at);
}

void work_turn(manager_t *manager)
{
	uint32_t units = WORK_TURN;
	while (units && manager->works.open) {
		driver_t *driver = next(manager);
		go_on(manager, driver, &units);
		if (units == 0)
			manager->works.in_a_row++;
		perform_all(manager);
	}
}
