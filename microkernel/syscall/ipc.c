/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on endpoints, reply objects and notifications. */
#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "object/transfer.h"
#include "syscall/fastpath.h"
#include "syscall/syscall.h"

static err_t check_info(tcb_t *caller, uint32_t info)
{
	if (MSG_WORD_COUNT(info) > MSG_WORDS || MSG_CAP_COUNT(info) > MSG_CAPS)
		return DRV_EMSGSIZE;
	if (MSG_LABEL(info) >= MSG_LABEL_KERNEL)
		return DRV_EPERM;
	return caller->buffer ? DRV_OK : DRV_EFAULT;
}

static err_t send(tcb_t *caller, thread_message_t message)
{
	uint32_t info = arg(caller, 1);
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_ENDPOINT, RIGHT_WRITE, &slot);
	if (!err)
		err = check_info(caller, info);
	if (err)
		return err;
	uint32_t timeout_ms = caller->buffer->timeout_ms;
	return endpoint_send(slot, message, info, timeout_ms);
}

err_t sys_ipc_send(tcb_t *caller)
{
	return send(caller, MESSAGE_SEND);
}

err_t sys_ipc_call(tcb_t *caller)
{
	return fastpath_call(caller) ? CALL_NO_RESULT : send(caller, MESSAGE_CALL);
}

/* The reply object that a handle names, whether it is in use or not. */
static err_t find_reply(tcb_t *caller, cap_t handle, reply_t **reply)
{
	slot_t *slot;
	err_t err = find_cap(caller, handle, CAP_REPLY, RIGHT_WRITE, &slot);
	if (err)
		return err;
	*reply = arch_pointer(slot->object);
	return DRV_OK;
}

err_t sys_ipc_recv(tcb_t *caller)
{
	slot_t *endpoint;
	reply_t *reply = NULL;
	err_t err = find_cap(caller, arg(caller, 0), CAP_ENDPOINT, RIGHT_READ, &endpoint);
	if (!err && arg(caller, 1) != CAP_NULL)
		err = find_reply(caller, arg(caller, 1), &reply);
	if (err)
		return err;
	if (!caller->buffer)
		return DRV_EFAULT;
	if (reply && (reply->caller || reply->waiter))
		return DRV_EBUSY;
	if (arg(caller, 3) != CAP_NULL)
		err = acknowledge(caller, arg(caller, 3));
	if (err)
		return err;
	work_begin();
	return endpoint_receive(endpoint, reply, arg(caller, 2));
}

err_t sys_ipc_reply(tcb_t *caller)
{
	reply_t *reply;
	err_t err = find_reply(caller, arg(caller, 0), &reply);
	if (!err)
		err = check_info(caller, arg(caller, 1));
	if (err)
		return err;
	return endpoint_reply(reply, arg(caller, 1), false);
}

static err_t reply_receive(tcb_t *caller)
{
	slot_t *endpoint;
	reply_t *reply;
	err_t err = find_cap(caller, arg(caller, 0), CAP_ENDPOINT, RIGHT_READ, &endpoint);
	if (!err)
		err = check_info(caller, arg(caller, 1));
	if (err)
		return err;
	const message_buffer_t *buffer = caller->buffer;
	uint32_t timeout_ms = buffer->timeout_ms;
	err = find_reply(caller, buffer->reply, &reply);
	if (err)
		return err;
	if (reply->waiter)
		return DRV_EBUSY;
	work_begin();
	work_note(transfer_cost(arg(caller, 1)));
	err = endpoint_reply(reply, arg(caller, 1), true);
	/* A client that gave up is not the server's trouble. */
	if (err && err != DRV_EGONE)
		return err;
	return endpoint_receive(endpoint, reply, timeout_ms);
}

err_t sys_ipc_reply_recv(tcb_t *caller)
{
	return fastpath_reply_recv(caller) ? CALL_NO_RESULT : reply_receive(caller);
}

err_t sys_endpoint_cancel(tcb_t *caller)
{
	uint32_t mode = arg(caller, 1), error = arg(caller, 2);
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_ENDPOINT, RIGHT_READ, &slot);
	if (err)
		return err;
	bool is_error = (int32_t)error < -1 && (int32_t)error >= DRV_ERROR_LAST;
	if (mode > CANCEL_REOPEN || (mode == CANCEL_REOPEN ? error != 0 : !is_error))
		return DRV_EINVAL;
	endpoint_t *endpoint = arch_pointer(slot->object);
	if (mode != CANCEL_WAITING)
		endpoint->closed = (err_t)error;
	if (mode == CANCEL_REOPEN)
		return DRV_OK;
	work_begin();
	return endpoint_cancel(endpoint, (err_t)error);
}

err_t sys_notification_signal(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_NOTIFICATION, RIGHT_WRITE, &slot);
	if (err)
		return err;
	/* A badged capability can set its own bits only. */
	uint32_t bits = slot->extra ? slot->extra : arg(caller, 1);
	caller->signals++;
	notification_signal(arch_pointer(slot->object), bits);
	return DRV_OK;
}

err_t sys_notification_tell(tcb_t *caller)
{
	uint32_t info = arg(caller, 1);
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_NOTIFICATION, RIGHT_WRITE, &slot);
	if (!err)
		err = check_info(caller, info);
	if (err || MSG_CAP_COUNT(info))
		return err ? err : DRV_EMSGSIZE;
	uint32_t bits = slot->extra ? slot->extra : arg(caller, 2);
	caller->signals++;
	frame_set_word(&caller->frame, 0,
		       notification_tell(arch_pointer(slot->object), bits, info));
	return DRV_OK;
}

err_t sys_notification_wait(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_NOTIFICATION, RIGHT_READ, &slot);
	return err ? err : notification_wait(slot, arg(caller, 1));
}
