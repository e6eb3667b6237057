/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply objects. */
#include "object/reply.h"

#include "abi/inspect.h"
#include "object/kernel.h"

void reply_end(uint32_t object)
{
	reply_t *reply = arch_pointer(object);
	if (reply->waiter)
		reply->waiter->offered = NULL;
	if (reply->caller) {
		work_note(thread_wake_cost(reply->caller));
		thread_abandon(reply->caller, DRV_EGONE);
	}
}

void reply_inspect(const slot_t *slot, void *words)
{
	const reply_t *reply = arch_pointer(slot->object);
	const tcb_t *caller = reply->caller;
	*(inspect_reply_t *)words =
	    (inspect_reply_t){.now_ms = kernel_now_ms(),
			      .tied = caller != NULL,
			      .since_ms = caller ? caller->since_ms : kernel_now_ms(),
			      .offered = reply->waiter != NULL};
}
