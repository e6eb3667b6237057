/* SPDX-License-Identifier: BSD-2-Clause */
/* What an instance gets into its cspace: what its manifest names and the channels that every
 * driver has. Handles go into the driver page. */
#ifndef DRVMGR_GRANT_H
#define DRVMGR_GRANT_H

#include "driver.h"

/* Endpoint, manager, notification, reply object. */
err_t grant_channels(driver_t *driver);

/* Ports and memory-mapped registers, with page tables for the latter. */
err_t grant_devices(const manager_t *manager, driver_t *driver);

/* Its interrupts, when it is past its probe. */
err_t grant_irqs(const manager_t *manager, driver_t *driver);

/* What the instance gets to call `server`, whose name is at that place in its manifest, or that
 * of a service which it provides (manifest_place()), to be sent to it; the same one each time.
 * At MANIFEST_PLACES it is one that its manifest does not name. One of another server at that
 * place is taken back first; at MANIFEST_PLACES, any. Or a negative error: DRV_EAGAIN, not all
 * of that one is taken back yet. */
int32_t grant_connection(driver_t *driver, uint32_t place, const driver_t *server,
			 uint32_t badge);

/* A port of the manager's own masters, for its own use; CAP_NULL: none covers it. */
cap_t grant_master_port(const manager_t *manager, uint16_t port);

#endif
