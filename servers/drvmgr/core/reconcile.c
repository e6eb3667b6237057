/* SPDX-License-Identifier: BSD-2-Clause */
/* What follows from what is wanted, the state and what is needed, of world.h. */
#include "core/world.h"

#include "abi/cap.h"

/* ---- who runs ---- */

/* Who provides required name number k; nobody: 0. */
static uint32_t providers(const rules_t *rules, uint32_t k)
{
	return rules->requires[k] < UNITS_MAX ? 1u << rules->requires[k] | rules->also[k] : 0;
}

static bool may_start(const unit_t *unit)
{
	return unit->wanted == WANTED_UP && unit->state != STATE_QUARANTINED &&
	       unit->state != STATE_ABSENT && unit->state != STATE_REJECTED;
}

/* Adds who will run without anything else being done: who requires none but such as run, or
 * will. Those that require each other in a circle never do. What is served stays served, so
 * each required name is passed once: at most a look at each unit a round, and a round adds one.
 */
static uint32_t add_who_will(const world_t *world, uint32_t found)
{
	uint8_t served[UNITS_MAX] = {0};
	uint32_t waiting = 0, before;
	for (uint32_t i = 0; i < world->count; i++)
		if (!(found >> i & 1) && may_start(world->units[i]))
			waiting |= 1u << i;
	do {
		before = found;
		for (uint32_t left = waiting; left; left &= left - 1) {
			uint32_t i = (uint32_t)__builtin_ctz(left);
			const rules_t *rules = &world->rules[i];
			while (served[i] < rules->requires_count &&
			       (providers(rules, served[i]) & found))
				served[i]++;
			if (served[i] == rules->requires_count)
				found |= 1u << i;
		}
		waiting &= ~found;
	} while (found != before);
	return found;
}

static uint32_t who_runs(const world_t *world)
{
	uint32_t running = 0;
	for (uint32_t i = 0; i < world->count; i++)
		if (world->units[i]->state == STATE_RUNNING)
			running |= 1u << i;
	return running;
}

outlook_t core_outlook(const world_t *world)
{
	outlook_t outlook = {.running = who_runs(world)};
	outlook.will_run = add_who_will(world, outlook.running);
	for (uint32_t i = 0; i < world->count; i++)
		if (world->units[i]->in_round &&
		    core_lack_alone(world, &outlook, i).kind == LACK_NOTHING)
			outlook.ready |= 1u << i;
	return outlook;
}

/* ---- what it needs ---- */

/* Does unit j have, or get before unit i, what both want? Whoever will not start, since it is
 * held, or requires what will not run, or is at rest, keeps it from nobody. */
static bool has_first(const world_t *world, const outlook_t *outlook, uint32_t i, uint32_t j)
{
	const unit_t *unit = world->units[j];
	if (unit->holds || unit->ends)
		return true;
	return !world->units[i]->holds && world->rules[j].rank < world->rules[i].rank &&
	       may_start(unit) && (outlook->will_run >> j & 1);
}

static reason_t lack_of_required(const world_t *world, uint32_t running, uint32_t i)
{
	const rules_t *rules = &world->rules[i];
	for (uint32_t k = 0; k < rules->requires_count; k++) {
		uint32_t needed = providers(rules, k);
		if (!needed)
			return (reason_t){LACK_PROVIDER, k};
		if (!(needed & running))
			return (reason_t){LACK_REQUIRED, rules->requires[k]};
	}
	return (reason_t){LACK_NOTHING, 0};
}

/* The first of those that have the line, if they are as many as can; NOBODY. */
static uint32_t fills_line(const world_t *world, uint32_t line, uint32_t i)
{
	uint32_t count = 0, first = NOBODY;
	for (uint32_t j = 0; j < world->count; j++) {
		const unit_t *unit = world->units[j];
		if (j == i || !(world->rules[j].shared >> line & 1) ||
		    !(unit->holds || unit->ends))
			continue;
		if (count++ == 0)
			first = j;
	}
	return count < IRQ_CLAIMERS ? NOBODY : first;
}

