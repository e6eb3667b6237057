/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of cap/steps.h: some stores, so that each port access can afford it. */
#include "cap/steps.h"

#include "cap/syscall.h"
#include "enter.h"

/* Whoever has sysenter has the time stamp counter: both came with Intel's P6 family (SDM 3B,
 * 18.17; SDM 2B, SYSENTER), and CPU_HAS_SYSENTER() knows no other. */
uint32_t steps_clock(void)
{
	uint32_t low = 0, high;
	if (enter_fast)
		__asm__ volatile("rdtsc\n\tshrdl %[bits], %%edx, %%eax"
				 : "=a"(low), "=d"(high)
				 : [bits] "i"(STEP_TICKS_BITS)
				 : "cc");
	return low;
}

/* What is noted is whole before it counts. */
void steps_note_at(uint32_t what, uint32_t a, uint32_t b, uint32_t ticks)
{
	step_ring_t *steps = (step_ring_t *)(MESSAGE_BUFFER + STEPS_AT);
	uint32_t next = steps->next;
	step_note_t *step = (step_note_t *)((char *)steps->held + next % sizeof(steps->held));
	step->what = what;
	step->a = a;
	step->b = b;
	step->ticks = ticks;
	__atomic_store_n(&steps->next, next + sizeof(*step), __ATOMIC_RELEASE);
}

void steps_note(uint32_t what, uint32_t a, uint32_t b)
{
	steps_note_at(what, a, b, steps_clock());
}
