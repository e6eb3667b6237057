/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications. */
#include "object/notification.h"

#include "abi/message.h"
#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/transfer.h"
#include "object/wait.h"

static uint32_t take_bits(notification_t *notification)
{
	uint32_t bits = notification->pending;
	notification->pending = 0;
	return bits;
}

static void give_as_message(tcb_t *tcb, uint32_t bits)
{
	transfer_registers(tcb, BADGE_NOTIFICATION, 0, bits, arch_tick_ms());
}

/* The bound thread, if it is receiving and what is signalled is for it. */
static tcb_t *bound_receiver(const notification_t *notification)
{
	tcb_t *bound = notification->queue.first ? NULL : notification->bound;
	return bound && bound->state == THREAD_RECEIVING ? bound : NULL;
}

void notification_signal(notification_t *notification, uint32_t bits)
{
	tcb_t *receiver = bound_receiver(notification);
	if (bits == 0)
		return;
	if (receiver) {
		endpoint_end_receiving(receiver);
		sched_ready(receiver);
		give_as_message(receiver, bits);
	} else if (notification->queue.first) {
		thread_wake_first(&notification->queue, bits);
	} else {
		notification->pending |= bits;
	}
}

bool notification_tell(notification_t *notification, uint32_t bits, uint32_t info)
{
	tcb_t *receiver = bound_receiver(notification);
	if (!bits || !receiver) {
		notification_signal(notification, bits);
		return false;
	}
	endpoint_end_receiving(receiver);
	sched_ready(receiver);
	transfer_plain(kernel.sched.current, receiver, BADGE_NOTIFICATION, info);
	frame_set_word(&receiver->frame, 2, bits);
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
	notification_t *notification = notification_pending(tcb);
	if (!notification)
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
