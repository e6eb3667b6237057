/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking a death report, before anything of the instance is revoked. It costs a restart less
 * than 12,500 instructions, whatever the dead one left: all that is looked at is bounded.
 * Nothing of it decides anything, and where it cannot be taken the end goes on without. */
#ifndef DRVMGR_CAPTURE_H
#define DRVMGR_CAPTURE_H

#include "driver.h"
#include "report/cause.h"

/* log2 of the bytes that all reports take, apart from the drivers' memory. */
#define CAPTURE_BITS 18u

/* There is no driver yet: takes memory for reports. Without enough of it there are none. */
void capture_begin(manager_t *manager);

/* They are as the last incarnation left them. */
void capture_adopt(manager_t *manager);

/* Why an instance ends. */
typedef struct capture_end {
	death_kind_t kind;
	uint32_t verdict; /* verdict_kind_t, of DEATH_VERDICT */
	err_t error;
	uint32_t culprit; /* index; NOBODY, or the driver's own */
	const char *cause;
} capture_end_t;

/* Takes the report of the driver's instance; without one, or if its end was told before,
 * nothing. */
void capture_take(manager_t *manager, const driver_t *driver, const capture_end_t *end);

#endif
