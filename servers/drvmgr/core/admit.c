/* SPDX-License-Identifier: BSD-2-Clause */
/* Units that come into the running system and go, of world.h. */
#include "core/world.h"

#include "cap/string.h"

static void begin(unit_t *unit, driver_state_t state, uint32_t generation)
{
	memset(unit, 0, sizeof(*unit));
	unit->state = state;
	unit->generation = unit->born = generation;
	unit->last_culprit = NOBODY;
}

void core_empty(unit_t *unit, uint32_t generation)
{
	begin(unit, STATE_REJECTED, generation);
}

void core_admit(world_t *world, uint32_t i)
{
	unit_t *unit = core_touch(world, i);
	begin(unit, STATE_LOADED, unit->generation);
	unit->since_ms = world->now_ms;
	world->dirty = true;
}

err_t core_may_go(const world_t *world, uint32_t i)
{
	const unit_t *unit = world->units[i];
	bool stays = lifecycle_is_live(unit->state) || unit->state == STATE_RECOVERING ||
		     unit->state == STATE_BACKOFF || unit->ends;
	return stays ? DRV_EBUSY : DRV_OK;
}

/* Nobody else has a number of it any more. */
void core_discard(world_t *world, uint32_t i)
{
	for (uint32_t j = 0; j < world->count; j++)
		if (world->units[j]->last_culprit == i)
			core_touch(world, j)->last_culprit = NOBODY;
	core_empty(core_touch(world, i), world->units[i]->generation);
	world->dirty = true;
}
