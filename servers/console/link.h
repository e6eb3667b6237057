/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection to a driver that may die and come back. It never waits for a driver that is
 * not Running, and asks one that did not answer only once in a while. */
#ifndef CONSOLE_LINK_H
#define CONSOLE_LINK_H

#include <stdbool.h>

#include "abi/protocol/manager.h"
#include "cap/client.h"

#define LINK_RETRY_MS 1000u /* after a driver that did not answer */

/* Invariant C1: `open` implies that a session was opened in instance `generation`. */
typedef struct link {
	const char *name;
	cap_t signal; /* goes along with open; CAP_NULL: none */
	client_t client;
	bool open;
	bool patient; /* it did not answer: not before retry_at */
	uint32_t generation, retry_at;
} link_t;

/* The session is gone: a call on it answered `error`. */
void link_lose(link_t *link, err_t error);

/* Takes note of how the driver is, if `status` is this one's: forgets the session of an
 * instance that is gone and opens one where the driver is Running. True: it is new. */
bool link_update(link_t *link, const manager_status_t *status);

#endif
