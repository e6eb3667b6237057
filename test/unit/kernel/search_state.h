/* SPDX-License-Identifier: BSD-2-Clause */
/* States of the exhaustive search, as numbers, and the set of those that were met. A state is
 * what the derivation tree below the first capability looks like: who is below whom, in which
 * space, with which rights. It knows no slots, handles or kernel. */
#ifndef SEARCH_STATE_H
#define SEARCH_STATE_H

#include <stdbool.h>
#include <stdint.h>

#define SEARCH_SLOTS  8u /* at most alive at once */
#define SEARCH_SPACES 3u

/* In preorder, siblings as the kernel lists them. Rights are 1 to 3. */
typedef struct search_forest {
	uint32_t count;
	uint8_t depth[SEARCH_SLOTS]; /* 0: derived from the first capability */
	uint8_t space[SEARCH_SLOTS], rights[SEARCH_SLOTS];
} search_forest_t;

/* The number of a state. States that differ only in which space is which have one number; if
 * `any_order`, so have those that differ only in the order of siblings. */
uint64_t search_pack(const search_forest_t *forest, bool any_order);

/* One of the states that have this number. */
void search_unpack(uint64_t number, search_forest_t *forest);

typedef struct search_set {
	uint64_t *member; /* in the order in which they were added */
	uint32_t count, most;
	uint32_t *index, mask; /* by hash: place in `member` plus one, or 0 */
} search_set_t;

/* An empty set with room for `most` numbers; false: no memory. */
bool search_set_make(search_set_t *set, uint32_t most);
void search_set_free(search_set_t *set);

/* Adds a number unless it is there; false: no room. */
bool search_set_add(search_set_t *set, uint64_t number);

/* How many states there are of at most `slots` capabilities, all with the same rights, when the
 * order of siblings counts: trees with n nodes (the Catalan numbers), times the ways to spread
 * n things over SEARCH_SPACES spaces of which none differs from another. */
uint32_t search_ordered_states(uint32_t slots);

/* How many states there are of at most `slots` capabilities with 1 to 3 sets of rights, all or
 * one of the others, when the order of siblings does not count. Counted apart from the search,
 * by Burnside's lemma over the orders of the spaces. */
uint32_t search_unordered_states(uint32_t slots, uint32_t kinds);

#endif
