/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's run time, which the kernel tells in ticks. Pure; no division in 64 bits. */
#ifndef DRVMGR_TICKS_H
#define DRVMGR_TICKS_H

#include "abi/inspect.h"

#define US_IN_MS 1000u

static inline uint64_t ticks_run(const inspect_thread_t *thread)
{
	return (uint64_t)thread->run_high << 32 | thread->run_low;
}

/* How often `part` goes into `amount`; from 2^32 ticks on both are halved until `amount` is
 * less, and what is rounded off makes it a little more. 0 if `part` is nothing, or halved to
 * it. */
static inline uint32_t ticks_divide(uint64_t amount, uint32_t part)
{
	while (amount >> 32) {
		amount >>= 1;
		part >>= 1;
	}
	return part ? (uint32_t)amount / part : 0;
}

#endif
