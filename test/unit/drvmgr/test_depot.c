/* SPDX-License-Identifier: BSD-2-Clause */
/* The depot of hands/depot.h on a kernel that knows of each untyped what was made of it: what
 * nobody names is free, to the byte, whatever failed in between. */
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

static cap_t add(uint32_t parent, uint32_t type, uint32_t bytes)
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

static int fresh(void **state)
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
static void is_whole(void)
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
static void is_empty(void)
{
	uint32_t alive = 0;
	is_whole();
	assert_int_equal(manager.depot.arena.state[ARENA_ROOT], ARENA_FREE);
	assert_int_equal(manager.depot.arena.taken_bytes, 0);
	for (uint32_t i = 1; i < kernel.count; i++)
		alive += kernel.caps[i].alive;
	assert_int_equal(alive, 1);
}

static void collect(void)
{
	depot_collect(&manager);
	depot_clean(&manager);
	is_whole();
}

static uint32_t take(uint32_t bytes)
{
	uint32_t node = ARENA_NONE;
	assert_int_equal(depot_take(&manager, bytes, &node), DRV_OK);
	is_whole();
	return node;
}

static void it_has_the_largest_piece_up_to_its_limit(void **state)
{
	(void)state;
	for (uint32_t bits = 18; bits <= 26; bits++) {
		memset(&kernel, 0, sizeof(kernel));
		kernel.count = 1;
		kernel.left = NEVER;
		kernel.piece_bits = bits;
		memset(&manager.depot, 0xff, sizeof(manager.depot));
		depot_begin(&manager);
		assert_int_equal(manager.depot.arena.bits,
				 bits < ARENA_BITS_MAX ? bits : ARENA_BITS_MAX);
		is_whole();
	}
}

static void of_too_little_memory_nothing_is_taken(void **state)
{
	uint32_t node = 77;
	(void)state;
	kernel.count = 1;
	kernel.piece_bits = 17;
	depot_begin(&manager);
	assert_int_equal(kernel.count, 1);
	assert_int_equal(manager.depot.arena.bits, 0);
	assert_int_equal(depot_take(&manager, 1, &node), DRV_ENOMEM);
	assert_int_equal(node, 77);
	depot_collect(&manager);
	depot_clean(&manager);
}

static void a_node_has_at_least_what_was_asked_for_and_never_less_than_a_leaf(void **state)
{
	(void)state;
	assert_int_equal(arena_bits(&manager.depot.arena, take(1)), ARENA_LEAF_BITS);
	assert_int_equal(arena_bits(&manager.depot.arena, take(LEAF)), ARENA_LEAF_BITS);
	assert_int_equal(arena_bits(&manager.depot.arena, take(LEAF + 1)), ARENA_LEAF_BITS + 1);
	collect();
	is_empty();
}

static void what_is_not_there_in_one_piece_is_refused(void **state)
{
	uint32_t node = 77, taken = 0;
	(void)state;
	assert_int_equal(depot_take(&manager, (1u << BITS) + 1, &node), DRV_ENOMEM);
	is_empty();
	for (; depot_take(&manager, LEAF, &node) == DRV_OK; taken++)
		is_whole();
	assert_int_equal(taken, 1u << (BITS - ARENA_LEAF_BITS));
	assert_int_equal(depot_take(&manager, 1, &node), DRV_ENOMEM);
	collect();
	is_empty();
	assert_int_equal(take(1u << BITS), ARENA_ROOT);
}

/* One half can be made and the other one not. */
static void a_kernel_without_room_splits_nothing(void **state)
{
	uint32_t node;
	(void)state;
	for (uint32_t left = 0; left < 2 * (BITS - ARENA_LEAF_BITS); left++) {
		kernel.left = left;
		node = 77;
		assert_int_equal(depot_take(&manager, 1, &node), DRV_ENOMEM);
		assert_int_equal(node, 77);
		is_empty();
		kernel.left = NEVER;
	}
}

