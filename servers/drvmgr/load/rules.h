/* SPDX-License-Identifier: BSD-2-Clause */
/* What core/ has to know of the drivers, from their manifests. */
#ifndef DRVMGR_RULES_H
#define DRVMGR_RULES_H

#include "driver.h"

/* Writes the world's rules, order and units from all drivers that are loaded. */
void rules_write(manager_t *manager);

#endif
