/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a driver does not run, in the operator's words. Pure. */
#ifndef DRVMGR_EXPLAIN_H
#define DRVMGR_EXPLAIN_H

#include "driver.h"

/* Writes what keeps the driver from running, "" if nothing does, and returns the length. */
uint32_t explain(manager_t *manager, const driver_t *driver, char *text, size_t size);

#endif
