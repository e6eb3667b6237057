/* SPDX-License-Identifier: BSD-2-Clause */
/* See gate.h. Nothing between entry and gate_back uses the stack after it was given away. */
	.macro BEGIN name
	.globl \name
\name:
	pushal
	pushfl
	movl %esp, saved
	movl gate + 4, %ebx
	movl gate + 8, %esi
	movl gate + 12, %edi
	movl gate + 16, %ebp
	movl gate + 20, %ecx
	movl gate + 24, %edx
	movl gate, %eax
	.endm

	.text
	BEGIN gate_int
	pushl gate + 28
	popfl
	int $0x80
	jmp gate_back

	BEGIN gate_lost
	movl gate + 32, %esp
	int $0x80
	jmp gate_back

	BEGIN gate_null
	pushl $0
	pushl $1
	pushl $2
	pushl $3
	popl %ds
	popl %es
	popl %fs
	popl %gs
	int $0x80
	jmp gate_back

	BEGIN gate_sysenter
	pushl gate + 28
	popfl
	sysenter

	.globl gate_back
gate_back:
	movl saved, %esp
	movl %eax, gate
	popfl
	popal
	ret

	.bss
	.balign 4
	.globl gate
gate:
	.skip 36
saved:
	.skip 4
	.section .note.GNU-stack, "", @progbits
