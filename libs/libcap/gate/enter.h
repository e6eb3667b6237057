/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside libcap: the instructions that enter the kernel (abi/syscalls.h has the registers). One
 * function for each number of arguments, so that none loads or saves a register in vain. */
#ifndef LIBCAP_ENTER_H
#define LIBCAP_ENTER_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the CPU has sysenter; set before main(). */
extern bool enter_fast;

#define ENTER                                                                                  \
	"cmpb $0, %[fast]\n\t"                                                                 \
	"je 1f\n\t"                                                                            \
	"movl %%esp, %%ecx\n\t"                                                                \
	"movl $2f, %%edx\n\t"                                                                  \
	"sysenter\n"                                                                           \
	"1:\n\t"                                                                               \
	"int $0x80\n"                                                                          \
	"2:\n\t"

static inline int32_t enter0(uint32_t number)
{
	__asm__ volatile(ENTER
			 : "+a"(number)
			 : [fast] "m"(enter_fast)
			 : "ecx", "edx", "memory", "cc");
	return (int32_t)number;
}

static inline int32_t enter1(uint32_t number, uint32_t a0)
{
	__asm__ volatile(ENTER
			 : "+a"(number)
			 : [fast] "m"(enter_fast), "b"(a0)
			 : "ecx", "edx", "memory", "cc");
	return (int32_t)number;
}

static inline int32_t enter2(uint32_t number, uint32_t a0, uint32_t a1)
{
	__asm__ volatile(ENTER
			 : "+a"(number)
			 : [fast] "m"(enter_fast), "b"(a0), "S"(a1)
			 : "ecx", "edx", "memory", "cc");
	return (int32_t)number;
}

static inline int32_t enter3(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	__asm__ volatile(ENTER
			 : "+a"(number)
			 : [fast] "m"(enter_fast), "b"(a0), "S"(a1), "D"(a2)
			 : "ecx", "edx", "memory", "cc");
	return (int32_t)number;
}

/* a0 and a1 in, r0 and r1 out. */
static inline int32_t enter_for2(uint32_t number, uint32_t *r0, uint32_t *r1)
{
	__asm__ volatile(ENTER
			 : "+a"(number), "+b"(*r0), "+S"(*r1)
			 : [fast] "m"(enter_fast)
			 : "ecx", "edx", "memory", "cc");
	return (int32_t)number;
}

/* a0..a3 in, r0..r3 out. Where a frame ends follows the stack pointer, so a backtrace needs to
 * be told that it moved. A frame that gcc aligned, for 64-bit locals, is found by ebp: from in
 * here it is not, and tools/debug takes the push back first. */
static inline int32_t enter_for4(uint32_t number, uint32_t *r0, uint32_t *r1, uint32_t *r2,
				 uint32_t *r3)
{
	uint32_t last = *r3;
	__asm__ volatile("pushl %%ebp\n\t.cfi_adjust_cfa_offset 4\n\t"
			 "movl %%ecx, %%ebp\n\t" ENTER "movl %%ebp, %%ecx\n\t"
			 "popl %%ebp\n\t.cfi_adjust_cfa_offset -4"
			 : "+a"(number), "+b"(*r0), "+S"(*r1), "+D"(*r2), "+c"(last)
			 : [fast] "m"(enter_fast)
			 : "edx", "memory", "cc");
	*r3 = last;
	return (int32_t)number;
}

#endif
