/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager holds of one driver: what outlives its instances, and the instance that
 * there is. Only hands/ changes it, and kept/, which has it
 * back after the manager's death. */
#ifndef DRVMGR_INSTANCE_H
#define DRVMGR_INSTANCE_H

#include "abi/protocol/driver.h"
#include "cap/process.h"
#include "claims/manifest.h"

/* Invariants:
 *   V1  alive: the instance is whole, and so is `process`. It is so only in a state with
 *       HOLDS_PROCESS, or until its end is under way and its safe state reached.
 *   V2  its driver's untyped and frames have no children unless alive, or work.h is at it. */
typedef struct instance {
	cap_t endpoint;			/* its clients call this */
	cap_t page_frame, config_frame; /* the manager's: outlive the instance */
	cap_t log_frame;
	driver_page_t *page;
	const void *log_text; /* what is at DRIVER_LOG in the instance */
	bool alive;
	uint32_t born_ms; /* when its page was filled; the lower half of the manager's clock */
	process_t process;
	cap_t notification;
	cap_t reply;
	cap_t lines[DRIVER_CAPS_MAX]; /* what it got its interrupts from: to inspect */
	/* What it got from which to call those whose names are at these places, and at the last
	 * one, if it is the operator, whom it asked for besides: what is in anybody's hands of
	 * it goes when this is revoked. */
	cap_t connections[MANIFEST_PLACES + 1];
	uint8_t servers[MANIFEST_PLACES + 1]; /* whose endpoint each is of: an index */
} instance_t;

#endif
