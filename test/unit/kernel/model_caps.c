/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's capabilities: a tree of records, and what goes when one of them goes. */
#include "model.h"

#include <assert.h>
#include <string.h>

#include "object/slot.h" /* FRAME_… */

model_t model;

void model_reset(bool lies)
{
	model.caps = model.objects = 0;
	memset(model.line, 0, sizeof(model.line));
	memset(model.memory, 0, sizeof(model.memory));
	memset(model.due, 0, sizeof(model.due));
	memset(model.filed, 0, sizeof(model.filed));
	model.current = NULL;
	model.time_us = MODEL_TIME_US(0);
	model.now_ms = model.clock = model.spurious = model.ram_bytes = 0;
	model.before_all = 0;
	model.port_accesses = model.last_port = model.last_port_value = 0;
	model.traced = false;
	model.lies = lies;
}

uint32_t m_object_bytes(uint32_t type, uint32_t bits)
{
	static const uint32_t sizes[CAP_TYPE_COUNT] = {
	    [CAP_THREAD] = 1024,     [CAP_VSPACE] = 16384,  [CAP_PTABLE] = 4096,
	    [CAP_FRAME] = 4096,	     [CAP_ENDPOINT] = 64,   [CAP_REPLY] = 64,
	    [CAP_NOTIFICATION] = 64, [CAP_IOBITMAP] = 8192,
	};
	if (type == CAP_UNTYPED)
		return bits >= UNTYPED_BITS_MIN && bits <= UNTYPED_BITS_MAX ? 1u << bits : 0;
	if (type == CAP_CSPACE)
		return bits >= CSPACE_BITS_MIN && bits <= CSPACE_BITS_MAX ? 64u << bits : 0;
	if (type == CAP_FRAME && bits != 0)
		return bits >= FRAME_BITS_MIN && bits <= FRAME_BITS_MAX ? 1u << bits : 0;
	return type < CAP_TYPE_COUNT && bits == 0 ? sizes[type] : 0;
}

m_object_t *m_new_object(uint32_t type, uint32_t address, uint32_t bits)
{
	assert(model.objects < MODEL_OBJECTS);
	m_object_t *object = &model.object[model.objects++];
	memset(object, 0, sizeof(*object));
	object->live = true;
	object->type = type;
	object->address = address;
	object->name = model.names;
	if (type == CAP_CSPACE) {
		object->cspace.bits = bits;
		object->cspace.fresh = 2;
	}
	if (type == CAP_THREAD)
		object->thread.regs.eflags = 0x202;
	return object;
}

m_cap_t *m_new_cap(m_object_t *home, uint32_t index, uint32_t type, uint32_t rights)
{
	assert(model.caps < MODEL_CAPS);
	m_cap_t *cap = &model.cap[model.caps++];
	*cap = (m_cap_t){.live = true,
			 .type = (uint8_t)type,
			 .rights = (uint8_t)rights,
			 .home = home,
			 .index = index};
	return cap;
}

/* The first child stays the first. */
void m_adopt(m_cap_t *cap, m_cap_t *parent)
{
	cap->parent = parent;
	if (!parent->child) {
		parent->child = cap;
		return;
	}
	cap->next = parent->child->next;
	parent->child->next = cap;
}

/* -- Slots: fresh ones first, then the one that has been free for longest. --------------- */

uint32_t m_free_slots(const m_object_t *cspace)
{
	return (1u << cspace->cspace.bits) - cspace->cspace.fresh + cspace->cspace.freed;
}

static uint32_t longest_free(const m_cspace_t *cspace)
{
	uint32_t found = 0;
	for (uint32_t i = 2; i < cspace->fresh; i++)
		if (cspace->freed_at[i] &&
		    (!found || cspace->freed_at[i] < cspace->freed_at[found]))
			found = i;
	return found;
}

m_cap_t *m_take_slot(m_object_t *home, uint32_t type, uint32_t rights)
{
	m_cspace_t *cspace = &home->cspace;
	uint32_t index = cspace->fresh;
	if (index < 1u << cspace->bits) {
		assert(index < MODEL_SLOTS);
		cspace->fresh++;
	} else {
		index = longest_free(cspace);
		cspace->freed--;
	}
	cspace->freed_at[index] = 0;
	cspace->generation[index]++;
	m_cap_t *cap = m_new_cap(home, index, type, rights);
	cap->handle = (cspace->generation[index] << cspace->bits) | index;
	cap->name = model.names++;
	cspace->slot[index] = cap;
	return cap;
}

void m_give_slot_back(m_cspace_t *cspace, uint32_t index)
{
	cspace->slot[index] = NULL;
	cspace->freed_at[index] = ++model.clock;
	cspace->freed++;
}

m_cap_t *m_lookup(const m_object_t *cspace, uint32_t handle)
{
	uint32_t index = handle & ((1u << cspace->cspace.bits) - 1);
	m_cap_t *cap = index < MODEL_SLOTS ? cspace->cspace.slot[index] : NULL;
	return cap && cap->handle == handle ? cap : NULL;
}

/* -- Deriving. --------------------------------------------------------------------------- */

/* Do several capabilities lead to one object of the type, which is known by a number? */
bool m_has_header(uint32_t type)
{
	return (AUDIT_COUNTED >> type & 1) != 0;
}

