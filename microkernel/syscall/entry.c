/* SPDX-License-Identifier: BSD-2-Clause */
/* What the machine calls: the ways into the kernel but system calls, which are
 * syscall/dispatch.c, and interrupts of lines, which are object/irq.c, and the one way out. */
#include "object/kernel.h"
#include "object/limit.h"

_Alignas(64) kernel_t kernel;

void kernel_on_fault(uint32_t label, uint32_t address, uint32_t code)
{
	thread_fault(kernel.sched.current, label, address, code);
}

void kernel_on_stray(void)
{
	kernel.audit.spurious++;
}

void kernel_on_tick(void)
{
	timer_tick();
	if (kernel.sched.current)
		sched_tick();
}

__attribute__((noinline)) static const arch_frame_t *choose(void)
{
	const tcb_t *next = sched_choose();
	kernel.sched.settled = true;
	return &next->frame;
}

const arch_frame_t *kernel_leave(void)
{
	return kernel.sched.settled ? &kernel.sched.current->frame : choose();
}
