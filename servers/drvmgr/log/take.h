/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines that drivers leave in their rings, on their way into the log. */
#ifndef DRVMGR_TAKE_H
#define DRVMGR_TAKE_H

#include "driver.h"

/* Is there a line that the driver has left? */
bool take_has_line(const driver_t *driver);

/* Takes the next one into the log, in the driver's name. False: there is none. */
bool take_line(manager_t *manager, driver_t *driver);

/* Takes the last ones, some of them whatever the driver's share, and tells how many were lost:
 * before its end is told. */
void take_all(manager_t *manager, driver_t *driver);

#endif
