/* SPDX-License-Identifier: BSD-2-Clause */
/* Reply objects. */
#include "object/reply.h"

bool reply_destroy_step(uint32_t object)
{
	reply_t *reply = arch_pointer(object);
	if (reply->waiter)
		reply->waiter->offered = NULL;
	if (reply->caller)
		thread_abandon(reply->caller, DRV_EGONE);
	return true;
}
