/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps that a process took last, as its own libcap notes them in the page of its message
 * buffer: what it took and what it asked of ports. Whoever reads them reads an
 * allegation: the process may write there what it likes.
 *
 * An `in` or `out` that the processor performs by itself, at a port that SYS_CAP_PIO_MAP
 * opened, is not noted, and neither is an access to mapped registers: both are one instruction.
 * Nor is SYS_CAP_PIO_KEEP, which leaves what it read in the frame that outlives the driver, nor
 * that a timer's time has come, or whom it calls, which the kernel knows as long as it waits.
 * What it took has no time: that would be a hundredth of all that a key takes. */
#ifndef ABI_STEPS_H
#define ABI_STEPS_H

#include "abi/message.h"

/* X(NAME, value, "word") */
#define STEP_KINDS(X)                                                                          \
	X(STEP_NONE, 0, "nothing")                                                             \
	X(STEP_TOOK, 1, "took") /* a: badge, b: word 0; BADGE_NOTIFICATION: its bits */        \
	X(STEP_READ, 2, "in")	/* a: as in PIO_OP_READ(); b: the value */                     \
	X(STEP_WRITE, 3, "out") /* a: as in PIO_OP_WRITE(); b: the value */

#define ABI_X_ENUM(name, value, text) name = (value),
enum step_kind { STEP_KINDS(ABI_X_ENUM) STEP_KIND_COUNT };
#undef ABI_X_ENUM

/* What a step is: its kind, and in the high half the label of a message. */
#define STEP_WHAT(kind, info) ((uint32_t)(kind) | ((info)&0xffff0000u))
#define STEP_KIND(what)	      ((what)&0xffffu)
#define STEP_LABEL(what)      ((what) >> 16)

typedef struct step_note {
	uint32_t what; /* STEP_WHAT() */
	uint32_t a, b;
	uint32_t
	    ticks; /* of the time stamp counter, shifted right by STEP_TICKS_BITS; 0: none */
} step_note_t;
ABI_ASSERT(sizeof(step_note_t) == 16, "step layout");
#define STEP_TICKS_BITS 10u

/* So many are held; the next one goes to byte `next` % sizeof(held). */
#define STEPS_HELD 16u
typedef struct step_ring {
	step_note_t held[STEPS_HELD];
	uint32_t next; /* bytes of all since the process began; wraps */
} step_ring_t;

/* From the beginning of the message buffer's page on, which nothing else reaches. */
#define STEPS_AT 3072u
ABI_ASSERT(STEPS_AT + sizeof(step_ring_t) <= PAGE_SIZE, "the steps lie in the page");

#endif
