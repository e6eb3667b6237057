/* SPDX-License-Identifier: BSD-2-Clause */
/* The long work of the hands, making and ending instances, in turns: nobody who asks the
 * manager for something waits for more than one. Between two turns whoever else is ready runs.
 * What is under way is in no record: after the manager's death it is begun anew, which does no
 * harm. */
#ifndef DRVMGR_WORK_H
#define DRVMGR_WORK_H

#include "cap/process.h"
#include "claims/registry.h"
#include "core/world.h"
#include "hands/safe.h"

struct manager;
struct driver;

/* What a turn may cost, in units of process_create_some(): some 0.2 ms where a processor makes
 * 125 million instructions a second. A small driver ends and is made again in one. */
#define WORK_TURN 22u

/* What others have between two turns, if they want it: a limit, and so up to a millisecond
 * more. */
#define WORK_PAUSE_MS 1u

enum work_step {
	WORK_NONE,
	WORK_CLEAR, /* to make one: what a dead incarnation began is taken apart, … */
	WORK_BUILD, /* … and all of it made */
	WORK_SAFE,  /* to end one: its safe state is reached, … */
	WORK_REVOKE /* … and all of it taken apart */
};

typedef struct work {
	uint8_t step; /* enum work_step */
	safe_turn_t safe;
	process_build_t build;
} work_t;

/* Invariant V5: bit i of open is set if step of items[i] is not WORK_NONE. */
typedef struct works {
	work_t items[REGISTRY_MAX];
	effect_t told[REGISTRY_MAX]; /* of those in `tells`: the state to be told */
	uint32_t open, tells;
	uint32_t at, in_a_row; /* whose turn it is, and how many it had */
} works_t;

/* Begins to make the driver's instance; `forgets`: without what the last one kept. */
void work_make(struct manager *manager, struct driver *driver, bool forgets);

/* Begins to end it, whole or in the making: freezes it, and if `tells`, those whose call waits
 * at its endpoint are told DRV_EGONE. */
void work_end(struct manager *manager, struct driver *driver, bool tells);

/* An EFFECT_STATE that is to be told when the end that follows it is over. */
void work_tell_later(struct manager *manager, const effect_t *effect);

/* Tells it now, if there is one. */
void work_tell(struct manager *manager, const struct driver *driver);

/* Is the driver's instance in the making? */
bool work_makes(const struct manager *manager, const struct driver *driver);

/* One turn. What is done is told to core/, and what follows is performed. */
void work_turn(struct manager *manager);

#endif
