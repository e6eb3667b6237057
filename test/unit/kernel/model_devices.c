/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's system calls on ports and interrupt lines. */
#include "model.h"

#include <stddef.h>

err_t m_port_access(m_call_t *call)
{
	const m_cap_t *cap = call->cap;
	uint32_t op = call->arg[1], first = op & 0xffff, width = op >> 16 & 7;
	bool write = op >> 24;
	if ((op & ~PIO_OP_MASK) || (width != 1 && width != 2 && width != 4))
		return DRV_EINVAL;
	if (!(cap->rights & (write ? RIGHT_WRITE : RIGHT_READ)) || !(cap->widths & width) ||
	    first < cap->first || first + width - 1 > cap->last)
		return DRV_EPERM;
	model.port_accesses++;
	model.last_port = op;
	model.last_port_value = write ? call->arg[2] : MODEL_PORT_VALUE;
	call->result[0] = MODEL_PORT_VALUE;
	call->results = write ? 0 : 1;
	return DRV_OK;
}

/* May the capability take its line? */
static err_t check_claim(const m_cap_t *cap)
{
	const m_cap_t *claimer = model.line[cap->first].claimer;
	if (cap->first != cap->last)
		return DRV_EINVAL;
	if (claimer && (claimer != cap || m_first(M_WAITING, NULL, cap)))
		return DRV_EBUSY;
	return DRV_OK;
}

err_t m_irq_wait(m_call_t *call)
{
	m_line_t *line = &model.line[call->cap->first];
	err_t err = check_claim(call->cap);
	if (err)
		return err;
	line->claimer = call->cap;
	call->result[0] = line->pending;
	call->results = 1;
	line->pending = 0;
	if (call->result[0])
		return DRV_OK;
	line->unmasked = true;
	return m_wait(call, call->arg[1]);
}

err_t m_irq_bind(m_call_t *call)
{
	m_line_t *line = &model.line[call->cap->first];
	m_cap_t *notification;
	err_t err = m_find(call, call->arg[1], CAP_NOTIFICATION, RIGHT_WRITE, &notification);
	if (!err)
		err = check_claim(call->cap);
	if (err)
		return err;
	if (call->arg[2] == 0)
		return DRV_EINVAL;
	if (line->target)
		m_clear(line->target);
	line->claimer = call->cap;
	line->target = m_new_cap(NULL, call->cap->first, CAP_NOTIFICATION, RIGHT_WRITE);
	m_derive(line->target, notification, 0, 0);
	line->bits = notification->last ? notification->last : call->arg[2];
	if (line->pending)
		m_signal(notification->object, line->bits);
	else
		line->unmasked = true;
	line->pending = 0;
	return DRV_OK;
}

err_t m_irq_ack(m_call_t *call)
{
	m_line_t *line = &model.line[call->cap->first];
	if (call->cap->first != call->cap->last)
		return DRV_EINVAL;
	if (line->claimer != call->cap)
		return DRV_EPERM;
	line->unmasked = true;
	return DRV_OK;
}
