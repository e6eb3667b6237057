/* SPDX-License-Identifier: BSD-2-Clause */
/* The one door of world.h: what a change of state entails. */
#include "core/pace.h"
#include "core/verdict.h"
#include "core/world.h"

/* Two deaths in a row before Running: what the last instance kept may be what makes them. */
#define EARLY_DEATHS_MOST 2u

unit_t *core_touch(world_t *world, uint32_t i)
{
	world->touched |= 1u << i;
	return (unit_t *)(uintptr_t)world->units[i];
}

void core_emit(world_t *world, effect_t effect)
{
	/* Hands that miss an effect hold something else than what is decided. The manager's own
	 * death is nothing; that would be. */
	if (world->held == EFFECTS_MAX)
		__builtin_trap();
	world->effects[(world->first + world->held++) % EFFECTS_MAX] = effect;
}

static void emit(world_t *world, effect_kind_t kind, uint32_t i, uint32_t a, uint32_t b)
{
	core_emit(world, (effect_t){.kind = kind, .unit = (uint8_t)i, .a = a, .b = b});
}

static void command(world_t *world, uint32_t i, uint32_t what)
{
	emit(world, EFFECT_COMMAND, i, what, ++core_touch(world, i)->command_seq);
}

/* What clients of a driver without an instance are told. */
static err_t told_in(driver_state_t state)
{
	switch (state) {
	case STATE_QUARANTINED:
		return DRV_EQUARANTINED;
	case STATE_STOPPED:
		return DRV_EGONE;
	case STATE_ABSENT:
	case STATE_REJECTED:
		return DRV_ENODEV;
	default:
		return DRV_OK;
	}
}

static void begin_instance(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	unit->forgets = unit->early_deaths >= EARLY_DEATHS_MOST;
	if (unit->forgets)
		unit->early_deaths = 0;
	unit->generation++;
	if (unit->forgets || !unit_is_restarted(unit))
		unit->kept_since = unit->generation;
	unit->command_seq = 0;
	unit->named = verdict_lasting(unit->named);
	unit->holds = true;
	emit(world, EFFECT_SPAWN, i, unit->forgets, 0);
	command(world, i, DRIVER_PROBE);
}

static void begin_running(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	policy_on_running(&unit->history, world->now_ms);
	unit->early_deaths = 0;
	unit->in_round = unit->resets = false;
	command(world, i, DRIVER_RUN);
}

/* It lets go of what it claims. */
static void come_to_rest(unit_t *unit)
{
	unit->holds = unit->in_round = false;
}

static void act_in(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	switch (unit->state) {
	case STATE_PROBING:
		begin_instance(world, i);
		break;
	case STATE_INITIALISING:
		if (!unit->resets) /* it has them */
			emit(world, EFFECT_LINES, i, 0, 0);
		command(world, i, DRIVER_INIT);
		break;
	case STATE_RUNNING:
		begin_running(world, i);
		break;
	case STATE_QUIESCING:
		command(world, i, DRIVER_QUIESCE);
		break;
	case STATE_STOPPING:
		command(world, i, DRIVER_STOP);
		break;
	case STATE_WAITING: /* whoever is held keeps nothing from others */
		if (unit->wanted == WANTED_HELD)
			come_to_rest(unit);
		break;
	case STATE_STOPPED:
		if (unit->wanted != WANTED_UP)
			come_to_rest(unit);
		break;
	case STATE_ABSENT:
	case STATE_QUARANTINED:
	case STATE_REJECTED:
		come_to_rest(unit);
		break;
	default:
		break;
	}
}

static policy_ending_t ending_of(const unit_t *unit, driver_state_t from,
				 lifecycle_event_t event)
{
	bool stays = unit->resets || unit->wanted == WANTED_QUIESCED;
	if (from == STATE_STOPPING || (from == STATE_QUIESCING && !stays))
		return ENDING_STOPPED; /* it was to go anyway */
	bool serves = from == STATE_RUNNING || from == STATE_QUIESCED;
	return event == EVENT_EXIT && serves ? ENDING_CLEAN_EXIT : ENDING_FAILURE;
}

static void emit_end(world_t *world, uint32_t i)
{
	core_touch(world, i)->ends = true;
	emit(world, EFFECT_END, i, !world->rules[i].keeps_calls, 0);
}

