/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's run time, which the kernel tells in ticks. Pure. */
#ifndef DRVMGR_TICKS_H
#define DRVMGR_TICKS_H

#include "abi/inspect.h"
#include "cap/ms.h"

#define US_IN_MS 1000u

static inline uint64_t ticks_run(const inspect_thread_t *thread)
{
	return (uint64_t)thread->run_high << 32 | thread->run_low;
}

#endif
