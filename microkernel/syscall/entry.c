/* SPDX-License-Identifier: BSD-2-Clause */
/* What the machine calls: the ways into the kernel and the one way out. */
#include "object/kernel.h"
#include "syscall/fastpath.h"
#include "syscall/syscall.h"

_Alignas(64) kernel_t kernel;

const arch_frame_t *kernel_on_syscall_fast(void)
{
	return fastpath_try() ? &kernel.sched.current->frame : NULL;
}

void kernel_on_syscall(void)
{
	syscall_handle();
}

void kernel_on_fault(uint32_t label, uint32_t address, uint32_t code)
{
	thread_fault(kernel.sched.current, label, address, code);
}

void kernel_on_interrupt(uint32_t line)
{
	irq_deliver(line);
}

void kernel_on_tick(void)
{
	sched_tick();
	timer_tick();
}

const arch_frame_t *kernel_leave(void)
{
	if (kernel.sched.settled && !work_pending())
		return &kernel.sched.current->frame;
	for (;;) {
		tcb_t *next = sched_choose();
		if (work_pending() && !kernel.work.helper)
			kernel.work.helper = next;
		if (!work_pending())
			kernel.work.helper = NULL;
		if (kernel.work.helper != next)
			return &next->frame;
		work_run();
	}
}
