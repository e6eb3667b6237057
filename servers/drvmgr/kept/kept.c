/* SPDX-License-Identifier: BSD-2-Clause */
/* The keeping of kept.h. */
#include "kept/kept.h"

#include "cap/string.h"
#include "cap/syscall.h"
#include "claims/names.h"
#include "hands/memory.h"
#include "kept/record.h"
#include "log/wire.h"

#define TRIES_MAX 10u /* adoptions in a row that did not come to serve */
#define PARTS	  10u

/* What is in the frame that is kept. */
typedef struct kept {
	ledger_t ledger;
	log_t log;
	told_t told[DRIVERS_MAX];
} kept_t;
_Static_assert(sizeof(kept_t) <= (1u << BOOT_KEPT_BITS) - MANAGER_LOAD_BYTES,
	       "what is kept fits its frame");
_Static_assert((DRIVERS_MAX + 1) * offsetof(driver_t, door) + sizeof(depot_t) +
		       sizeof(registry_t) + offsetof(world_t, effects) + 28 <=
		   LEDGER_SEALED_MAX,
	       "what is sealed fits its place");
_Static_assert(sizeof(driver_t) - RECORD_AT <= LEDGER_RECORD_MAX, "a record fits its place");
_Static_assert(offsetof(driver_t, door) % 4 == 0, "words are kept");

err_t kept_open(manager_t *manager)
{
	kept_t *kept = (kept_t *)MANAGER_KEPT;
	err_t err = memory_map(manager, manager->boot->caps[BOOT_CAP_KEPT].cap, MANAGER_KEPT);
	if (err)
		return err;
	manager->ledger = &kept->ledger;
	manager->log = &kept->log;
	manager->told = kept->told;
	log_recover(&kept->log);
	return DRV_OK;
}

void kept_begin(manager_t *manager)
{
	ledger_begin(manager->ledger);
	memset(manager->told, 0, DRIVERS_MAX * sizeof(*manager->told));
}

/* What does not change once all is loaded, but for the drivers. The count comes first. */
static void list_parts(manager_t *manager, ledger_part_t parts[PARTS])
{
	parts[0] = (ledger_part_t){&manager->count, sizeof(manager->count)};
	parts[1] = (ledger_part_t){&manager->pool, sizeof(manager->pool)};
	parts[2] = (ledger_part_t){&manager->small, sizeof(manager->small)};
	parts[3] = (ledger_part_t){&manager->endpoint, sizeof(manager->endpoint)};
	parts[4] = (ledger_part_t){&manager->signal, sizeof(manager->signal)};
	parts[5] = (ledger_part_t){&manager->registry, sizeof(manager->registry)};
	parts[6] = (ledger_part_t){&manager->world, offsetof(world_t, effects)};
	parts[7] = (ledger_part_t){&manager->deaths_frame, sizeof(manager->deaths_frame)};
	parts[8] = (ledger_part_t){&manager->depot, sizeof(manager->depot)};
	parts[9] = (ledger_part_t){&manager->second_is, sizeof(manager->second_is)};
}

/* What a driver's record does not have, and a second image. Their count. */
static uint32_t list_drivers(manager_t *manager, ledger_part_t parts[DRIVERS_MAX + 1])
{
	uint32_t count = manager->count;
	for (uint32_t i = 0; i < count; i++)
		parts[i] = (ledger_part_t){driver_touch(manager, i), offsetof(driver_t, door)};
	if (manager->second_is)
		parts[count++] = (ledger_part_t){&manager->second, offsetof(driver_t, door)};
	return count;
}

void kept_seal(manager_t *manager)
{
	ledger_part_t parts[PARTS + DRIVERS_MAX + 1];
	kept_commit(manager);
	list_parts(manager, parts);
	uint32_t count = list_drivers(manager, &parts[PARTS]);
	ledger_seal(manager->ledger, parts, PARTS + count);
}

void kept_commit_one(manager_t *manager, uint32_t i)
{
	const driver_t *driver = &manager->drivers[i];
	ledger_commit(manager->ledger, i, (const char *)driver + RECORD_AT,
		      record_bytes(driver));
}

void kept_commit(manager_t *manager)
{
	for (uint32_t left = manager->world.touched; left; left &= left - 1)
		kept_commit_one(manager, (uint32_t)__builtin_ctz(left));
	if (manager->ledger->written != wire_position())
		ledger_store(&manager->ledger->written, wire_position());
}

/* ---- taking over ---- */

static bool is_good_rule(const rules_t *rules, uint32_t count)
{
	if (rules->requires_count > REQUIRES_MAX || rules->policy.kind >= POLICY_KIND_COUNT ||
	    rules->strategy > GROUP_ALL || (count < UNITS_MAX && rules->rivals >> count))
		return false;
	for (uint32_t i = 0; i < rules->requires_count; i++)
		if ((rules->requires[i] >= count && rules->requires[i] != UNITS_MAX) ||
		    (count < UNITS_MAX && rules->also[i] >> count))
			return false;
	return true;
}

