/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the kernel's image lies in the model's memory: what boot.S and kernel.ld say on the real
 * machine. All of it is in the arena of memory.c, at the addresses that the kernel itself has. */
	.macro PLACE name address
	.globl \name
	.set \name, \address
	.endm

	PLACE kernel_image_start, 0x00100000
	PLACE kernel_readonly_start, 0xc0101000
	PLACE vector_syscall, 0xc0101100
	PLACE vector_sysenter, 0xc0101200
	PLACE traced_syscall, 0xc0101180
	PLACE traced_sysenter, 0xc0101280
	PLACE vector_debug_checked, 0xc0101300
	PLACE vector_fpu_checked, 0xc0101380
	PLACE held_back_leave, 0xc0101401
	PLACE held_back_idle, 0xc0101501
	PLACE read_ticks, 0xc0101580
	PLACE tsc_reads, 0xc0101600
	PLACE tsc_reads_end, 0xc010160c
	PLACE kernel_readonly_end, 0xc0109000
	PLACE boot_directory, 0xc0110000
	PLACE boot_tables, 0xc0111000
	PLACE main_tss, 0xc0115f98 /* 104 bytes before the next page */
	PLACE iobitmap_window, 0xc0116000
	PLACE kernel_stack_guard, 0xc0119000
	PLACE kernel_stack_top, 0xc011c000
	PLACE boot_spare_table, 0xc011c000
	PLACE kernel_image_end, 0xc011d000

	.section .note.GNU-stack, "", @progbits
