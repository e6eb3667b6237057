/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on endpoints, reply objects and notifications. */
#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "syscall/syscall.h"

/* Waiters that one pass of a cancellation wakes before interrupts are taken. */
#define CANCEL_BATCH 16u

static err_t check_info(syscall_t *call, uint32_t info)
{
	if (MSG_WORD_COUNT(info) > MSG_WORDS || MSG_CAP_COUNT(info) > MSG_CAPS)
		return DRV_EMSGSIZE;
	if (MSG_LABEL(info) >= MSG_LABEL_KERNEL)
		return DRV_EPERM;
	return thread_buffer(call->caller) ? DRV_OK : DRV_EFAULT;
}

static err_t send(syscall_t *call, thread_message_t message)
{
	uint32_t info = call->arg[1];
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_ENDPOINT, RIGHT_WRITE, &slot);
	if (!err)
		err = check_info(call, info);
	if (err)
		return err;
	uint32_t timeout_ms = thread_buffer(call->caller)->timeout_ms;
	return endpoint_send(slot, message, info, timeout_ms, &call->settled);
}

err_t sys_ipc_send(syscall_t *call)
{
	return send(call, MESSAGE_SEND);
}

err_t sys_ipc_call(syscall_t *call)
{
	return send(call, MESSAGE_CALL);
}

/* A reply object that is free to be offered. */
static err_t find_reply(syscall_t *call, cap_t handle, reply_t **reply)
{
	slot_t *slot;
	err_t err = find_cap(call, handle, CAP_REPLY, RIGHT_WRITE, &slot);
	if (err)
		return err;
	*reply = arch_pointer(slot->object);
	return DRV_OK;
}

static err_t receive(syscall_t *call, slot_t *endpoint, reply_t *reply, uint32_t timeout_ms)
{
	bool blocked = false;
	err_t err = endpoint_receive(endpoint, reply, timeout_ms, &blocked, &call->restart);
	call->settled = blocked || err == DRV_OK;
	return err;
}

err_t sys_ipc_recv(syscall_t *call)
{
	slot_t *endpoint;
	reply_t *reply = NULL;
	err_t err = find_cap(call, call->arg[0], CAP_ENDPOINT, RIGHT_READ, &endpoint);
	if (!err && call->arg[1] != CAP_NULL)
		err = find_reply(call, call->arg[1], &reply);
	if (err)
		return err;
	if (!thread_buffer(call->caller))
		return DRV_EFAULT;
	if (reply && (reply->caller || reply->waiter))
		return DRV_EBUSY;
	return receive(call, endpoint, reply, call->arg[2]);
}

err_t sys_ipc_reply(syscall_t *call)
{
	reply_t *reply;
	err_t err = find_reply(call, call->arg[0], &reply);
	if (!err)
		err = check_info(call, call->arg[1]);
	if (err)
		return err;
	return endpoint_reply(reply, call->arg[1]);
}

err_t sys_ipc_reply_recv(syscall_t *call)
{
	slot_t *endpoint;
	reply_t *reply;
	err_t err = find_cap(call, call->arg[0], CAP_ENDPOINT, RIGHT_READ, &endpoint);
	if (!err)
		err = check_info(call, call->arg[1]);
	if (err)
		return err;
	const message_buffer_t *buffer = thread_buffer(call->caller);
	uint32_t timeout_ms = buffer->timeout_ms;
	err = find_reply(call, buffer->reply, &reply);
	if (err)
		return err;
	if (reply->waiter)
		return DRV_EBUSY;
	err = endpoint_reply(reply, call->arg[1]);
	/* A client that gave up is not the server's trouble. */
	if (err && err != DRV_EGONE)
		return err;
	return receive(call, endpoint, reply, timeout_ms);
}

/* Is it an error that a waiter may be told? */
static bool is_error(uint32_t value)
{
	return (int32_t)value < -1 && (int32_t)value >= DRV_ERROR_LAST;
}

err_t sys_endpoint_cancel(syscall_t *call)
{
	uint32_t mode = call->arg[1], error = call->arg[2];
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_ENDPOINT, RIGHT_READ, &slot);
	if (err)
		return err;
	if (mode > CANCEL_REOPEN || (mode == CANCEL_REOPEN ? error != 0 : !is_error(error)))
		return DRV_EINVAL;
	endpoint_t *endpoint = arch_pointer(slot->object);
	if (mode != CANCEL_WAITING)
		endpoint->closed = (err_t)error;
	if (mode == CANCEL_REOPEN)
		return DRV_OK;
	for (uint32_t woken = 0; endpoint_cancel_one(endpoint, (err_t)error); woken++) {
		if (woken < CANCEL_BATCH)
			continue;
		call->restart = true;
		return DRV_OK;
	}
	return DRV_OK;
}

err_t sys_notification_signal(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_NOTIFICATION, RIGHT_WRITE, &slot);
	if (err)
		return err;
	/* A badged capability can set its own bits only. */
	uint32_t bits = slot->extra ? slot->extra : call->arg[1];
	notification_signal(arch_pointer(slot->object), bits);
	return DRV_OK;
}

err_t sys_notification_wait(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_NOTIFICATION, RIGHT_READ, &slot);
	if (err)
		return err;
	bool blocked = false;
	err = notification_wait(slot, call->arg[1], &blocked);
	call->settled = blocked || err == DRV_OK;
	return err;
}
