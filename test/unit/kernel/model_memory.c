/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's memory: retyping, and what is mapped where. */
#include "call_table.h"
#include "model.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "abi/boot.h"
#include "arch/arch.h"
#include "object/slot.h" /* FRAME_… */

message_buffer_t *m_memory(uint32_t address)
{
	uint32_t page = (address - model.ram_first) / PAGE_SIZE;
	return &model.memory[page < MODEL_RAM ? page : MODEL_RAM];
}

/* Zeroes from `first` up to `end`, as far as what frames begin with lies there. */
static void zero_bytes(uint32_t first, uint32_t end)
{
	for (uint32_t page = first & ~(PAGE_SIZE - 1); page < end; page += PAGE_SIZE) {
		uint32_t from = first > page ? first - page : 0;
		uint32_t to = end - page;
		if (to > sizeof(message_buffer_t))
			to = sizeof(message_buffer_t);
		if (from < to)
			memset((uint8_t *)m_memory(page) + from, 0, to - from);
	}
}

/* Zeroes page for page what is not known to be zero; false: there were more than `limit`. */
static bool zero(m_cap_t *untyped, uint32_t end, uint32_t limit)
{
	for (uint32_t pages = 1; untyped->zeroed < end; pages++) {
		uint32_t to =
		    end - untyped->zeroed > PAGE_SIZE ? untyped->zeroed + PAGE_SIZE : end;
		zero_bytes(untyped->first + untyped->zeroed, untyped->first + to);
		untyped->zeroed = to;
		if (to < end && pages == limit)
			return false;
	}
	return true;
}

/* How far all memory has been in frames alone. */
static void note_stale(m_cap_t *untyped, uint32_t type, uint32_t start, uint32_t end)
{
	if (type != CAP_FRAME && untyped->stale > start)
		untyped->stale = start;
	if (type == CAP_FRAME && untyped->stale >= start && untyped->stale < end)
		untyped->stale = end;
}

static m_cap_t *make_object(m_cap_t *untyped, m_object_t *target, uint32_t type, uint32_t bits,
			    uint32_t address)
{
	m_object_t *object = type == CAP_UNTYPED ? NULL : m_new_object(type, address, bits);
	m_cap_t *cap = m_take_slot(target, type, call_rights_of(type));
	m_adopt(cap, untyped);
	cap->first = address;
	cap->last = type == CAP_FRAME && bits == 0 ? FRAME_BITS_MIN : bits;
	cap->object = object;
	cap->flags = type == CAP_FRAME ? FRAME_FIRST : 0;
	return cap;
}

err_t m_retype(m_call_t *call)
{
	uint32_t type = call->arg[1], form = call->arg[2], bits = RETYPE_SIZE_BITS(form);
	uint32_t size = m_object_bytes(type, bits);
	bool stale = form & RETYPE_STALE;
	m_cap_t *untyped = call->cap;
	m_object_t *target;
	if (!size || (form & ~RETYPE_MASK) || (stale && type != CAP_FRAME))
		return DRV_EINVAL;
	uint64_t first = ((uint64_t)untyped->used + size - 1) / size * size;
	if (first + size > (uint64_t)1 << untyped->last)
		return DRV_ENOMEM;
	uint32_t start = (uint32_t)first, end = start + size;
	if (stale && end > untyped->stale)
		return DRV_EPERM;
	err_t err = m_find_target(call, call->arg[3], &target);
	if (err)
		return err;
	/* Sets what must be. */
	bool itself = type == CAP_UNTYPED || type == CAP_VSPACE || type == CAP_IOBITMAP;
	if (!stale && !itself && !zero(untyped, end, RETYPE_LIMIT_PAGES(form)))
		return DRV_EAGAIN;
	untyped->used = end;
	if (untyped->zeroed < end)
		untyped->zeroed = end;
	note_stale(untyped, type, start, end);
	return (err_t)make_object(untyped, target, type, bits, untyped->first + start)->handle;
}

/* -- Mapping. ---------------------------------------------------------------------------- */

/* The entry of a page; null: there is no table. */
static uint32_t *page_at(m_space_t *space, uint32_t virt)
{
	uint32_t table = virt / MODEL_SPAN, page = virt % MODEL_SPAN / PAGE_SIZE;
	if (table >= MODEL_TABLES || !space->table[table])
		return NULL;
	assert(page < MODEL_PAGES);
	return &space->page[table][page];
}

