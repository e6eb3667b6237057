/* SPDX-License-Identifier: BSD-2-Clause */
/* What `caps NAME` says of one capability. Pure: makes no call. */
#ifndef DRVMGR_HOLDING_H
#define DRVMGR_HOLDING_H

#include "cap/syscall.h"
#include "driver.h"

/* The badge by which drivers know this one as their client. */
uint32_t holding_badge(const driver_t *client);

/* Writes a capability that the driver holds: type, rights (`i`, inspect, only where it is
 * there), scope and what it is for. `owner` is what owner_of() says of it. The answer is the
 * text's length; what does not fit into `size` bytes is cut. */
size_t holding_describe(const driver_t *driver, const cap_info_t *info, const char *owner,
			char *text, size_t size);

#endif
