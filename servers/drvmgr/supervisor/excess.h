/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is to blame if an essential driver says that a client asks more of it than DRIVER_SHARE.
 * A client that is a server itself may only do what its own clients ask for, so the kernel is
 * asked whose call it serves. That one is blamed if it sent more than EXCESS_MOST messages in
 * one of the next windows that end, and the server if not: by keeping the call of one who asks
 * little, it cannot have that one blamed. */
#ifndef DRVMGR_EXCESS_H
#define DRVMGR_EXCESS_H

#include "abi/protocol/driver.h"
#include "driver.h"

/* Whoever sends no more in a window of VERDICT_WINDOW_MS is to blame for nobody else's
 * requests. A server that asks on twice for each request, to seek and to read, is driven beyond
 * its share by more than that. */
#define EXCESS_MOST (DRIVER_SHARE / 2)

/* The first to end may have begun long before who drives the server, the second has not. */
#define EXCESS_WINDOWS 2u

/* Notes what is known now of the driver that asks and of those who drive it. */
excess_t excess_begin(const manager_t *manager, const driver_t *driver, const driver_t *victim);

/* The driver's instance ends, and evidence_end() has counted what it did: what it sent in its
 * last window counts, too. So an end hides nothing, neither its own doing nor another one's. */
void excess_end(manager_t *manager, const driver_t *driver);

/* To be asked at each look. False: the windows are not over. Otherwise *culprit is who is to
 * blame. */
bool excess_culprit(const manager_t *manager, excess_t *excess, struct excess_link *culprit);

/* Does that instance live? */
bool excess_is_there(const manager_t *manager, const struct excess_link *link);

#endif
