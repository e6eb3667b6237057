/* SPDX-License-Identifier: BSD-2-Clause */
/* What the machine calls: the ways into the kernel and the one way out. */
#include "object/kernel.h"
#include "syscall/fastpath.h"
#include "syscall/syscall.h"

_Alignas(64) kernel_t kernel;

const arch_frame_t *kernel_on_syscall_fast(void)
{
	tcb_t *caller = kernel.sched.current;
	if (caller->frame.eax == SYS_IPC_CALL)
		return fastpath_call(caller);
	if (caller->frame.eax == SYS_IPC_REPLY_RECV)
		return fastpath_reply_recv(caller);
	return NULL;
}

void kernel_on_syscall(void)
{
	syscall_handle();
}

/* Each way is a function of its own, so that none pays for the registers of the other. */
__attribute__((noinline)) static const arch_frame_t *take_long_way(void)
{
	kernel_on_syscall();
	return kernel_leave();
}

__attribute__((noinline)) static const arch_frame_t *take_call(tcb_t *caller)
{
	const arch_frame_t *next = fastpath_call(caller);
	return next ? next : take_long_way();
}

__attribute__((noinline)) static const arch_frame_t *take_reply_recv(tcb_t *server)
{
	const arch_frame_t *next = fastpath_reply_recv(server);
	return next ? next : take_long_way();
}

const arch_frame_t *kernel_syscall(void)
{
	tcb_t *caller = kernel.sched.current;
	if (caller->frame.eax == SYS_IPC_CALL)
		return take_call(caller);
	if (caller->frame.eax == SYS_IPC_REPLY_RECV)
		return take_reply_recv(caller);
	return take_long_way();
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

__attribute__((noinline)) static const arch_frame_t *choose(void)
{
	for (;;) {
		tcb_t *next = sched_choose();
		if (!work_pending()) {
			kernel.sched.settled = true;
			return &next->frame;
		}
		if (!kernel.work.helper)
			kernel.work.helper = next;
		if (kernel.work.helper != next)
			return &next->frame;
		work_run();
	}
}

const arch_frame_t *kernel_leave(void)
{
	return kernel.sched.settled ? &kernel.sched.current->frame : choose();
}
