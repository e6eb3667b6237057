/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree of arena.h. */
#include "claims/arena.h"

#include "cap/string.h"

static uint32_t level_of(uint32_t node)
{
	return 31u - (uint32_t)__builtin_clz(node);
}

uint32_t arena_bits(const arena_t *arena, uint32_t node)
{
	return arena->bits - level_of(node);
}

uint32_t arena_offset(const arena_t *arena, uint32_t node)
{
	return (node - (1u << level_of(node))) << arena_bits(arena, node);
}

void arena_begin(arena_t *arena, uint32_t bits)
{
	memset(arena, 0, sizeof(*arena));
	arena->bits = bits;
	arena->state[ARENA_ROOT] = ARENA_FREE;
}

uint32_t arena_find(const arena_t *arena, uint32_t bits)
{
	if (bits < ARENA_LEAF_BITS)
		bits = ARENA_LEAF_BITS;
	for (uint32_t level = arena->bits - bits; bits <= arena->bits; level--) {
		for (uint32_t node = 1u << level; node < 2u << level; node++)
			if (arena->state[node] == ARENA_FREE)
				return node;
		if (level == 0)
			break;
	}
	return ARENA_NONE;
}

bool arena_split(arena_t *arena, uint32_t node)
{
	if (arena_bits(arena, node) <= ARENA_LEAF_BITS)
		return false;
	arena->state[node] = ARENA_SPLIT;
	arena->state[2 * node] = arena->state[2 * node + 1] = ARENA_FREE;
	return true;
}

void arena_take(arena_t *arena, uint32_t node)
{
	arena->state[node] = ARENA_TAKEN;
	arena->taken_bytes += 1u << arena_bits(arena, node);
}

uint32_t arena_give(arena_t *arena, uint32_t node)
{
	arena->taken_bytes -= 1u << arena_bits(arena, node);
	arena->state[node] = ARENA_FREE;
	for (; node > ARENA_ROOT; node /= 2) {
		uint8_t *halves = &arena->state[node & ~1u];
		if (halves[0] != ARENA_FREE || halves[1] != ARENA_FREE)
			break;
		halves[0] = halves[1] = ARENA_DEAD;
		arena->state[node / 2] = ARENA_FREE;
	}
	return node;
}

uint32_t arena_next(const arena_t *arena, uint32_t node)
{
	if (arena->state[node] == ARENA_SPLIT)
		return 2 * node;
	while (node & 1)
		node /= 2;
	return node ? node + 1 : ARENA_NONE;
}

bool arena_is_taken(const arena_t *arena, uint32_t node)
{
	return node < ARENA_NODES && arena->state[node] == ARENA_TAKEN;
}

/* What a node may be, by the one of which it is a half. */
static bool is_good_node(const arena_t *arena, uint32_t node)
{
	uint8_t state = arena->state[node];
	bool whole =
	    node == ARENA_ROOT ? arena->bits != 0 : arena->state[node / 2] == ARENA_SPLIT;
	if (!whole)
		return state == ARENA_DEAD;
	if (state == ARENA_SPLIT)
		return arena_bits(arena, node) > ARENA_LEAF_BITS;
	return state == ARENA_FREE || state == ARENA_TAKEN;
}

bool arena_is_good(const arena_t *arena)
{
	uint32_t taken = 0;
	if (arena->bits && (arena->bits < ARENA_LEAF_BITS || arena->bits > ARENA_BITS_MAX))
		return false;
	for (uint32_t node = ARENA_ROOT; node < ARENA_NODES; node++) {
		if (!is_good_node(arena, node))
			return false;
		if (arena->state[node] == ARENA_TAKEN)
			taken += 1u << arena_bits(arena, node);
	}
	return arena->state[0] == ARENA_DEAD && taken == arena->taken_bytes;
}
