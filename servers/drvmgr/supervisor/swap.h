/* SPDX-License-Identifier: BSD-2-Clause */
/* Images of drivers change places, so that between any two stores to what is kept one of the
 * two is in force, and one alone. */
#ifndef DRVMGR_SWAP_H
#define DRVMGR_SWAP_H

#include "driver.h"

/* Performs EFFECT_SWAP. What was done before the manager's death is not done again. */
void swap_perform(manager_t *manager, driver_t *driver);

/* After the manager's death, before anything else is adopted: what was sealed says which image
 * is in force, and what is decided about the units follows that. */
void swap_adopt(manager_t *manager);

#endif
