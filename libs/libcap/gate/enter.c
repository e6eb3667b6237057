/* SPDX-License-Identifier: BSD-2-Clause */
/* Chooses the instruction that enters the kernel, once, before main(). */
#include "enter.h"

#include "cap/syscall.h"

#define EFLAGS_ID 0x200000u

bool enter_fast;

/* A CPU without CPUID (early 486) does not let EFLAGS.ID change. */
static bool has_cpuid(void)
{
	uint32_t before, after;
	__asm__ volatile("pushfl\n\t"
			 "popl %0\n\t"
			 "movl %0, %1\n\t"
			 "xorl %2, %1\n\t"
			 "pushl %1\n\t"
			 "popfl\n\t"
			 "pushfl\n\t"
			 "popl %1"
			 : "=&r"(before), "=&r"(after)
			 : "i"(EFLAGS_ID)
			 : "cc");
	return ((before ^ after) & EFLAGS_ID) != 0;
}

/* The leaf is in *eax. */
static void cpuid(uint32_t *eax, uint32_t *edx)
{
	uint32_t ebx, ecx;
	__asm__ volatile("cpuid" : "+a"(*eax), "=b"(ebx), "=c"(ecx), "=d"(*edx));
}

/* Called by start.S. */
void cap_start(void);
void cap_start(void)
{
	uint32_t eax = 0, edx;
	if (!has_cpuid())
		return;
	cpuid(&eax, &edx);
	if (eax == 0) /* the highest leaf; those above say anything */
		return;
	eax = 1;
	cpuid(&eax, &edx);
	enter_fast = CPU_HAS_SYSENTER(eax, edx);
}

err_t sys_enter(uint32_t number, uint32_t registers[4])
{
	return enter_for4(number, &registers[0], &registers[1], &registers[2], &registers[3]);
}
