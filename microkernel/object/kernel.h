/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's only mutable state outside the objects, boot and machine aside. */
#ifndef OBJECT_KERNEL_H
#define OBJECT_KERNEL_H

#include "abi/audit.h"
#include "object/irq.h"
#include "object/sched.h"
#include "object/timer.h"
#include "object/work.h"

typedef struct kernel {
	irq_line_t irq[IRQ_LINES]; /* first: its slots are aligned, and the next one's */
	cspace_empty_t no_space;
	sched_t sched;
	timers_t timers;
	tcb_t *root;		      /* the root task's thread */
	uint32_t ram_first, ram_last; /* all memory in use is in it */
	audit_report_t audit; /* counters; free_bytes is what untypeds have not given out */
} kernel_t;

extern kernel_t kernel;

/* The kernel's clock in milliseconds; it wraps. */
static inline uint32_t kernel_now_ms(void)
{
	return (uint32_t)kernel.timers.now_ms;
}

#endif
