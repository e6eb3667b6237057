/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager leaves to its next incarnation, and taking it over. A driver's record is
 * committed before anything is done that it decides, and again when it is done: whatever was
 * half done is found by the record before it, and can be done again. */
#ifndef DRVMGR_KEPT_H
#define DRVMGR_KEPT_H

#include "driver.h"

/* Maps what is kept and finds the log in it. */
err_t kept_open(manager_t *manager);

/* There is nothing to adopt: forgets what is kept, but not the log. */
void kept_begin(manager_t *manager);

/* Keeps which drivers there are and what their files say, in place of what was sealed before,
 * and before that each driver as it is. Between any two stores of it the one or the other is
 * kept. */
void kept_seal(manager_t *manager);

/* Commits all drivers that were touched, or one. */
void kept_commit(manager_t *manager);
void kept_commit_one(manager_t *manager, uint32_t i);

/* All drivers become as the last incarnation left them; what it had begun is to be done by the
 * effects that wait then. DRV_ENOENT: it left nothing, or nobody came to serve with what it
 * left. Otherwise something of it is torn, and is not to be tried again. */
err_t kept_adopt(manager_t *manager);

/* A turn is over: commits what it touched, which nobody has any more. What is kept serves. */
void kept_turn(manager_t *manager);

#define KEPT_SWEEP_MS 1u
#define KEPT_PAUSE_MS 5u /* after taking over: who waits for the manager comes first */

/* From time to time: releases some of the capabilities that an earlier incarnation had and no
 * record names; `sweeps` says whether there is more to look at. Between two turns only. */
void kept_sweep(manager_t *manager);

#endif
