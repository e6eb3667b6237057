/* SPDX-License-Identifier: BSD-2-Clause */
/* What changes of a driver and is kept. */
#ifndef DRVMGR_RECORD_H
#define DRVMGR_RECORD_H

#include "driver.h"

typedef struct record {
	unit_t unit; /* but for when it was last heard */
	instance_t instance;
	uint32_t over;
	cap_t subscriber;
	cap_t endpoint, signal; /* of its door */
	lines_reader_t lines;
	uint32_t generation, done_seq;
	uint32_t no_endpoint, no_signal;
} record_t;

void record_write(record_t *record, const driver_t *driver);

/* Can it be of driver `index`: is whatever it has as an index, a state, a flag or an address
 * one? A checksum that fits does not say that what was summed made sense. */
bool record_is_good(const record_t *record, uint32_t index);

/* Of a good record. The rest of the driver stays as it is. */
void record_read(const record_t *record, driver_t *driver);

#endif
