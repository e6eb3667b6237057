/* SPDX-License-Identifier: BSD-2-Clause */
/* Two stacks of one thread: private.h says what these do. Arguments are in eax and edx
 * (-mregparm=3); a stack that is left has edi, esi, ebx, ebp and the return address on top. */
	.cfi_sections .debug_frame
	.text
	.globl fiber_make
	.type fiber_make, @function
fiber_make:
	.cfi_startproc
	movl $0, -4(%eax) /* where `entry`, which does not return, would */
	movl %edx, -8(%eax)
	movl $0, -12(%eax)
	leal -24(%eax), %eax
	ret
	.cfi_endproc
	.size fiber_make, . - fiber_make

	.globl fiber_switch
	.type fiber_switch, @function
fiber_switch:
	.cfi_startproc
	pushl %ebp
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebp, 0
	pushl %ebx
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebx, 0
	pushl %esi
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset esi, 0
	pushl %edi
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset edi, 0
	movl (%eax), %edx
	movl %esp, (%eax)
	movl %edx, %esp
	popl %edi
	.cfi_adjust_cfa_offset -4
	.cfi_restore edi
	popl %esi
	.cfi_adjust_cfa_offset -4
	.cfi_restore esi
	popl %ebx
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebx
	popl %ebp
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebp
	ret
	.cfi_endproc
	.size fiber_switch, . - fiber_switch
	.section .note.GNU-stack, "", @progbits
