/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's own time. Pure. */
#ifndef DRVMGR_STRETCH_H
#define DRVMGR_STRETCH_H

#include <stdbool.h>

#include "abi/inspect.h"

/* A stretch of time and how much of it was not the driver's own, or was seen to be spent
 * waiting for others. */
typedef struct stretch {
	bool begun;
	uint32_t since_ms, ready_ms, waited_ms;
	uint32_t most_ms; /* of those that lasted over a look, the longest one's own time */
} stretch_t;

/* All time in which the thread was ready and others ran, what goes on included: while this is
 * asked, it does not run. */
static inline uint32_t stretch_ready_ms(const inspect_thread_t *thread)
{
	uint32_t waiting =
	    thread->state == INSPECT_READY ? thread->now_ms - thread->since_ms : 0;
	return thread->ready_ms + waiting;
}

/* Begins a stretch now; so far the thread was seen to wait for `waited_ms`. */
static inline void stretch_begin(stretch_t *stretch, const inspect_thread_t *thread,
				 uint32_t waited_ms)
{
	*stretch = (stretch_t){true, thread->now_ms, stretch_ready_ms(thread), waited_ms,
			       stretch->most_ms};
}

/* How long it is; 0 if it has not begun. */
static inline uint32_t stretch_elapsed_ms(const stretch_t *stretch,
					  const inspect_thread_t *thread)
{
	return stretch->begun ? thread->now_ms - stretch->since_ms : 0;
}

/* How much of it was the thread's own: it ran, or waited for what it chose to wait for. */
static inline uint32_t stretch_own_ms(const stretch_t *stretch, const inspect_thread_t *thread)
{
	uint32_t elapsed = stretch_elapsed_ms(stretch, thread);
	uint32_t others = stretch_ready_ms(thread) - stretch->ready_ms;
	return stretch->begun && elapsed > others ? elapsed - others : 0;
}

/* It goes on: is it the longest so far? */
static inline void stretch_note(stretch_t *stretch, const inspect_thread_t *thread)
{
	uint32_t own_ms = stretch_own_ms(stretch, thread);
	if (own_ms > stretch->most_ms)
		stretch->most_ms = own_ms;
}

#endif
