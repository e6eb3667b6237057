/* SPDX-License-Identifier: BSD-2-Clause */
/* err_t sys_enter(uint32_t number, uint32_t registers[4]): abi/syscalls.h has the registers. */
	.text
	.globl sys_enter
	.type sys_enter, @function
sys_enter:
	pushl %ebx
	pushl %esi
	pushl %edi
	pushl %ebp
	movl 20(%esp), %eax
	movl 24(%esp), %ecx
	movl 0(%ecx), %ebx
	movl 4(%ecx), %esi
	movl 8(%ecx), %edi
	movl 12(%ecx), %ebp
	int $0x80
	movl 24(%esp), %ecx
	movl %ebx, 0(%ecx)
	movl %esi, 4(%ecx)
	movl %edi, 8(%ecx)
	movl %ebp, 12(%ecx)
	popl %ebp
	popl %edi
	popl %esi
	popl %ebx
	ret
	.size sys_enter, . - sys_enter
	.section .note.GNU-stack, "", @progbits