static void note_end(unit_t *unit, driver_state_t from, lifecycle_event_t event)
{
	unit->end_from = (uint8_t)from;
	unit->end_event = (uint8_t)event;
}

static void end_instance(world_t *world, uint32_t i, driver_state_t from,
			 lifecycle_event_t event)
{
	unit_t *unit = core_touch(world, i);
	bool early = (from == STATE_PROBING || from == STATE_INITIALISING) && !unit->resets;
	policy_ending_t ending = ending_of(unit, from, event);
	unit->leaves = unit->anew = unit->resets = false;
	if (unit->wanted == WANTED_QUIESCED)
		unit->wanted = WANTED_HELD;
	note_end(unit, from, event);
	emit_end(world, i);
	if (unit->state != STATE_RECOVERING)
		return;
	unit->ending = ending;
	if (early && !unit->killed && unit->early_deaths < UINT8_MAX)
		unit->early_deaths++;
}

static uint32_t command_in(driver_state_t state)
{
	switch (state) {
	case STATE_PROBING:
		return DRIVER_PROBE;
	case STATE_INITIALISING:
		return DRIVER_INIT;
	case STATE_RUNNING:
		return DRIVER_RUN;
	case STATE_QUIESCING:
	case STATE_QUIESCED:
		return DRIVER_QUIESCE;
	default:
		return DRIVER_STOP;
	}
}

/* It lives and should: what was not done to it yet is done. */
static void go_on(world_t *world, uint32_t i, bool has_lines)
{
	const unit_t *unit = world->units[i];
	if ((lifecycle_holds(unit->state) & HOLDS_IRQ) && !has_lines)
		emit(world, EFFECT_LINES, i, 0, 0);
	emit(world, EFFECT_COMMAND, i, command_in(unit->state), unit->command_seq);
}

/* An end is told when it is over, of a driver whose state says that it is. If the manager died
 * before that, it is told now; and the one that began, since what is told is not kept with what
 * is done. */
static void tell_end(world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	if ((unit->ends && lifecycle_is_over(unit->state)) || unit->state == STATE_RECOVERING)
		core_emit(world, (effect_t){.kind = EFFECT_STATE,
					    .unit = (uint8_t)i,
					    .a = unit->end_from,
					    .b = unit->state,
					    .c = unit->end_event});
}

void core_adopt(world_t *world, uint32_t i, bool lives, bool has_lines)
{
	const unit_t *unit = world->units[i];
	bool should = lifecycle_is_live(unit->state);
	world->dirty = true;
	if (!should)
		tell_end(world, i);
	if (!should && (lives || unit->ends || unit->state == STATE_RECOVERING))
		emit_end(world, i);
	else
		core_swap_due(world, i);
	if (!should)
		emit(world, EFFECT_TELL, i, (uint32_t)told_in(unit->state), 0);
	if (should && !lives)
		emit(world, EFFECT_SPAWN, i, unit->forgets, 0);
	if (should)
		go_on(world, i, has_lines);
}

void core_enter(world_t *world, uint32_t i, driver_state_t to, lifecycle_event_t event)
{
	unit_t *unit = core_touch(world, i);
	driver_state_t from = unit->state;
	core_emit(
	    world,
	    (effect_t){
		.kind = EFFECT_STATE, .unit = (uint8_t)i, .a = from, .b = to, .c = event});
	unit->state = to;
	unit->since_ms = world->now_ms;
	unit->told_kind = LACK_NOTHING;
	if (to == STATE_INITIALISING)
		unit->resets = from != STATE_PROBING;
	world->dirty = true;
	/* It starts again since another one ended: nobody gets around the pace that way. */
	if (event == EVENT_DEPENDENCY_LOST || event == EVENT_GROUP)
		pace_pay(world, i);
	if (lifecycle_tears_down(from, to))
		end_instance(world, i, from, event);
	else if (unit->ends && lifecycle_is_over(to))
		note_end(unit, from, event);
	if (!lifecycle_is_live(to) && to != STATE_RECOVERING)
		unit->killed = false;
	if (!lifecycle_is_live(to))
		emit(world, EFFECT_TELL, i, (uint32_t)told_in(to), 0);
	act_in(world, i);
}
