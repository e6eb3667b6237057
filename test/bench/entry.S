/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the boot loader enters the benchmark's image: notes the time-stamp counter in memory
 * that the kernel never touches, then goes on as the kernel itself would. It is no part of the
 * measured kernel. The note lies behind the visible cells of the VGA text buffer, which the
 * root task can map (guest/bench.h). */
#include "guest/note.h"

	.section .boot.text, "ax"
	.globl bench_start
bench_start:
	movl %eax, %esi
	rdtsc
	movl %eax, VIDEO_PHYSICAL + ENTRY_NOTE
	movl %edx, VIDEO_PHYSICAL + ENTRY_NOTE + 4
	movl %esi, %eax
	jmp _start

	.section .note.GNU-stack, "", @progbits
