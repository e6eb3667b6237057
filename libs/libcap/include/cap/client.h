/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of a client to a driver. Every call has a time limit and answers DRV_EGONE if the
 * driver died under it, DRV_EQUARANTINED if it was given up; the connection itself outlives
 * the driver's restart: open it again and go on. */
#ifndef CAP_CLIENT_H
#define CAP_CLIENT_H

#include <stdbool.h>

#include "abi/protocol/driver.h"

/* Longer than a driver may be silent whose manifest says nothing, 750 ms: who waits in a call
 * is excused, and whom it waits for has to answer within its `progress_ms`, 750 ms too, or
 * fails. */
#define CLIENT_TIMEOUT_MS 1000u

/* A connection: the capability of a driver's endpoint, from manager_connect(). cap/link.h has
 * one that comes back by itself. */
typedef struct client {
	cap_t endpoint;
	uint32_t limit_ms; /* of each call; 0: CLIENT_TIMEOUT_MS */
	uint32_t asked; /* what of the driver a session is for: its class's numbers; 0: all */
} client_t;

/* Opens a session. `notification`, unless CAP_NULL, goes along (a copy of it): the driver
 * signals it when there is data to read or room to write. If this client has a session there
 * already, that one ends first. DRV_EAGAIN: the driver does not serve yet or any more, or this
 * client has asked too much of it (DRIVER_SHARE). The driver may refuse with an error of its
 * own. */
err_t client_open(client_t client, cap_t notification);

/* The same, and on success *kept_since is the generation of the driver's instance since which
 * it keeps what it keeps: it forgot that if it is greater than at the session before. */
err_t client_open_since(client_t client, cap_t notification, uint32_t *kept_since);

/* The same for a client whose event loop takes what a driver tells with its signals
 * (DRIVER_OPEN_LISTENS): link_t.listens does all that. */
err_t client_open_listening(client_t client, cap_t notification, uint32_t *kept_since);
err_t client_close(client_t client);

/* Move at most DRIVER_DATA_MAX bytes at once; the result is the count (0: nothing now) or
 * DRV_E…: DRV_EINVAL (too many bytes), DRV_ENOTSUP (the driver has no such transfer),
 * DRV_ETIMEDOUT, DRV_EGONE (the driver died under it or is stopped, or there is no session:
 * another instance does not know it), DRV_EAGAIN (it does not serve now, or DRIVER_SHARE),
 * DRV_EQUARANTINED and DRV_ENODEV (it does not run), DRV_EIO (the answer cannot be right), or
 * the driver's own error. */
int32_t client_read(client_t client, void *to, uint32_t bytes);
/* Reads from a position in the driver's stream on, and on success sets *position to the one to
 * ask from next time, also where nothing was there: a driver may skip what is not for this
 * session. Errors as above; DRV_ENOTSUP: the driver was built before driver ABI 8, too;
 * DRV_EOVERFLOW: what follows *position is lost, and the driver's class says how to go on. */
int32_t client_read_at(client_t client, uint32_t *position, void *to, uint32_t bytes);
int32_t client_write(client_t client, const void *from, uint32_t bytes);
err_t client_seek(client_t client, uint32_t position);

/* `data` of `*bytes` bytes goes in and up to `room` bytes come back into it; `value` and
 * `bytes` (null: nothing in or out) are set on success only. */
err_t client_ioctl(client_t client, uint32_t code, uint32_t argument, uint32_t *value,
		   void *data, uint32_t *bytes, uint32_t room);

/* What the driver counts (GET_STATS), for which no session is needed: its rows from number
 * `first` on, at most DRIVER_STATS_EACH of them. The result is their number, each name
 * NUL-terminated and otherwise as the driver has it; in *total is how many there are in all, as
 * it says. DRV_E…: as above; DRV_ENOTSUP: it was built before driver ABI 7; DRV_EIO: what it
 * answered are no rows. */
int32_t client_stats(client_t client, uint32_t first, driver_stat_t rows[DRIVER_STATS_EACH],
		     uint32_t *total);

/* Was the error of the last call answered by the driver? Then it did nothing of what was
 * asked. Otherwise the call failed, and a driver that died may have done it. */
bool client_was_answered(void);

#endif
