/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on ports and interrupt lines. */
#include "abi/cap.h"
#include "object/iobitmap.h"
#include "object/irq.h"
#include "object/range.h"
#include "syscall/syscall.h"

/* Drivers live on it: all that it calls becomes part of it. */
__attribute__((flatten)) err_t sys_cap_pio_rw(tcb_t *caller)
{
	uint32_t op = arg(caller, 1), value = arg(caller, 2);
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_PIO, 0, &slot);
	if (!err)
		err = pio_check(slot, op);
	if (err)
		return err;
	uint16_t port = (uint16_t)op;
	uint32_t width = (op >> 16) & 7u;
	if (op >> 24)
		arch_port_write(port, width, value);
	else
		frame_set_word(&caller->frame, 0, arch_port_read(port, width));
	return DRV_OK;
}

err_t sys_cap_pio_keep(tcb_t *caller)
{
	uint32_t op = arg(caller, 1), offset = arg(caller, 3);
	slot_t *slot, *frame;
	err_t err = find_cap(caller, arg(caller, 0), CAP_PIO, RIGHT_READ, &slot);
	if (!err)
		err = pio_check(slot, op);
	if (!err)
		err = find_cap(caller, arg(caller, 2), CAP_FRAME, RIGHT_WRITE, &frame);
	if (err)
		return err;
	if (op >> 24 || offset % sizeof(pio_kept_t) != 0 || offset >> frame->extra)
		return DRV_EINVAL;
	pio_kept_t *kept = arch_pointer(frame->object + offset);
	uint32_t value = arch_port_read((uint16_t)op, (op >> 16) & 7u);
	kept->value = value;
	kept->count++;
	frame_set_word(&caller->frame, 0, value);
	return DRV_OK;
}

err_t sys_cap_pio_map(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_PIO, RIGHT_READ | RIGHT_WRITE, &slot);
	return err ? err : iobitmap_open(caller->vspace, slot);
}

err_t sys_cap_pio_unmap(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_PIO, 0, &slot);
	if (err)
		return err;
	if (!slot->map_space)
		return DRV_EINVAL;
	iobitmap_close(slot);
	return DRV_OK;
}

err_t sys_cap_irq_wait(tcb_t *caller)
{
	slot_t *slot;
	err_t err = find_cap(caller, arg(caller, 0), CAP_IRQ, RIGHT_READ, &slot);
	if (!err)
		err = irq_check_claim(slot);
	return err ? err : irq_wait(slot, arg(caller, 1));
}

err_t sys_irq_bind(tcb_t *caller)
{
	slot_t *slot, *notification;
	err_t err = find_cap(caller, arg(caller, 0), CAP_IRQ, RIGHT_READ, &slot);
	if (!err)
		err = find_cap(caller, arg(caller, 1), CAP_NOTIFICATION, RIGHT_WRITE,
			       &notification);
	if (!err)
		err = irq_check_claim(slot);
	if (err)
		return err;
	if (arg(caller, 2) == 0)
		return DRV_EINVAL;
	irq_bind(slot, notification, arg(caller, 2));
	return DRV_OK;
}

err_t sys_irq_ack(tcb_t *caller)
{
	return acknowledge(caller, arg(caller, 0));
}
