/* SPDX-License-Identifier: BSD-2-Clause */
/* Random numbers that are the same from run to run (xorshift, Marsaglia 2003). */
#ifndef KERNEL_RANDOM_H
#define KERNEL_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* Begins anew. To be called before anything else here. */
void random_begin(uint64_t seed);

uint32_t random_word(void);

/* Below `limit`, which is not 0. */
uint32_t below(uint32_t limit);

/* True once in `n` times. */
bool one_in(uint32_t n);

#endif
