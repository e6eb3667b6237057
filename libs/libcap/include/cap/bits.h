/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of small numbers, one bit each: number n is bit n % 32 of word n / 32, which on this
 * machine is bit n % 8 of byte n / 8 as well. Who owns the words knows how many numbers they
 * hold; no function looks whether one is beyond. Pure. */
#ifndef CAP_BITS_H
#define CAP_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* Words for the numbers 0..count-1. */
#define BITS_WORDS(count) (((count) + 31u) / 32u)

/* Is `number` in the set? */
static inline bool bits_test(const uint32_t *bits, uint32_t number)
{
	return bits[number / 32] >> (number % 32) & 1;
}

/* Puts it in (`is_in`), or takes it out. */
static inline void bits_set(uint32_t *bits, uint32_t number, bool is_in)
{
	uint32_t bit = 1u << (number % 32);
	bits[number / 32] = (bits[number / 32] & ~bit) | (is_in ? bit : 0);
}

/* How many numbers below `end` are in the set. Those from `end` on in its last word must not
 * be. */
static inline uint32_t bits_count(const uint32_t *bits, uint32_t end)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < BITS_WORDS(end); i++)
		for (uint32_t rest = bits[i]; rest; rest &= rest - 1)
			count++;
	return count;
}

/* The first number from `begin` on and below `end` that is in the set; `end` if none is. So one
 * goes through a set, and may change it meanwhile:
 *
 *     for (uint32_t n = bits_first(set, 0, end); n < end; n = bits_first(set, n + 1, end))
 */
static inline uint32_t bits_first(const uint32_t *bits, uint32_t begin, uint32_t end)
{
	uint32_t number = begin;
	while (number < end) {
		uint32_t rest = bits[number / 32] >> (number % 32);
		if (rest) {
			number += (uint32_t)__builtin_ctz(rest);
			return number < end ? number : end;
		}
		number = (number | 31u) + 1;
	}
	return end;
}

#endif
