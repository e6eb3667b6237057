/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines. A capability covers a range of lines; one that covers a single line can
 * claim it, by waiting for it or by binding it to a notification. A claimed line belongs to
 * that capability until it goes.
 *
 * On delivery the line is masked and its taker told; waiting again or acknowledging unmasks.
 *
 * Invariants:
 *   I1  a line is unmasked only while it is claimed.
 *   I2  claimer == 0 => nobody waits, nothing is bound. */
#ifndef OBJECT_IRQ_H
#define OBJECT_IRQ_H

#include "object/thread.h"

typedef struct irq_line {
	_Alignas(64) slot_t target; /* the notification that it is bound to, or empty */
	thread_queue_t queue;	    /* the thread in SYS_CAP_IRQ_WAIT */
	slot_ref_t claimer;
	uint32_t bits;	  /* signalled to target */
	uint32_t pending; /* interrupts since the last wait */
} irq_line_t;

void irq_init(void);

/* Claims the line of a capability for it. DRV_EINVAL: it covers several; DRV_EBUSY: it is
 * claimed by another capability, or somebody waits already. */
err_t irq_check_claim(const slot_t *slot);

/* The current thread waits; acknowledges. After irq_check_claim(). DRV_OK: r0 holds the
 * number of interrupts; CALL_SETTLED: it is blocked. */
err_t irq_wait(slot_t *slot, uint32_t timeout_ms);

/* Binds to a notification, replacing an earlier one, and unmasks. After irq_check_claim(). */
void irq_bind(slot_t *slot, slot_t *notification, uint32_t bits);

/* Unmasks the line again; DRV_EPERM: this capability did not claim it. */
err_t irq_acknowledge(slot_t *slot);

/* The line fired. */
void irq_deliver(uint32_t line);

/* Narrows to a part of the lines, or to all for scope0 == 0; one line alone must be one that
 * users may have. On error nothing is changed. */
/*@ requires \valid(reach) && reach->extra < IRQ_LINES;
    assigns reach->object, reach->extra;
    ensures form: \result == DRV_EINVAL <==> scope1 != 0;
    ensures covered: \result == DRV_OK <==> scope1 == 0 && (scope0 == 0 ||
      (\let first = PIO_SCOPE_FIRST(scope0); \let last = PIO_SCOPE_LAST(scope0);
       \old(reach->object) <= first <= last <= \old(reach->extra) &&
       (first == last ==> (ARCH_IRQ_USER_MASK & (1u << first)) != 0)));
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM;
    ensures taken: \result == DRV_OK && scope0 != 0 ==>
      reach->object == PIO_SCOPE_FIRST(scope0) && reach->extra == PIO_SCOPE_LAST(scope0);
    ensures kept: \result != DRV_OK || scope0 == 0 ==>
      reach->object == \old(reach->object) && reach->extra == \old(reach->extra); */
err_t irq_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);
void irq_detach(slot_t *slot);
void irq_slot_emptied(slot_t *slot);

#endif
