/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside libcap: the instructions that enter the kernel (abi/syscalls.h has the registers). */
#ifndef LIBCAP_ENTER_H
#define LIBCAP_ENTER_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the CPU has sysenter; set before main(). */
extern bool enter_fast;

/* a0..a3 in, r0..r3 out; the value is eax. ecx and edx are lost. */
static inline int32_t enter(uint32_t number, uint32_t *r0, uint32_t *r1, uint32_t *r2,
			    uint32_t *r3)
{
	int32_t result;
	uint32_t a3 = *r3;
	if (enter_fast)
		__asm__ volatile("pushl %%ebp\n\t"
				 "movl %%ecx, %%ebp\n\t"
				 "movl %%esp, %%ecx\n\t"
				 "movl $1f, %%edx\n\t"
				 "sysenter\n"
				 "1:\n\t"
				 "movl %%ebp, %%edx\n\t"
				 "popl %%ebp"
				 : "=a"(result), "+b"(*r0), "+S"(*r1), "+D"(*r2), "+c"(a3),
				   "=d"(*r3)
				 : "a"(number)
				 : "memory", "cc");
	else
		__asm__ volatile("pushl %%ebp\n\t"
				 "movl %%ecx, %%ebp\n\t"
				 "int $0x80\n\t"
				 "movl %%ebp, %%edx\n\t"
				 "popl %%ebp"
				 : "=a"(result), "+b"(*r0), "+S"(*r1), "+D"(*r2), "+c"(a3),
				   "=d"(*r3)
				 : "a"(number)
				 : "memory", "cc");
	return result;
}

#endif
