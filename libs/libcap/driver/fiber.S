/* SPDX-License-Identifier: BSD-2-Clause */
/* Two stacks of one thread: private.h says what these do. Arguments are in eax and edx
 * (-mregparm=3); a stack that is left has edi, esi, ebx, ebp and the return address on top. */
	.text
	.globl fiber_make
fiber_make:
	movl $0, -4(%eax) /* where `entry`, which does not return, would */
	movl %edx, -8(%eax)
	movl $0, -12(%eax)
	leal -24(%eax), %eax
	ret

	.globl fiber_switch
fiber_switch:
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl (%eax), %edx
	movl %esp, (%eax)
	movl %edx, %esp
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	ret
	.section .note.GNU-stack, "", @progbits
