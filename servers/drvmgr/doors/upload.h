/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests that bring a driver into the running system and take it out again. */
#ifndef DRVMGR_UPLOAD_H
#define DRVMGR_UPLOAD_H

#include "doors/request.h"

/* DRV_EBUSY: another one's upload is under way; DRV_EINVAL: no such name or sizes; DRV_ENOMEM:
 * there is no memory for it. */
int32_t upload_begin(request_t *request);

/* DRV_ENOENT: no upload of the sender is under way; DRV_EINVAL: the piece does not lie in it,
 * or begins behind what is there. */
int32_t upload_put(request_t *request);

/* DRV_ENOENT as above; DRV_EINVAL: not all of it is there; or what push_load() answers. */
int32_t upload_commit(request_t *request);

/* DRV_ENOENT as above. */
int32_t upload_abort(request_t *request);

/* DRV_ENOENT: nobody has that name; DRV_EINVAL: it was not loaded into the running system;
 * DRV_EBUSY: it has not ended. */
int32_t upload_unload(request_t *request);

/* Gives up an upload whose sender has ended, or is silent. */
void upload_tick(manager_t *manager);

#endif