static err_t check_pages(m_object_t *space, const m_cap_t *cap, uint32_t virt, uint32_t pages)
{
	uint64_t end = virt + (uint64_t)pages * PAGE_SIZE;
	if (virt % PAGE_SIZE || virt < USER_START || end > USER_END)
		return DRV_EFAULT;
	if (cap->space)
		return DRV_EBUSY;
	for (uint32_t i = 0; i < pages; i++) {
		const uint32_t *entry = page_at(&space->space, virt + i * PAGE_SIZE);
		if (!entry || *entry)
			return entry ? DRV_EEXIST : DRV_ENOTABLE;
	}
	return DRV_OK;
}

static void note(m_object_t *space, m_cap_t *cap, uint32_t virt, uint32_t pages)
{
	cap->space = space;
	cap->virt = virt;
	cap->pages = pages;
	cap->mapped = ++model.clock;
}

static err_t map_pages(m_object_t *space, m_cap_t *cap, uint32_t virt, uint32_t pages,
		       uint32_t flags)
{
	err_t err = check_pages(space, cap, virt, pages);
	if (err)
		return err;
	for (uint32_t i = 0; i < pages; i++)
		*page_at(&space->space, virt + i * PAGE_SIZE) =
		    (cap->first + i * PAGE_SIZE) | flags;
	note(space, cap, virt, pages);
	return DRV_OK;
}

static err_t map_table(m_object_t *space, m_cap_t *cap, uint32_t virt)
{
	if (virt % MODEL_SPAN || virt >= USER_END)
		return DRV_EFAULT;
	if (cap->space)
		return DRV_EBUSY;
	assert(virt / MODEL_SPAN < MODEL_TABLES);
	m_cap_t **table = &space->space.table[virt / MODEL_SPAN];
	if (*table)
		return DRV_EEXIST;
	*table = cap;
	note(space, cap, virt, 0);
	return DRV_OK;
}

static err_t map_frame(m_object_t *space, m_cap_t *cap, uint32_t virt, uint32_t rights)
{
	if (!(rights & RIGHT_READ) || (rights & ~(uint32_t)cap->rights) ||
	    ((rights & RIGHT_WRITE) && (rights & RIGHT_EXEC)))
		return DRV_EPERM;
	bool exec = rights & RIGHT_EXEC, sealed = cap->flags & FRAME_SEALED;
	if (exec && !sealed && !(cap->flags & FRAME_FIRST))
		return DRV_EPERM;
	if (exec && !sealed && (cap->child || cap->space))
		return DRV_EBUSY;
	uint32_t flags =
	    (rights & RIGHT_WRITE ? ARCH_PAGE_WRITE : 0) | (exec ? ARCH_PAGE_EXEC : 0);
	err_t err = map_pages(space, cap, virt, (1u << cap->last) / PAGE_SIZE, flags);
	if (exec && !err) { /* nobody writes to what is executed */
		cap->flags |= FRAME_SEALED;
		cap->rights &= (uint8_t)~RIGHT_WRITE;
	}
	return err;
}

static err_t install_bitmap(m_object_t *space, m_cap_t *cap, uint32_t virt)
{
	if (virt != 0)
		return DRV_EFAULT;
	if (cap->space)
		return DRV_EBUSY;
	if (space->space.bitmap)
		return DRV_EEXIST;
	space->space.bitmap = cap;
	memset(space->space.closed, 0xff, sizeof(space->space.closed));
	note(space, cap, 0, 0);
	return DRV_OK;
}

err_t m_map(m_call_t *call)
{
	uint32_t virt = call->arg[2];
	m_object_t *space = call->cap->object;
	m_cap_t *cap;
	err_t err = m_find_any(call, call->arg[1], &cap);
	if (err)
		return err;
	if (cap->type == CAP_PTABLE)
		return map_table(space, cap, virt);
	if (cap->type == CAP_IOBITMAP)
		return install_bitmap(space, cap, virt);
	if (cap->type == CAP_FRAME)
		return map_frame(space, cap, virt, call->arg[3]);
	return DRV_EINVAL;
}

