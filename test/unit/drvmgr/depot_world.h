/* SPDX-License-Identifier: BSD-2-Clause */
/* What hands/depot.h stands on: a kernel that knows of each untyped what was made of it. */
#ifndef TEST_DEPOT_WORLD_H
#define TEST_DEPOT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "claims/need.h"
#include "hands/depot.h"
#include "hands/memory.h"
#include "hands/spawn.h"

#define CAPS  4096u
#define LEAF  (1u << ARENA_LEAF_BITS)
#define BITS  20u /* of the memory that there is, where a test does not say */
#define NEVER UINT32_MAX

enum { GUEST, OTHER, COUNT };

static struct {
	struct {
		bool alive;
		uint32_t parent, type, bytes, used; /* of its own bytes */
	} caps[CAPS];
	uint32_t count;
	uint32_t piece_bits; /* the largest piece that boot left */
	uint32_t left;	     /* objects until there is no slot */
	uint32_t mapped[16], addresses[16], maps;
	err_t no_map;
	uint32_t placed;
} kernel;
static manager_t manager;
static driver_t drivers[COUNT];

static inline cap_t add(uint32_t parent, uint32_t type, uint32_t bytes)
{
	assert_in_range(kernel.count, 1, CAPS - 1);
	kernel.caps[kernel.count].alive = true;
	kernel.caps[kernel.count].parent = parent;
	kernel.caps[kernel.count].type = type;
	kernel.caps[kernel.count].bytes = bytes;
	kernel.caps[kernel.count].used = 0;
	return kernel.count++;
}

int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t bits, cap_t cspace)
{
	uint32_t bytes =
	    type == CAP_UNTYPED || (type == CAP_FRAME && bits) ? 1u << bits : PAGE_SIZE;
	assert_int_equal(cspace, CAP_NULL);
	assert_in_range(untyped, 1, kernel.count - 1);
	assert_true(kernel.caps[untyped].alive);
	assert_int_equal(kernel.caps[untyped].type, CAP_UNTYPED);
	if (kernel.left != NEVER && kernel.left-- == 0)
		return DRV_ENOMEM;
	if (kernel.caps[untyped].bytes - kernel.caps[untyped].used < bytes)
		return DRV_ENOMEM;
	kernel.caps[untyped].used += bytes;
	return (int32_t)add(untyped, type, bytes);
}

/* Children have greater numbers than what they are made of. */
err_t cap_revoke(cap_t cap)
{
	assert_true(kernel.caps[cap].alive);
	for (uint32_t i = cap + 1; i < kernel.count; i++)
		if (kernel.caps[i].parent == cap && kernel.caps[i].alive) {
			cap_revoke(i);
			kernel.caps[i].alive = false;
		}
	kernel.caps[cap].used = 0;
	return DRV_OK;
}

err_t memory_take(manager_t *of, uint32_t bits, cap_t *untyped)
{
	(void)of;
	if (bits > kernel.piece_bits)
		return DRV_ENOMEM;
	*untyped = add(0, CAP_UNTYPED, 1u << bits);
	return DRV_OK;
}

uint32_t memory_bits(uint32_t bytes)
{
	uint32_t bits = 12;
	while (1u << bits < bytes)
		bits++;
	return bits;
}

err_t memory_map(manager_t *of, cap_t frame, uint32_t virt)
{
	(void)of;
	if (kernel.no_map)
		return kernel.no_map;
	kernel.mapped[kernel.maps] = frame;
	kernel.addresses[kernel.maps++] = virt;
	return DRV_OK;
}

need_t need_of(const manifest_t *manifest, const elf_plan_t *plan)
{
	(void)plan;
	return (need_t){.frames = manifest->memory_kib << 10, .objects = PAGE_SIZE};
}

err_t spawn_place_pages(manager_t *of, driver_t *driver)
{
	(void)of;
	kernel.placed++;
	assert_true(kernel.caps[driver->instance.endpoint].alive);
	return DRV_OK;
}

/* ---- */

static inline int fresh(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	memset(&manager, 0, sizeof(manager));
	memset(drivers, 0, sizeof(drivers));
	kernel.count = 1;
	kernel.piece_bits = BITS;
	kernel.left = NEVER;
	manager.drivers = drivers;
	manager.count = COUNT;
	drivers[GUEST].manifest.memory_kib = 64;
	depot_begin(&manager);
	return 0;
}

/* DP1, the first half: each node that is not dead has an untyped of its size. */
static inline void is_whole(void)
{
	const depot_t *depot = &manager.depot;
	assert_true(arena_is_good(&depot->arena));
	for (uint32_t node = ARENA_ROOT; node; node = arena_next(&depot->arena, node)) {
		assert_true(kernel.caps[depot->caps[node]].alive);
		assert_int_equal(kernel.caps[depot->caps[node]].bytes,
				 1u << arena_bits(&depot->arena, node));
	}
}

/* And the second: nothing is made of it. */
static inline void is_empty(void)
{
	uint32_t alive = 0;
	is_whole();
	assert_int_equal(manager.depot.arena.state[ARENA_ROOT], ARENA_FREE);
	assert_int_equal(manager.depot.arena.taken_bytes, 0);
	for (uint32_t i = 1; i < kernel.count; i++)
		alive += kernel.caps[i].alive;
	assert_int_equal(alive, 1);
}

static inline void collect(void)
{
	depot_collect(&manager);
	depot_clean(&manager);
	is_whole();
}

static inline uint32_t take(uint32_t bytes)
{
	uint32_t node = ARENA_NONE;
	assert_int_equal(depot_take(&manager, bytes, &node), DRV_OK);
	is_whole();
	return node;
}

#endif
