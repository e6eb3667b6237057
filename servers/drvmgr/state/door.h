/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager holds of a driver's door to it: doors/door.h. */
#ifndef DRVMGR_STATE_DOOR_H
#define DRVMGR_STATE_DOOR_H

#include "cap/lines.h"
#include "cap/syscall.h"
#include "core/share.h"

/* What is kept of it is its end, from `endpoint` on. Invariants:
 *   DO1  endpoint and signal are the manager's, derived for this driver: all that it has of
 *        the two comes from them, and revoking them takes it away, in steps.
 *   DO2  reply is free, or tied to the call that is laid by. */
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

#endif
