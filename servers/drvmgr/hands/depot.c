/* SPDX-License-Identifier: BSD-2-Clause */
/* The depot of depot.h. */
#include "hands/depot.h"

#include "cap/string.h"
#include "cap/syscall.h"
#include "claims/need.h"
#include "hands/memory.h"
#include "hands/spawn.h"

#define DEPOT_BITS_MIN 18u /* less is of no use to anybody */

void depot_begin(manager_t *manager)
{
	depot_t *depot = &manager->depot;
	memset(depot, 0, sizeof(*depot));
	for (uint32_t bits = ARENA_BITS_MAX; bits >= DEPOT_BITS_MIN; bits--) {
		if (memory_take(manager, bits, &depot->caps[ARENA_ROOT]) == DRV_OK) {
			arena_begin(&depot->arena, bits);
			return;
		}
	}
}

static err_t make(cap_t untyped, uint32_t type, uint32_t bits, cap_t *cap)
{
	int32_t made = untyped_retype(untyped, type, bits, CAP_NULL);
	if (made < 0)
		return made;
	*cap = (cap_t)made;
	return DRV_OK;
}

/* Both halves; or none, and what it is a half of is whole again. */
static err_t split(depot_t *depot, uint32_t node)
{
	uint32_t bits = arena_bits(&depot->arena, node) - 1;
	err_t err = make(depot->caps[node], CAP_UNTYPED, bits, &depot->caps[2 * node]);
	if (!err)
		err = make(depot->caps[node], CAP_UNTYPED, bits, &depot->caps[2 * node + 1]);
	if (!err) {
		arena_split(&depot->arena, node);
		return DRV_OK;
	}
	arena_take(&depot->arena, node);
	cap_revoke(depot->caps[arena_give(&depot->arena, node)]);
	return err;
}

err_t depot_take(manager_t *manager, uint32_t bytes, uint32_t *node)
{
	depot_t *depot = &manager->depot;
	uint32_t bits = memory_bits(bytes), found = arena_find(&depot->arena, bits);
	if (bits < ARENA_LEAF_BITS)
		bits = ARENA_LEAF_BITS;
	if (found == ARENA_NONE)
		return DRV_ENOMEM;
	while (arena_bits(&depot->arena, found) > bits) {
		err_t err = split(depot, found);
		if (err)
			return err;
		found *= 2;
	}
	arena_take(&depot->arena, found);
	*node = found;
	return DRV_OK;
}

void *depot_address(const manager_t *manager, uint32_t node)
{
	return (void *)(uintptr_t)(MANAGER_LOADED + arena_offset(&manager->depot.arena, node));
}

err_t depot_map(manager_t *manager, uint32_t node, cap_t frame)
{
	return memory_map(manager, frame, (uint32_t)(uintptr_t)depot_address(manager, node));
}

err_t depot_make_frame(manager_t *manager, uint32_t node, cap_t *frame)
{
	err_t err = make(manager->depot.caps[node], CAP_FRAME,
			 arena_bits(&manager->depot.arena, node), frame);
	return err ? err : depot_map(manager, node, *frame);
}

/* Endpoint and pages. */
static err_t make_ends(const manager_t *manager, driver_t *driver)
{
	cap_t untyped = manager->depot.caps[driver->nodes[DEPOT_ENDS]];
	instance_t *instance = &driver->instance;
	err_t err = make(untyped, CAP_FRAME, 0, &instance->page_frame);
	if (!err)
		err = make(untyped, CAP_FRAME, 0, &instance->config_frame);
	if (!err)
		err = make(untyped, CAP_FRAME, 0, &instance->log_frame);
	return err ? err : make(untyped, CAP_ENDPOINT, 0, &instance->endpoint);
}

/* Of what boot gave the driver, unless the image in force has that; or a node. */
static err_t take_for(manager_t *manager, const home_t *home, cap_t in_force, uint32_t bytes,
		      uint32_t *node, cap_t *untyped)
{
	if (home->untyped && home->untyped != in_force && bytes <= 1u << home->bits) {
		*node = ARENA_NONE;
		*untyped = home->untyped;
		return DRV_OK;
	}
	err_t err = depot_take(manager, bytes, node);
	if (!err)
		*untyped = manager->depot.caps[*node];
	return err;
}

err_t depot_reserve_body(manager_t *manager, driver_t *driver)
{
	const driver_t *now = &manager->drivers[driver->index];
	need_t need = need_of(&driver->manifest, &driver->plan);
	err_t err = take_for(manager, &driver->home[HOME_OBJECTS], now->untyped, need.objects,
			     &driver->nodes[DEPOT_OBJECTS], &driver->untyped);
	return err ? err
		   : take_for(manager, &driver->home[HOME_FRAMES], now->frames, need.frames,
			      &driver->nodes[DEPOT_FRAMES], &driver->frames);
}

err_t depot_reserve(manager_t *manager, driver_t *driver)
{
	err_t err = depot_reserve_body(manager, driver);
	if (!err)
		err = depot_take(manager, 1u << ARENA_LEAF_BITS, &driver->nodes[DEPOT_ENDS]);
	if (!err)
		err = make_ends(manager, driver);
	return err ? err : spawn_place_pages(manager, driver);
}

/* ---- what nobody names ---- */

static bool names(const driver_t *driver, uint32_t node)
{
	for (uint32_t use = 0; use < DEPOT_USES; use++)
		if (driver->nodes[use] == node)
			return true;
	return false;
}

static bool is_named(const manager_t *manager, uint32_t node)
{
	if ((manager->upload.owner && manager->upload.node == node) ||
	    (manager->second_is && names(&manager->second, node)))
		return true;
	for (uint32_t i = 0; i < manager->count; i++)
		if (names(&manager->drivers[i], node))
			return true;
	return false;
}

void depot_collect(manager_t *manager)
{
	arena_t *arena = &manager->depot.arena;
	for (uint32_t node = ARENA_ROOT; node; node = arena_next(arena, node))
		if (arena_is_taken(arena, node) && !is_named(manager, node))
			node = arena_give(arena, node);
}

void depot_clean(const manager_t *manager)
{
	const depot_t *depot = &manager->depot;
	for (uint32_t node = ARENA_ROOT; node; node = arena_next(&depot->arena, node))
		if (depot->arena.state[node] == ARENA_FREE)
			cap_revoke(depot->caps[node]);
}

/* Its image, if it does not lie in the archive. */
static err_t map_image(manager_t *manager, const driver_t *driver)
{
	return driver->nodes[DEPOT_IMAGE] == ARENA_NONE
		   ? DRV_OK
		   : depot_map(manager, driver->nodes[DEPOT_IMAGE], driver->image_frame);
}

err_t depot_adopt(manager_t *manager)
{
	err_t err = DRV_OK;
	depot_collect(manager);
	depot_clean(manager);
	if (manager->second_is)
		err = map_image(manager, &manager->second);
	for (uint32_t i = 0; !err && i < manager->count; i++)
		err = map_image(manager, &manager->drivers[i]);
	return err;
}
