/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the kernel about every driver that lives, and has core/verdict judge what it says. */
#ifndef DRVMGR_EVIDENCE_H
#define DRVMGR_EVIDENCE_H

#include "core/verdict.h"
#include "driver.h"

#define EVIDENCE_LOOK_MS 100u /* between two looks at a driver that runs, … */
#define EVIDENCE_REST_MS 100u /* … and so much more if nobody did anything before the last */

/* Looks at all drivers. Then verdicts[i] is of driver i. */
void evidence_look(manager_t *manager, verdict_t verdicts[DRIVERS_MAX]);

/* What the driver's verdicts are judged by in its state. */
verdict_limits_t evidence_limits(const manager_t *manager, const driver_t *driver);

/* The driver's instance is new (`fresh`), or enters another state: its limits begin anew. */
void evidence_begin(manager_t *manager, const driver_t *driver, bool fresh);

/* The driver's instance, which lives and runs no more, is about to end: what it did is counted.
 */
void evidence_end(manager_t *manager, const driver_t *driver);

/* Writes "spins: …; 760 ms; now at eip 0x401234" for a driver that is judged. */
void evidence_describe(const manager_t *manager, const driver_t *driver,
		       const verdict_t *verdict, char *text, size_t size);

/* The index of the driver that this one, which lives, waits for in a call, also where that one
 * is just being restarted, and for how long it does; or NOBODY. */
uint32_t evidence_server(const manager_t *manager, const driver_t *client, uint32_t *for_ms);

/* The index of the driver whose call this one has taken and not yet answered, or
 * NOBODY. */
uint32_t evidence_client(const manager_t *manager, const driver_t *server);

/* Is that one an operator's, and did its call come since the driver is in its state? */
bool evidence_is_asked(const manager_t *manager, const driver_t *driver);

/* How long until evidence_look() is due, in milliseconds, while a driver lives: 0 is now. */
uint32_t evidence_wait_ms(const manager_t *manager);

/* So long the manager may sleep for it: if it wakes before for something else, it looks when it
 * is due. */
uint32_t evidence_sleep_ms(const manager_t *manager);

#endif
