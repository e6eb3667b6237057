/* SPDX-License-Identifier: BSD-2-Clause */
/* What is decided about one driver: its state, since when, and what it did before. Only core/
 * changes it. */
#ifndef DRVMGR_UNIT_H
#define DRVMGR_UNIT_H

#include "core/lifecycle.h"
#include "core/policy.h"

typedef struct unit {
	driver_state_t state;
	uint64_t since_ms; /* in this state */
	uint64_t until_ms; /* Backoff: when to go on */
	uint32_t generation, restarts;
	policy_history_t history;
	err_t last_error;
	bool start_again; /* stopped for a dependency: start when it is back */

	uint32_t command_seq;
	uint64_t heard_ms; /* when it was last seen in its event loop */
	uint32_t named;	   /* bit n: the log says already that verdict n holds for it */
} unit_t;

#endif
