/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens to drivers, of world.h. */
#include "core/pace.h"
#include "core/world.h"

#define KILL_MS 100u /* for a fault that was asked for; by then it is starved */

void core_begin(world_t *world, uint64_t now_ms)
{
	world->now_ms = now_ms;
	world->dirty = true;
	for (uint32_t i = 0; i < world->count; i++)
		core_touch(world, i)->since_ms = now_ms;
}

static void note_last(unit_t *unit, err_t error, uint32_t culprit)
{
	unit->last_killed = unit->killed;
	unit->last_error = unit->killed ? DRV_ECANCELED : error;
	unit->last_culprit = unit->killed ? NOBODY : culprit;
}

void core_event(world_t *world, uint32_t i, lifecycle_event_t event)
{
	driver_state_t state = world->units[i]->state, to = lifecycle_next(state, event);
	if (to == state)
		return;
	if (event == EVENT_EXIT && to == STATE_RECOVERING) /* no failure, and nobody's fault */
		note_last(core_touch(world, i), DRV_OK, NOBODY);
	core_enter(world, i, to, event);
}

void core_fail(world_t *world, uint32_t i, err_t error, uint32_t culprit)
{
	unit_t *unit = core_touch(world, i);
	if (!lifecycle_is_live(unit->state))
		return;
	note_last(unit, error, culprit);
	core_event(world, i, unit->killed ? EVENT_KILLED : EVENT_FAILURE);
}

bool core_limit_fails(const world_t *world, uint32_t i)
{
	return lifecycle_next(world->units[i]->state, EVENT_LIMIT) == STATE_RECOVERING;
}

void core_limit(world_t *world, uint32_t i, uint32_t culprit)
{
	if (core_limit_fails(world, i))
		note_last(core_touch(world, i), DRV_ETIMEDOUT, culprit);
	core_event(world, i, EVENT_LIMIT);
}

void core_name(world_t *world, uint32_t i, uint32_t verdict)
{
	core_touch(world, i)->named |= 1u << verdict;
}

/* Where a unit goes that has quiesced. */
static lifecycle_event_t after_drain(const world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	if (core_leave(world, i) != EVENT_COUNT)
		return EVENT_DRAINED;
	if (unit->wanted == WANTED_QUIESCED)
		return EVENT_DRAINED_STAYS;
	return unit->resets ? EVENT_DRAINED_RESET : EVENT_DRAINED;
}

err_t core_answer(world_t *world, uint32_t i, uint32_t seq, err_t result)
{
	const unit_t *unit = world->units[i];
	if (seq != unit->command_seq || !lifecycle_is_live(unit->state) ||
	    unit->state == STATE_STOPPING || unit->state == STATE_QUIESCED)
		return DRV_OK; /* of a command before; or its exit follows, or it was heard */
	if (unit->state == STATE_QUIESCING) {
		lifecycle_event_t event = after_drain(world, i);
		if (result && event == EVENT_DRAINED_STAYS)
			return result;
		core_event(world, i, event); /* whatever it says */
		return DRV_OK;
	}
	if (unit->state == STATE_PROBING && result == DRV_ENODEV) {
		core_touch(world, i)->last_error = result;
		core_event(world, i, EVENT_NO_DEVICE);
		return DRV_OK;
	}
	if (result == DRV_OK && unit->state != STATE_RUNNING)
		core_event(world, i, EVENT_OK);
	return result;
}

/* ---- after an end ---- */

void core_retry(world_t *world, uint32_t i, uint32_t number, uint32_t delay_ms)
{
	unit_t *unit = core_touch(world, i);
	if (unit->apart_ms > world->now_ms + delay_ms)
		delay_ms = (uint32_t)(unit->apart_ms - world->now_ms);
	if (unit->end_event != EVENT_APART)
		unit->restarts++;
	unit->until_ms = world->now_ms + delay_ms;
	core_emit(
	    world,
	    (effect_t){.kind = EFFECT_RESTART, .unit = (uint8_t)i, .a = number, .b = delay_ms});
	core_event(world, i, EVENT_TORN_DOWN_RETRY);
	group_ended(world, i);
}

static void give_up(world_t *world, uint32_t i, lifecycle_event_t event, uint32_t within)
{
	core_emit(
	    world,
	    (effect_t){.kind = EFFECT_GIVE_UP, .unit = (uint8_t)i, .a = within, .c = event});
	core_event(world, i, event);
	group_ended(world, i);
}

static void by_policy(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	const policy_t *policy = &world->rules[i].policy;
	policy_decision_t decision =
	    policy_decide(policy, &unit->history, unit->ending, world->now_ms);
	if (decision.action == POLICY_RESTART) {
		uint32_t turn_ms = pace_pay(world, i);
		core_retry(world, i, decision.restart,
			   turn_ms > decision.delay_ms ? turn_ms : decision.delay_ms);
	} else if (decision.action == POLICY_QUARANTINE && world->rules[i].essential) {
		core_retry(world, i, ++unit->history.restarts, policy->max_ms);
	} else if (decision.action == POLICY_QUARANTINE) {
		give_up(world, i, EVENT_TORN_DOWN_SPENT, decision.within);
	} else {
		if (unit->ending == ENDING_CLEAN_EXIT && unit->wanted == WANTED_UP)
			unit->wanted = WANTED_ENDED;
		core_event(world, i, EVENT_TORN_DOWN_STOP);
	}
}

