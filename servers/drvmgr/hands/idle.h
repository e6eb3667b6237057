/* SPDX-License-Identifier: BSD-2-Clause */
/* Who else wants to run? The manager is above all drivers: while it is at long work it waits
 * between two turns, for as long as others run and two milliseconds at most. When nobody else
 * runs, a thread of the lowest priority does; it has no code, and its fault says so. */
#ifndef DRVMGR_IDLE_H
#define DRVMGR_IDLE_H

#include "driver.h"

/* The badge of its faults, which is no driver's. */
#define IDLE_BADGE 0x20000u

/* Makes the thread, which ends with this incarnation. */
err_t idle_make(manager_t *manager);

/* Asks to be told when nobody else runs. */
void idle_ask(manager_t *manager);

/* That was told. */
void idle_take(manager_t *manager);

#endif
