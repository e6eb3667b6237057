/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's budget of the processor, which holds over its instances: a new one begins with
 * what the last one left, and has all of it when a period is over. */
#ifndef DRVMGR_BUDGET_H
#define DRVMGR_BUDGET_H

#include "driver.h"

/* What the manifest gives it. */
budget_t budget_of(const driver_t *driver);

/* What it has of that: less if it was named for what holds for its next instance, too. */
budget_t budget_share(const driver_t *driver);

/* Gives the driver's new instance, which does not run yet, what is left. */
err_t budget_begin(manager_t *manager, const driver_t *driver);

/* At a look at a driver that lives: gives it all of its budget if that is due. */
void budget_look(manager_t *manager, const driver_t *driver);

/* What the driver has used, as its watch has it now, is in its record. */
void budget_keep(manager_t *manager, uint32_t index);

/* After a manager's death: what the record has. What ran since, its thread says. */
void budget_adopt(manager_t *manager, const driver_t *driver);

/* Gives the driver's instance, if it lives, less of the processor, as long as it lives. */
void budget_throttle(const driver_t *driver);

#endif
