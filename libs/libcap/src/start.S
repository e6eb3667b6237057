/* SPDX-License-Identifier: BSD-2-Clause */
/* Where every process begins: prepares libcap, calls main() and exits with its value. */
	.text
	.globl _start
_start:
	xorl %ebp, %ebp
	call cap_start
	call main
	pushl %eax
	call thread_exit
	.section .note.GNU-stack, "", @progbits
