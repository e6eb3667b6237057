/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions that were under way in a death report, from the registers, the copied stack and
 * what the image says of itself (cap/symbols.h). Pure; all three may be lies, and what comes of
 * them is a list of at most DEATH_FRAMES_MOST. */
#ifndef DRVMGR_BACKTRACE_H
#define DRVMGR_BACKTRACE_H

#include "abi/protocol/death.h"
#include "cap/symbols.h"

/* How many frames there are, the innermost first. What jumped to where no code is was called:
 * its caller's address is on the stack. 0: the registers are not known. */
uint32_t backtrace_make(const death_facts_t *facts, const uint8_t *stack, symbols_t *symbols,
			death_frame_t frames[DEATH_FRAMES_MOST]);

#endif
