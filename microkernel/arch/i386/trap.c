/* SPDX-License-Identifier: BSD-2-Clause */
/* What each vector means (Intel SDM 3A, chapter 6), the interrupt window, the halt, ports. */
#include "arch/i386/i386.h"

#include "abi/message.h"
#include "base/assert.h"
#include "base/print.h"

#define VECTOR_PAGE_FAULT 14u

static const uint16_t fault_labels[32] = {
    [0] = FAULT_ARITHMETIC,  [1] = FAULT_DEBUG,	      [3] = FAULT_DEBUG,
    [4] = FAULT_ARITHMETIC,  [5] = FAULT_ARITHMETIC,  [6] = FAULT_OPCODE,
    [7] = FAULT_FPU,	     [10] = FAULT_PROTECTION, [11] = FAULT_PROTECTION,
    [12] = FAULT_PROTECTION, [13] = FAULT_PROTECTION, [14] = FAULT_PAGE,
    [16] = FAULT_FPU,	     [17] = FAULT_ALIGNMENT,  [19] = FAULT_FPU,
};

/* Lines are those of the two controllers; a vector that they cannot have sent is nobody's. */
//@ assigns outside;
static void take_interrupt(uint32_t line)
{
	if (line >= IRQ_LINES || !pic_acknowledge(line)) {
		kernel_on_stray();
	} else if (line == TIMER_LINE) {
		pit_tick();
		kernel_on_tick();
	} else {
		kernel_on_interrupt(line);
	}
}

/*@ requires \valid_read(frame);
    assigns outside; */
static const arch_frame_t *take_trap(const arch_frame_t *frame)
{
	uint32_t vector = frame->vector;
	if (vector == SYSCALL_VECTOR)
		return kernel_syscall(frame->eax);
	if (vector >= IRQ_VECTOR)
		take_interrupt(vector - IRQ_VECTOR);
	else if (fault_labels[vector] == 0)
		panic("machine check or unknown exception");
	else
		kernel_on_fault(fault_labels[vector],
				vector == VECTOR_PAGE_FAULT ? read_cr2() : 0, frame->error);
	return kernel_leave();
}

/* Called by entry.S with the running thread's frame, whose end the TSS points to. */
const arch_frame_t *trap_from_user(void);
const arch_frame_t *trap_from_user(void)
{
	return take_trap((const arch_frame_t *)main_tss.esp0 - 1);
}

/* A trap in the kernel pushes no stack pointer: it was where esp is in a frame of user code. */
static void panic_at(const arch_frame_t *frame)
{
	print("kernel exception %u, error 0x%x, at 0x%x, cr2 0x%x\n", frame->vector,
	      frame->error, frame->eip, read_cr2());
	print("eax %x ebx %x ecx %x edx %x esi %x edi %x ebp %x esp %x\n", frame->eax,
	      frame->ebx, frame->ecx, frame->edx, frame->esi, frame->edi, frame->ebp,
	      (uint32_t)&frame->esp);
	panic("exception in the kernel");
}

/* Called by entry.S: in the interrupt window, while idle, or because of a kernel bug. */
void trap_in_kernel(const arch_frame_t *frame);
void trap_in_kernel(const arch_frame_t *frame)
{
	if (frame->vector >= IRQ_VECTOR)
		take_interrupt(frame->vector - IRQ_VECTOR);
	else
		panic_at(frame);
}

/* Called by entry.S for a tick that is taken in the interrupt window or, as nearly all of an
 * idle system's, while the processor is halted. */
void tick_in_kernel(void);
void tick_in_kernel(void)
{
	pic_acknowledge(TIMER_LINE);
	pit_tick();
	kernel_on_tick();
}

void arch_interrupt_window(void)
{
	interrupts_take();
}

uint32_t arch_port_read(uint16_t port, uint32_t width)
{
	return in_width(port, width);
}

void arch_port_write(uint16_t port, uint32_t width, uint32_t value)
{
	out_width(port, width, value);
}
