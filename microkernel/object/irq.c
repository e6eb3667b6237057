/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines. */
#include "object/irq.h"

#include "abi/inspect.h"
#include "base/range.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "object/wait.h"

/*@ requires \valid_read(slot) && slot->object < IRQ_LINES;
    assigns \nothing;
    ensures \result == &kernel.irq[slot->object]; */
static irq_line_t *line_of(const slot_t *slot)
{
	return &kernel.irq[slot->object];
}

/*@ requires \valid_read(slot) && slot->object < IRQ_LINES;
    requires 1 <= slot->claim <= IRQ_CLAIMERS;
    assigns \nothing;
    ensures \result == &kernel.irq[slot->object].claims[slot->claim - 1]; */
static irq_claim_t *claim_of(const slot_t *slot)
{
	return &line_of(slot)->claims[slot->claim - 1];
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

/* The claimers of `claims` owe nothing any more. */
static void pay(uint32_t number, uint32_t claims)
{
	irq_line_t *line = &kernel.irq[number];
	line->owed &= ~claims;
	if (!line->owed)
		unmask(number);
}

void irq_init(void)
{
	for (uint32_t i = 0; i < IRQ_LINES * IRQ_CLAIMERS; i++) {
		slot_t *target = &kernel.irq[i / IRQ_CLAIMERS].claims[i % IRQ_CLAIMERS].target;
		target->home = HOME_IRQ;
		target->index = i;
	}
}

/*@ requires \valid_read(slot) && slot->object < IRQ_LINES && slot->claim <= IRQ_CLAIMERS;
    assigns \nothing;
    ensures several: \result == DRV_EINVAL <==> slot->object != slot->extra;
    ensures own: slot->object == slot->extra && slot->claim != 0 ==> (\result == DRV_OK <==>
      kernel.irq[slot->object].claims[slot->claim - 1].queue.first == \null);
    ensures first: slot->object == slot->extra && slot->claim == 0 &&
      kernel.irq[slot->object].taken == 0 ==> \result == DRV_OK;
    ensures shared: slot->object == slot->extra && slot->claim == 0 &&
      kernel.irq[slot->object].taken != 0 ==> (\result == DRV_OK <==>
      slot->flags == IRQ_LEVEL_SHARED && kernel.irq[slot->object].trigger == IRQ_LEVEL_SHARED &&
      kernel.irq[slot->object].taken != (1u << IRQ_CLAIMERS) - 1);
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EBUSY; */
err_t irq_check_claim(const slot_t *slot)
{
	if (slot->object != slot->extra)
		return DRV_EINVAL;
	if (slot->claim)
		return claim_of(slot)->queue.first ? DRV_EBUSY : DRV_OK;
	const irq_line_t *line = line_of(slot);
	if (!line->taken)
		return DRV_OK;
	bool shared = slot->flags == IRQ_LEVEL_SHARED && line->trigger == IRQ_LEVEL_SHARED;
	return shared && line->taken != (1u << IRQ_CLAIMERS) - 1 ? DRV_OK : DRV_EBUSY;
}

/* The first claimer decides how the line is triggered: all others say the same. */
static void claim(slot_t *slot)
{
	irq_line_t *line = line_of(slot);
	uint32_t number = slot->object;
	if (slot->claim)
		return;
	if (!line->taken && (ARCH_IRQ_TRIGGER_MASK >> number & 1))
		line->was_level = arch_irq_set_level(number, slot->flags != IRQ_EDGE);
	if (!line->taken)
		line->trigger = slot->flags;
	uint32_t place = (uint32_t)__builtin_ctz(~line->taken);
	line->taken |= 1u << place;
	line->claims[place].claimer = slot_ref(slot);
	slot->claim = place + 1;
	kernel.audit.irq_bound |= 1u << number;
}

err_t irq_wait(slot_t *slot, uint32_t timeout_ms)
{
	claim(slot);
	irq_claim_t *own = claim_of(slot);
	if (own->pending) {
		frame_set_word(&kernel.sched.current->frame, 0, own->pending);
		own->pending = 0;
		return DRV_OK;
	}
	pay(slot->object, 1u << (slot->claim - 1));
	if (timeout_ms == TIMEOUT_POLL)
		return DRV_ETIMEDOUT;
	thread_block(THREAD_WAITING, &own->queue, slot, timeout_ms);
	return CALL_NO_RESULT;
}

void irq_bind(slot_t *slot, slot_t *notification, uint32_t bits)
{
	claim(slot);
	irq_claim_t *own = claim_of(slot);
	if (own->target.type != CAP_NONE)
		slot_clear(&own->target);
	slot_derive(&own->target, notification, RIGHT_WRITE, 0, 0);
	/* A badged capability can set its own bits only. */
	own->bits = notification->extra ? notification->extra : bits;
	if (own->pending) {
		own->pending = 0;
		notification_signal(arch_pointer(own->target.object), own->bits);
	} else {
		pay(slot->object, 1u << (slot->claim - 1));
	}
}

err_t irq_acknowledge(slot_t *slot)
{
	if (slot->object != slot->extra)
		return DRV_EINVAL;
	if (!slot->claim)
		return DRV_EPERM;
	pay(slot->object, 1u << (slot->claim - 1));
	return DRV_OK;
}

static void tell(irq_claim_t *claim)
{
	if (claim->target.type == CAP_NOTIFICATION)
		notification_signal(arch_pointer(claim->target.object), claim->bits);
	else if (claim->queue.first)
		thread_wake_first(&claim->queue, 1);
	else
		claim->pending++;
}

void kernel_on_interrupt(uint32_t number)
{
	irq_line_t *line = &kernel.irq[number];
	mask(number);
	line->count++;
	if (!line->taken)
		kernel.audit.spurious++;
	for (uint32_t left = line->taken; left; left &= left - 1) {
		uint32_t place = (uint32_t)__builtin_ctz(left);
		if (!(line->owed >> place & 1))
			line->claims[place].since_ms = kernel_now_ms();
		tell(&line->claims[place]);
	}
	line->owed = line->taken;
}

err_t irq_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1)
{
	uint32_t first = PIO_SCOPE_FIRST(scope0);
	uint32_t last = PIO_SCOPE_LAST(scope0);
	bool one = reach->object == reach->extra;
	if (scope1 >= IRQ_TRIGGERS || (scope1 != 0 && (scope0 == 0 || first != last)))
		return DRV_EINVAL;
	if (one && reach->flags == IRQ_LEVEL_SHARED && !(reach->rights & RIGHT_GRANT))
		return DRV_EPERM;
	if (scope0 == 0)
		return DRV_OK;
	if (!range_inside(first, last, reach->object, reach->extra))
		return DRV_EPERM;
	if (one && scope1 != reach->flags)
		return DRV_EPERM;
	if (first == last && !(ARCH_IRQ_USER_MASK & (1u << first)))
		return DRV_EPERM;
	if (scope1 != IRQ_EDGE && !(ARCH_IRQ_TRIGGER_MASK & (1u << first)))
		return DRV_EPERM;
	reach->object = first;
	reach->extra = last;
	reach->flags = (uint8_t)scope1;
	return DRV_OK;
}

