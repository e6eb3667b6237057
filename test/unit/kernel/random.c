/* SPDX-License-Identifier: BSD-2-Clause */
/* The numbers of random.h. */
#include "random.h"

static uint64_t random_state;

void random_begin(uint64_t seed)
{
	random_state = seed * 0x9e3779b97f4a7c15u | 1;
}

uint32_t random_word(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 16);
}

uint32_t below(uint32_t limit)
{
	return random_word() % limit;
}

bool one_in(uint32_t n)
{
	return below(n) == 0;
}
