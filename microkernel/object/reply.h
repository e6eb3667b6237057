/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply objects: the right to answer one call, once. A receiver offers one with its receive;
 * the call that it takes is tied to it until it is answered, its caller gives up, or the
 * object dies, which wakes the caller with DRV_EGONE.
 *
 * Invariant R1: caller and waiter are never both set. */
#ifndef OBJECT_REPLY_H
#define OBJECT_REPLY_H

#include "object/thread.h"

#define REPLY_BITS 6u

typedef struct reply {
	object_header_t header;
	tcb_t *caller; /* waits for the answer; null: nobody */
	tcb_t *waiter; /* offered it with a receive that has not returned */
} reply_t;
_Static_assert(sizeof(reply_t) <= 1u << REPLY_BITS, "a reply fits its object");

/* For the table of types: object/object.h. */
void reply_end(uint32_t object);
void reply_inspect(const slot_t *slot, void *words);

#endif
