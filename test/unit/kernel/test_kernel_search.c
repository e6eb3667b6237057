/* SPDX-License-Identifier: BSD-2-Clause */
/* Exhaustive search, breadth first, of all that derive, delegate, release and revoke can do to
 * a few capabilities in two cspaces. A ghost record, kept apart from the kernel's tree, says
 * who was derived from whom. In every state that can be reached: what should be dead is dead,
 * what should live lives, no right grew, and the tree is sound. The number of slots a cspace,
 * and the depth of the search, may be given on the command line. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "check.h"

#define SPACES	  2u
#define SLOTS_MAX 5u
#define CAPS_MAX  (SPACES * SLOTS_MAX)
#define NOBODY	  0xffu
#define HASH_BITS 22u

/* What the search knows of a capability: place p is slot p / SPACES of cspace p % SPACES. */
typedef struct ghost {
	uint8_t parent[CAPS_MAX]; /* a place, or NOBODY */
	uint8_t rights[CAPS_MAX]; /* 0: there is none */
} ghost_t;

/* All that the search changes: the slots of both cspaces and their headers. */
typedef struct state {
	ghost_t ghost;
	uint32_t before; /* the state that this came from, for the report */
	slot_t slot[SPACES][SLOTS_MAX + 1];
} state_t;

static uint32_t slots = 3, most_states = 400000;
static state_t *states;
static uint32_t state_count, *hash;
static uint64_t transitions;
static process_t process[SPACES];
static cspace_t *space[SPACES];
static cap_t to_space[SPACES]; /* in the root: used to enter both */
static ghost_t ghost;

static slot_t *slot_in(uint32_t place)
{
	return cspace_slot(space[place % SPACES], 1 + place / SPACES);
}

static void load(const state_t *from)
{
	ghost = from->ghost;
	for (uint32_t i = 0; i < SPACES; i++)
		memcpy(cspace_slot(space[i], 0), from->slot[i], (slots + 1) * sizeof(slot_t));
}

static void store(state_t *to)
{
	memset(to, 0, sizeof(*to));
	to->ghost = ghost;
	for (uint32_t i = 0; i < SPACES; i++)
		memcpy(to->slot[i], cspace_slot(space[i], 0), (slots + 1) * sizeof(slot_t));
}
