/* SPDX-License-Identifier: BSD-2-Clause */
/* Segment selectors and vectors, for C and assembly. */
#ifndef I386_SELECTORS_H
#define I386_SELECTORS_H

#define KERNEL_CODE 0x08
#define KERNEL_DATA 0x10
#define USER_CODE   0x1b
#define USER_DATA   0x23
#define TSS_MAIN    0x28
#define TSS_DOUBLE  0x30

#define IRQ_VECTOR     32 /* line n is vector 32 + n */
#define SYSCALL_VECTOR 128

#endif
