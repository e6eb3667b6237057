/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines. A capability covers a range of lines; one that covers a single line can
 * claim it, by waiting for it or by binding it to a notification. It stays a claimer until it
 * goes. A line has one claimer, or up to IRQ_CLAIMERS whose capabilities all say that it is
 * level triggered and shared.
 *
 * On delivery the line is masked and its claimers told. Waiting again or acknowledging pays
 * what a claimer owes, as does the end of its capability; when nobody owes anything, the line
 * is unmasked.
 *
 * Invariants:
 *   I1  a line is unmasked only while it is claimed and nobody owes an acknowledgement.
 *   I2  bit n of taken is clear  =>  claim n has no claimer, nobody waits, nothing is bound.
 *   I3  owed is within taken; more than one bit of taken => all say IRQ_LEVEL_SHARED. */
#ifndef OBJECT_IRQ_H
#define OBJECT_IRQ_H

#include "object/thread.h"

typedef struct irq_claim {
	_Alignas(64) slot_t target; /* the notification that it is bound to, or empty */
	thread_queue_t queue;	    /* the thread in SYS_CAP_IRQ_WAIT */
	slot_ref_t claimer;
	uint32_t bits;	   /* signalled to target */
	uint32_t pending;  /* interrupts since the last wait */
	uint32_t since_ms; /* since when it owes an acknowledgement */
} irq_claim_t;

typedef struct irq_line {
	irq_claim_t claims[IRQ_CLAIMERS];
	uint32_t taken; /* bit n: claim n is in use */
	uint32_t owed;	/* bit n: its claimer has yet to acknowledge */
	uint32_t count; /* interrupts since boot */
	uint8_t trigger;
	bool was_level; /* before the first claimer came */
} irq_line_t;

void irq_init(void);

/* May the capability in `slot` claim its line? DRV_EINVAL: it covers several; DRV_EBUSY: the
 * line is claimed by others and not shared by all, or by as many as can be; or somebody waits
 * through the capability already. */
err_t irq_check_claim(const slot_t *slot);

/* The current thread takes the count of interrupts that are pending, or acknowledges and waits.
 * After irq_check_claim(). DRV_OK: r0 holds the count; CALL_NO_RESULT: it is blocked. */
err_t irq_wait(slot_t *slot, uint32_t timeout_ms);

/* Binds to a notification, replacing an earlier one, and signals it if interrupts are pending,
 * or else acknowledges. After irq_check_claim(). */
void irq_bind(slot_t *slot, slot_t *notification, uint32_t bits);

/* Pays what the claimer owes; DRV_EPERM: this capability did not claim the line. */
err_t irq_acknowledge(slot_t *slot);

/* Narrows to a part of the lines, or to all for scope0 == 0, and of one line chooses the
 * trigger; what covers one line keeps the one that it has. One line alone must be one that
 * users may have, and level triggers are for lines of which the machine can choose it. From a
 * shared line nothing is derived without `grant`: each capability has a place among the
 * claimers, and who was given one has one. On error nothing is changed. */
err_t irq_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);

/* For the table of types, and for a slot at home here: object/object.h. */
void irq_detach(slot_t *slot);
void irq_slot_emptied(slot_t *slot);
void irq_inspect(const slot_t *slot, void *words);

#endif
