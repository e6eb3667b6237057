/* SPDX-License-Identifier: BSD-2-Clause */
/* Every way into the kernel and the one way out. A trap from user mode lands with the stack
 * pointer at the end of the running thread's frame (the TSS says so), so pushing fills the
 * frame; the kernel itself runs on its one stack and keeps nothing there between entries. */

#include "abi/trace.h"
#include "arch/i386/selectors.h"

/* With error=1, vectors for which the CPU pushes an error code: SDM 3A, table 6-1. An interrupt
 * of such a number pushes none. With one, the third word is a code segment, which has bit 3 set
 * here; without, it is the flags, whose bit 3 is always 0. */
	.macro VECTOR set trap number error=0
	.text
\set\()_\number:
	.if \error == 0
	pushl $0
	.else
	testb $8, 8(%esp)
	jnz 1f
	pushl $0
1:
	.endif
	pushl $\number
	jmp \trap
	.section .rodata
	.long \set\()_\number
	.endm

/* All of a set, in the order of their numbers; the last is for those that no device sends. */
	.macro VECTORS set trap
	.irp number, 0, 1, 2, 3, 4, 5, 6, 7
	VECTOR \set, \trap, \number
	.endr
	VECTOR \set, \trap, 8, 1
	VECTOR \set, \trap, 9
	.irp number, 10, 11, 12, 13, 14
	VECTOR \set, \trap, \number, 1
	.endr
	.irp number, 15, 16
	VECTOR \set, \trap, \number
	.endr
	VECTOR \set, \trap, 17, 1
	.irp number, 18, 19, 20
	VECTOR \set, \trap, \number
	.endr
	VECTOR \set, \trap, 21, 1
	.irp number, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	VECTOR \set, \trap, \number
	.endr
	.long \set\()_tick
	.irp number, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47
	VECTOR \set, \trap, \number
	.endr
	.long \set\()_stray

	.text
\set\()_stray:
	pushl $0
	pushl $STRAY_VECTOR
	jmp \trap
	.endm

	.section .rodata
	.globl trap_vectors
	.balign 4
trap_vectors:
	VECTORS vector, trap

/* The timer's, of line 0, which cannot be spurious. It comes a thousand times a second, most often
 * to a processor that does nothing else, so what the kernel has in place is left there. */
	.text
	.globl vector_tick
vector_tick:
	testb $3, 4(%esp)
	jnz 1f
	pushl %eax
	pushl %ecx
	pushl %edx
	call tick_in_kernel
	popl %edx
	popl %ecx
	popl %eax
	iret
1:
	pushl $0
	pushl $IRQ_VECTOR
	jmp trap

/* #DB comes from the kernel only if a user set the trap flag and then executed sysenter, which
 * leaves it set: the flag is dropped. At that point the stack may have room for the CPU's three
 * words only, so nothing else is pushed. NMI has a stack of its own for the same reason. */
	.text
	.globl vector_debug_checked
vector_debug_checked:
	testb $3, 4(%esp)
	jnz vector_1
	andl $~EFLAGS_TRAP, 8(%esp)
	iret

/* An NMI is a change of task, which sets CR0.TS: SDM 3A, 7.3. If one comes while the kernel zeroes
 * memory, its next store with a register of SSE faults and comes here: the flag is cleared, and
 * the store is made again. */
	.globl vector_fpu_checked
vector_fpu_checked:
	testb $3, 4(%esp)
	jnz vector_7
	clts
	iret

/* The fast way in: sysenter loads the stack pointer with the address of the TSS field that holds
 * the end of the running thread's frame. Return address in edx, stack in ecx, as
 * abi/syscalls.h says. Segments and flags are not stored: for a frame with this vector they are
 * known (arch_frame_restart(), arch_frame_get()). The number is still in eax. */
	.macro SAVE_SYSENTER
	movl (%esp), %esp
	movl %ecx, (FRAME_ESP - FRAME_END)(%esp)
	movl %edx, (FRAME_EIP - FRAME_END)(%esp)
	subl $(FRAME_END - FRAME_VECTOR), %esp
	movl $SYSENTER_VECTOR, (%esp)
	pushal
	.endm

	.macro ENTER_BY_SYSENTER
	movl $kernel_stack_top, %esp
	pushl $EFLAGS_KERNEL /* sysenter keeps the user's flags but IF */
	popfl
	movl $USER_DATA, %ecx
	movl %ecx, %ds
	movl %ecx, %es
	.endm

	.globl vector_sysenter
vector_sysenter:
	SAVE_SYSENTER
	ENTER_BY_SYSENTER
	call kernel_syscall

