/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs every driver's lifecycle: what happened goes in, the transition table and the policy
 * say what follows, and it is done. Never waits for a driver. */
#ifndef DRVMGR_SUPERVISOR_H
#define DRVMGR_SUPERVISOR_H

#include "cap/syscall.h"
#include "driver.h"
#include "report/capture.h"

/* Something happened to the driver. Events that mean nothing in its state have no effect. */
void supervisor_event(manager_t *manager, driver_t *driver, lifecycle_event_t event);

/* The driver failed: how, `error` and a line that says why. */
void supervisor_fail(manager_t *manager, driver_t *driver, death_kind_t kind, err_t error,
		     const char *why);

/* The same, with other words in the report than in the log. */
void supervisor_fail_of(manager_t *manager, driver_t *driver, const capture_end_t *end,
			const char *why);

/* The same, by a verdict. */
void supervisor_fail_by(manager_t *manager, driver_t *driver, const verdict_t *verdict,
			const char *why);

/* Whose fault it is by the verdict: another driver's, or the driver's own. */
uint32_t supervisor_culprit(const driver_t *driver, const verdict_t *verdict);

/* An essential driver, the victim, says that this one asked more of it than DRIVER_SHARE, or,
 * if it `goes_on`, more than twice that. */
void supervisor_excess(manager_t *manager, driver_t *driver, const driver_t *victim,
		       bool goes_on);

/* The driver answered command number `seq`. */
void supervisor_done(manager_t *manager, driver_t *driver, uint32_t seq, err_t result);

/* The kernel says that the driver's thread faulted or exited. */
void supervisor_fault(manager_t *manager, driver_t *driver, const message_t *message);

/* Looks at all drivers, judges them, and starts whose delay is over. */
void supervisor_tick(manager_t *manager);

/* How long until supervisor_tick() has to look again, in milliseconds. */
uint32_t supervisor_wait_ms(const manager_t *manager);

#endif
