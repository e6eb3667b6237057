/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop of perform.h. An effect may come too late: what was to be done with an instance that
 * is gone by then is not done. */
#include "hands/perform.h"

#include "cap/format.h"
#include "cap/syscall.h"
#include "hands/evidence.h"
#include "hands/safe.h"
#include "hands/spawn.h"
#include "kept/kept.h"
#include "log/tell.h"

#define WHY_MAX 160u

static void fail(manager_t *manager, driver_t *driver, err_t error, const char *why)
{
	tell_failure(manager, driver, why);
	core_fail(&manager->world, driver->index, error, UNIT_NOBODY);
}

static void make(manager_t *manager, driver_t *driver, bool forgets)
{
	char why[WHY_MAX];
	err_t err = spawn_start(manager, driver, forgets);
	evidence_begin(manager, driver, true);
	if (!err)
		return;
	format(why, sizeof(why), "cannot make the process: %s (%s)", error_name(err),
	       error_text(err));
	fail(manager, driver, err, why);
}

/* What an instance has said comes before its end. */
static void enter(manager_t *manager, driver_t *driver, const effect_t *effect)
{
	if (lifecycle_tears_down((driver_state_t)effect->a, (driver_state_t)effect->b))
		door_drain(manager, driver);
	evidence_begin(manager, driver, false);
	tell_effect(manager, effect);
	manager->changed = true;
}

static void give_lines(manager_t *manager, driver_t *driver)
{
	err_t err = driver->instance.alive ? spawn_grant_irqs(manager, driver) : DRV_OK;
	if (err)
		fail(manager, driver, err, "cannot grant its interrupts");
}

static void command(driver_t *driver, uint32_t what, uint32_t number)
{
	if (!driver->instance.alive)
		return;
	driver->instance.page->command = what;
	driver->instance.page->command_seq = number;
	notification_signal(driver->instance.notification, DRIVER_SIGNAL_COMMAND);
}

/* One that cannot be made to fault is ended all the same, a little later. */
static void kill(const driver_t *driver)
{
	if (driver->instance.alive)
		spawn_kill(driver);
}

static void end(manager_t *manager, driver_t *driver, bool tells)
{
	if (driver->instance.alive) {
		thread_suspend(driver->instance.process.thread);
		safe_perform(manager, driver);
	}
	spawn_end(driver, tells);
}

static void perform(manager_t *manager, const effect_t *effect)
{
	driver_t *driver = driver_touch(manager, effect->unit);
	switch (effect->kind) {
	case EFFECT_STATE:
		enter(manager, driver, effect);
		break;
	case EFFECT_RESTART:
	case EFFECT_GIVE_UP:
	case EFFECT_WAIT:
		tell_effect(manager, effect);
		break;
	case EFFECT_END:
		end(manager, driver, effect->a != 0);
		core_ended(&manager->world, driver->index);
		break;
	case EFFECT_TELL:
		spawn_close(driver, (err_t)effect->a);
		break;
	case EFFECT_SPAWN:
		make(manager, driver, effect->a != 0);
		break;
	case EFFECT_LINES:
		give_lines(manager, driver);
		break;
	case EFFECT_COMMAND:
		command(driver, effect->a, effect->b);
		break;
	case EFFECT_KILL:
		kill(driver);
		break;
	}
}

/* Does it make or end capabilities that the driver's record names? */
static bool changes_instance(uint32_t kind)
{
	return kind == EFFECT_SPAWN || kind == EFFECT_LINES || kind == EFFECT_END;
}

/* Before anything is made, ended or told to a driver, what it follows from is committed: done
 * twice it does no harm. */
void perform_all(manager_t *manager)
{
	effect_t effect;
	if (!manager->world.dirty && !manager->world.held)
		return;
	kept_commit(manager);
	while (core_next(&manager->world, &effect)) {
		bool changes = changes_instance(effect.kind);
		if (changes || effect.kind == EFFECT_COMMAND)
			kept_commit_one(manager, effect.unit);
		perform(manager, &effect);
		if (changes)
			kept_commit_one(manager, effect.unit);
	}
}
