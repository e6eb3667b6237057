/* SPDX-License-Identifier: BSD-2-Clause */
/* What an operator asks about drivers: requests that change nothing. Who may ask, the table of
 * service.c says; nothing here asks again. */
#ifndef DRVMGR_ASKED_H
#define DRVMGR_ASKED_H

#include "doors/request.h"

/* Each answers a count of bytes or rows, or: DRV_ENOENT: there is no driver of that name, or
 * none of that number; what its files were refused for, where its manifest is asked for. */
int32_t asked_held(request_t *request);
int32_t asked_manifest(request_t *request);
int32_t asked_policy(request_t *request);
int32_t asked_margins(request_t *request);
int32_t asked_usage(request_t *request);

/* And DRV_EINVAL: there are no such names. */
int32_t asked_uses(request_t *request);

#endif
