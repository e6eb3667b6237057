/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers that start again together, as Erlang/OTP's supervisors have them: its strategies
 * one_for_one, rest_for_one and one_for_all. */
#ifndef DRVMGR_GROUP_H
#define DRVMGR_GROUP_H

#include <stdint.h>

struct world;

/* Who starts again with a member that ended. */
typedef enum group_strategy {
	GROUP_ONE,  /* nobody else */
	GROUP_REST, /* those of its group that were admitted behind it */
	GROUP_ALL,  /* all of its group */
} group_strategy_t;

/* Unit `i` ended and is to start again, or is given up: its strategy names who of its group
 * starts again with it. They begin a round: those that live leave first. */
void group_ended(struct world *world, uint32_t i);

/* Whom of its group unit `i` has to wait for; NOBODY: for nobody. `ready` is outlook_t's. */
uint32_t group_waits_for(const struct world *world, uint32_t ready, uint32_t i);

#endif