static void a_frame_is_all_of_a_node_at_the_nodes_place(void **state)
{
	cap_t frame = CAP_NULL;
	uint32_t first = take(LEAF), node = take(2 * LEAF);
	(void)state;
	assert_int_not_equal(first, node);
	assert_int_equal(depot_make_frame(&manager, node, &frame), DRV_OK);
	assert_int_equal(kernel.caps[frame].parent, manager.depot.caps[node]);
	assert_int_equal(kernel.caps[frame].bytes, 2 * LEAF);
	assert_int_equal(kernel.mapped[0], frame);
	assert_int_equal(kernel.addresses[0],
			 MANAGER_LOADED + arena_offset(&manager.depot.arena, node));
	assert_int_equal((uintptr_t)depot_address(&manager, node), kernel.addresses[0]);
	kernel.no_map = DRV_ENOMEM;
	assert_int_equal(depot_make_frame(&manager, first, &frame), DRV_ENOMEM);
	kernel.no_map = DRV_OK;
	collect();
	is_empty();
}

static void a_driver_has_memory_and_ends_of_its_own(void **state)
{
	driver_t *driver = &drivers[GUEST];
	const uint32_t *nodes = driver->nodes;
	(void)state;
	assert_int_equal(depot_reserve(&manager, driver), DRV_OK);
	assert_int_equal(driver->untyped, manager.depot.caps[nodes[DEPOT_OBJECTS]]);
	assert_int_equal(driver->frames, manager.depot.caps[nodes[DEPOT_FRAMES]]);
	assert_int_equal(kernel.caps[driver->frames].bytes, 64 << 10);
	assert_int_equal(kernel.caps[driver->instance.page_frame].type, CAP_FRAME);
	assert_int_equal(kernel.caps[driver->instance.config_frame].type, CAP_FRAME);
	assert_int_equal(kernel.caps[driver->instance.log_frame].type, CAP_FRAME);
	assert_int_equal(kernel.caps[driver->instance.endpoint].type, CAP_ENDPOINT);
	assert_int_equal(kernel.placed, 1);
	collect();
	assert_true(kernel.caps[driver->instance.endpoint].alive);
	assert_int_equal(manager.depot.arena.taken_bytes, (64 << 10) + 2 * LEAF);
	memset(driver->nodes, 0, sizeof(driver->nodes));
	collect();
	is_empty();
}

static void a_driver_for_which_something_lacks_leaves_nothing(void **state)
{
	uint32_t left = 0;
	(void)state;
	for (;; left++) {
		memset(&drivers[GUEST].nodes, 0, sizeof(drivers[GUEST].nodes));
		kernel.left = left;
		err_t err = depot_reserve(&manager, &drivers[GUEST]);
		kernel.left = NEVER;
		if (!err)
			break;
		assert_int_equal(err, DRV_ENOMEM);
		assert_int_equal(kernel.placed, 0);
		memset(&drivers[GUEST].nodes, 0, sizeof(drivers[GUEST].nodes));
		collect();
		is_empty();
	}
	assert_in_range(left, 8, 20);
}

static void another_image_has_memory_and_no_ends(void **state)
{
	driver_t *next = &manager.second;
	(void)state;
	assert_int_equal(depot_reserve(&manager, &drivers[GUEST]), DRV_OK);
	uint32_t taken = manager.depot.arena.taken_bytes;
	next->manifest.memory_kib = 32;
	assert_int_equal(depot_reserve_body(&manager, next), DRV_OK);
	assert_int_equal(next->nodes[DEPOT_ENDS], ARENA_NONE);
	assert_int_equal(next->instance.endpoint, CAP_NULL);
	assert_int_equal(manager.depot.arena.taken_bytes, taken + 2 * LEAF);
	manager.second_is = SECOND_NEXT;
	collect(); /* it is named */
	assert_int_equal(manager.depot.arena.taken_bytes, taken + 2 * LEAF);
	manager.second_is = SECOND_NONE;
	collect();
	assert_int_equal(manager.depot.arena.taken_bytes, taken);
	assert_true(kernel.caps[drivers[GUEST].untyped].alive);
}

