/* SPDX-License-Identifier: BSD-2-Clause */
/* System-call handlers. Each has the same signature: the caller, whose registers hold the
 * arguments, and the result: an error, a handle, or CALL_NO_RESULT or CALL_AGAIN of
 * object/thread.h. A handler first checks everything and changes nothing, then commits and
 * cannot fail. What each call does, needs and answers is in docs/syscalls/. */
#ifndef SYSCALL_SYSCALL_H
#define SYSCALL_SYSCALL_H

#include "abi/syscalls.h"
#include "object/irq.h"
#include "object/thread.h"

/* Argument a0, a1, a2 or a3. */
static inline uint32_t arg(const tcb_t *caller, uint32_t number)
{
	return frame_word(&caller->frame, number);
}

/* Success with results r0..r3. */
static inline err_t answer(tcb_t *caller, uint32_t r0, uint32_t r1, uint32_t r2, uint32_t r3)
{
	frame_set_word(&caller->frame, 0, r0);
	frame_set_word(&caller->frame, 1, r1);
	frame_set_word(&caller->frame, 2, r2);
	frame_set_word(&caller->frame, 3, r3);
	return DRV_OK;
}

#define SYSCALL_DECLARE(number, NAME, handler, args, result) err_t sys_##handler(tcb_t *caller);
SYSCALLS(SYSCALL_DECLARE)
#undef SYSCALL_DECLARE

/* Why a search that came to `slot` failed. */
err_t find_failed(const slot_t *slot, cap_t handle, uint32_t type);

/* The slot that a handle of the caller names. DRV_EBADCAP: none; DRV_EINVAL: of another
 * type; DRV_EPERM: without one of the rights. On failure *slot is not to be used. */
static inline err_t find_cap(const tcb_t *caller, cap_t handle, uint32_t type, uint32_t rights,
			     slot_t **slot)
{
	slot_t *found = cspace_slot(caller->cspace, handle & caller->cspace->mask);
	*slot = found;
	if (found->name != handle || found->type != type || !slot_allows(found, rights))
		return find_failed(found, handle, type);
	return DRV_OK;
}

/* The same for any type and rights. */
static inline err_t find_any(const tcb_t *caller, cap_t handle, slot_t **slot)
{
	*slot = cspace_lookup(caller->cspace, handle);
	return *slot ? DRV_OK : DRV_EBADCAP;
}

/* The cspace into which a new capability goes: the caller's own for CAP_NULL.
 * DRV_ENOMEM: it is full. */
err_t find_target(tcb_t *caller, cap_t handle, cspace_t **cspace);

/* Acknowledges the interrupt of a line that the caller's handle names: SYS_IRQ_ACK. */
static inline err_t acknowledge(const tcb_t *caller, cap_t irq)
{
	slot_t *slot;
	err_t err = find_cap(caller, irq, CAP_IRQ, RIGHT_READ, &slot);
	return err ? err : irq_acknowledge(slot);
}

/* Does the system call with this number for the current thread, whose registers hold the
 * rest. */
void syscall_handle(uint32_t number);

#endif
