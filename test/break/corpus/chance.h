/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers by chance, the same ones each time: xorshift (Marsaglia 2003). */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdint.h>

static uint32_t chance = 12345; /* not 0 */

static inline uint32_t random_word(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 17;
	chance ^= chance << 5;
	return chance;
}

#endif
