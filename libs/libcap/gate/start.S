/* SPDX-License-Identifier: BSD-2-Clause */
/* Where every process begins: prepares libcap, calls main() and exits with its value. */
	.text
	.globl _start
_start:
	xorl %ebp, %ebp
	call cap_start
	call main
	call thread_exit /* with main's value in eax, where -mregparm has an argument */
	.section .note.GNU-stack, "", @progbits
