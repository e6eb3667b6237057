/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's door to the manager: its messages, its signals and its log lines, each in its
 * share of a period, so that none can take the manager's time from the others by what it sends.
 *
 * Every message is taken with the manager's own reply object. Who asks too much has the call
 * laid by: the reply object that it is tied to becomes the driver's, the driver's free one the
 * manager's, and the answer comes at the next period. Who does not even wait for answers, or
 * signals too much, loses the capability for it until then. */
#ifndef DRVMGR_DOOR_H
#define DRVMGR_DOOR_H

#include "cap/lines.h"
#include "cap/syscall.h"
#include "doors/share.h"

struct manager;
struct driver;

/* What is kept of it is its end, from `endpoint` on. Invariants:
 *   D1  endpoint and signal are the manager's, derived for this driver: all that the driver has
 *       of the two comes from them, and revoking them takes it away.
 *   D2  reply is free, or tied to the call that is laid by. */
typedef struct door {
	cap_t reply;
	share_t share;
	bool waits; /* `message`, `words` and `cap` are laid by */
	message_t message;
	cap_t cap;
	uint32_t words[MSG_WORDS];

	cap_t endpoint, signal;
	lines_reader_t lines;
	uint32_t generation;	     /* of the instance that opened it */
	uint32_t done_seq;	     /* of the answer that was passed on last */
	bool no_endpoint, no_signal; /* taken away until the next period */
} door_t;

/* Gives the driver's new instance its ends of the door and writes them into its page. */
err_t door_open(struct manager *manager, struct driver *driver);

/* A new incarnation of the manager has the door that the one before it opened, but for its
 * reply object, and looks soon what the driver has left. */
err_t door_adopt(struct manager *manager, struct driver *driver);

/* A message of the driver: does what it asks for and answers it, now or later. */
void door_message(struct manager *manager, struct driver *driver, message_t *message);

/* The bits of the drivers that have left something in their pages. */
void door_signals(struct manager *manager, uint32_t bits);

/* Takes all lines that the driver has left, whatever its share: before its end is told. */
void door_drain(struct manager *manager, struct driver *driver);

/* Goes on with what was laid by or taken away, when a new period has begun. */
void door_tick(struct manager *manager);

/* How long until door_tick() can do more, in milliseconds. */
uint32_t door_wait_ms(const struct manager *manager);

#endif