void irq_detach(slot_t *slot)
{
	if (!slot->claim)
		return;
	irq_line_t *line = line_of(slot);
	irq_claim_t *own = claim_of(slot);
	uint32_t number = slot->object, bit = 1u << (slot->claim - 1);
	line->taken &= ~bit;
	slot->claim = 0;
	own->claimer = 0;
	own->pending = 0;
	if (own->target.type != CAP_NONE)
		slot_clear(&own->target);
	if (line->taken) {
		pay(number, bit);
		return;
	}
	line->owed = 0;
	mask(number);
	kernel.audit.irq_bound &= ~(1u << number);
	if (ARCH_IRQ_TRIGGER_MASK >> number & 1)
		arch_irq_set_level(number, line->was_level);
}

/* The notification went: the line stays claimed, and its interrupts are counted. */
void irq_slot_emptied(slot_t *slot)
{
	irq_line_t *line = &kernel.irq[slot->index / IRQ_CLAIMERS];
	line->claims[slot->index % IRQ_CLAIMERS].bits = 0;
}

/* The capability's place at its line, or that of its only child: who gives one away knows so
 * whose it is. */
static uint32_t place_of(const slot_t *slot)
{
	const slot_t *child = slot->child ? slot_at(slot->child) : NULL;
	uint32_t claim = slot->claim;
	if (!claim && child && child->next == slot->child && slot->object == slot->extra)
		claim = child->claim;
	return claim ? claim - 1 : IRQ_CLAIMERS;
}

void irq_inspect(const slot_t *slot, void *words)
{
	inspect_irq_t *report = words;
	const irq_line_t *line = line_of(slot);
	report->now_ms = kernel_now_ms();
	report->count = line->count;
	report->claimers = line->taken;
	report->unacknowledged = line->owed;
	report->own = place_of(slot);
	for (uint32_t k = 0; k < IRQ_CLAIMERS; k++)
		report->since_ms[k] = report->now_ms;
	for (uint32_t left = line->owed; left; left &= left - 1)
		report->since_ms[__builtin_ctz(left)] =
		    line->claims[__builtin_ctz(left)].since_ms;
}
