/* SPDX-License-Identifier: BSD-2-Clause */
/* Instances that are being made or ended: how far that is. */
#ifndef DRVMGR_WORKS_H
#define DRVMGR_WORKS_H

#include "cap/process.h"
#include "claims/registry.h"
#include "claims/safe_state.h"
#include "core/world.h"

/* How far it has come, between two calls. Zeroed at the beginning. */
typedef struct safe_turn {
	safe_run_t run;
	uint32_t read;
} safe_turn_t;

enum work_step {
	WORK_NONE,
	WORK_CLEAR, /* to make one: what a dead incarnation began is taken apart, … */
	WORK_BUILD, /* … and all of it made */
	WORK_SAFE,  /* to end one: its safe state is reached, … */
	WORK_REVOKE /* … and all of it taken apart */
};

typedef struct work {
	uint8_t step;	/* enum work_step */
	uint32_t turns; /* an end: how many it had */
	safe_turn_t safe;
	uint32_t cleared; /* how far spawn_clear() has come */
	process_build_t build;
} work_t;

/* Invariant V5: bit i of open is set if step of items[i] is not WORK_NONE. */
typedef struct works {
	work_t items[REGISTRY_MAX];
	effect_t told[REGISTRY_MAX]; /* of those in `tells`: the state to be told */
	uint32_t open, tells;
	uint32_t at, in_a_row; /* whose turn it is, and how many it had */
} works_t;

#endif
