/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on endpoints, reply objects and notifications. */
#include "cap/syscall.h"
#include "call.h"

static err_t exchange(uint32_t number, cap_t cap, const message_t *message, message_t *answer)
{
	uint32_t r[4] = {cap, message->info, message->word0, message->word1};
	err_t err = call_for4(number, r);
	if (err == DRV_OK)
		*answer = (message_t){r[0], r[1], r[2], r[3]};
	return err;
}

/* Not inlined: a driver does neither often, and its code is to be small. */
__attribute__((noinline)) static err_t hand_over(uint32_t number, cap_t cap,
						 const message_t *message)
{
	return call4(number, cap, message->info, message->word0, message->word1);
}

err_t ipc_send(cap_t endpoint, const message_t *message, uint32_t timeout_ms)
{
	message_buffer()->timeout_ms = timeout_ms;
	return hand_over(SYS_IPC_SEND, endpoint, message);
}

err_t ipc_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message)
{
	return exchange(SYS_IPC_RECV, endpoint,
			&(message_t){.info = reply, .word0 = timeout_ms}, message);
}

err_t ipc_receive_acking(cap_t endpoint, cap_t reply, uint32_t timeout_ms, cap_t irq,
			 message_t *message)
{
	message->info = reply;
	message->word0 = timeout_ms;
	message->word1 = irq;
	return exchange(SYS_IPC_RECV, endpoint, message, message);
}

err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms)
{
	message_buffer()->timeout_ms = timeout_ms;
	return exchange(SYS_IPC_CALL, endpoint, message, message);
}

err_t ipc_reply(cap_t reply, const message_t *message)
{
	return hand_over(SYS_IPC_REPLY, reply, message);
}

err_t ipc_reply_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message)
{
	message_buffer()->timeout_ms = timeout_ms;
	message_buffer()->reply = reply;
	return exchange(SYS_IPC_REPLY_RECV, endpoint, message, message);
}

err_t endpoint_cancel(cap_t endpoint, enum endpoint_cancel mode, err_t error)
{
	err_t err;
	do {
		err = endpoint_cancel_some(endpoint, mode, error);
	} while (err == DRV_EAGAIN);
	return err;
}

err_t endpoint_cancel_some(cap_t endpoint, enum endpoint_cancel mode, err_t error)
{
	return call3(SYS_ENDPOINT_CANCEL, endpoint, mode, (uint32_t)error);
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	return call2(SYS_NOTIFICATION_SIGNAL, notification, bits);
}

err_t notification_tell(cap_t notification, const message_t *message, bool *taken)
{
	uint32_t r[4] = {notification, message->info, message->word0, message->word1};
	err_t err = call_for4(SYS_NOTIFICATION_TELL, r);
	if (err == DRV_OK)
		*taken = r[0] != 0;
	return err;
}

err_t notification_wait(cap_t notification, uint32_t timeout_ms, uint32_t *bits)
{
	uint32_t r[2] = {notification, timeout_ms};
	err_t err = call_for2(SYS_NOTIFICATION_WAIT, r);
	if (err == DRV_OK)
		*bits = r[0];
	return err;
}
