/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules of rules.h. A driver's rank is its place in the registry; those that are in none
 * come last. */
#include "load/rules.h"

#include "claims/claims.h"
#include "cap/string.h"

_Static_assert(DRIVERS_MAX <= UNITS_MAX, "a driver is a unit");
_Static_assert(MANIFEST_NAMES_MAX <= REQUIRES_MAX, "each required name has its place");

/* The driver of an entry of the registry. */
static uint32_t driver_of(const manager_t *manager, uint32_t entry)
{
	const manifest_t *manifest = manager->registry.entries[entry].manifest;
	uint32_t i = 0;
	while (&manager->drivers[i].manifest != manifest)
		i++;
	return i;
}

/* The drivers of these entries. */
static uint32_t drivers_of(const manager_t *manager, uint32_t entries)
{
	uint32_t drivers = 0;
	for (; entries; entries &= entries - 1)
		drivers |= 1u << driver_of(manager, (uint32_t)__builtin_ctz(entries));
	return drivers;
}

static void write_requires(const manager_t *manager, const manifest_t *manifest, rules_t *rules)
{
	rules->requires_count = manifest->needs.count;
	for (uint32_t k = 0; k < manifest->needs.count; k++) {
		uint32_t found =
		    registry_providers(&manager->registry, manifest->needs.items[k]);
		uint32_t first = (uint32_t)__builtin_ctz(found | 1u << (REGISTRY_MAX - 1));
		rules->requires[k] =
		    found ? (uint8_t)driver_of(manager, first) : (uint8_t)UNITS_MAX;
		rules->also[k] = drivers_of(manager, found & (found - 1));
	}
}

/* The number of the manifest's group: the first entry's in it, and one; 0: it is in none. Who
 * names it with another strategy is in another one. */
static uint32_t group_of(const manager_t *manager, const manifest_t *manifest)
{
	const group_t *mine = &manifest->group, *group;
	uint32_t entry = 0;
	if (!mine->name[0])
		return 0;
	do {
		group = &manager->registry.entries[entry++].manifest->group;
	} while (strcmp(group->name, mine->name) != 0 || group->strategy != mine->strategy);
	return entry;
}

static void write_accepted(manager_t *manager, uint32_t entry, uint32_t i)
{
	const manifest_t *manifest = &manager->drivers[i].manifest;
	rules_t *rules = &manager->world.rules[i];
	*rules =
	    (rules_t){.essential = manifest->essential != 0,
		      .keeps_calls = manifest->hold != 0,
		      .policy = manifest->restart.policy,
		      .limits = manifest->lifecycle,
		      .rivals = drivers_of(manager, claims_rivals(&manager->registry, entry)),
		      .rank = entry,
		      .group = group_of(manager, manifest),
		      .strategy = manifest->group.strategy};
	write_requires(manager, manifest, rules);
	manager->world.order[entry] = i;
}

void rules_write(manager_t *manager)
{
	world_t *world = &manager->world;
	uint32_t rank = manager->registry.count, ranked = 0;
	for (uint32_t entry = 0; entry < rank; entry++) {
		uint32_t i = driver_of(manager, entry);
		write_accepted(manager, entry, i);
		ranked |= 1u << i;
	}
	for (uint32_t i = 0; i < manager->count; i++) {
		world->units[i] = &manager->drivers[i].unit;
		if (ranked >> i & 1)
			continue;
		world->rules[i] =
		    (rules_t){.refusal = manager->drivers[i].refusal, .rank = rank};
		world->order[rank++] = i;
	}
	world->count = manager->count;
	core_begin(world, manager->now_ms);
}
