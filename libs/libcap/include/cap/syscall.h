/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls, one function each. docs/syscalls/ has a page for every one with its errors.
 * Functions that make a capability return its handle (> 0) or DRV_E… (< 0); the others return
 * DRV_OK or DRV_E…. Out-parameters are untouched on failure. In a driver, every failing call
 * also leaves its error in DriverContextV2.last_error. */
#ifndef CAP_SYSCALL_H
#define CAP_SYSCALL_H

#include <stdbool.h>

#include "abi/audit.h"
#include "abi/boot.h"
#include "abi/cap.h"
#include "abi/driver_errno.h"
#include "abi/message.h"
#include "abi/syscalls.h"

/* Enters the kernel: `registers` are a0..a3 in and r0..r3 out. */
err_t sys_enter(uint32_t number, uint32_t registers[4]);

/* The calling thread's message buffer. All processes have it at the same address. */
#define MESSAGE_BUFFER ROOT_BUFFER
static inline message_buffer_t *message_buffer(void)
{
	return (message_buffer_t *)MESSAGE_BUFFER;
}

/* Where failing calls leave their error; null (the start) for nowhere. */
void cap_record_errors(int32_t *last_error);

/* Leaves the error of a failing call there, and answers it. Every failing call goes through
 * this: the kernel's, and those that libcap refuses by itself. */
__attribute__((cold)) err_t cap_failed(err_t error);
static inline int32_t cap_noted(int32_t result)
{
	return result < 0 ? cap_failed(result) : result;
}

/* -- Capabilities ----------------------------------------------------------------------- */
typedef struct cap_info {
	uint32_t type, rights, scope0, scope1;
} cap_info_t;

int32_t cap_acquire(uint32_t type, uint32_t scope0, uint32_t scope1);

/* Gives up a capability and takes apart what goes with it, in as many system calls as that
 * takes. Of a capability that somebody sent, the sender decides how many. DRV_EBADCAP also for
 * CAP_NULL. */
err_t cap_release(cap_t cap);

/* The same in one system call of bounded length. DRV_EAGAIN: the handle is gone, and something
 * is left; with CAP_NULL a further call goes on with that. It need not be gone on with: it goes
 * when the memory that it is in is revoked. So this is how to release what others sent. */
__attribute__((cold)) err_t cap_release_some(cap_t cap);

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1);
int32_t cap_delegate(cap_t cspace, cap_t cap, uint32_t rights, uint32_t badge);
err_t cap_revoke(cap_t cap);

/* The same in at most `limit` steps (0: all); DRV_EAGAIN: there is more, call again. */
err_t cap_revoke_some(cap_t cap, uint32_t limit);
err_t cap_get_info(cap_t cap, cap_info_t *info);

/* The next capability of a cspace behind the one that *handle names (CAP_NULL: the first); sets
 * *handle to its name there. DRV_ENOENT: there is none. */
err_t cspace_list(cap_t cspace, cap_t *handle, cap_info_t *info);

/* What the kernel knows of an object: `size` bytes of the structure of abi/inspect.h for the
 * type, and the object's number; either may be null. Needs RIGHT_INSPECT (DRV_EPERM). */
err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size);

/* -- Memory ----------------------------------------------------------------------------- */

/* Makes one object; `size` is as RETYPE_SIZE(), RETYPE_STALE and RETYPE_LIMIT() make it;
 * `cspace` CAP_NULL: the handle is the caller's. */
int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t size, cap_t cspace);
err_t vspace_map(cap_t vspace, cap_t cap, uint32_t virt, uint32_t rights);
err_t vspace_unmap(cap_t cap);
err_t cap_mmio_map(cap_t cap, uint32_t virt, uint32_t pages);
err_t cap_mmio_unmap(cap_t cap);

/* Maps a whole range of any size; beyond MMIO_MAP_PAGES through parts that it acquires. */
err_t cap_mmio_map_all(cap_t cap, uint32_t virt);

/* -- Threads ---------------------------------------------------------------------------- */
err_t thread_bind(cap_t thread, enum thread_bind what, cap_t cap, uint32_t badge);
err_t thread_set(cap_t thread, enum thread_attribute what, uint32_t value);
err_t thread_resume(cap_t thread);
err_t thread_suspend(cap_t thread);
err_t thread_read(cap_t thread, thread_registers_t *registers);
err_t thread_write(cap_t thread, const thread_registers_t *registers);
_Noreturn void thread_exit(uint32_t code);
void thread_yield(void);

/* -- Messages --------------------------------------------------------------------------- */

