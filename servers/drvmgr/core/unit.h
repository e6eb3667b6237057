/* SPDX-License-Identifier: BSD-2-Clause */
/* What is decided about one driver: its state, since when, and what it did before. Only core/
 * changes it. */
#ifndef DRVMGR_UNIT_H
#define DRVMGR_UNIT_H

#include "core/lifecycle.h"
#include "core/policy.h"

/* The time that a driver has to answer for since its last sign of life. Milliseconds in which
 * it may have been kept from running are excused, but not without end. */
typedef struct patience {
	uint64_t seen_ms;    /* all time up to here is in one of the two */
	uint64_t counted_ms; /* held against it */
	uint64_t excused_ms;
} patience_t;

typedef struct unit {
	driver_state_t state;
	uint64_t since_ms; /* in this state */
	uint64_t until_ms; /* Backoff: when to go on */
	uint32_t generation, restarts;
	policy_history_t history;
	err_t last_error;
	bool start_again; /* stopped for a dependency: start when it is back */

	uint32_t command_seq;
	uint32_t beats;	   /* last seen */
	uint64_t beats_ms; /* when they last changed */
	patience_t patience;
} unit_t;

#endif
