/* SPDX-License-Identifier: BSD-2-Clause */
/* The long work of the hands, making and ending instances, in turns: nobody who asks the
 * manager for something waits for more than one. Between two turns whoever else is ready runs.
 * What is under way is in no record: after the manager's death it is begun anew, which does no
 * harm. */
#ifndef DRVMGR_WORK_H
#define DRVMGR_WORK_H

#include "driver.h"

/* What a turn may cost, in units of process_create_some(): some 0.2 ms where a processor makes
 * 125 million instructions a second. A small driver ends and is made again in two or three.
 */
#define WORK_TURN 22u

/* An end that has had so many, and is not over, is overdue. Only those count that it had
 * itself, whatever else the manager has to do meanwhile. To take apart all that a driver can
 * have, and its copies in the hands of all others, takes some 200. */
#define WORK_TURNS_MOST 1000u

/* What others have between two turns, if they want it: a limit, and so up to a millisecond
 * more. */
#define WORK_PAUSE_MS 1u

/* Begins to make the driver's instance; `forgets`: without what the last one kept. */
void work_make(manager_t *manager, driver_t *driver, bool forgets);

/* Begins to end it, whole or in the making: freezes it, and if `tells`, those whose call waits
 * at its endpoint are told DRV_EGONE. */
void work_end(manager_t *manager, driver_t *driver, bool tells);

/* An EFFECT_STATE that is to be told when the end that follows it is over. */
void work_tell_later(manager_t *manager, const effect_t *effect);

/* Tells it now, if there is one. */
void work_tell(manager_t *manager, const driver_t *driver);

/* Is the driver's instance in the making? */
bool work_makes(const manager_t *manager, const driver_t *driver);

/* One turn. What is done is told to core/, and what follows is performed. */
void work_turn(manager_t *manager);

#endif
