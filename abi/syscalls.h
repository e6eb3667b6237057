/* SPDX-License-Identifier: BSD-2-Clause */
/* The system-call table. Numbers, the kernel's dispatch table, libcap's stubs and the
 * check that each call has a page in docs/syscalls/ all come from it.
 *
 * Registers on entry:  eax number, ebx a0, esi a1, edi a2, ebp a3.
 * Registers on return: eax DRV_OK or DRV_E… (a handle where the call makes one),
 *                      ebx r0, esi r1, edi r2, ebp r3; ecx, edx undefined.
 * Where a call has no result, and where it fails, r0..r3 are what a0..a3 were. The entry
 * instruction is `int $0x80`, or, where CPUID says that the CPU has it, `sysenter` with the
 * return address in edx and the stack pointer in ecx; the arithmetic flags are then lost as
 * well. One of the two stands before the return address: a call may be made again. No call
 * takes a pointer: all that does not fit the registers is in the caller's message buffer
 * (abi/message.h), which the kernel reaches through its own mapping. */
#ifndef ABI_SYSCALLS_H
#define ABI_SYSCALLS_H

#include "abi/types.h"

/* X(number, NAME, handler, arguments, result) */
#define SYSCALLS(X)                                                                            \
	X(0, NULL, null, "", "nothing: the cost of entering the kernel")                       \
	X(1, CAP_ACQUIRE, cap_acquire, "type, scope0, scope1", "handle")                       \
	X(2, CAP_RELEASE, cap_release, "cap", "")                                              \
	X(3, CAP_PIO_RW, cap_pio_rw, "pio, op, value", "r0 value read")                        \
	X(4, CAP_IRQ_WAIT, cap_irq_wait, "irq, timeout_ms",                                    \
	  "r0 interrupts since the last wait")                                                 \
	X(5, CAP_MMIO_MAP, cap_mmio_map, "mmio, virt, pages", "")                              \
	X(6, CAP_MMIO_UNMAP, cap_mmio_unmap, "mmio", "")                                       \
	X(7, CAP_DERIVE, cap_derive, "cap, rights, scope0, scope1", "handle")                  \
	X(8, CAP_DELEGATE, cap_delegate, "cspace, cap, rights, badge",                         \
	  "handle in that cspace")                                                             \
	X(9, CAP_REVOKE, cap_revoke, "cap, limit", "")                                         \
	X(10, CAP_INFO, cap_info, "cap", "r0 type, r1 rights, r2 scope0, r3 scope1")           \
	X(11, CSPACE_LIST, cspace_list, "cspace, handle",                                      \
	  "r0 handle, r1 type and rights, r2 scope0, r3 scope1 of the next one")               \
	X(12, UNTYPED_RETYPE, untyped_retype, "untyped, type, size, cspace", "handle")         \
	X(13, VSPACE_MAP, vspace_map, "vspace, cap, virt, rights", "")                         \
	X(14, VSPACE_UNMAP, vspace_unmap, "cap", "")                                           \
	X(15, THREAD_BIND, thread_bind, "thread, what, cap, badge", "")                        \
	X(16, THREAD_SET, thread_set, "thread, what, value", "")                               \
	X(17, THREAD_RESUME, thread_resume, "thread", "")                                      \
	X(18, THREAD_SUSPEND, thread_suspend, "thread", "")                                    \
	X(19, THREAD_READ, thread_read, "thread", "registers in the message buffer")           \
	X(20, THREAD_WRITE, thread_write, "thread", "")                                        \
	X(21, THREAD_EXIT, thread_exit, "code", "does not return")                             \
	X(22, YIELD, yield, "", "")                                                            \
	X(23, IPC_SEND, ipc_send, "endpoint, info, word0, word1", "")                          \
	X(24, IPC_RECV, ipc_recv, "endpoint, reply, timeout_ms, irq",                          \
	  "r0 badge, r1 info, r2, r3 words")                                                   \
	X(25, IPC_CALL, ipc_call, "endpoint, info, word0, word1", "r1 info, r2, r3 words")     \
	X(26, IPC_REPLY, ipc_reply, "reply, info, word0, word1", "")                           \
	X(27, IPC_REPLY_RECV, ipc_reply_recv, "endpoint, info, word0, word1",                  \
	  "r0 badge, r1 info, r2, r3 words")                                                   \
	X(28, ENDPOINT_CANCEL, endpoint_cancel, "endpoint, mode, error", "")                   \
	X(29, NOTIFICATION_SIGNAL, notification_signal, "notification, bits", "")              \
	X(30, NOTIFICATION_WAIT, notification_wait, "notification, timeout_ms", "r0 bits")     \
	X(31, IRQ_BIND, irq_bind, "irq, notification, bits", "")                               \
	X(32, IRQ_ACK, irq_ack, "irq", "")                                                     \
	X(33, CLOCK, clock, "", "r0 low, r1 high word of microseconds since boot")             \
	X(34, AUDIT, audit, "audit", "abi/audit.h in the message buffer")                      \
	X(35, CAP_PIO_MAP, cap_pio_map, "pio", "")                                             \
	X(36, CAP_PIO_UNMAP, cap_pio_unmap, "pio", "")                                         \
	X(37, INSPECT, inspect, "cap", "r0 type, r1 number; abi/inspect.h in the buffer")      \
	X(38, CAP_PIO_KEEP, cap_pio_keep, "pio, op, frame, offset", "r0 value read")           \
	X(39, NOTIFICATION_TELL, notification_tell, "notification, info, bits, word1",         \
	  "r0 1: the message went along, or 0")                                                \
	X(40, TRACE, trace, "audit, untyped", "")

