/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a death report: MANAGER_DEATH. */
#ifndef DRVMGR_DEATH_H
#define DRVMGR_DEATH_H

#include "doors/request.h"

/* A piece of a report of the driver that is named, copied to `to`, which has MANAGER_TEXT_MAX
 * bytes: how many, 0 behind the end; the report's number becomes the answer's value.
 * DRV_ENOENT: there is no such driver, or no such report of it; DRV_EINVAL: no such part. */
int32_t death_read(request_t *request, void *to);

#endif