/* A message without its buffer part: words 2.. and capabilities are in message_buffer(). */
typedef struct message {
	uint32_t badge; /* received only */
	uint32_t info;	/* MSG_INFO */
	uint32_t word0, word1;
} message_t;

/* Clears what follows the last of `bytes` bytes of data in its word. Whole words travel: the
 * rest of it would be of an earlier message, and of somebody else. */
static inline void message_trim(uint32_t *data, uint32_t bytes)
{
	uint32_t used = bytes % 4;
	if (used)
		data[bytes / 4] &= (1u << (8 * used)) - 1;
}

err_t ipc_send(cap_t endpoint, const message_t *message, uint32_t timeout_ms);

/* DRV_EAGAIN: it refused some queued senders, nothing was received, and others wait: receive
 * again. It comes whatever the time limit is. */
err_t ipc_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message);

/* The same, and before it waits acknowledges an interrupt as irq_ack(irq) does; CAP_NULL: none.
 * Errors of irq_ack() come before anything is done. What was in *message is lost, also where
 * nothing is received. A kernel before ABI 2.5 acknowledges nothing. */
err_t ipc_receive_acking(cap_t endpoint, cap_t reply, uint32_t timeout_ms, cap_t irq,
			 message_t *message);

/* Sends *message and waits for the answer, which replaces it. */
err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms);
err_t ipc_reply(cap_t reply, const message_t *message);

/* Answers with *message, then receives into it. DRV_ETIMEDOUT, and DRV_EAGAIN as above: the
 * answer is given, so go on with ipc_receive(). */
err_t ipc_reply_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message);

/* Wakes all who wait to send, in as many system calls as that takes. */
err_t endpoint_cancel(cap_t endpoint, enum endpoint_cancel mode, err_t error);

/* The same in one system call of bounded length. DRV_EAGAIN: some still wait, call again. */
err_t endpoint_cancel_some(cap_t endpoint, enum endpoint_cancel mode, err_t error);

err_t notification_signal(cap_t notification, uint32_t bits);

/* Signals the bits in word 0, and where a thread that receives gets them, *message goes along.
 * *taken: it did. Capabilities cannot (DRV_EMSGSIZE). */
err_t notification_tell(cap_t notification, const message_t *message, bool *taken);
err_t notification_wait(cap_t notification, uint32_t timeout_ms, uint32_t *bits);

/* -- Devices ---------------------------------------------------------------------------- */
err_t cap_pio_read8(cap_t cap, uint16_t port, uint8_t *value);
err_t cap_pio_read16(cap_t cap, uint16_t port, uint16_t *value);
err_t cap_pio_read32(cap_t cap, uint16_t port, uint32_t *value);
err_t cap_pio_write8(cap_t cap, uint16_t port, uint8_t value);
err_t cap_pio_write16(cap_t cap, uint16_t port, uint16_t value);
err_t cap_pio_write32(cap_t cap, uint16_t port, uint32_t value);

/* Opens a range for native `in` and `out` in the caller's address space, which must have an I/O
 * bitmap (DRV_ENOTABLE: a driver gets one with its first port range), or closes it again. */
err_t cap_pio_map(cap_t cap);
err_t cap_pio_unmap(cap_t cap);

/* One access by the processor itself to a port that cap_pio_map() opened; to any other it is a
 * fault. */
uint8_t port_in8(uint16_t port);
void port_out8(uint16_t port, uint8_t value);

/* Reads a port and leaves value and count at `offset`, a multiple of 8, of a frame: pio_kept_t
 * of abi/cap.h. Nothing comes between the read and the store. */
err_t cap_pio_keep8(cap_t cap, uint16_t port, cap_t frame, uint32_t offset, uint8_t *value);

/* `count`: interrupts since the last wait; may be null. */
err_t cap_irq_wait(cap_t cap, uint32_t timeout_ms, uint32_t *count);
err_t irq_bind(cap_t cap, cap_t notification, uint32_t bits);
err_t irq_ack(cap_t cap);

/* -- System ----------------------------------------------------------------------------- */

/* Microseconds since boot. */
uint64_t clock_us(void);

/* Milliseconds since boot; wraps after 49 days. */
uint32_t clock_ms(void);

/* The kernel's counters, through a capability for them. */
err_t audit_read(cap_t audit, audit_report_t *report);

/* Has all calls, traps and interrupts recorded from now on (abi/trace.h), through a capability
 * for the counters with `write`, in the memory of an untyped, which is lost for ever.
 * DRV_EBADCAP, DRV_EPERM; DRV_EEXIST: they are already; DRV_EINVAL: another type, or memory
 * that is derived from other, or of which something was made. */
err_t trace_calls(cap_t audit, cap_t untyped);

#endif
