/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection to a driver that may die and come back. It connects and opens by itself, opens
 * anew after the driver's death, and asks again what it may: whatever was not done, and of what
 * may have been done only what the protocol marks repeatable. Each
 * request takes at most the link's limit, CLIENT_TIMEOUT_MS if its owner set none; a call that
 * meets a driver's death connects, opens and asks anew, three times at most. A driver that did
 * not answer is asked again only after a while:
 *
 *     static link_t disk = {.name = "disk"};
 *     int32_t count = link_read(&disk, buffer, sizeof(buffer));
 *
 * A new session knows nothing of the one before: `opened` tells one from the other. What the
 * driver keeps over its restarts is there again, unless `forgotten`. */
#ifndef CAP_LINK_H
#define CAP_LINK_H

#include "abi/protocol/manager.h"
#include "cap/client.h"

#define LINK_RETRY_MS 250u /* after a driver that did not answer */

/* Invariant LK1: `open` implies that a session was opened and no call has said since that it is
 * gone. */
typedef struct link {
	const char *name; /* the service's or driver's, from "uses" */
	cap_t signal;	  /* goes along with open: driver_make_signal(), or CAP_NULL */
	client_t client;  /* .limit_ms and .asked are the owner's to set */
	/* The owner's: what the driver says with its signal is answered to link_read_at(),
	 * without a request. `signal` is then of driver_make_signal(), this link's alone, and
	 * what was given of it for an earlier session is revoked before the next one. */
	bool listens;
	bool open;
	bool patient;	     /* it did not answer: not before retry_at */
	uint32_t retry_at;   /* clock_ms() */
	uint32_t opened;     /* sessions so far */
	uint32_t kept_since; /* as of client_open_since(), the last session's */
	bool forgotten;	     /* the driver forgot what it kept, since an earlier session: the
				owner's to set back */
	uint32_t generation; /* of the instance, as link_follow() saw it */
} link_t;

/* Opens a session unless one is open. DRV_EAGAIN: the driver does not serve yet, or is to be
 * left alone for a while; DRV_EPERM: not in "uses"; DRV_ENOENT; DRV_EGONE: it is stopped;
 * DRV_EQUARANTINED; DRV_ENODEV; DRV_ETIMEDOUT. */
err_t link_open(link_t *link);

/* As in cap/client.h, with a session that is opened where there is none; errors are those of
 * link_open() as well. DRV_EGONE: the driver died under it, and may have done it. */
int32_t link_read(link_t *link, void *to, uint32_t bytes);
/* Asks again after the driver's death: the position says what the client has. If the driver has
 * told what follows *position (`listens`), that is answered and nobody is asked. */
int32_t link_read_at(link_t *link, uint32_t *position, void *to, uint32_t bytes);
/* The same of a link that does not listen: the driver is asked. */
int32_t link_ask_at(link_t *link, uint32_t *position, void *to, uint32_t bytes);
int32_t link_write(link_t *link, const void *from, uint32_t bytes);
err_t link_seek(link_t *link, uint32_t position);
err_t link_ioctl(link_t *link, uint32_t code, uint32_t argument, uint32_t *value, void *data,
		 uint32_t *bytes, uint32_t room);

/* The owner finds the session useless: `error` is why. DRV_EBADCAP: the connection, too; the
 * next request makes one to whoever provides the service then. */
void link_lose(link_t *link, err_t error);

/* For an owner that asks the manager how drivers are: takes note of it, if `status` is this
 * one's. Forgets the session of an instance that is gone, and opens one where the driver is
 * Running. True: it is new. */
bool link_follow(link_t *link, const manager_status_t *status);

#endif