static reason_t lack_of_line(const world_t *world, uint32_t i)
{
	for (uint32_t left = world->rules[i].shared; left; left &= left - 1) {
		uint32_t other = fills_line(world, (uint32_t)__builtin_ctz(left), i);
		if (other != NOBODY)
			return (reason_t){LACK_HARDWARE, other};
	}
	return (reason_t){LACK_NOTHING, 0};
}

static reason_t lack_of_hardware(const world_t *world, const outlook_t *outlook, uint32_t i)
{
	for (uint32_t left = world->rules[i].rivals; left; left &= left - 1) {
		uint32_t rival = (uint32_t)__builtin_ctz(left);
		if (has_first(world, outlook, i, rival))
			return (reason_t){LACK_HARDWARE, rival};
	}
	return lack_of_line(world, i);
}

reason_t core_lack_alone(const world_t *world, const outlook_t *outlook, uint32_t i)
{
	const unit_t *unit = world->units[i];
	if (unit->wanted == WANTED_HELD || unit->wanted == WANTED_QUIESCED)
		return (reason_t){LACK_RELEASE, 0};
	reason_t reason = lack_of_required(world, outlook->running, i);
	return reason.kind ? reason : lack_of_hardware(world, outlook, i);
}

/* With its group. */
static reason_t lack_of(const world_t *world, const outlook_t *outlook, uint32_t i)
{
	reason_t reason = core_lack_alone(world, outlook, i);
	uint32_t mate = reason.kind ? NOBODY : group_waits_for(world, outlook->ready, i);
	return mate == NOBODY ? reason : (reason_t){LACK_GROUP, mate};
}

reason_t core_lack(const world_t *world, uint32_t i)
{
	outlook_t outlook = core_outlook(world);
	return lack_of(world, &outlook, i);
}

/* ---- what is due ---- */

static lifecycle_event_t derive_start(const world_t *world, const outlook_t *outlook,
				      uint32_t i)
{
	const unit_t *unit = world->units[i];
	bool lacks = lack_of(world, outlook, i).kind != LACK_NOTHING;
	if (!lacks && unit->ends && unit->state != STATE_STOPPED)
		return EVENT_COUNT; /* what is left of its last instance goes first */
	switch (unit->state) {
	case STATE_LOADED:
		return lacks ? EVENT_MISSING : EVENT_COMPLETE;
	case STATE_WAITING:
		return lacks ? EVENT_COUNT : EVENT_COMPLETE;
	case STATE_BACKOFF: /* whoever is held keeps nothing from others, from now on */
		if (world->now_ms < unit->until_ms && unit->wanted != WANTED_HELD)
			return EVENT_COUNT;
		return lacks ? EVENT_MISSING : EVENT_TIMER;
	case STATE_STOPPED:
		return EVENT_START;
	default:
		return EVENT_COUNT;
	}
}

static lifecycle_event_t derive_leave(const world_t *world, uint32_t running, uint32_t i)
{
	const unit_t *unit = world->units[i];
	if (!unit_is_wanted(unit))
		return EVENT_STOP;
	if (lack_of_required(world, running, i).kind)
		return EVENT_DEPENDENCY_LOST;
	if (unit->leaves)
		return EVENT_GROUP;
	return unit->anew ? EVENT_RESTART : EVENT_COUNT;
}

lifecycle_event_t core_leave(const world_t *world, uint32_t i)
{
	return derive_leave(world, who_runs(world), i);
}

/* What is due for a unit with a process. */
static lifecycle_event_t derive_live(const world_t *world, uint32_t running, uint32_t i)
{
	const unit_t *unit = world->units[i];
	lifecycle_event_t event = derive_leave(world, running, i);
	if (event != EVENT_COUNT)
		return event;
	if (unit->wanted == WANTED_QUIESCED)
		return EVENT_QUIESCE;
	return unit->resets || unit->state == STATE_QUIESCED ? EVENT_RESET : EVENT_COUNT;
}

static bool dies(const world_t *world, const unit_t *unit)
{
	return unit->killed && world->now_ms >= unit->kill_ms; /* the kill starves */
}

