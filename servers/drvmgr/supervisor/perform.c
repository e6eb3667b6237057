/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop of perform.h. An effect may come too late: what was to be done with an instance that
 * is gone by then is not done. */
#include "supervisor/perform.h"

#include "hands/evidence.h"
#include "hands/grant.h"
#include "hands/spawn.h"
#include "kept/kept.h"
#include "log/take.h"
#include "log/tell.h"
#include "report/capture.h"
#include "supervisor/swap.h"
#include "supervisor/work.h"

static void fail(manager_t *manager, driver_t *driver, err_t error, const char *why)
{
	capture_take(
	    manager, driver,
	    &(capture_end_t){
		.kind = DEATH_MANAGER, .error = error, .culprit = NOBODY, .cause = why});
	tell_failure(manager, driver, why);
	core_fail(&manager->world, driver->index, error, NOBODY);
}

/* What an instance has said comes before its end, and where the new state says that there is
 * none, it is told when that is so. */
static void enter(manager_t *manager, driver_t *driver, const effect_t *effect)
{
	driver_state_t from = (driver_state_t)effect->a, to = (driver_state_t)effect->b;
	if (lifecycle_tears_down(from, to))
		take_all(manager, driver);
	evidence_begin(manager, driver, false);
	work_tell(manager, driver);
	if (driver->unit.ends && lifecycle_is_over(to)) {
		work_tell_later(manager, effect);
		return;
	}
	tell_effect(manager, effect);
	manager->changed = true;
}

static void give_lines(manager_t *manager, driver_t *driver)
{
	err_t err = driver->instance.alive ? grant_irqs(manager, driver) : DRV_OK;
	if (err)
		fail(manager, driver, err, "cannot grant its interrupts");
}

static void command(const manager_t *manager, const driver_t *driver, uint32_t what,
		    uint32_t number)
{
	if (driver->instance.alive || work_makes(manager, driver))
		spawn_command(driver, what, number);
}

/* One that cannot be made to fault is ended all the same, a little later. */
static void kill(manager_t *manager, const driver_t *driver)
{
	if (driver->instance.alive) {
		capture_take(manager, driver, &(capture_end_t){.culprit = NOBODY});
		spawn_kill(driver);
	} else if (work_makes(manager, driver)) {
		core_fail(&manager->world, driver->index, DRV_ECANCELED, NOBODY);
	}
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
		work_end(manager, driver, effect->a != 0);
		break;
	case EFFECT_TELL:
		spawn_close(driver, (err_t)effect->a);
		break;
	case EFFECT_SPAWN:
		work_make(manager, driver, effect->a != 0);
		break;
	case EFFECT_LINES:
		give_lines(manager, driver);
		break;
	case EFFECT_COMMAND:
		command(manager, driver, effect->a, effect->b);
		break;
	case EFFECT_KILL:
		kill(manager, driver);
		break;
	case EFFECT_SWAP:
		swap_perform(manager, driver);
		break;
	}
}

/* Before anything is made, ended or told to a driver, what it follows from is committed: done
 * twice it does no harm. */
static bool needs_commit(uint32_t kind)
{
	return kind == EFFECT_SPAWN || kind == EFFECT_LINES || kind == EFFECT_END ||
	       kind == EFFECT_COMMAND || kind == EFFECT_SWAP;
}

void perform_all(manager_t *manager)
{
	effect_t effect;
	if (!manager->world.dirty && !manager->world.held)
		return;
	kept_commit(manager);
	while (core_next(&manager->world, &effect)) {
		if (needs_commit(effect.kind))
			kept_commit_one(manager, effect.unit);
		perform(manager, &effect);
		if (effect.kind == EFFECT_LINES)
			kept_commit_one(manager, effect.unit);
	}
}
