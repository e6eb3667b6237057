/* SPDX-License-Identifier: BSD-2-Clause */
/* What the log said of a driver's last failure and of what followed, for whoever asks later:
 * log/tell.h. It is kept, beside the log: whatever is in it is shown and decides nothing. */
#ifndef DRVMGR_STATE_TOLD_H
#define DRVMGR_STATE_TOLD_H

#include "abi/protocol/manager.h"

typedef struct told {
	uint32_t generation; /* of whom failed; 0: nobody did */
	uint32_t killed;     /* 1: by the operator */
	uint32_t state;	     /* in which */
	int32_t error;
	uint32_t culprit; /* index, as the unit's last_culprit */
	uint32_t at_ms;	  /* the manager's clock, its lower half */
	uint32_t decided; /* manager_decision_t, … */
	uint32_t number, delay_ms;
	uint32_t took_of;   /* a restart followed the end of this generation, and took … */
	uint32_t took_ms;   /* … so long, without its delay */
	uint32_t in_time;   /* 1: its delay passed, and it began */
	uint32_t undecided; /* what is decided is still to come */
	uint32_t why_generation; /* of whom the next two tell */
	int32_t call_error;	 /* the driver's word: of its last failing call; DRV_OK: none */
	char why[sizeof(((manager_report_t *)0)->failure.why)]; /* cut; NUL-terminated */
} told_t;

#endif
