/* SPDX-License-Identifier: BSD-2-Clause */
/* Invariants that no user action can break. A failed one is a kernel bug: it prints where
 * and stops the machine. */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

/* Prints the reason and the machine's state on the serial port and stops. */
/*@ assigns \nothing;
    exits \false;
    ensures \false; */
_Noreturn void panic(const char *reason);

#define KERNEL_TEXT(x) #x
#define KERNEL_LINE(x) KERNEL_TEXT(x)
#define kernel_assert(condition)                                                               \
	((condition) ? (void)0 : panic(__FILE__ ":" KERNEL_LINE(__LINE__) ": " #condition))

#endif
