/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic on ranges that cannot wrap. Ranges are inclusive: [first, last]. */
#ifndef BASE_RANGE_H
#define BASE_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/* Is [first, last] a range, and wholly inside [outer_first, outer_last]? */
static inline bool range_inside(uint32_t first, uint32_t last, uint32_t outer_first,
				uint32_t outer_last)
{
	return first <= last && outer_first <= first && last <= outer_last;
}

/* Are the `bytes` bytes at `start` wholly inside [first, last]? False for no bytes. */
static inline bool span_inside(uint32_t start, uint32_t bytes, uint32_t first, uint32_t last)
{
	return bytes != 0 && bytes - 1 <= UINT32_MAX - start &&
	       range_inside(start, start + (bytes - 1), first, last);
}

/* `value` rounded up to a multiple of `size`, a power of two; false if that wraps. */
static inline bool round_up(uint32_t value, uint32_t size, uint32_t *rounded)
{
	if (value > UINT32_MAX - (size - 1))
		return false;
	*rounded = (value + (size - 1)) & ~(size - 1);
	return true;
}

/* For a `size` that is a power of two. */
static inline bool is_aligned(uint32_t value, uint32_t size)
{
	return (value & (size - 1)) == 0;
}

#endif
