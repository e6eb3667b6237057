/* SPDX-License-Identifier: BSD-2-Clause */
/* What an operator can want of a driver: requests that name one. Who may ask, the table of
 * service.c says; nothing here asks again. */
#ifndef DRVMGR_VERBS_H
#define DRVMGR_VERBS_H

#include "doors/request.h"

/* The driver that is named. DRV_ENOENT: there is none of that name. */
err_t verb_target(const request_t *request, const driver_t **driver);

/* Each answers DRV_OK, or: DRV_ENOENT: there is no driver of that name; what its files were
 * refused for; or what the core_ function of the same name answers. */
int32_t verb_start(request_t *request);
int32_t verb_stop(request_t *request);
int32_t verb_hold(request_t *request);
int32_t verb_release(request_t *request);
int32_t verb_kill(request_t *request);
int32_t verb_restart(request_t *request);

/* The same as verb_start(), of one that is Quarantined. DRV_EBUSY: it is not. */
int32_t verb_clear(request_t *request);

/* Without a name the sender itself, if an operator waits for its answer; DRV_EPERM otherwise.
 */
int32_t verb_quiesce(request_t *request);
int32_t verb_reset(request_t *request);

#endif
