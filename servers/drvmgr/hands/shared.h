/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines that drivers share: who lets one storm. */
#ifndef DRVMGR_SHARED_H
#define DRVMGR_SHARED_H

#include "driver.h"

/* Bit n: line n is shared by drivers that run, or one is kept apart from it. */
uint32_t shared_lines(const manager_t *manager);

/* Forgets what was seen of the driver's lines: its number is to be another one's. */
void shared_forget(manager_t *manager, const driver_t *driver);

/* Looks at shared line `line`: what storm.h says that follows. */
storm_answer_t shared_look(manager_t *manager, uint32_t line);

#endif
