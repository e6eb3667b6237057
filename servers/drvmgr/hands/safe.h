/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves a device as the manifest of its driver says, when the driver has ended: `safe_state`,
 * by the manager's own capabilities, inside the manifest's ranges only. */
#ifndef DRVMGR_SAFE_H
#define DRVMGR_SAFE_H

#include "driver.h"

/* Goes on with the operations, for a unit each, until none is left of *units. True: all are
 * performed, and the instance is alive no more. What goes wrong is told in the log: a range
 * that is not to be had, which ends it, and values that were waited for in vain. Holds nothing
 * afterwards. */
bool safe_perform(manager_t *manager, driver_t *driver, safe_turn_t *turn, uint32_t *units);

#endif
