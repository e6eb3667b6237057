/* SPDX-License-Identifier: BSD-2-Clause */
/* Units that are given another image, of world.h. */
#include "core/world.h"

err_t core_may_replace(const world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	bool may = unit->state == STATE_RUNNING && unit->wanted == WANTED_UP && !unit->anew &&
		   !unit->killed && !unit_has_second(unit);
	return may ? DRV_OK : DRV_EBUSY;
}

void core_replace(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	unit->swap = SWAP_DUE;
	unit->anew = world->dirty = true;
}

/* What an instance was blamed for is not the next image's; what it kept is. */
static void begin_anew(unit_t *unit)
{
	unit->early_deaths = 0;
	unit->named = 0;
}

void core_swapped(world_t *world, uint32_t i, bool has_second)
{
	unit_t *unit = core_touch(world, i);
	world->dirty = true;
	if (unit_is_between(unit))
		begin_anew(unit);
	switch (unit->swap) {
	case SWAP_DUE:
		unit->swap = has_second ? SWAP_PROBATION : SWAP_NONE;
		break;
	case SWAP_BACK:
		unit->swap = SWAP_RETURNED;
		break;
	case SWAP_PROBATION:
	case SWAP_CONFIRMING:
		unit->swap = SWAP_CONFIRMED;
		break;
	default:
		break;
	}
}

/* Whoever is on its way out, was killed, or is away for its line's sake has not failed. */
static bool has_failed(const unit_t *unit)
{
	if (unit->killed || unit->end_event == EVENT_APART || !unit_is_wanted(unit))
		return false;
	return unit->state == STATE_ABSENT || unit->state == STATE_QUARANTINED ||
	       (unit->state == STATE_RECOVERING && unit->ending != ENDING_STOPPED);
}

bool core_returns(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	if (unit->swap != SWAP_PROBATION || !has_failed(unit))
		return false;
	unit->swap = SWAP_BACK;
	unit->history.running = false;
	if (unit->state == STATE_RECOVERING)
		core_retry(world, i, 0, 0);
	else /* no device; or its end took too long, and is over */
		core_event(world, i, unit->state == STATE_ABSENT ? EVENT_START : EVENT_CLEAR);
	core_swap_due(world, i);
	return true;
}

uint64_t core_returns_at(const world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	bool waits = unit->swap == SWAP_PROBATION && unit->state == STATE_WAITING &&
		     unit->wanted == WANTED_UP && unit->end_event != EVENT_APART;
	return waits ? unit->since_ms + world->rules[i].policy.reset_ms : UINT64_MAX;
}

void core_give_way(world_t *world, uint32_t i)
{
	core_touch(world, i)->swap = SWAP_BACK;
	core_swap_due(world, i);
}

void core_swap_due(world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	bool gone = !lifecycle_is_live(unit->state) && !unit->ends;
	if (unit->swap == SWAP_CONFIRMING || (gone && unit_is_between(unit)))
		core_emit(world, (effect_t){.kind = EFFECT_SWAP, .unit = (uint8_t)i});
}

void core_prove(world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	uint64_t since_ms = unit->history.running_since;
	if (!unit->history.running ||
	    world->now_ms - since_ms < world->rules[i].policy.reset_ms)
		return;
	unit_t *proved = core_touch(world, i);
	proved->swap = SWAP_CONFIRMING;
	proved->history.held = 0; /* the one before it failed so often */
	core_swap_due(world, i);
}
