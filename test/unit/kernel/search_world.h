/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel in a state of the exhaustive search: three processes with a cspace each, and at
 * most eight capabilities, all derived from one notification of the root. A ghost record, kept
 * apart from the kernel's tree, says who was derived from whom. It never looks into the middle
 * of a call. */
#ifndef SEARCH_WORLD_H
#define SEARCH_WORLD_H

#include "base/assert.h"
#include "bench.h"
#include "search_state.h"

/* Capability n of space s has the id SEARCH_SLOTS * s + n. */
#define IDS	(SEARCH_SPACES * SEARCH_SLOTS)
#define ORIGIN	IDS /* the capability from which all are derived; it stays */
#define BIT(id) (1u << (id))

#define hold(condition, text) ((condition) ? (void)0 : panic(text))

/* Who lives, with which rights, and from whom it was derived, directly or not: sets of ids. */
typedef struct ghost {
	uint32_t alive, above[ORIGIN + 1];
	uint8_t rights[ORIGIN + 1];
} ghost_t;

typedef struct search_world {
	ghost_t ghost;
	slot_t *slot[ORIGIN + 1]; /* by id */
	process_t process[SEARCH_SPACES];
	uint64_t steps; /* system calls made */
} search_world_t;

extern search_world_t search;

/* Makes the processes; after bench_setup(). */
void search_prepare(void);

/* Makes kernel and ghost what they are in this state, whatever they were, with so many free
 * slots in each space. */
void search_restore(const search_forest_t *forest, uint32_t room);

/* Panics unless the kernel says what the ghost says and the tree is sound; the state of it.
 * `before` are the ids that lived before the step. */
void search_check(uint32_t before, search_forest_t *now);

cspace_t *search_space(uint32_t s);

/* The id of what the space gives out next, which must have room. */
uint32_t search_next(uint32_t s);

/* The handle by which its holder names it. */
cap_t search_handle(uint32_t id);

/* Its holder derives it into a space, its own or another: what the call answers. */
err_t search_derive(uint32_t id, uint32_t target, uint32_t rights);

/* Its holder makes this call on it, and nothing else. */
err_t search_call(uint32_t id, uint32_t number);

#endif
