/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications: a word of bits that can be set by many and is taken whole by one.
 *
 * Invariant N1: pending != 0 implies that nobody waits. */
#ifndef OBJECT_NOTIFICATION_H
#define OBJECT_NOTIFICATION_H

#include "object/thread.h"

#define NOTIFICATION_BITS 6u

typedef struct notification {
	object_header_t header;
	uint32_t pending;
	thread_queue_t queue; /* threads in SYS_NOTIFICATION_WAIT */
	tcb_t *bound;	      /* gets it together with messages; null: nobody */
} notification_t;
_Static_assert(sizeof(notification_t) <= 1u << NOTIFICATION_BITS, "fits its object");

/* Sets bits: wakes the oldest waiter, or the bound thread if it is receiving; without one,
 * the bits stay pending. */
void notification_signal(notification_t *notification, uint32_t bits);

/* The same; and where the bound thread gets the bits, it gets the current thread's message with
 * them, which has no capabilities, and `bits` in place of word 0. True: it did. */
bool notification_tell(notification_t *notification, uint32_t bits, uint32_t info);

/* Gives a thread the bits that come from now on, and those that are pending, together with
 * messages. The thread holds the notification; nobody else may be bound to it. */
void notification_bind(notification_t *notification, tcb_t *tcb);

/* The current thread waits through `slot`. DRV_OK: r0 holds the bits; CALL_NO_RESULT: it is
 * blocked. */
err_t notification_wait(slot_t *slot, uint32_t timeout_ms);

/* The thread's bound notification, if it has bits for it; else null. */
static inline notification_t *notification_pending(const tcb_t *tcb)
{
	const slot_t *slot = &tcb->slots[BIND_NOTIFICATION];
	notification_t *bound =
	    slot->type == CAP_NOTIFICATION ? arch_pointer(slot->object) : NULL;
	return bound && bound->pending ? bound : NULL;
}

/* If the thread's bound notification has bits, takes them as a received message. */
bool notification_take_bound(tcb_t *tcb);

/* For the table of types: object/object.h. */
void notification_detach(slot_t *slot);

#endif
