/* SPDX-License-Identifier: BSD-2-Clause */
/* States as numbers. A capability is 1, two bits for its space, two for its rights, all that
 * was derived from it, and 0; a state is a 1 followed by all its capabilities. So eight take
 * 49 bits. */
#include "search_state.h"

#include <stdlib.h>

#define FIELD_BITS 2u
#define FIELD_MASK 3u
#define ORDERS	   6u /* of three spaces */

static uint32_t length_of(uint64_t number)
{
	return 63u - (uint32_t)__builtin_clzll(number);
}

static uint64_t append(uint64_t number, uint64_t other)
{
	uint32_t length = length_of(other);
	return number << length | (other ^ UINT64_C(1) << length);
}

/* What is below one capability, or below the first: numbers of subtrees. */
typedef struct below {
	uint32_t count;
	uint64_t part[SEARCH_SLOTS];
} below_t;

/* Puts a subtree in front, or to its place by size. */
static void add_part(below_t *below, uint64_t part, bool sort)
{
	uint32_t at = below->count++;
	while (at > 0 && (!sort || below->part[at - 1] > part)) {
		below->part[at] = below->part[at - 1];
		at--;
	}
	below->part[at] = part;
}

static uint64_t join(uint64_t number, const below_t *below)
{
	for (uint32_t i = 0; i < below->count; i++)
		number = append(number, below->part[i]);
	return number;
}

static uint64_t pack_as(const search_forest_t *forest, const uint8_t *name, bool sort)
{
	below_t below[SEARCH_SLOTS + 1]; /* by depth: what was met there from the right */
	for (uint32_t i = 0; i <= SEARCH_SLOTS; i++)
		below[i].count = 0;
	for (uint32_t i = forest->count; i-- > 0;) {
		uint32_t depth = forest->depth[i];
		uint64_t part = 3u << FIELD_BITS | name[forest->space[i]];
		part = join(part << FIELD_BITS | forest->rights[i], &below[depth + 1]) << 1;
		below[depth + 1].count = 0;
		add_part(&below[depth], part, sort);
	}
	return join(1, &below[0]);
}

/* Spaces named in the order in which they occur. */
static uint64_t pack_in_order(const search_forest_t *forest)
{
	uint8_t name[SEARCH_SPACES] = {FIELD_MASK, FIELD_MASK, FIELD_MASK}, names = 0;
	for (uint32_t i = 0; i < forest->count; i++)
		if (name[forest->space[i]] == FIELD_MASK)
			name[forest->space[i]] = names++;
	return pack_as(forest, name, false);
}

uint64_t search_pack(const search_forest_t *forest, bool any_order)
{
	static const uint8_t order[ORDERS][SEARCH_SPACES] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
							     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	if (!any_order)
		return pack_in_order(forest);
	uint64_t least = UINT64_MAX;
	for (uint32_t i = 0; i < ORDERS; i++) {
		uint64_t number = pack_as(forest, order[i], true);
		least = number < least ? number : least;
	}
	return least;
}

void search_unpack(uint64_t number, search_forest_t *forest)
{
	uint32_t at = length_of(number), depth = 0;
	forest->count = 0;
	while (at > 0) {
		if (!(number >> --at & 1)) {
			depth--;
			continue;
		}
		uint32_t i = forest->count++;
		forest->depth[i] = (uint8_t)depth++;
		at -= FIELD_BITS;
		forest->space[i] = number >> at & FIELD_MASK;
		at -= FIELD_BITS;
		forest->rights[i] = number >> at & FIELD_MASK;
	}
}

bool search_set_make(search_set_t *set, uint32_t most)
{
	uint32_t size = 1;
	while (size < 2 * most)
		size *= 2;
	*set = (search_set_t){.member = calloc(most, sizeof(*set->member)),
			      .index = calloc(size, sizeof(*set->index)),
			      .most = most,
			      .mask = size - 1};
	return set->member && set->index;
}

void search_set_free(search_set_t *set)
{
	free(set->member);
	free(set->index);
}

bool search_set_add(search_set_t *set, uint64_t number)
{
	const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
	uint32_t at = (uint32_t)(number * golden >> 32) & set->mask;
	for (; set->index[at]; at = (at + 1) & set->mask)
		if (set->member[set->index[at] - 1] == number)
			return true;
	if (set->count == set->most)
		return false;
	set->member[set->count++] = number;
	set->index[at] = set->count;
	return true;
}

uint32_t search_ordered_states(uint32_t slots)
{
	uint32_t sum = 1, trees = 1, power = 1;
	for (uint32_t n = 1; n <= slots; n++) {
		trees = trees * 2 * (2 * n - 1) / (n + 1);
		power *= SEARCH_SPACES;
		sum += trees * ((power + SEARCH_SPACES) / ORDERS);
	}
	return sum;
}

uint32_t search_unordered_states(uint32_t slots, uint32_t kinds)
{
	static const uint32_t states[][SEARCH_SLOTS] = {
	    {2, 6, 23, 115, 661, 4211, 28184, 195432},
	    {3, 15, 96, 758, 6667, 62817, 614516, 6170412},
	    {4, 26, 209, 2011, 21387, 242218, 2847539, 34367019}};
	return states[kinds - 1][slots - 1];
}
