/* SPDX-License-Identifier: BSD-2-Clause */
/* From the boot loader to C. Multiboot 1 (specification 0.6.96, sections 3.1 and 3.2): a header
 * in the first 8 KiB, 32-bit protected mode, paging off, magic in eax, information in ebx.
 * Maps the first 16 MiB at 0 and at the kernel's base, goes there and drops the map at 0. */

#include "arch/i386/selectors.h"

#define MULTIBOOT_MAGIC 0x1badb002
#define MULTIBOOT_FLAGS 0x3 /* modules on page boundaries, memory information */
#define PRESENT_WRITE   0x3
#define EARLY_PAGES     4096
#define CR0_PG_WP       0x80010000
#define TSS_BYTES       104

	.section .boot.header, "a"
	.align 4
	.long MULTIBOOT_MAGIC
	.long MULTIBOOT_FLAGS
	.long -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

	.section .boot.text, "ax"
	.globl _start
_start:
	cli
	cld
	movl %eax, %esi
	movl $(boot_tables - KERNEL_BASE), %edi
	movl $PRESENT_WRITE, %eax
	movl $EARLY_PAGES, %ecx
1:	movl %eax, (%edi)
	addl $4, %edi
	addl $4096, %eax
	loop 1b
	movl $(boot_directory - KERNEL_BASE), %edi
	movl $(boot_tables - KERNEL_BASE + PRESENT_WRITE), %eax
	movl $4, %ecx
2:	movl %eax, (%edi)
	movl %eax, 768 * 4(%edi)
	addl $4, %edi
	addl $4096, %eax
	loop 2b
	movl $(boot_directory - KERNEL_BASE), %eax
	movl %eax, %cr3
	movl %cr0, %eax
	orl $CR0_PG_WP, %eax
	movl %eax, %cr0
	movl $3f, %eax
	jmp *%eax

	.text
3:	movl $boot_directory, %edi
	xorl %eax, %eax
	movl $4, %ecx
	rep stosl
	movl %cr3, %eax
	movl %eax, %cr3
	movl $kernel_stack_top, %esp
	movl %esi, %eax
	movl %ebx, %edx
	call kernel_main
4:	cli
	hlt
	jmp 4b

	.section .bss.pages, "aw", @nobits
	.balign 4096
	.globl main_tss, iobitmap_window, boot_directory, boot_tables, boot_spare_table
	.globl kernel_stack_guard, kernel_stack_top
boot_directory:
	.skip 4096
boot_tables:
	.skip 4 * 4096
boot_spare_table:
	.skip 4096
	.skip 4096 - TSS_BYTES
main_tss: /* ends with its page, so that the bitmap behind it lies in pages of its own */
	.skip TSS_BYTES
iobitmap_window:
	.skip 2 * 4096
	.skip 4096 /* the byte behind the bitmap */
kernel_stack_guard: /* unmapped: an overflow is a double fault, not a corruption */
	.skip 4096
	.skip 2 * 4096
kernel_stack_top:

	.section .note.GNU-stack, "", @progbits
