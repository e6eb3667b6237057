/* SPDX-License-Identifier: BSD-2-Clause */
/* What SYS_AUDIT reports, as words of the message buffer. The kernel keeps the counters
 * as it goes; two equal reports mean that nothing was leaked in between. */
#ifndef ABI_AUDIT_H
#define ABI_AUDIT_H

#include "abi/cap.h"

#define AUDIT_TYPES 16u

typedef struct audit_report {
	uint32_t abi_version;
	uint32_t flags;		       /* AUDIT_… */
	uint32_t ram_bytes;	       /* all memory that was given out as untyped at boot */
	uint32_t free_bytes;	       /* of that, not in any object */
	uint32_t irq_bound;	       /* bit n: line n is claimed */
	uint32_t irq_unmasked;	       /* bit n: line n can interrupt */
	uint32_t mmio_pages;	       /* pages of physical ranges now mapped anywhere */
	uint32_t timers;	       /* threads with a time limit, or a spent budget */
	uint32_t caps[AUDIT_TYPES];    /* live capabilities by type, also those in no cspace */
	uint32_t objects[AUDIT_TYPES]; /* live objects by type, where the type has objects */
	uint32_t spurious;	       /* interrupts that no one wanted or sent, since boot */
} audit_report_t;
ABI_ASSERT(sizeof(audit_report_t) == 4 * (9 + 2 * AUDIT_TYPES), "audit report layout");
#define AUDIT_WORDS (sizeof(audit_report_t) / 4)

/* The types whose objects are counted, one bit each. */
#define AUDIT_COUNTED                                                                          \
	(1u << CAP_CSPACE | 1u << CAP_THREAD | 1u << CAP_VSPACE | 1u << CAP_ENDPOINT |         \
	 1u << CAP_REPLY | 1u << CAP_NOTIFICATION)

#define AUDIT_TRUST_BOOT 1u /* built with RE36_DEV_TRUST_BOOT=1 */
#define AUDIT_TRACE	 2u /* calls and interrupts are recorded: SYS_TRACE */

#endif
