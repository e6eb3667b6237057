/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses, segment selectors, vectors and offsets, for C and assembly. */
#ifndef I386_SELECTORS_H
#define I386_SELECTORS_H

#define KERNEL_BASE 0xc0000000 /* what is at physical 0 there; kernel.ld says so, too */

#define KERNEL_CODE 0x08
#define KERNEL_DATA 0x10
#define USER_CODE   0x1b
#define USER_DATA   0x23
#define TSS_MAIN    0x28
#define TSS_DOUBLE  0x30
#define TSS_NMI	    0x38

#define IRQ_VECTOR	32  /* line n is vector 32 + n */
#define STRAY_VECTOR	48  /* all vectors above the lines: no device sends them */
#define SYSCALL_VECTOR	128 /* int $0x80 */
#define SYSENTER_VECTOR 129 /* not a vector: marks a frame that sysenter made */

#define EFLAGS_KERNEL	  0x0002
#define EFLAGS_FIXED	  0x0202 /* interrupts on; bit 1 reads as one */
#define EFLAGS_TRAP	  0x0100
#define EFLAGS_INTERRUPTS 0x0200

/* Offsets in arch_frame_t, checked in cpu.c. */
#define FRAME_VECTOR 32
#define FRAME_EIP    40
#define FRAME_ESP    52
#define FRAME_END    60

#define MACHINE_TRACE 8 /* in machine_t */

#endif
