/* SPDX-License-Identifier: BSD-2-Clause */
/* What random threads ask the kernel for, by which its short ways are compared with the long
 * one. */
#ifndef FASTPATH_ASKS_H
#define FASTPATH_ASKS_H

#include "bench.h"

#define THREADS 6u
#define REPLIES 3u

/* What a step can find: handles of all kinds, most of them good. */
typedef struct cast {
	tcb_t *tcb[THREADS];
	cap_t thread[THREADS], frame[THREADS];
	cap_t endpoint[8];
	cap_t reply[REPLIES + 2];
	cap_t notification, line;
} cast_t;

extern cast_t cast;

/* Begins the random numbers anew; not 0. */
void draw_from(uint32_t first);

/* A random number below `below`, which is not 0. */
uint32_t draw(uint32_t below);

#define PICK(array) ((array)[draw(sizeof(array) / sizeof((array)[0]))])

/* Loads the current thread's registers with a random system call, and its buffer with what goes
 * with it. `what`, up to 99, decides of which kind it is. */
void ask(uint32_t what);

#endif
