/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's protocol (abi/protocol/manager.h): requests of the processes that it
 * supervises. */
#ifndef DRVMGR_SERVICE_H
#define DRVMGR_SERVICE_H

#include "cap/syscall.h"
#include "driver.h"

/* Handles a message of `sender`; *message becomes the answer, which nobody may want. */
void service_request(manager_t *manager, driver_t *sender, message_t *message);

/* Tells those who subscribed that something changed. */
void service_tell(manager_t *manager);

#endif