err_t m_mmio_map(m_call_t *call)
{
	uint32_t virt = call->arg[1], pages = call->arg[2];
	m_cap_t *cap = call->cap;
	if (pages == 0)
		return DRV_EINVAL;
	if (pages - 1 > (cap->last - cap->first) / PAGE_SIZE)
		return DRV_EPERM;
	if (pages > MMIO_MAP_PAGES)
		return DRV_EINVAL;
	uint32_t write = cap->rights & RIGHT_WRITE ? ARCH_PAGE_WRITE : 0;
	return map_pages(m_bound(call->caller, BIND_VSPACE), cap, virt, pages,
			 ARCH_PAGE_UNCACHED | write);
}

static bool is_closed(const m_space_t *space, uint32_t port)
{
	return space->closed[port / 8] & (1u << port % 8);
}

static void set_closed(m_space_t *space, const m_cap_t *cap, bool closed)
{
	for (uint32_t port = cap->first; port <= cap->last; port++) {
		uint8_t bit = (uint8_t)(1u << port % 8);
		space->closed[port / 8] &= (uint8_t)~bit;
		space->closed[port / 8] |= closed ? bit : 0;
	}
}

err_t m_pio_map(m_call_t *call)
{
	m_object_t *space = m_bound(call->caller, BIND_VSPACE);
	m_cap_t *cap = call->cap;
	if (!space->space.bitmap)
		return DRV_ENOTABLE;
	if (cap->space)
		return DRV_EBUSY;
	if (cap->flags != PIO_WIDTH_ALL)
		return DRV_EPERM;
	for (uint32_t port = cap->first; port <= cap->last; port++)
		if (!is_closed(&space->space, port))
			return DRV_EEXIST;
	set_closed(&space->space, cap, false);
	note(space, cap, 0, 0);
	return DRV_OK;
}

/* -- Unmapping. -------------------------------------------------------------------------- */

/* A page that went with its table, or that is another one by now, is left alone. */
static void clear_pages(m_space_t *space, const m_cap_t *cap, uint32_t from)
{
	for (uint32_t i = from; i < cap->pages; i++) {
		uint32_t *entry = page_at(space, cap->virt + i * PAGE_SIZE);
		if (entry && (*entry & ~(PAGE_SIZE - 1)) == cap->first + i * PAGE_SIZE)
			*entry = 0;
	}
}

bool m_is_large(const m_cap_t *cap)
{
	return cap->pages > MODEL_STEP;
}

void m_unmap_some(m_cap_t *cap)
{
	clear_pages(&cap->space->space, cap, cap->pages - MODEL_STEP);
	cap->pages -= MODEL_STEP;
}

void m_unmap(m_cap_t *cap)
{
	if (!cap->space)
		return;
	m_space_t *space = &cap->space->space;
	if (cap->type == CAP_PTABLE) {
		space->table[cap->virt / MODEL_SPAN] = NULL;
		memset(space->page[cap->virt / MODEL_SPAN], 0, sizeof(space->page[0]));
	} else if (cap->type == CAP_IOBITMAP) {
		space->bitmap = NULL;
	} else if (cap->type == CAP_PIO) {
		set_closed(space, cap, true);
	} else {
		clear_pages(space, cap, 0);
	}
	cap->space = NULL;
	cap->virt = cap->pages = 0;
}

err_t m_unmap_call(m_call_t *call)
{
	bool by_map = call->cap->type == CAP_FRAME || call->cap->type == CAP_PTABLE ||
		      call->cap->type == CAP_IOBITMAP;
	if ((call->number == SYS_VSPACE_UNMAP && !by_map) || !call->cap->space)
		return DRV_EINVAL;
	m_unmap(call->cap);
	return DRV_OK;
}

/* -- Memory that the kernel takes. ------------------------------------------------------- */

/* Is it derived from none, and did no other lose the same parent? */
static bool is_alone(const m_cap_t *cap)
{
	for (uint32_t i = 0; i < model.caps; i++) {
		const m_cap_t *other = &model.cap[i];
		if (other != cap && other->live && cap->lost && other->lost == cap->lost)
			return false;
	}
	return !cap->parent;
}

err_t m_trace(m_call_t *call)
{
	m_cap_t *memory;
	err_t err = m_find(call, call->arg[1], CAP_UNTYPED, RIGHT_WRITE, &memory);
	if (err)
		return err;
	if (model.traced)
		return DRV_EEXIST;
	if (memory->child || !is_alone(memory))
		return DRV_EINVAL;
	model.traced = true;
	m_clear(memory);
	return DRV_OK;
}
