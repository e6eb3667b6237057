/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory for what is loaded into the running system, as a tree of halves: a piece that is
 * too large is split, two free halves of one piece are that piece again. What is given back is
 * therefore all there, to the byte, whatever was taken in between. Pure bookkeeping: a node is
 * known by its number, and what it is made of is the caller's. */
#ifndef DRVMGR_ARENA_H
#define DRVMGR_ARENA_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/driver_errno.h"

#define ARENA_LEAF_BITS 15u /* log2 of the smallest piece, in bytes */
#define ARENA_BITS_MAX	24u /* and of all of it */
#define ARENA_NODES	(2u << (ARENA_BITS_MAX - ARENA_LEAF_BITS))
#define ARENA_ROOT	1u
#define ARENA_NONE	0u

/* Node n has the halves 2n and 2n + 1. All zeros is one without memory.
 * Invariants:
 *   AR1  a node is split, taken or free, and only the halves of one that is split are not dead.
 *   AR2  no two nodes that are free are the halves of one. */
typedef struct arena {
	uint32_t bits; /* log2 of all of it; 0: there is none */
	uint32_t taken_bytes;
	uint8_t state[ARENA_NODES]; /* enum arena_state */
} arena_t;

enum arena_state { ARENA_DEAD, ARENA_FREE, ARENA_TAKEN, ARENA_SPLIT };

/* There are 2^bits bytes, all free; `bits` from ARENA_LEAF_BITS to ARENA_BITS_MAX. */
void arena_begin(arena_t *arena, uint32_t bits);

/* The smallest free node of at least 2^bits bytes, the first of these; ARENA_NONE: there is
 * none. Changes nothing. */
uint32_t arena_find(const arena_t *arena, uint32_t bits);

/* Splits a free node. False: it is a leaf. */
bool arena_split(arena_t *arena, uint32_t node);

/* Takes a free node. */
void arena_take(arena_t *arena, uint32_t node);

/* Gives back a node that is taken. The answer is the node that is free now: it, or one of which
 * it was a part; that one is whole again. */
uint32_t arena_give(arena_t *arena, uint32_t node);

/* log2 of a node's bytes, and where it begins. */
uint32_t arena_bits(const arena_t *arena, uint32_t node);
uint32_t arena_offset(const arena_t *arena, uint32_t node);

/* The node behind this one, of those that are not dead, a whole one before its halves and these
 * in order: the first one is ARENA_ROOT. ARENA_NONE: there is none. */
uint32_t arena_next(const arena_t *arena, uint32_t node);

/* Is it a node that is taken? For a number of which nothing is known. */
bool arena_is_taken(const arena_t *arena, uint32_t node);

/* Is whatever is written in it such a tree? */
bool arena_is_good(const arena_t *arena);

#endif
