/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules of rules.h. A driver's rank is its place in the registry; those that are in none
 * come last. */
#include "load/rules.h"

#include "claims/claims.h"
#include "claims/names.h"

_Static_assert(DRIVERS_MAX <= UNITS_MAX, "a driver is a unit");
_Static_assert(MANIFEST_NAMES_MAX <= REQUIRES_MAX, "each required name has its place");

/* The driver of an entry of the registry, whose manifest is in it. */
static uint32_t driver_of(const manager_t *manager, uint32_t entry)
{
	const char *manifest = (const char *)manager->registry.entries[entry].manifest;
	const driver_t *driver =
	    (const driver_t *)(const void *)(manifest - offsetof(driver_t, manifest));
	return (uint32_t)(driver - manager->drivers);
}

/* The drivers of these entries. */
static uint32_t drivers_of(const manager_t *manager, uint32_t entries)
{
	uint32_t drivers = 0;
	for (; entries; entries &= entries - 1)
		drivers |= 1u << driver_of(manager, (uint32_t)__builtin_ctz(entries));
	return drivers;
}

static void write_requires(const manager_t *manager, uint32_t count, const names_link_t *names,
			   rules_t *rules)
{
	rules->requires_count = count;
	for (uint32_t k = 0; k < count; k++) {
		uint32_t found = names->providers[k];
		uint32_t first = (uint32_t)__builtin_ctz(found | 1u << (REGISTRY_MAX - 1));
		rules->requires[k] =
		    found ? (uint8_t)driver_of(manager, first) : (uint8_t)UNITS_MAX;
		rules->also[k] = drivers_of(manager, found & (found - 1));
	}
}

static void write_accepted(manager_t *manager, uint32_t entry, uint32_t i,
			   const names_link_t *names)
{
	const manifest_t *manifest = &manager->drivers[i].manifest;
	const struct registry_entry *mine = &manager->registry.entries[entry];
	rules_t *rules = &manager->world.rules[i];
	/* A group's number is its first entry's, and one. */
	*rules = (rules_t){.essential = manifest->essential != 0,
			   .keeps_calls = manifest->hold != 0,
			   .policy = manifest->restart.policy,
			   .limits = manifest->lifecycle,
			   .rivals = drivers_of(manager, mine->rivals),
			   .shared = claims_hardware(manifest).shared,
			   .rank = entry,
			   .group = (uint32_t)__builtin_ffs((int)names->group),
			   .strategy = manifest->group.strategy};
	write_requires(manager, manifest->needs.count, names, rules);
	manager->world.order[entry] = i;
}

void rules_write(manager_t *manager)
{
	world_t *world = &manager->world;
	uint32_t rank = manager->registry.count, ranked = 0;
	names_link_t names[REGISTRY_MAX];
	names_link(&manager->registry, names);
	for (uint32_t entry = 0; entry < rank; entry++) {
		uint32_t i = driver_of(manager, entry);
		write_accepted(manager, entry, i, &names[entry]);
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
	world->dirty = true;
}
