/* SPDX-License-Identifier: BSD-2-Clause */
/* What the root task of the test with several hostile threads shares with the processes that it
 * makes. Each has one page of this, at the same address. */
#ifndef THREADS_CROWD_H
#define THREADS_CROWD_H

#include "abi/cap.h"
#include "abi/types.h"

#define CROWD		  4u	      /* threads of the hostile process */
#define SHARED_AT	  0x50000000u /* crowd_t */
#define ALIAS_AT	  0x50010000u /* + a page for each thread: its buffer, which stays mapped */
#define BUFFER_AT	  0x50020000u /* + a page for each: where the same is mapped and unmapped */
#define STACK_AT	  0x50030000u /* + CROWD_STACK_BYTES for each */
#define CROWD_STACK_BYTES 0x1000u
#define OWN_CAPS	  24u

enum crowd_role { ROLE_HOSTILE, ROLE_SERVER, ROLE_CLIENT };

typedef struct crowd {
	uint32_t role, seed;
	volatile uint32_t entry; /* of the hostile threads; 0: not known yet */
	cap_t own[OWN_CAPS];	 /* what it holds besides; the first are of well-known use */
	uint32_t own_count;
	cap_t thread[CROWD], frame[CROWD], vspace;
	cap_t endpoint, reply, idle; /* of server and client */
	volatile uint32_t calls[CROWD], succeeded, lost, moves,
	    hash; /* lost: without a buffer */
	volatile uint32_t beats, wrong;
} crowd_t;

static inline crowd_t *crowd(void)
{
	return (crowd_t *)SHARED_AT;
}

#endif
