/* SPDX-License-Identifier: BSD-2-Clause */
/* Milliseconds, and how often one thing goes into another. Pure; no division in 64 bits. */
#ifndef CAP_MS_H
#define CAP_MS_H

#include <stdint.h>

/* How many milliseconds so many microseconds are; exact below 2^55 of them, a thousand years:
 * 2^32 = 4294967 * 1000 + 296. Whoever keeps a time for weeks keeps all of it: 32 bits of it
 * wrap after 49 days. */
static inline uint64_t ms_of(uint64_t us)
{
	uint32_t high = (uint32_t)(us >> 32), low = (uint32_t)us;
	return (uint64_t)high * 4294967u + (high * 296u + low % 1000u) / 1000u + low / 1000u;
}

/* How often `part` goes into `amount`; from 2^32 on both are halved until `amount` is less, and
 * what is rounded off makes it a little more. 0 if `part` is nothing, or halved to it. */
static inline uint32_t ms_divide(uint64_t amount, uint32_t part)
{
	while (amount >> 32) {
		amount >>= 1;
		part >>= 1;
	}
	return part ? (uint32_t)amount / part : 0;
}

#endif
