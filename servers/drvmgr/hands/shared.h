/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines that drivers share: which claimer is which driver, and who lets one storm. */
#ifndef DRVMGR_SHARED_H
#define DRVMGR_SHARED_H

#include "driver.h"

/* The driver has answered the command to run, so it has claimed its lines: the claimer of each
 * shared one that is nobody else's is this driver. If there are several such, nobody can tell
 * them apart, and this driver is not judged for acknowledgements. */
void shared_learn(manager_t *manager, driver_t *driver);

/* Bit n: line n is shared by drivers that run, or one is kept apart from it. */
uint32_t shared_lines(const manager_t *manager);

/* Looks at shared line `line`: what storm.h says that follows. */
storm_answer_t shared_look(manager_t *manager, uint32_t line);

#endif
