/* SPDX-License-Identifier: BSD-2-Clause */
/* The depot of hands/depot.h: what nobody names is free, to the byte, whatever failed in
 * between. */
#include "depot_world.h"

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

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(it_has_the_largest_piece_up_to_its_limit),
	    TEST(of_too_little_memory_nothing_is_taken),
	    TEST(a_node_has_at_least_what_was_asked_for_and_never_less_than_a_leaf),
	    TEST(what_is_not_there_in_one_piece_is_refused),
	    TEST(a_kernel_without_room_splits_nothing),
	    TEST(a_frame_is_all_of_a_node_at_the_nodes_place),
	    TEST(what_is_named_stays_and_what_is_not_goes),
	    TEST(whatever_comes_and_goes_all_of_it_is_there_in_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