static lifecycle_event_t derive(const world_t *world, const outlook_t *outlook, uint32_t i)
{
	const unit_t *unit = world->units[i];
	lifecycle_event_t event;
	if (unit->state == STATE_LOADED && world->rules[i].refusal)
		event = EVENT_REFUSED;
	else if (lifecycle_is_live(unit->state))
		event =
		    dies(world, unit) ? EVENT_KILLED : derive_live(world, outlook->running, i);
	else
		event = unit_is_wanted(unit) ? derive_start(world, outlook, i) : EVENT_STOP;
	/* What means nothing in its state is not due. */
	return event != EVENT_COUNT && lifecycle_next(unit->state, event) != unit->state
		   ? event
		   : EVENT_COUNT;
}

lifecycle_event_t core_derive(const world_t *world, uint32_t i)
{
	outlook_t outlook = core_outlook(world);
	return derive(world, &outlook, i);
}

/* ---- the turn ---- */

static bool begins(lifecycle_event_t event)
{
	return event == EVENT_COMPLETE || event == EVENT_TIMER;
}

/* Raises what is due for any unit: first what ends something or only moves it, since what
 * begins an instance may then not be due. True: something was. */
static bool raise_due(world_t *world, const outlook_t *outlook, bool beginning)
{
	bool raised = false;
	for (uint32_t n = 0; n < world->count; n++) {
		uint32_t i = world->order[n];
		lifecycle_event_t event = derive(world, outlook, i);
		if (event == EVENT_COUNT || begins(event) != beginning)
			continue;
		if (event == EVENT_REFUSED)
			core_touch(world, i)->last_error = world->rules[i].refusal;
		if (event == EVENT_KILLED)
			core_fail(world, i, DRV_ECANCELED, NOBODY);
		else
			core_event(world, i, event);
		raised = true;
	}
	return raised;
}

/* Tells what a unit waits for, once. */
static void tell_lack(world_t *world, const outlook_t *outlook, uint32_t i)
{
	const unit_t *seen = world->units[i];
	if (seen->state != STATE_WAITING)
		return;
	reason_t reason = lack_of(world, outlook, i);
	if (seen->told_kind == reason.kind && seen->told_other == reason.other)
		return;
	unit_t *unit = core_touch(world, i);
	unit->told_kind = (uint8_t)reason.kind;
	unit->told_other = (uint8_t)reason.other;
	core_emit(world, (effect_t){.kind = EFFECT_WAIT,
				    .unit = (uint8_t)i,
				    .a = reason.kind,
				    .b = reason.other});
}

static void note_due(world_t *world, uint64_t at_ms)
{
	if (at_ms < world->due_ms)
		world->due_ms = at_ms;
}

static void settle(world_t *world)
{
	outlook_t outlook = core_outlook(world);
	while (raise_due(world, &outlook, false)) {
		if (world->held > EFFECTS_MAX / 4)
			break; /* the rest when there is room again */
		outlook = core_outlook(world);
	}
	/* What an end entails is known when it is performed; only then something begins. */
	if (world->held || raise_due(world, &outlook, true))
		return;
	world->dirty = false;
	world->due_ms = UINT64_MAX;
	for (uint32_t i = 0; i < world->count; i++) {
		const unit_t *unit = world->units[i];
		tell_lack(world, &outlook, i);
		if (core_returns_at(world, i) <= world->now_ms)
			core_give_way(world, i);
		note_due(world, core_returns_at(world, i));
		if (unit->state == STATE_BACKOFF)
			note_due(world, unit->until_ms);
		if (unit->killed && lifecycle_is_live(unit->state))
			note_due(world, unit->kill_ms);
	}
}

void core_tick(world_t *world, uint64_t now_ms)
{
	world->now_ms = now_ms;
	if (now_ms >= world->due_ms)
		world->dirty = true;
}

uint32_t core_wait_ms(const world_t *world, uint32_t most_ms)
{
	if (world->dirty || world->due_ms <= world->now_ms)
		return 0;
	uint64_t left = world->due_ms - world->now_ms;
	return left < most_ms ? (uint32_t)left : most_ms;
}

bool core_next(world_t *world, effect_t *effect)
{
	if (!world->held && world->dirty)
		settle(world);
	if (!world->held)
		return false;
	*effect = world->effects[world->first];
	world->first = (world->first + 1) % EFFECTS_MAX;
	world->held--;
	return true;
}
