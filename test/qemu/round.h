/* SPDX-License-Identifier: BSD-2-Clause */
/* What those compute who ask how long they ran. */
#ifndef TEST_ROUND_H
#define TEST_ROUND_H

#include <stdint.h>

#define ROUND_INSTRUCTIONS 112500u /* 900 us where an instruction takes 8 ns */

static inline void compute_round(void)
{
	uint32_t steps = ROUND_INSTRUCTIONS / 2;
	__asm__ volatile("1:\n\t"
			 "decl %0\n\t"
			 "jnz 1b"
			 : "+r"(steps)
			 :
			 : "cc");
}

#endif