void core_ended(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	bool counts = !unit->killed && unit->end_event != EVENT_APART;
	unit->ends = false;
	world->dirty = true;
	if (core_returns(world, i))
		return;
	core_swap_due(world, i);
	if (unit->state != STATE_RECOVERING)
		return;
	if (!unit_is_wanted(unit))
		unit->ending = ENDING_STOPPED;
	if (!counts && unit->ending != ENDING_STOPPED) {
		unit->history.running = false;
		core_retry(world, i, 0, 0);
	} else {
		by_policy(world, i);
	}
}

void core_overdue(world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	if (unit->state != STATE_RECOVERING || world->rules[i].essential)
		return;
	if (unit_is_wanted(unit))
		give_up(world, i, EVENT_LIMIT, 0);
	else
		core_event(world, i, EVENT_STOP);
}

void core_take_away(world_t *world, uint32_t i, uint32_t ms)
{
	core_keep_apart(world, i, ms);
	core_event(world, i, EVENT_APART);
}

void core_keep_apart(world_t *world, uint32_t i, uint32_t ms)
{
	uint64_t until_ms = world->now_ms + ms;
	if (until_ms > world->units[i]->apart_ms)
		core_touch(world, i)->apart_ms = until_ms;
}

void core_progress(world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	if (unit->state != STATE_RUNNING)
		return;
	if (unit->history.restarts)
		policy_on_progress(&world->rules[i].policy, &core_touch(world, i)->history,
				   world->now_ms);
	if (unit->swap == SWAP_PROBATION)
		core_prove(world, i);
}

void core_absolve(world_t *world, uint32_t i, uint64_t since_ms)
{
	unit_t *unit = core_touch(world, i);
	bool forgave = policy_forgive(&unit->history, since_ms);
	if (forgave && unit->state == STATE_QUARANTINED)
		core_event(world, i, EVENT_ABSOLVED);
}

/* ---- what is wanted ---- */

void core_want(world_t *world, uint32_t i, wanted_t wanted)
{
	core_touch(world, i)->wanted = wanted;
	world->dirty = true;
}

err_t core_start(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	bool rests = unit->state == STATE_QUARANTINED || unit->state == STATE_ABSENT ||
		     unit->state == STATE_RECOVERING;
	if (unit->wanted == WANTED_QUIESCED)
		return core_reset(world, i);
	if (world->rules[i].refusal || (unit_is_wanted(unit) && !rests))
		return DRV_EBUSY;
	/* Whom its end takes along leaves all the same. */
	if (unit->state == STATE_RECOVERING &&
	    policy_decide(&world->rules[i].policy, &unit->history, unit->ending, world->now_ms)
		    .action != POLICY_STOP)
		group_ended(world, i);
	policy_clear(&unit->history);
	unit->early_deaths = 0;
	unit->named = 0;
	if (!unit_has_second(unit))
		unit->swap = SWAP_NONE;
	core_want(world, i, WANTED_UP);
	core_event(world, i, unit->state == STATE_QUARANTINED ? EVENT_CLEAR : EVENT_START);
	return DRV_OK;
}

err_t core_stop(world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	bool is_news = lifecycle_is_live(unit->state) ? unit->wanted != WANTED_STOPPED
						      : unit_is_away(unit);
	if (lifecycle_next(unit->state, EVENT_STOP) == unit->state && !is_news)
		return DRV_EBUSY;
	core_touch(world, i)->resets = false;
	core_want(world, i, WANTED_STOPPED);
	return DRV_OK;
}

err_t core_kill(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	if (!lifecycle_is_live(unit->state))
		return DRV_EBUSY;
	if (!unit->killed)
		unit->kill_ms = world->now_ms + KILL_MS;
	unit->killed = world->dirty = true;
	core_emit(world, (effect_t){.kind = EFFECT_KILL, .unit = (uint8_t)i});
	return DRV_OK;
}

err_t core_hold(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	if (unit_is_held(unit))
		return DRV_EEXIST;
	if (unit->wanted != WANTED_UP && unit->wanted != WANTED_AWAY)
		return DRV_EBUSY;
	if (unit->state == STATE_WAITING)
		unit->holds = unit->in_round = false;
	core_want(world, i, unit_is_away(unit) ? WANTED_HELD_AWAY : WANTED_HELD);
	return DRV_OK;
}

err_t core_release(world_t *world, uint32_t i)
{
	if (!unit_is_held(world->units[i]))
		return DRV_EBUSY;
	core_want(world, i, unit_is_away(world->units[i]) ? WANTED_AWAY : WANTED_UP);
	return DRV_OK;
}

err_t core_quiesce(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	if (unit->state != STATE_RUNNING || !unit_is_wanted(unit))
		return DRV_EBUSY;
	unit->resets = false;
	core_want(world, i, WANTED_QUIESCED);
	return DRV_OK;
}

/* One that is Quiesced, or about to be, runs again. */
err_t core_reset(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	bool stays = unit->wanted == WANTED_QUIESCED &&
		     (unit->state == STATE_QUIESCING || unit->state == STATE_QUIESCED);
	if (!stays && (unit->state != STATE_RUNNING || !unit_is_wanted(unit)))
		return DRV_EBUSY;
	unit->resets = true;
	core_want(world, i, unit->wanted == WANTED_HELD ? WANTED_HELD : WANTED_UP);
	return DRV_OK;
}

err_t core_restart(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	if (unit->state != STATE_RUNNING || unit->wanted != WANTED_UP || unit->anew)
		return DRV_EBUSY;
	unit->anew = world->dirty = true;
	return DRV_OK;
}
