/* SPDX-License-Identifier: BSD-2-Clause */
/* Does what core/ decides: one loop takes its effects in order, and what an effect answers goes
 * back in as an event. */
#ifndef DRVMGR_PERFORM_H
#define DRVMGR_PERFORM_H

#include "driver.h"

/* Performs effects until there are none and nothing more follows. */
void perform_all(manager_t *manager);

#endif
