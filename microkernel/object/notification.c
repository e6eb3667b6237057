/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications. */
#include "object/notification.h"

#include "abi/message.h"
#include "object/kernel.h"
#include "object/transfer.h"

static uint32_t take_bits(notification_t *notification)
{
	uint32_t bits = notification->pending;
	notification->pending = 0;
	return bits;
}

static void give_as_message(tcb_t *tcb, uint32_t bits)
{
	frame_set_result(&tcb->frame, DRV_OK);
	frame_set_word(&tcb->frame, 0, BADGE_NOTIFICATION);
	frame_set_word(&tcb->frame, 1, 0);
	frame_set_word(&tcb->frame, 2, bits);
	frame_set_word(&tcb->frame, 3, 0);
}

void notification_signal(notification_t *notification, uint32_t bits)
{
	tcb_t *bound = notification->bound;
	if (bits == 0)
		return;
	if (notification->queue.first) {
		thread_wake_first(&notification->queue, bits);
	} else if (bound && bound->state == THREAD_RECEIVING) {
		thread_wake(bound, DRV_OK);
		give_as_message(bound, bits);
	} else {
		notification->pending |= bits;
	}
}

bool notification_tell(notification_t *notification, uint32_t bits, uint32_t info)
{
	tcb_t *bound = notification->bound;
	bool receives =
	    bits && !notification->queue.first && bound && bound->state == THREAD_RECEIVING;
	notification_signal(notification, bits);
	if (!receives)
		return false;
	transfer_message(&(transfer_t){.from = kernel.sched.current,
				       .to = bound,
				       .info = info,
				       .badge = BADGE_NOTIFICATION});
	frame_set_word(&bound->frame, 2, bits);
	return true;
}

void notification_bind(notification_t *notification, tcb_t *tcb)
{
	notification->bound = tcb;
	/* It may be receiving already: then it gets what is pending as a new signal. */
	notification_signal(notification, take_bits(notification));
}

err_t notification_wait(slot_t *slot, uint32_t timeout_ms)
{
	notification_t *notification = arch_pointer(slot->object);
	if (notification->pending) {
		frame_set_word(&kernel.sched.current->frame, 0, take_bits(notification));
		return DRV_OK;
	}
	if (timeout_ms == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	thread_block(THREAD_WAITING, &notification->queue, slot, timeout_ms);
	return CALL_NO_RESULT;
}

bool notification_take_bound(tcb_t *tcb)
{
	const slot_t *slot = &tcb->slots[BIND_NOTIFICATION];
	if (slot->type != CAP_NOTIFICATION)
		return false;
	notification_t *notification = arch_pointer(slot->object);
	if (!notification->pending)
		return false;
	give_as_message(tcb, take_bits(notification));
	return true;
}

void notification_detach(slot_t *slot)
{
	notification_t *notification = arch_pointer(slot->object);
	if (slot->home == HOME_THREAD)
		notification->bound = NULL;
}
