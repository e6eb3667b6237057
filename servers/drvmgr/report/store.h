/* SPDX-License-Identifier: BSD-2-Clause */
/* Where reports lie (abi/protocol/death.h), in memory that outlives the manager. Each is in a
 * place of its own and counts from the store of its number on, which is the last: a manager
 * that dies while it takes one leaves all that were whole. Pure: makes no call. */
#ifndef DRVMGR_STORE_H
#define DRVMGR_STORE_H

#include "abi/protocol/death.h"
#include "claims/registry.h"

/* Each driver's last one, the pool, and the one that is being taken. */
#define STORE_PLACES (REGISTRY_MAX + DEATH_POOL + 1u)

/* Invariants, at any time, whatever store of the writer was its last:
 *   ST1  a place whose number is not 0 has a whole report, of that number, and no two have the
 *        same.
 *   ST2  a driver's newest report stays until a newer one of the same driver is whole. */
typedef struct store_place {
	uint32_t number; /* of the death; 0: nothing is here */
	uint32_t index;	 /* the driver's */
	death_facts_t facts;
	uint8_t stack[DEATH_STACK_MOST];
} store_place_t;

/* All zeros has nothing. */
typedef struct store {
	uint32_t last; /* number that was given out last */
	death_line_t lines[REGISTRY_MAX][DEATH_LINES];
	store_place_t places[STORE_PLACES];
} store_t;

/* A place for the next report of driver `index`, with its number, driver and all else zero in
 * its facts, but not in its stack. It is shown when it is sealed. */
store_place_t *store_open(store_t *store, uint32_t index);

/* The report in the place is whole: from now on it is its driver's last. */
void store_seal(store_t *store, store_place_t *place);

/* The driver's report, 0 its last, 1 the one before, …; null: there are not so many. */
const store_place_t *store_find(const store_t *store, uint32_t index, uint32_t report);

/* Forgets all of the driver: its place is another one's. */
void store_drop(store_t *store, uint32_t index);

/* What became of the driver's last end. */
void store_decide(store_t *store, uint32_t index, manager_decision_t decided, uint32_t restart,
		  uint32_t delay_ms);

/* What the driver kept was thrown away after its last end. */
void store_forgot(store_t *store, uint32_t index);

/* The driver's history, the newest line first; how many lines it has. */
uint32_t store_lines(const store_t *store, uint32_t index, death_line_t lines[DEATH_LINES]);

#endif
