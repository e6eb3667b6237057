/* SPDX-License-Identifier: BSD-2-Clause */
/* System-call handlers. Each has the same signature: arguments in, a result out. A handler
 * first checks everything and changes nothing, then commits and cannot fail. What each
 * call does, needs and answers is in docs/syscalls/. */
#ifndef SYSCALL_SYSCALL_H
#define SYSCALL_SYSCALL_H

#include "abi/syscalls.h"
#include "object/thread.h"

typedef struct syscall {
	tcb_t *caller;
	uint32_t arg[4];
	uint32_t result[4]; /* r0..r3, zero on entry */
	bool settled;	    /* the caller is blocked, or its registers are set already */
	bool restart;	    /* interrupted at a safe place: do it again */
} syscall_t;

#define SYSCALL_DECLARE(number, NAME, handler, args, result)                                   \
	err_t sys_##handler(syscall_t *call);
SYSCALLS(SYSCALL_DECLARE)
#undef SYSCALL_DECLARE

/* The slot that a handle of the caller names. DRV_EBADCAP: none; DRV_EINVAL: of another
 * type; DRV_EPERM: without one of the rights. */
err_t find_cap(syscall_t *call, cap_t handle, uint32_t type, uint32_t rights, slot_t **slot);

/* The same for any type and rights. */
err_t find_any(syscall_t *call, cap_t handle, slot_t **slot);

/* The cspace into which a new capability goes: the caller's own for CAP_NULL.
 * DRV_ENOMEM: it is full. */
err_t find_target(syscall_t *call, cap_t handle, cspace_t **cspace);

/* Does what the current thread's registers ask for. Kept out of the fast path's way. */
__attribute__((noinline)) void syscall_handle(void);

#endif
