/* SPDX-License-Identifier: BSD-2-Clause */
/* The halves of claims/arena.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "claims/arena.h"

#define BITS (ARENA_LEAF_BITS + 3) /* eight leaves */

static arena_t arena;

static int fresh(void **state)
{
	(void)state;
	arena_begin(&arena, BITS);
	return 0;
}

static uint32_t take(uint32_t bits)
{
	uint32_t node = arena_find(&arena, bits);
	if (node == ARENA_NONE)
		return node;
	while (arena_bits(&arena, node) > bits && arena_split(&arena, node))
		node *= 2;
	arena_take(&arena, node);
	assert_true(arena_is_good(&arena));
	return node;
}

static void give(uint32_t node)
{
	arena_give(&arena, node);
	assert_true(arena_is_good(&arena));
}

static void without_memory_nothing_is_found(void **state)
{
	(void)state;
	memset(&arena, 0, sizeof(arena));
	assert_true(arena_is_good(&arena));
	assert_int_equal(arena_find(&arena, 0), ARENA_NONE);
	assert_int_equal(arena_find(&arena, ARENA_BITS_MAX), ARENA_NONE);
}

static void all_of_it_is_one_piece(void **state)
{
	(void)state;
	assert_int_equal(arena_find(&arena, BITS + 1), ARENA_NONE);
	uint32_t node = take(BITS);
	assert_int_equal(node, ARENA_ROOT);
	assert_int_equal(arena.taken_bytes, 1u << BITS);
	assert_int_equal(arena_find(&arena, 0), ARENA_NONE);
	give(node);
	assert_int_equal(arena.taken_bytes, 0);
	assert_int_equal(arena_find(&arena, BITS), ARENA_ROOT);
}

static void pieces_lie_apart_and_fill_all_of_it(void **state)
{
	uint32_t seen = 0;
	(void)state;
	for (uint32_t i = 0; i < 8; i++) {
		uint32_t node = take(1); /* no piece is smaller than a leaf */
		assert_int_equal(arena_bits(&arena, node), ARENA_LEAF_BITS);
		seen |= 1u << (arena_offset(&arena, node) >> ARENA_LEAF_BITS);
	}
	assert_int_equal(seen, 0xff);
	assert_int_equal(take(1), ARENA_NONE);
}

static void what_is_small_is_cut_from_what_is_small(void **state)
{
	(void)state;
	take(ARENA_LEAF_BITS);
	uint32_t large = take(BITS - 1);
	assert_int_equal(arena_offset(&arena, large), 1u << (BITS - 1));
	assert_int_equal(arena_offset(&arena, take(ARENA_LEAF_BITS)), 1u << ARENA_LEAF_BITS);
	assert_int_equal(take(BITS - 1), ARENA_NONE);
}

static void halves_become_whole_only_when_both_are_free(void **state)
{
	(void)state;
	uint32_t a = take(ARENA_LEAF_BITS), b = take(ARENA_LEAF_BITS);
	assert_int_equal(a ^ 1, b);
	assert_int_equal(arena_give(&arena, a), a);
	assert_int_equal(arena_find(&arena, BITS), ARENA_NONE);
	assert_int_equal(arena_give(&arena, b), ARENA_ROOT);
	assert_int_equal(arena_find(&arena, BITS), ARENA_ROOT);
}

/* Any pieces in any order: in the end it is as it was in the beginning. */
static void all_of_it_comes_back(void **state)
{
	static arena_t before;
	uint32_t held[8], count = 0, chance = 1;
	(void)state;
	before = arena;
	for (uint32_t i = 0; i < 10000; i++) {
		chance = chance * 1664525u + 1013904223u;
		uint32_t node =
		    chance >> 31 ? take(ARENA_LEAF_BITS + (chance >> 8) % 3) : ARENA_NONE;
		if (node != ARENA_NONE) {
			held[count++] = node;
		} else if (count) {
			uint32_t at = (chance >> 8) % count;
			give(held[at]);
			held[at] = held[--count];
		}
	}
	while (count)
		give(held[--count]);
	assert_memory_equal(&arena, &before, sizeof(arena));
}

static void each_node_that_is_not_dead_comes_once_and_in_order(void **state)
{
	uint8_t seen[ARENA_NODES] = {0};
	(void)state;
	take(ARENA_LEAF_BITS);
	take(ARENA_LEAF_BITS + 2);
	for (uint32_t node = ARENA_ROOT; node != ARENA_NONE; node = arena_next(&arena, node)) {
		assert_int_equal(seen[node]++, 0);
		assert_true(node == ARENA_ROOT || seen[node / 2]);
	}
	for (uint32_t node = 0; node < ARENA_NODES; node++)
		assert_int_equal(seen[node], arena.state[node] != ARENA_DEAD);
}

static void only_a_node_that_is_taken_is_one(void **state)
{
	(void)state;
	uint32_t node = take(ARENA_LEAF_BITS);
	assert_true(arena_is_taken(&arena, node));
	assert_false(arena_is_taken(&arena, node + 1));
	assert_false(arena_is_taken(&arena, node / 2));
	assert_false(arena_is_taken(&arena, ARENA_NODES));
	assert_false(arena_is_taken(&arena, UINT32_MAX));
}

/* Whatever one node is, but for a change between free and taken that is reckoned. */
static void what_is_no_tree_is_none(void **state)
{
	uint32_t good = 0;
	(void)state;
	take(ARENA_LEAF_BITS);
	for (uint32_t node = 0; node < ARENA_NODES; node++) {
		uint8_t was = arena.state[node];
		for (uint32_t now = 0; now < 5; now++) {
			arena.state[node] = (uint8_t)now;
			good += now != was && arena_is_good(&arena);
		}
		arena.state[node] = was;
	}
	assert_int_equal(good, 0);
	arena.taken_bytes++;
	assert_false(arena_is_good(&arena));
	arena.taken_bytes--;
	for (uint32_t bits = 0; bits < 40; bits++) {
		arena.bits = bits;
		assert_int_equal(arena_is_good(&arena), bits == BITS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(without_memory_nothing_is_found, fresh),
	    cmocka_unit_test_setup(all_of_it_is_one_piece, fresh),
	    cmocka_unit_test_setup(pieces_lie_apart_and_fill_all_of_it, fresh),
	    cmocka_unit_test_setup(what_is_small_is_cut_from_what_is_small, fresh),
	    cmocka_unit_test_setup(halves_become_whole_only_when_both_are_free, fresh),
	    cmocka_unit_test_setup(all_of_it_comes_back, fresh),
	    cmocka_unit_test_setup(each_node_that_is_not_dead_comes_once_and_in_order, fresh),
	    cmocka_unit_test_setup(only_a_node_that_is_taken_is_one, fresh),
	    cmocka_unit_test_setup(what_is_no_tree_is_none, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
