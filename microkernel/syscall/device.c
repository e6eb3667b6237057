/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on ports and interrupt lines. */
#include "abi/cap.h"
#include "object/iobitmap.h"
#include "object/irq.h"
#include "object/range.h"
#include "syscall/syscall.h"

err_t sys_cap_pio_rw(syscall_t *call)
{
	uint32_t op = call->arg[1], value = call->arg[2];
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_PIO, 0, &slot);
	if (!err)
		err = pio_check(slot, op);
	if (err)
		return err;
	uint16_t port = (uint16_t)op;
	uint32_t width = (op >> 16) & 7u;
	if (op == PIO_OP_WRITE(port, width))
		arch_port_write(port, width, value);
	else
		call->result[0] = arch_port_read(port, width);
	return DRV_OK;
}

err_t sys_cap_pio_map(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_PIO, RIGHT_READ | RIGHT_WRITE, &slot);
	return err ? err : iobitmap_open(thread_vspace(call->caller), slot);
}

err_t sys_cap_pio_unmap(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_PIO, 0, &slot);
	if (err)
		return err;
	if (!slot->map_space)
		return DRV_EINVAL;
	iobitmap_close(slot);
	return DRV_OK;
}

err_t sys_cap_irq_wait(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_IRQ, RIGHT_READ, &slot);
	if (!err)
		err = irq_check_claim(slot);
	if (err)
		return err;
	bool blocked = false;
	err = irq_wait(slot, call->arg[1], &blocked);
	call->settled = blocked || err == DRV_OK;
	return err;
}

err_t sys_irq_bind(syscall_t *call)
{
	slot_t *slot, *notification;
	err_t err = find_cap(call, call->arg[0], CAP_IRQ, RIGHT_READ, &slot);
	if (!err)
		err =
		    find_cap(call, call->arg[1], CAP_NOTIFICATION, RIGHT_WRITE, &notification);
	if (!err)
		err = irq_check_claim(slot);
	if (err)
		return err;
	if (call->arg[2] == 0)
		return DRV_EINVAL;
	irq_bind(slot, notification, call->arg[2]);
	return DRV_OK;
}

err_t sys_irq_ack(syscall_t *call)
{
	slot_t *slot;
	err_t err = find_cap(call, call->arg[0], CAP_IRQ, RIGHT_READ, &slot);
	if (err)
		return err;
	return irq_acknowledge(slot);
}