#define ABI_X_ENUM(number, NAME, handler, args, result) SYS_##NAME = (number),
enum syscall_number { SYSCALLS(ABI_X_ENUM) SYS_COUNT };
#undef ABI_X_ENUM

/* SYS_THREAD_BIND: which capability of the thread is set. `badge` is used by
 * BIND_FAULT alone: the badge under which the thread's faults arrive. */
enum thread_bind {
	BIND_CSPACE = 0,
	BIND_VSPACE = 1,
	BIND_BUFFER = 2,       /* a frame: the message buffer */
	BIND_FAULT = 3,	       /* an endpoint with write: where faults go */
	BIND_NOTIFICATION = 4, /* a notification with read: received together with messages */
	BIND_COUNT
};

/* SYS_THREAD_SET */
enum thread_attribute {
	THREAD_PRIORITY = 0, /* 0 (lowest) .. PRIORITY_MAX, at most the caller's own limit */
	THREAD_MAX_PRIORITY = 1, /* the highest that the thread may give; same bound */
	/* THREAD_BUDGET_MS(budget, period): who has run for `budget` ms of a period goes on at
	 * PRIORITY_SPENT until the next one begins, as with POSIX's SCHED_SPORADIC; less than a
	 * tick more is taken off the next one. 0: no limit. */
	THREAD_BUDGET = 2,
};
#define PRIORITY_MAX   31u
#define PRIORITY_SPENT 0u

/* Has the CPU `sysenter`? From what CPUID leaf 1 says in eax and edx. The Pentium Pro sets the
 * feature bit without having it: Intel SDM 2B, SYSENTER. */
#define CPU_HAS_SYSENTER(eax, edx)                                                             \
	(((edx)&0x800u) != 0 &&                                                                \
	 !(((eax) >> 8 & 15u) == 6 && ((eax) >> 4 & 15u) < 3 && ((eax)&15u) < 3))

/* 1 <= budget < period <= 65535, in milliseconds. */
#define THREAD_BUDGET_MS(budget, period) ((uint32_t)(budget) | ((uint32_t)(period) << 16))

/* SYS_ENDPOINT_CANCEL: every thread that waits to send, or sent a call that is still
 * queued, is woken with `error`. */
enum endpoint_cancel {
	CANCEL_WAITING = 0, /* those who wait */
	CANCEL_CLOSE = 1,   /* and all later ones, until reopened */
	CANCEL_REOPEN = 2,  /* accept again; wakes nobody, `error` must be 0 */
};

#endif
