/* SPDX-License-Identifier: BSD-2-Clause */
/* Where every process begins: prepares libcap, calls main() and exits with its value. */
	.cfi_sections .debug_frame
	.text
	.globl _start
	.type _start, @function
_start:
	.cfi_startproc
	.cfi_undefined eip /* nobody called it: a backtrace ends here */
	xorl %ebp, %ebp
	call cap_start
	call main
	call thread_exit /* with main's value in eax, where -mregparm has an argument */
	.cfi_endproc
	.size _start, . - _start
	.section .note.GNU-stack, "", @progbits
