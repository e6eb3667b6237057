/* SPDX-License-Identifier: BSD-2-Clause */
/* What the log says of a driver's life. */
#ifndef DRVMGR_TELL_H
#define DRVMGR_TELL_H

#include "driver.h"

/* An effect that is only to be told. */
void tell_effect(manager_t *manager, const effect_t *effect);

/* The driver failed, and why, and what its last failing call answered, as it says; or it was
 * killed, for which nothing more is to be said. Called before core_fail(), which changes its
 * state. */
void tell_failure(manager_t *manager, const driver_t *driver, const char *why);

/* A failure was told, and why, in other words than those of tell_failure(): what its last
 * failing call answered follows. It is the driver's word, and decides nothing. All is noted in
 * manager->told. */
void tell_end(manager_t *manager, const driver_t *driver, const char *why);

/* What was decided of its last failure, if the last incarnation of the manager died between
 * the decision and the word of it: the driver's state says it. */
void tell_adopt(const manager_t *manager, const driver_t *driver);

#endif