static bool is_good_manifest(const manifest_t *manifest)
{
	const caps_t *caps = &manifest->caps;
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++)
		if (caps->irq.items[i].line >= IRQ_LINES)
			return false;
	return caps->pio.count <= DRIVER_CAPS_MAX && caps->irq.count <= DRIVER_CAPS_MAX &&
	       caps->mmio.count <= DRIVER_CAPS_MAX &&
	       manifest->needs.count <= MANIFEST_NAMES_MAX &&
	       manifest->provides.count <= MANIFEST_NAMES_MAX &&
	       manifest->uses.count <= MANIFEST_NAMES_MAX &&
	       manifest->safe_state.count <= MANIFEST_SAFE_MAX &&
	       manifest->restart.policy.kind < POLICY_KIND_COUNT;
}

static bool has_good_nodes(const manager_t *manager, const driver_t *driver)
{
	for (uint32_t use = 0; use < DEPOT_USES; use++)
		if (driver->nodes[use] != ARENA_NONE &&
		    !arena_is_taken(&manager->depot.arena, driver->nodes[use]))
			return false;
	return true;
}

static bool is_good_driver(const manager_t *manager, const driver_t *driver)
{
	return driver->plan.count <= ELF_SEGMENTS_MAX && is_good_manifest(&driver->manifest) &&
	       has_good_nodes(manager, driver);
}

/* Its entries point to the drivers' own. */
static bool is_good_registry(const manager_t *manager)
{
	const registry_t *registry = &manager->registry;
	if (registry->count > manager->count || !names_are_good(registry))
		return false;
	for (uint32_t n = 0; n < registry->count; n++) {
		uint32_t i = 0;
		while (i < manager->count &&
		       (registry->entries[n].manifest != &manager->drivers[i].manifest ||
			registry->entries[n].file != manager->drivers[i].file))
			i++;
		uint32_t rivals = registry->entries[n].rivals;
		if (i == manager->count ||
		    (registry->count < REGISTRY_MAX && rivals >> registry->count))
			return false;
	}
	return true;
}

/* Is whatever is an index in what was sealed below what it counts? */
static bool is_good(const manager_t *manager)
{
	const world_t *world = &manager->world;
	const driver_t *second = &manager->second;
	if (manager->second_is &&
	    (second->index >= manager->count || !is_good_driver(manager, second)))
		return false;
	if (world->count != manager->count || !is_good_registry(manager) ||
	    !arena_is_good(&manager->depot.arena))
		return false;
	for (uint32_t i = 0; i < manager->count; i++)
		if (manager->drivers[i].index != i || world->order[i] >= manager->count ||
		    world->units[i] != &manager->drivers[i].unit ||
		    !is_good_rule(&world->rules[i], manager->count) ||
		    !is_good_driver(manager, &manager->drivers[i]))
			return false;
	return true;
}

static err_t read_sealed(manager_t *manager)
{
	ledger_part_t parts[PARTS + DRIVERS_MAX + 1];
	size_t offset = 0;
	if (!ledger_is_sealed(manager->ledger))
		return DRV_ENOENT;
	list_parts(manager, parts);
	err_t err = ledger_unseal(manager->ledger, &offset, parts, PARTS);
	if (!err && (manager->count > DRIVERS_MAX || manager->second_is >= SECOND_COUNT))
		err = DRV_EFORMAT;
	if (!err)
		err = memory_add_drivers(manager, manager->count);
	if (err)
		return err;
	uint32_t count = list_drivers(manager, parts);
	err = ledger_unseal(manager->ledger, &offset, parts, count);
	return err || is_good(manager) ? err : DRV_EFORMAT;
}

static err_t read_record(manager_t *manager, driver_t *driver)
{
	err_t err = ledger_read(manager->ledger, driver->index, (char *)driver + RECORD_AT,
				sizeof(*driver) - RECORD_AT);
	manager->heard_ms[driver->index] = manager->now_ms;
	if (driver_is_empty(driver)) /* it may have been emptied, or filled, only half */
		record_clear(driver);
	return !err && record_is_good(driver) ? DRV_OK : DRV_EFORMAT;
}

err_t kept_adopt(manager_t *manager)
{
	ledger_t *ledger = manager->ledger;
	if (ledger->tries >= TRIES_MAX)
		return DRV_ENOENT;
	ledger_store(&ledger->tries, ledger->tries + 1);
	err_t err = read_sealed(manager);
	for (uint32_t i = 0; !err && i < manager->count; i++)
		err = read_record(manager, driver_touch(manager, i));
	if (err)
		return err;
	wire_restore(manager, ledger->written);
	manager->world.first = manager->world.held = 0;
	manager->world.now_ms = manager->now_ms;
	manager->world.dirty = true;
	manager->sweeps = true;
	manager->swept = CAP_NULL;
	manager->sweep_ms = manager->now_ms + KEPT_PAUSE_MS;
	manager->looked_ms = manager->now_ms;
	return DRV_OK;
}

void kept_turn(manager_t *manager)
{
	kept_commit(manager);
	manager->world.touched = 0;
	if (manager->ledger->tries)
		ledger_store(&manager->ledger->tries, 0);
}
