/* SPDX-License-Identifier: BSD-2-Clause */
/* Random arguments of system calls: most of them plausible, some wild. */
#ifndef RANDOM_ARGUMENTS_H
#define RANDOM_ARGUMENTS_H

#include "bench.h"

/* Begins the random numbers anew; not 0. To be called before anything else here. */
void random_begin(uint64_t seed);

uint32_t random_word(void);

/* A random number below `limit`, which is not 0. */
uint32_t below(uint32_t limit);

/* True once in `n` times. */
bool one_in(uint32_t n);

/* Fills in the arguments with which the thread makes this call, one of SYS_COUNT. */
void pick_all(tcb_t *tcb, uint32_t number, uint32_t arg[4]);

/* Fills in what a call takes from the thread's buffer, if it has one. */
void fill_buffer(tcb_t *tcb);

#endif
