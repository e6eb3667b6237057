/* SPDX-License-Identifier: BSD-2-Clause */
/* What clients are answered: abi/protocol/input.h over the stream of events.h. */
#ifndef PS2_CLIENTS_H
#define PS2_CLIENTS_H

#include "cap/driver.h"
#include "ps2/controller.h"

/* DRV_EINVAL: a session for what there is not. */
err_t clients_open(const ps2_t *ps2, session_t *session);

/* Those of READ and READ_AT. Who comes to a gap with it is notified that there is more.
 * DRV_EPERM: who has `operator` in its `uses` has a session, and this one has not. */
int32_t clients_read(const ps2_t *ps2, session_t *session, void *to, uint32_t bytes);
int32_t clients_read_at(const ps2_t *ps2, const session_t *session, uint32_t *position,
			void *to, uint32_t bytes);

/* *changed: something is to be said to a device. */
err_t clients_ioctl(ps2_t *ps2, const session_t *session, ioctl_t *request, bool *changed);

/* The rows of GET_STATS. */
void clients_stats(const ps2_t *ps2, driver_stats_t *rows);

#endif
