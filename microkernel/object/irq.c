/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines. */
#include "object/irq.h"

#include "base/range.h"
#include "object/kernel.h"
#include "object/notification.h"

static irq_line_t *line_of(const slot_t *slot)
{
	return &kernel.irq[slot->object];
}

static void mask(uint32_t line)
{
	arch_irq_mask(line);
	kernel.audit.irq_unmasked &= ~(1u << line);
}

static void unmask(uint32_t line)
{
	arch_irq_unmask(line);
	kernel.audit.irq_unmasked |= 1u << line;
}

static void claim(const slot_t *slot)
{
	line_of(slot)->claimer = slot_ref(slot);
	kernel.audit.irq_bound |= 1u << slot->object;
}

void irq_init(void)
{
	for (uint32_t i = 0; i < IRQ_LINES; i++) {
		kernel.irq[i].target.home = HOME_IRQ;
		kernel.irq[i].target.index = i;
	}
}

err_t irq_check_claim(const slot_t *slot)
{
	if (slot->object != slot->extra)
		return DRV_EINVAL;
	const irq_line_t *line = line_of(slot);
	if (line->claimer && line->claimer != slot_ref(slot))
		return DRV_EBUSY;
	return line->queue.first ? DRV_EBUSY : DRV_OK;
}

err_t irq_wait(slot_t *slot, uint32_t timeout_ms)
{
	irq_line_t *line = line_of(slot);
	claim(slot);
	if (line->pending) {
		kernel.sched.current->frame.ebx = line->pending;
		line->pending = 0;
		return DRV_OK;
	}
	unmask(slot->object);
	if (timeout_ms == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	thread_block(THREAD_WAITING, &line->queue, slot, timeout_ms);
	return CALL_SETTLED;
}

void irq_bind(slot_t *slot, slot_t *notification, uint32_t bits)
{
	irq_line_t *line = line_of(slot);
	if (line->target.type != CAP_NONE)
		slot_clear(&line->target);
	claim(slot);
	slot_derive(&line->target, notification, RIGHT_WRITE, 0, 0);
	/* A badged capability can set its own bits only. */
	line->bits = notification->extra ? notification->extra : bits;
	if (line->pending) {
		line->pending = 0;
		notification_signal(arch_pointer(line->target.object), line->bits);
	} else {
		unmask(slot->object);
	}
}

err_t irq_acknowledge(slot_t *slot)
{
	if (slot->object != slot->extra)
		return DRV_EINVAL;
	if (line_of(slot)->claimer != slot_ref(slot))
		return DRV_EPERM;
	unmask(slot->object);
	return DRV_OK;
}

void irq_deliver(uint32_t number)
{
	irq_line_t *line = &kernel.irq[number];
	mask(number);
	if (!line->claimer) {
		kernel.audit.spurious++;
	} else if (line->target.type == CAP_NOTIFICATION) {
		notification_signal(arch_pointer(line->target.object), line->bits);
	} else if (line->queue.first) {
		thread_wake_first(&line->queue, 1);
	} else {
		line->pending++;
	}
}

err_t irq_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1)
{
	uint32_t first = PIO_SCOPE_FIRST(scope0);
	uint32_t last = PIO_SCOPE_LAST(scope0);
	if (scope1 != 0)
		return DRV_EINVAL;
	if (scope0 == 0)
		return DRV_OK;
	if (!range_inside(first, last, reach->object, reach->extra))
		return DRV_EPERM;
	if (first == last && !(ARCH_IRQ_USER_MASK & (1u << first)))
		return DRV_EPERM;
	reach->object = first;
	reach->extra = last;
	return DRV_OK;
}

void irq_detach(slot_t *slot)
{
	irq_line_t *line = line_of(slot);
	if (line->claimer != slot_ref(slot))
		return;
	mask(slot->object);
	line->claimer = 0;
	line->pending = 0;
	kernel.audit.irq_bound &= ~(1u << slot->object);
	if (line->target.type != CAP_NONE)
		slot_clear(&line->target);
}

/* The notification went: the line stays claimed, masked at its next interrupt. */
void irq_slot_emptied(slot_t *slot)
{
	kernel.irq[slot->index].bits = 0;
}