static void what_is_named_stays_and_what_is_not_goes(void **state)
{
	uint32_t upload = take(LEAF), image = take(LEAF), nobodys = take(LEAF);
	(void)state;
	manager.upload.node = upload;
	manager.upload.owner = OTHER + 1;
	drivers[OTHER].nodes[DEPOT_IMAGE] = image;
	collect();
	assert_true(arena_is_taken(&manager.depot.arena, upload));
	assert_true(arena_is_taken(&manager.depot.arena, image));
	assert_false(arena_is_taken(&manager.depot.arena, nobodys));
	manager.upload.owner = 0; /* an upload that is over names nothing */
	collect();
	assert_false(arena_is_taken(&manager.depot.arena, upload));
	assert_true(arena_is_taken(&manager.depot.arena, image));
	drivers[OTHER].nodes[DEPOT_IMAGE] = ARENA_NONE;
	collect();
	is_empty();
}

static void the_next_incarnation_has_all_images_where_they_were(void **state)
{
	uint32_t *nodes[] = {&drivers[GUEST].nodes[DEPOT_IMAGE],
			     &manager.second.nodes[DEPOT_IMAGE]};
	(void)state;
	for (uint32_t i = 0; i < 2; i++)
		*nodes[i] = take(LEAF);
	drivers[GUEST].image_frame = 4711;
	manager.second.image_frame = 4712;
	uint32_t nobodys = take(LEAF);
	assert_int_equal(depot_adopt(&manager), DRV_OK);
	is_whole();
	assert_false(arena_is_taken(&manager.depot.arena, nobodys));
	assert_int_equal(kernel.maps, 1); /* what is not in force is nothing */
	assert_int_equal(kernel.mapped[0], 4711);
	assert_int_equal(kernel.addresses[0], (uintptr_t)depot_address(&manager, *nodes[0]));
}

static void the_image_that_is_not_in_force_is_mapped_too(void **state)
{
	(void)state;
	manager.second_is = SECOND_LAST;
	manager.second.nodes[DEPOT_IMAGE] = take(LEAF);
	manager.second.image_frame = 4712;
	assert_int_equal(depot_adopt(&manager), DRV_OK);
	assert_int_equal(kernel.maps, 1);
	assert_int_equal(kernel.mapped[0], 4712);
	kernel.no_map = DRV_ENOMEM;
	assert_int_equal(depot_adopt(&manager), DRV_ENOMEM);
}

/* In any order, with a kernel that has no room now and then. */
static void whatever_comes_and_goes_all_of_it_is_there_in_the_end(void **state)
{
	uint32_t chance = 1;
	(void)state;
	for (uint32_t round = 0; round < 300; round++) {
		chance = chance * 1103515245u + 12345u;
		uint32_t *node = &drivers[chance >> 8 & 1].nodes[chance >> 9 & 3];
		*node = ARENA_NONE;
		collect();
		kernel.left = (chance >> 24) % 8 ? NEVER : chance >> 20 & 3;
		if (depot_take(&manager, LEAF << (chance >> 16 & 3), node) != DRV_OK)
			assert_int_equal(*node, ARENA_NONE);
		kernel.left = NEVER;
		is_whole();
	}
	memset(drivers, 0, sizeof(drivers));
	collect();
	is_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(it_has_the_largest_piece_up_to_its_limit, fresh),
	    cmocka_unit_test_setup(of_too_little_memory_nothing_is_taken, fresh),
	    cmocka_unit_test_setup(
		a_node_has_at_least_what_was_asked_for_and_never_less_than_a_leaf, fresh),
	    cmocka_unit_test_setup(what_is_not_there_in_one_piece_is_refused, fresh),
	    cmocka_unit_test_setup(a_kernel_without_room_splits_nothing, fresh),
	    cmocka_unit_test_setup(a_frame_is_all_of_a_node_at_the_nodes_place, fresh),
	    cmocka_unit_test_setup(a_driver_has_memory_and_ends_of_its_own, fresh),
	    cmocka_unit_test_setup(a_driver_for_which_something_lacks_leaves_nothing, fresh),
	    cmocka_unit_test_setup(another_image_has_memory_and_no_ends, fresh),
	    cmocka_unit_test_setup(what_is_named_stays_and_what_is_not_goes, fresh),
	    cmocka_unit_test_setup(the_next_incarnation_has_all_images_where_they_were, fresh),
	    cmocka_unit_test_setup(the_image_that_is_not_in_force_is_mapped_too, fresh),
	    cmocka_unit_test_setup(whatever_comes_and_goes_all_of_it_is_there_in_the_end,
				   fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
