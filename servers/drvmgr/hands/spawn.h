/* SPDX-License-Identifier: BSD-2-Clause */
/* From a checked manifest and image to a process with its grants, and back to nothing. What
 * an instance holds is made and revoked here, and in grant.h and ends.h, which it comes by. */
#ifndef DRVMGR_SPAWN_H
#define DRVMGR_SPAWN_H

#include "driver.h"

/* The badge of a driver's faults: this and its index + 1. */
#define FAULT_BADGE 0x10000u

/* Takes what the driver keeps over restarts: its memory, endpoint and pages. Once. */
err_t spawn_reserve(manager_t *manager, driver_t *driver);

/* Maps the pages that the manager and the driver share into the manager. */
err_t spawn_map_pages(manager_t *manager, const driver_t *driver);

/* The same of pages that are new: says where they are. */
err_t spawn_place_pages(manager_t *manager, driver_t *driver);

/* Fills the page of an instance that is to be made; `forgets`: without what the last one kept.
 */
err_t spawn_begin(const manager_t *manager, driver_t *driver, bool forgets);

/* Goes on making it, with ports and memory-mapped registers, for *units of
 * process_create_some(). DRV_OK: it is whole, runs, and is told its command, if there is one.
 * DRV_EAGAIN: call again. Otherwise what was made is to be cleared. */
err_t spawn_build(manager_t *manager, driver_t *driver, process_build_t *build,
		  uint32_t *units);

/* Tells the instance a command and its number; one in the making, when it is whole. */
void spawn_command(const driver_t *driver, uint32_t what, uint32_t number);

/* Those whose call waits at its endpoint are told DRV_EGONE. */
void spawn_tell_gone(const driver_t *driver);

/* Its thread runs no more. If `tells`, that is told as well. */
void spawn_freeze(const driver_t *driver, bool tells);

/* Goes on taking apart whatever there is of an instance, with no code of its own, for *units;
 * *at, 0 at first, says how far it has come. Whose call it had taken is told DRV_EGONE. True:
 * nothing is left. */
bool spawn_clear(driver_t *driver, uint32_t *at, uint32_t *units);

/* What clients are told while there is no instance: DRV_OK lets them wait for one. */
void spawn_close(const driver_t *driver, err_t told);

/* A CPU fault in the instance's main thread. */
err_t spawn_kill(const driver_t *driver);

#endif
