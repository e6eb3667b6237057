/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's door to the manager: its messages, its signals and its log lines, each in its
 * share of a period, so that none can take the manager's time from the others by what it sends.
 *
 * Every message is taken with the manager's own reply object. Who asks too much has the call
 * laid by: the reply object that it is tied to becomes the driver's, the driver's free one the
 * manager's, and the answer comes at the next period. Who does not even wait for answers, or
 * signals too much, loses the capability for it until then. */
#ifndef DRVMGR_DOOR_H
#define DRVMGR_DOOR_H

#include "driver.h"

/* Looks soon at all doors, of which a dead incarnation may have left calls and lines. */
void door_begin(manager_t *manager);

/* A message of the driver: does what it asks for and answers it, now or later. */
void door_message(manager_t *manager, driver_t *driver, message_t *message);

/* The bits of the drivers that have left something in their pages. */
void door_signals(manager_t *manager, uint32_t bits);

/* Goes on with what was laid by or taken away, when a new period has begun. */
void door_tick(manager_t *manager);

/* How long until door_tick() can do more, in milliseconds. */
uint32_t door_wait_ms(const manager_t *manager);

#endif
