/* SPDX-License-Identifier: BSD-2-Clause */
/* How much of the manager's time a driver may take in a period of MANAGER_PERIOD_MS, whatever
 * it does: a share of messages, one of signals, and one of log lines that may be saved up for a
 * burst. Pure. */
#ifndef DRVMGR_SHARE_H
#define DRVMGR_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/protocol/manager.h"

#define SHARE_ESSENTIAL	  (5u * MANAGER_SHARE) /* messages of an essential driver */
#define SHARE_LINES	  10u		       /* a period */
#define SHARE_LINES_SAVED 64u		       /* at most so many at once */
#define SHARE_LINES_LAST  8u		       /* at each end, at least */

typedef struct share {
	uint32_t period; /* number of the one that is counted */
	uint32_t messages, signals;
	int32_t lines; /* that may be taken now; below 0: so many too many were */
	bool told;     /* in this period, that lines were lost */
} share_t;

typedef enum share_answer {
	SHARE_NOW,   /* serve it */
	SHARE_LATER, /* at the next period */
	SHARE_CLOSE, /* take away the means until then */
} share_answer_t;

/* A driver's that has used nothing yet, whichever of its instances will. */
share_t share_begin(uint64_t now_ms);

/* Begins the period in which `now_ms` is, unless it has begun. */
void share_renew(share_t *share, uint64_t now_ms);

/* One more of each; of messages, `most` are a share. share_line(): false if it has to wait for
 * another period. */
share_answer_t share_message(share_t *share, uint32_t most);
share_answer_t share_signal(share_t *share);
bool share_line(share_t *share);

/* How many lines of an instance that ends are taken, whatever else it has done: some always,
 * so that its last words are there, and at most what it saves and as much of what the next ones
 * may take. share_owe(): one of them is. */
uint32_t share_last_lines(const share_t *share);
void share_owe(share_t *share);

/* Milliseconds until the next period. */
uint32_t share_wait_ms(uint64_t now_ms);

#endif
