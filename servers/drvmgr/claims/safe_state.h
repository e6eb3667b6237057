/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations of `safe_state` as single accesses, one at a time, so that whoever performs
 * them can do as many in a turn as it likes. At most MANIFEST_SAFE_MAX operations of at most
 * 100 reads each. Pure: it names registers and touches none. */
#ifndef DRVMGR_SAFE_STATE_H
#define DRVMGR_SAFE_STATE_H

#include "claims/manifest.h"

/* How far it has come. Zeroed at the beginning. */
typedef struct safe_run {
	uint32_t at;	 /* operation */
	uint32_t reads;	 /* made for it */
	uint32_t missed; /* waits whose value never came */
} safe_run_t;

/* One access: of caps.pio[index] or, if `memory`, of caps.mmio[index]. */
typedef struct safe_access {
	bool memory, write;
	uint32_t index;
	uint32_t where; /* port, or bytes behind the base of the range */
	uint32_t width; /* bytes: 1, 2 or 4 */
	uint32_t value; /* if `write` */
} safe_access_t;

/* The next access; `read` is what the last one read, if that was a read. False: all is done,
 * and *access is untouched. */
bool safe_next(const manifest_t *manifest, safe_run_t *run, uint32_t read,
	       safe_access_t *access);

#endif
