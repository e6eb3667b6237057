/* SPDX-License-Identifier: BSD-2-Clause */
/* Since when a driver uses all of its share, over the lives of its instances and wherever in
 * its periods it runs. What it runs pays for the time that passes: a whole budget for a period.
 * It may owe an eighth of the time since then, and at least a window. Pure. */
#ifndef DRVMGR_BUSY_H
#define DRVMGR_BUSY_H

#include "core/used.h"

/* All zero: nothing was seen yet. */
typedef struct busy {
	bool begun;
	uint32_t since_ms; /* it uses all of its share since then, … */
	bool ran;	   /* … if it has run since */
	int32_t owes_ms;   /* time that is not paid for; negative: paid in advance, for a period
			      at most: it also runs when nobody else wants to */
	uint64_t run;	   /* ticks that are counted of the instance's thread, … */
	uint32_t ready_ms; /* … how long that had been ready, … */
	bool spent;	   /* … whether it had spent its budget, … */
	uint32_t at_ms;	   /* … at this time */
} busy_t;

/* It uses all of its share from now on, if it runs. */
void busy_begin(busy_t *busy, const inspect_thread_t *thread);

/* Counts what the thread has run; the first time it begins. Time for which a spent budget keeps
 * it from running is paid for: a new instance may have little left of it, and was given no
 * choice. */
void busy_count(busy_t *busy, const inspect_thread_t *thread, budget_t of);

/* The same for the last time: the next instance's thread begins at 0. */
void busy_end(busy_t *busy, const inspect_thread_t *thread, budget_t of);

#endif