/* eax: the frame. A thread that came by sysenter expects ecx and edx to be lost and goes the
 * short way; everything else is restored exactly. */
leave:
	cmpl $SYSENTER_VECTOR, FRAME_VECTOR(%eax)
	jne leave_exactly
	movl %eax, %esp
	popal
	movl (FRAME_EIP - FRAME_VECTOR)(%esp), %edx
	movl (FRAME_ESP - FRAME_VECTOR)(%esp), %ecx
	sti /* takes effect after the next instruction */
	.globl held_back_leave
held_back_leave: /* on a stack that is a frame: see hold_back_again() */
	sysexit
leave_exactly:
	movl %eax, %esp
	popal
	addl $8, %esp /* vector, error */
	iret

	.macro ENTER_BY_TRAP
	movl $kernel_stack_top, %esp
	movl $USER_DATA, %eax /* flat, and good for the kernel as well */
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %fs
	movl %eax, %gs
	pushl $EFLAGS_KERNEL /* nothing of the user's flags: DF, AC */
	popfl
	.endm

	.globl vector_syscall
vector_syscall:
	pushl $0
	pushl $SYSCALL_VECTOR
trap:
	testb $3, 12(%esp) /* the interrupted code segment's privilege level */
	jz trap_from_kernel
	pushal
	ENTER_BY_TRAP
	call trap_from_user
	jmp leave

trap_from_kernel:
	pushal
	movl $USER_DATA, %eax
	movl %eax, %ds
	movl %eax, %es
	cld
	movl %esp, %eax
	call trap_in_kernel
	popal
	addl $8, %esp
	iret

/* -- The same ways in and out, recorded: abi/trace.h. arch_trace() puts them in place. -------- */

	.section .rodata
	.globl traced_vectors
	.balign 4
traced_vectors:
	VECTORS traced, trace

	.text
traced_tick:
	pushl $0
	pushl $IRQ_VECTOR
	jmp trace

/* ebx: who; esi: what; machine.trace_at, trace_mask and trace_base: where. Changes eax, edx and edi. The time is read as by read_tsc(). */
	.macro RECORD
	movl machine + MACHINE_TRACE, %edi
	addl $TRACE_RECORD, machine + MACHINE_TRACE
	andl machine + MACHINE_TRACE + 4, %edi
	addl machine + MACHINE_TRACE + 8, %edi
.Ltsc\@:
	.byte 0x3e, 0x3e, 0x3e
	rdtsc
	.pushsection .tsc_reads, "a"
	.long .Ltsc\@
	.popsection
	movl %eax, (%edi)
	movl %ebx, 4(%edi)
	movl %esi, 8(%edi)
	movl %edx, 12(%edi)
	.endm

	.globl traced_sysenter
traced_sysenter:
	SAVE_SYSENTER
	leal TRACE_CALLS(%esp), %ebx
	movl %eax, %esi
	ENTER_BY_SYSENTER
	RECORD
	movl %esi, %eax
	call kernel_syscall

leave_traced:
	movl %eax, %ebx
	movl (FRAME_VECTOR - 4)(%eax), %esi
	RECORD
	movl %ebx, %eax
	jmp leave

	.globl traced_syscall
traced_syscall:
	pushl $0
	pushl $SYSCALL_VECTOR
trace:
	pushal
	movl %eax, %esi
	shll $8, %esi
	orl FRAME_VECTOR(%esp), %esi
	testb $3, (FRAME_EIP + 4)(%esp)
	jz trace_in_kernel
	leal TRACE_TRAPS(%esp), %ebx
	ENTER_BY_TRAP
	RECORD
	call trap_from_user
	jmp leave_traced

trace_in_kernel:
	leal TRACE_IDLE(%esp), %ebx
	movl $USER_DATA, %eax
	movl %eax, %ds
	RECORD
	popal
	jmp trap_from_kernel

	.globl arch_enter
arch_enter:
	movl $USER_DATA, %ecx
	movl %ecx, %ds
	movl %ecx, %es
	movl %ecx, %fs
	movl %ecx, %gs
	jmp leave

/* An interrupt between sti and hlt is held back by the CPU until hlt has begun. */
	.globl arch_idle
arch_idle:
	sti
	.globl held_back_idle
held_back_idle:
	hlt
	cli
	ret

/* Called where read_tsc() finds no counter, from the middle of C code, so it may change edx and eax
 * only. */
	.globl read_ticks
read_ticks:
	movl machine, %eax
	movl machine + 4, %edx
	ret

	.section .note.GNU-stack, "", @progbits
