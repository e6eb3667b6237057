/* SPDX-License-Identifier: BSD-2-Clause */
/* From a checked manifest and image to a process with its grants, and back to nothing. The
 * only room that makes and revokes capabilities of drivers. */
#ifndef DRVMGR_SPAWN_H
#define DRVMGR_SPAWN_H

#include "driver.h"

/* The badge of a driver's faults: this and its index + 1. */
#define FAULT_BADGE 0x10000u

/* Takes what the driver keeps over restarts: its memory, endpoint and pages. Once. */
err_t spawn_reserve(manager_t *manager, driver_t *driver);

/* Maps the pages that the manager and the driver share into the manager. */
err_t spawn_map_pages(manager_t *manager, const driver_t *driver);

/* Makes an instance with ports and memory-mapped registers and lets it run; `forgets`: without
 * what the last one kept. On error nothing is left of it. */
err_t spawn_start(manager_t *manager, driver_t *driver, bool forgets);

/* Gives the instance its interrupts. */
err_t spawn_grant_irqs(manager_t *manager, driver_t *driver);

/* Tears the instance down with no code of its own: freezes it and revokes everything. Whose
 * call it had taken is told DRV_EGONE; if `tells`, whose call waits at its endpoint is too.
 * Without an instance: no effect. */
void spawn_end(driver_t *driver, bool tells);

/* What clients are told while there is no instance: DRV_OK lets them wait for one. */
void spawn_close(const driver_t *driver, err_t told);

/* A CPU fault in the instance's main thread. */
err_t spawn_kill(const driver_t *driver);

#endif
