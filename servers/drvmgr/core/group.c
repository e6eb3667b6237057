/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups. A round begins with an end: whoever is in it and still lives has to leave first; then
 * all start in the order of their ranks, each when those before it run. */
#include "core/group.h"

#include "core/world.h"

static bool are_mates(const world_t *world, uint32_t i, uint32_t j)
{
	return i != j && world->rules[i].group &&
	       world->rules[i].group == world->rules[j].group;
}

/* Does the end of unit i take unit j along? */
static bool takes_along(const world_t *world, uint32_t i, uint32_t j)
{
	const rules_t *rules = &world->rules[i];
	if (!are_mates(world, i, j))
		return false;
	return rules->strategy == GROUP_ALL ||
	       (rules->strategy == GROUP_REST && world->rules[j].rank > rules->rank);
}

void group_ended(world_t *world, uint32_t i)
{
	for (uint32_t j = 0; j < world->count; j++) {
		if (!takes_along(world, i, j))
			continue;
		unit_t *unit = core_touch(world, j);
		unit->leaves = lifecycle_is_live(unit->state);
		unit->in_round |= unit->leaves || unit->state == STATE_BACKOFF ||
				  unit->state == STATE_RECOVERING;
		core_touch(world, i)->in_round |= unit->in_round;
	}
	if (world->units[i]->state == STATE_QUARANTINED)
		core_touch(world, i)->in_round = false;
	world->dirty = true;
}

/* Is unit j of the round, and before unit i in it, and does not itself wait for something
 * outside the round, which may be unit i? */
static bool goes_first(const world_t *world, uint32_t ready, uint32_t i, uint32_t j)
{
	const unit_t *unit = world->units[j];
	if (!unit->in_round || world->rules[j].rank > world->rules[i].rank)
		return false;
	return lifecycle_is_live(unit->state) || unit->state == STATE_BACKOFF ||
	       unit->state == STATE_RECOVERING || (ready >> j & 1);
}

/* The member that was given up and took unit i along. */
static uint32_t given_up(const world_t *world, uint32_t i)
{
	for (uint32_t j = 0; j < world->count; j++)
		if (world->units[j]->state == STATE_QUARANTINED && takes_along(world, j, i))
			return j;
	return NOBODY;
}

uint32_t group_waits_for(const world_t *world, uint32_t ready, uint32_t i)
{
	uint32_t found = world->rules[i].group ? given_up(world, i) : NOBODY;
	if (found != NOBODY || !world->units[i]->in_round)
		return found;
	for (uint32_t j = 0; j < world->count; j++)
		if (are_mates(world, i, j) &&
		    (world->units[j]->leaves || world->units[j]->ends ||
		     goes_first(world, ready, i, j)))
			return j;
	return NOBODY;
}
