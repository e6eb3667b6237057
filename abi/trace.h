/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel records after SYS_TRACE, in memory that no process has: its readers have the
 * machine itself, such as a debugger. For C and assembly.
 *
 * The memory is a ring of records of TRACE_RECORD bytes, each four words: the low word of the
 * time, in counts of the processor's time stamp counter or, where there is none, ticks of the
 * timer; who; what; the high word of the time. `who` is the address of the frame of the thread
 * that the record is of, whose lowest bits, which are zero, hold what happened:
 *   TRACE_LEAVES  the thread leaves the kernel. `what`: its eax, which is the result if it was
 *                 in a call
 *   TRACE_CALLS   it makes a call by sysenter. `what`: the number, of which it may not be one
 *   TRACE_TRAPS   an exception, an interrupt or `int $0x80` came while it ran. `what`: the
 *                 vector in the lowest byte and what fits of eax, the number of a call,
 *                 above
 *   TRACE_IDLE    an interrupt came in the kernel, mostly while the processor waited, which
 *                 is no thread's. `what`: as above */
#ifndef ABI_TRACE_H
#define ABI_TRACE_H

#define TRACE_LEAVES 0
#define TRACE_CALLS  1
#define TRACE_TRAPS  2
#define TRACE_IDLE   3

#define TRACE_RECORD 16 /* bytes */

#endif
