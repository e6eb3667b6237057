/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's record: what changes of a driver and is kept. It is a piece of driver_t as it
 * stands in memory, from its door's endpoint to the last failure that its history holds. */
#ifndef DRVMGR_RECORD_H
#define DRVMGR_RECORD_H

#include "driver.h"

#define RECORD_AT offsetof(driver_t, door.endpoint)

size_t record_bytes(const driver_t *driver);

/* Makes it the record of an empty place, whose next driver's generations go on. */
void record_clear(driver_t *driver);

/* Can what a record made of the driver be: is whatever it has as an index, a state, a flag or
 * an address one? A checksum that fits does not say that what was summed made sense. */
bool record_is_good(const driver_t *driver);

#endif
