/* SPDX-License-Identifier: BSD-2-Clause */
/* Who has the first serial line when nobody reads the log (log/wire.h): a driver that has it
 * for nobody, since none that uses it lives or is just being made, is stopped, and started
 * again when there is one. */
#ifndef DRVMGR_TERMINAL_H
#define DRVMGR_TERMINAL_H

#include "driver.h"

/* Once a turn, before the manager writes on the line. */
void terminal_tick(manager_t *manager);

#endif
