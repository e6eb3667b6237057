/* SPDX-License-Identifier: BSD-2-Clause */
/* Choosing at random, in view of the state of the model: a capability that a call could
 * sensibly be given, a page that is free, a scope that is covered; and now and then something
 * else. */
#include "generate.h"

#include "abi/boot.h"
#include "bench.h"

/* -- Capabilities to choose from. -------------------------------------------------------- */

/* Does a thread wait through it, through what was derived from it, or for its reply object? */
static bool is_waited(const m_cap_t *cap)
{
	if (cap->type == CAP_REPLY && (m_caller_of(cap->object) || m_waiter_of(cap->object)))
		return true;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		for (const m_cap_t *up = at->thread.through; up; up = up->parent)
			if (up == cap)
				return true;
	return false;
}

static bool is_wished(const m_cap_t *cap, wish_t wish)
{
	switch (wish) {
	case MAPPED:
		return cap->space != NULL;
	case UNMAPPED:
		return cap->space == NULL && (cap->type != CAP_PIO || cap->last < 0x100);
	case SINGLE:
		return cap->first == cap->last;
	case FREE:
		return !m_caller_of(cap->object) && !m_waiter_of(cap->object);
	case TIED:
		return m_caller_of(cap->object);
	case WAITED:
		return is_waited(cap);
	case DERIVABLE:
		return m_check_derive(cap, cap->rights, 0, 0) == DRV_OK;
	default:
		return true;
	}
}

const m_cap_t *pick_cap(const m_object_t *thread, uint32_t type, wish_t wish)
{
	const m_object_t *cspace = m_bound(thread, BIND_CSPACE);
	const m_cap_t *wished = NULL, *other = NULL;
	uint32_t seen = 0, others = 0;
	for (uint32_t i = 2; cspace && i < cspace->cspace.fresh; i++) {
		const m_cap_t *cap = cspace->cspace.slot[i];
		if (!cap || (type != CAP_NONE && cap->type != type))
			continue;
		if (is_wished(cap, wish) && one_in(++seen))
			wished = cap;
		if (one_in(++others))
			other = cap;
	}
	return wished && !one_in(16) ? wished : other;
}

static void set_cap(op_t *op, uint32_t i, const m_cap_t *cap)
{
	op->arg[i] = cap ? cap->name : 0;
	op->named |= 1u << i;
}

const m_cap_t *offer(op_t *op, uint32_t i, uint32_t type, wish_t wish)
{
	const m_cap_t *cap = pick_cap(thread_named(op->actor), type, wish);
	set_cap(op, i, cap);
	return cap;
}

/* -- Numbers. ---------------------------------------------------------------------------- */

/* The root thread, which the others live on, never waits for ever. */
uint32_t pick_timeout(const op_t *op)
{
	static const uint32_t timeouts[] = {
	    TIMEOUT_POLL,    TIMEOUT_POLL,	 1, 1, 2, 3, 5, 20, 300,
	    TIMEOUT_FOREVER, TIMEOUT_FOREVER - 1};
	uint32_t timeout_ms = PICK(timeouts);
	return op->actor == 0 && timeout_ms > 20 ? 1 : timeout_ms;
}

uint32_t pick_rights(const m_cap_t *cap)
{
	uint32_t rights = cap ? cap->rights : RIGHT_ALL;
	return one_in(3) ? below(32) : one_in(4) ? rights & below(32) : rights;
}

uint32_t pick_page(const m_object_t *space)
{
	static const uint32_t bad[] = {0, USER_END, USER_END - PAGE_SIZE, 0x1001, 0xfffff000u};
	uint32_t virt = 0;
	if (one_in(16))
		return PICK(bad);
	for (uint32_t i = 0; i < 8; i++) {
		uint32_t table = below(MODEL_TABLES), page = below(16);
		virt = table * MODEL_SPAN + page * PAGE_SIZE;
		if (space && space->space.table[table] && virt &&
		    !space->space.page[table][page])
			break;
	}
	return virt;
}

/* Somewhere in what the parent covers, and not much. */
static uint32_t pick_first(const m_cap_t *parent, uint32_t usual)
{
	uint32_t span = parent ? parent->last - parent->first + 1 : 16;
	bool narrow = parent && parent->first > BENCH_PORT_FIRST;
	return (narrow ? parent->first : usual) + below(span < 16 ? span : 16);
}

void pick_scope(op_t *op, uint32_t at, uint32_t type, const m_cap_t *parent)
{
	uint32_t first = pick_first(parent, type == CAP_PIO ? 0x60 : 0);
	op->arg[at + 1] = one_in(12) ? below(10) : 0;
	if (one_in(4) && at == 2)
		return;
	if (type == CAP_PIO) {
		op->arg[at] = PIO_SCOPE(first, first + below(4));
		op->arg[at + 1] = one_in(3) ? below(9) : PIO_WIDTH_ALL;
	} else if (type == CAP_IRQ) {
		op->arg[at] = IRQ_SCOPE(first, first + (one_in(6) ? below(3) : 0));
		op->arg[at + 1] = parent && !one_in(4) && parent->first == parent->last
				      ? parent->flags
				      : below(one_in(12) ? 9 : IRQ_TRIGGERS);
	} else if (type == CAP_MMIO) {
		op->arg[at] = BENCH_MMIO_FIRST + below(16) * PAGE_SIZE;
		op->arg[at] += one_in(16) ? 8 : 0;
		op->arg[at + 1] = PAGE_SIZE * below(6);
	} else if (type == CAP_ENDPOINT || type == CAP_NOTIFICATION) {
		op->arg[at] = one_in(20) ? BADGE_NOTIFICATION : below(4);
	}
}

/* Answers bring capabilities more often than questions. */
uint32_t pick_info(bool answers)
{
	static const uint32_t words[] = {0, 1, 2, 2, 3, 5, FAULT_WORDS, 14, MSG_WORDS};
	uint32_t count = one_in(24) ? MSG_WORDS + 1 : PICK(words);
	uint32_t caps = one_in(answers ? 2 : 3) ? 1 + below(answers ? MSG_CAPS : 2) : 0;
	if (one_in(40))
		caps = MSG_CAPS + 1;
	return MSG_INFO(one_in(24) ? MSG_LABEL_KERNEL : below(5), count, caps);
}
