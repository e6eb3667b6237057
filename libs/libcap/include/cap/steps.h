/* SPDX-License-Identifier: BSD-2-Clause */
/* Noting what the process does, for who looks for the reason of its death (abi/steps.h). */
#ifndef CAP_STEPS_H
#define CAP_STEPS_H

#include "abi/steps.h"

/* Notes a step, STEP_WHAT(), with the time, in place of the oldest of STEPS_HELD. Makes no
 * system call and cannot fail. libcap notes what it does itself. */
void steps_note(uint32_t what, uint32_t a, uint32_t b);

/* The same with a time of the caller's, as steps_clock() has it; 0: none, which is quicker. */
void steps_note_at(uint32_t what, uint32_t a, uint32_t b, uint32_t ticks);

/* The time that a step of now would have: of the time stamp counter, shifted right by
 * STEP_TICKS_BITS; 0 where there is none. */
uint32_t steps_clock(void);

#endif
