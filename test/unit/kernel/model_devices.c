/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's system calls on ports and interrupt lines. */
#include "model.h"

#include <stddef.h>

static err_t check_port(const m_cap_t *cap, uint32_t op)
{
	uint32_t first = op & 0xffff, width = op >> 16 & 7;
	bool write = op >> 24;
	if ((op & ~PIO_OP_MASK) || (width != 1 && width != 2 && width != 4))
		return DRV_EINVAL;
	if (!(cap->rights & (write ? RIGHT_WRITE : RIGHT_READ)) || !(cap->flags & width) ||
	    first < cap->first || first + width - 1 > cap->last)
		return DRV_EPERM;
	return DRV_OK;
}

static void note_access(uint32_t op, uint32_t value)
{
	model.port_accesses++;
	model.last_port = op;
	model.last_port_value = value;
}

err_t m_port_access(m_call_t *call)
{
	uint32_t op = call->arg[1];
	err_t err = check_port(call->cap, op);
	if (err)
		return err;
	note_access(op, op >> 24 ? call->arg[2] : MODEL_PORT_VALUE);
	call->result[0] = MODEL_PORT_VALUE;
	call->results = op >> 24 ? 0 : 1;
	return DRV_OK;
}

err_t m_port_keep(m_call_t *call)
{
	uint32_t op = call->arg[1], offset = call->arg[3];
	m_cap_t *frame;
	err_t err = check_port(call->cap, op);
	if (!err)
		err = m_find(call, call->arg[2], CAP_FRAME, RIGHT_WRITE, &frame);
	if (err)
		return err;
	if (op >> 24 || offset % 8 || offset >= 1u << frame->last)
		return DRV_EINVAL;
	note_access(op, MODEL_PORT_VALUE);
	call->result[0] = MODEL_PORT_VALUE;
	call->results = 1;
	if (offset >= sizeof(message_buffer_t))
		return DRV_OK;
	uint32_t *kept = (uint32_t *)m_memory(frame->first) + offset / 4;
	kept[0] = MODEL_PORT_VALUE;
	kept[1]++;
	return DRV_OK;
}

/* -- Lines. ------------------------------------------------------------------------------ */

m_claim_t *m_claim_of(const m_cap_t *cap)
{
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++)
		if (model.line[cap->first].claim[i].claimer == cap)
			return &model.line[cap->first].claim[i];
	return NULL;
}

static uint32_t count_claimers(const m_line_t *line)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++)
		count += line->claim[i].claimer != NULL;
	return count;
}

/* May the capability take its line? */
static err_t check_claim(const m_cap_t *cap)
{
	const m_line_t *line = &model.line[cap->first];
	uint32_t others = count_claimers(line);
	if (cap->first != cap->last)
		return DRV_EINVAL;
	if (m_claim_of(cap))
		return m_first(M_WAITING, NULL, cap) ? DRV_EBUSY : DRV_OK;
	if (others == 0)
		return DRV_OK;
	return cap->flags == IRQ_LEVEL_SHARED && line->trigger == IRQ_LEVEL_SHARED &&
		       others < IRQ_CLAIMERS
		   ? DRV_OK
		   : DRV_EBUSY;
}

static bool has_trigger(uint32_t number)
{
	return number >= 3 && number != 8 && number != 13;
}

static m_claim_t *take_line(m_cap_t *cap)
{
	m_line_t *line = &model.line[cap->first];
	m_claim_t *claim = m_claim_of(cap);
	if (claim)
		return claim;
	if (count_claimers(line) == 0) {
		line->trigger = cap->flags;
		line->was_level = line->level;
		if (has_trigger(cap->first))
			line->level = cap->flags != IRQ_EDGE;
	}
	for (claim = line->claim; claim->claimer;)
		claim++;
	claim->claimer = cap;
	return claim;
}

/* The claimer, if it is one, owes nothing any more; nor does anybody else: the line can fire.
 */
static void pay(m_line_t *line, m_claim_t *claim)
{
	claim->owes = false;
	line->unmasked = true;
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++)
		line->unmasked &= !line->claim[i].owes;
}

/* A capability that had claimed its line goes. */
void m_claim_lost(m_cap_t *cap)
{
	m_line_t *line = &model.line[cap->first];
	m_claim_t *claim = m_claim_of(cap);
	if (!claim)
		return;
	claim->claimer = NULL;
	claim->pending = 0;
	if (claim->target)
		m_clear(claim->target);
	pay(line, claim);
	if (count_claimers(line) > 0)
		return;
	line->unmasked = false;
	line->level = line->was_level;
}

err_t m_irq_wait(m_call_t *call)
{
	err_t err = check_claim(call->cap);
	if (err)
		return err;
	m_claim_t *claim = take_line(call->cap);
	call->result[0] = claim->pending;
	call->results = 1;
	claim->pending = 0;
	if (call->result[0])
		return DRV_OK;
	pay(&model.line[call->cap->first], claim);
	return m_wait(call, call->arg[1]);
}

err_t m_irq_bind(m_call_t *call)
{
	m_cap_t *notification;
	err_t err = m_find(call, call->arg[1], CAP_NOTIFICATION, RIGHT_WRITE, &notification);
	if (!err)
		err = check_claim(call->cap);
	if (err)
		return err;
	if (call->arg[2] == 0)
		return DRV_EINVAL;
	m_line_t *line = &model.line[call->cap->first];
	m_claim_t *claim = take_line(call->cap);
	uint32_t place = (uint32_t)(claim - line->claim);
	if (claim->target)
		m_clear(claim->target);
	claim->target = m_new_cap(NULL, call->cap->first * IRQ_CLAIMERS + place,
				  CAP_NOTIFICATION, RIGHT_WRITE);
	m_derive(claim->target, notification, 0, 0);
	claim->bits = notification->last ? notification->last : call->arg[2];
	if (claim->pending)
		m_signal(notification->object, claim->bits);
	else
		pay(line, claim);
	claim->pending = 0;
	return DRV_OK;
}

err_t m_acknowledge(m_cap_t *cap)
{
	m_claim_t *claim = m_claim_of(cap);
	if (cap->first != cap->last)
		return DRV_EINVAL;
	if (!claim)
		return DRV_EPERM;
	pay(&model.line[cap->first], claim);
	return DRV_OK;
}

err_t m_irq_ack(m_call_t *call)
{
	return m_acknowledge(call->cap);
}
