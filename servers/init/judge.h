/* SPDX-License-Identifier: BSD-2-Clause */
/* When drvmgr hangs, and how long after a death it is made again. Pure. */
#ifndef INIT_JUDGE_H
#define INIT_JUDGE_H

#include <stdbool.h>

#include "abi/inspect.h"

#define JUDGE_LOOK_MS 500u /* between two looks */
#define JUDGE_HANG_MS 500u /* of run time without entering a receive */

/* What is remembered of an incarnation from look to look. All zero: nothing was seen. */
typedef struct look {
	bool begun;
	uint32_t received_ms; /* when it last entered a receive, as it was seen last, … */
	uint32_t signals;     /* … or, before its first, how many signals it had sent */
	uint64_t run;	      /* its run time then, in ticks */
} look_t;

/* Does it hang? It had JUDGE_HANG_MS of run time since it was first seen to have entered its
 * last receive. One that waits in a receive never does. Before its first receive each signal
 * that it sends is as good as one: it reads files, which may take long. */
bool judge_hangs(look_t *look, const inspect_thread_t *thread);

/* Deaths in a window: so many are followed by a new incarnation at once, each further one after
 * twice the time, up to a limit. It goes on without an end. */
#define JUDGE_WINDOW_MS                                                                        \
	100u /* who served so long ends the row: its death is the first of one */
#define JUDGE_FREE	   10u
#define JUDGE_DELAY_MS	   10u /* the first one */
#define JUDGE_DELAY_MAX_MS 1000u

typedef struct row {
	uint32_t count;	  /* of deaths in the row */
	uint32_t next_ms; /* who serves from then on ends the row */
} row_t;

/* At each look: who waits in a receive serves, and others did when they last entered one. */
void judge_serves(row_t *row, const inspect_thread_t *thread);

/* Notes a death at `now_ms`; milliseconds to wait. */
uint32_t judge_delay(row_t *row, uint32_t now_ms);

#endif