uint32_t m_number(const m_cap_t *cap)
{
	return m_has_header(cap->type) ? cap->object->address / 64 : 0;
}

void m_scope(const m_cap_t *cap, const m_cap_t *by, uint32_t scope[2])
{
	scope[0] = scope[1] = 0;
	if (cap->type == CAP_UNTYPED || cap->type == CAP_FRAME) {
		scope[0] = cap->first;
		scope[1] = cap->last;
	} else if (cap->type == CAP_PIO || cap->type == CAP_IRQ) {
		scope[0] = PIO_SCOPE(cap->first, cap->last);
		scope[1] = cap->flags;
	} else if (cap->type == CAP_MMIO) {
		scope[0] = cap->first;
		scope[1] = cap->last - cap->first + 1;
	} else if (cap->type == CAP_ENDPOINT || cap->type == CAP_NOTIFICATION ||
		   cap->type == CAP_CSPACE) {
		scope[0] = cap->last;
	}
	if (m_has_header(cap->type) && (by->rights & RIGHT_INSPECT))
		scope[1] = m_number(cap);
}

static err_t narrow_range(m_cap_t *cap, uint32_t s0)
{
	uint32_t first = PIO_SCOPE_FIRST(s0), last = PIO_SCOPE_LAST(s0);
	if (s0 == 0)
		return DRV_OK;
	if (first > last || first < cap->first || last > cap->last)
		return DRV_EPERM;
	cap->first = first;
	cap->last = last;
	return DRV_OK;
}

static err_t narrow_lines(m_cap_t *cap, uint32_t s0, uint32_t trigger)
{
	uint32_t first = PIO_SCOPE_FIRST(s0), last = PIO_SCOPE_LAST(s0);
	bool one = cap->first == cap->last;
	if (trigger > IRQ_LEVEL_SHARED || (trigger != IRQ_EDGE && (s0 == 0 || first != last)))
		return DRV_EINVAL;
	if (one && cap->flags == IRQ_LEVEL_SHARED && !(cap->rights & RIGHT_GRANT))
		return DRV_EPERM; /* one place is not two */
	if (s0 == 0)
		return DRV_OK;
	err_t err = narrow_range(cap, s0);
	if (err)
		return err;
	if (one && trigger != cap->flags)
		return DRV_EPERM;
	if (first == last && (first == 0 || first == 2))
		return DRV_EPERM; /* the timer's and the cascade's */
	if (trigger != IRQ_EDGE && (first < 3 || first == 8 || first == 13))
		return DRV_EPERM; /* for ever edge triggered */
	cap->flags = (uint8_t)trigger;
	return DRV_OK;
}

static err_t narrow_mmio(m_cap_t *cap, uint32_t base, uint32_t size)
{
	if (base == 0 && size == 0)
		return DRV_OK;
	if (base % PAGE_SIZE || size % PAGE_SIZE || size == 0)
		return DRV_EINVAL;
	uint64_t last = (uint64_t)base + size - 1;
	if (base < cap->first || last > cap->last)
		return DRV_EPERM;
	cap->first = base;
	cap->last = (uint32_t)last;
	return DRV_OK;
}

static err_t narrow_badge(m_cap_t *cap, uint32_t badge, uint32_t s1)
{
	if (s1 != 0)
		return DRV_EINVAL;
	if (badge == 0)
		return DRV_OK;
	if (cap->last != 0 || badge == BADGE_NOTIFICATION)
		return DRV_EPERM;
	cap->last = badge;
	return DRV_OK;
}

static err_t narrow(m_cap_t *cap, uint32_t s0, uint32_t s1)
{
	switch (cap->type) {
	case CAP_PIO:
		if (s1 & ~(uint32_t)PIO_WIDTH_ALL)
			return DRV_EINVAL;
		if (s1 & ~(uint32_t)cap->flags)
			return DRV_EPERM;
		if (s1)
			cap->flags = (uint8_t)s1;
		return narrow_range(cap, s0);
	case CAP_IRQ:
		return narrow_lines(cap, s0, s1);
	case CAP_MMIO:
		return narrow_mmio(cap, s0, s1);
	case CAP_ENDPOINT:
	case CAP_NOTIFICATION:
		return narrow_badge(cap, s0, s1);
	default:
		if (cap->type == CAP_FRAME)
			cap->flags &= FRAME_SEALED;
		return s0 || s1 ? DRV_EINVAL : DRV_OK;
	}
}

err_t m_check_derive(const m_cap_t *parent, uint32_t rights, uint32_t s0, uint32_t s1)
{
	m_cap_t copy = *parent;
	if (parent->type == CAP_UNTYPED || parent->type == CAP_PTABLE ||
	    parent->type == CAP_IOBITMAP)
		return DRV_EINVAL;
	if (rights == 0 || (rights & ~(uint32_t)parent->rights))
		return DRV_EPERM;
	return narrow(&copy, s0, s1);
}

void m_derive(m_cap_t *cap, m_cap_t *parent, uint32_t s0, uint32_t s1)
{
	cap->flags = parent->flags;
	cap->first = parent->first;
	cap->last = parent->last;
	cap->object = parent->object;
	m_adopt(cap, parent);
	uint8_t rights = cap->rights;
	cap->rights = parent->rights; /* which decide what may be derived */
	err_t err = narrow(cap, s0, s1);
	assert(err == DRV_OK);
	cap->rights = rights;
	(void)err;
}
