/* SPDX-License-Identifier: BSD-2-Clause */
/* What an instance gets into its cspace: what its manifest names and the channels that every
 * driver has. Handles go into the driver page. */
#ifndef DRVMGR_GRANT_H
#define DRVMGR_GRANT_H

#include "driver.h"

/* Endpoint, manager, notification, reply object. */
err_t grant_channels(manager_t *manager, driver_t *driver);

/* Ports and memory-mapped registers, with page tables for the latter. */
err_t grant_devices(const manager_t *manager, driver_t *driver);

/* Its interrupts, when it is past its probe. */
err_t grant_irqs(const manager_t *manager, driver_t *driver);

/* A port of the manager's own masters, for its own use; CAP_NULL: none covers it. */
cap_t grant_master_port(const manager_t *manager, uint16_t port);

#endif
