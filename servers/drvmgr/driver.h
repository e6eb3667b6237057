/* SPDX-License-Identifier: BSD-2-Clause */
/* One driver as the manager knows it, and the manager's own state. */
#ifndef DRVMGR_DRIVER_H
#define DRVMGR_DRIVER_H

#include "abi/boot.h"
#include "cap/process.h"
#include "log/log.h"
#include "claims/manifest.h"
#include "claims/registry.h"

#define DRIVERS_MAX REGISTRY_MAX

/* The time that a driver has to answer for since its last sign of life. Milliseconds in which
 * it may have been kept from running are excused, but not without end. */
typedef struct patience {
	uint64_t seen_ms;    /* all time up to here is in one of the two */
	uint64_t counted_ms; /* held against it */
	uint64_t excused_ms;
} patience_t;

/* Invariants:
 *   V1  alive <=> lifecycle_holds(state) has HOLDS_PROCESS; process is then valid.
 *   V2  untyped has no children unless alive.
 *   V3  index + 1 is the badge of the driver's capability of the manager's endpoint.
 *   V4  no two have one name unless both are Rejected: one that is goes by its file's name,
 *       which no manifest can claim. */
typedef struct driver {
	uint32_t index;
	char file[104]; /* the manifest's */
	manifest_t manifest;
	bool accepted; /* manifest and image passed every check */
	const void *image;
	elf_plan_t plan;
	uint32_t abi; /* the driver-protocol version chosen */

	driver_state_t state;
	uint64_t since_ms; /* in this state */
	uint64_t until_ms; /* Backoff: when to go on */
	uint32_t generation, restarts;
	policy_history_t history;
	err_t last_error;
	bool start_again; /* stopped for a dependency: start when it is back */

	cap_t untyped;			/* its whole memory */
	cap_t endpoint;			/* its clients call this */
	cap_t page_frame, config_frame; /* the manager's: outlive the instance */
	driver_page_t *page;
	bool alive;
	process_t process;
	cap_t notification;
	cap_t reply;
	cap_t page_copy, config_copy; /* mapped in the instance */

	uint32_t command_seq;
	uint32_t beats;	   /* last seen */
	uint64_t beats_ms; /* when they last changed */
	patience_t patience;
	cap_t subscriber; /* its notification, if it asked to be told of changes */
} driver_t;

typedef struct manager {
	const boot_info_t *boot;
	process_maker_t maker;
	cap_t endpoint, reply;
	const void *archive;
	log_t log;
	registry_t registry;
	uint32_t count;
	driver_t drivers[DRIVERS_MAX];
	uint64_t now_ms; /* read once a turn */
	bool changed;	 /* subscribers are to be told */
} manager_t;

/* One line for the system log. */
void manager_log_line(manager_t *manager, const char *text, ...)
    __attribute__((format(printf, 2, 3)));

/* The driver of that name, or null. */
driver_t *manager_find(manager_t *manager, const char *name);

#endif
