/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory: carving. */
#include "object/untyped.h"

#include "base/range.h"
#include "object/kernel.h"

/* Bytes of an object of this type; 0: cannot be made with this size. */
/*@ requires object_sizes_good;
    assigns \nothing;
    ensures \result == size_of(type, bits);
    ensures \result != 0 ==> power_of_two(\result); */
static uint32_t object_size(uint32_t type, uint32_t bits)
{
	if (type >= CAP_TYPE_COUNT)
		return 0;
	if (type == CAP_UNTYPED)
		return bits >= UNTYPED_BITS_MIN && bits <= UNTYPED_BITS_MAX ? 1u << bits : 0;
	if (type == CAP_CSPACE)
		return bits >= CSPACE_BITS_MIN && bits <= CSPACE_BITS_MAX
			   ? 1u << (bits + SLOT_BITS)
			   : 0;
	if (type == CAP_FRAME && bits == 0)
		return PAGE_SIZE;
	if (type == CAP_FRAME)
		return bits >= FRAME_BITS_MIN && bits <= FRAME_BITS_MAX ? 1u << bits : 0;
	if (bits != 0 || object_types[type].size_bits == 0)
		return 0;
	return 1u << object_types[type].size_bits;
}

err_t untyped_plan(const slot_t *untyped, uint32_t type, uint32_t form, carve_t *carve)
{
	uint32_t bits = RETYPE_SIZE_BITS(form);
	bool stale = (form & RETYPE_STALE) != 0;
	uint32_t size = object_size(type, bits);
	if (!size || (form & ~RETYPE_MASK) || (stale && type != CAP_FRAME))
		return DRV_EINVAL;
	uint32_t start;
	if (!round_up(untyped->used, size, &start) ||
	    !span_inside(start, size, 0, (1u << untyped->extra) - 1))
		return DRV_ENOMEM;
	if (stale && start + size > untyped->stale)
		return DRV_EPERM;
	if (type == CAP_FRAME && bits == 0)
		bits = PAGE_BITS;
	*carve =
	    (carve_t){.type = type, .bits = bits, .start = start, .size = size, .stale = stale};
	return DRV_OK;
}

bool untyped_zero_step(slot_t *untyped, const carve_t *carve)
{
	uint32_t end = carve->start + carve->size;
	if (carve->stale || object_types[carve->type].raw || untyped->zeroed >= end)
		return true;
	uint32_t bytes = end - untyped->zeroed;
	if (bytes > PAGE_SIZE)
		bytes = PAGE_SIZE;
	arch_zero(untyped->object + untyped->zeroed, bytes);
	untyped->zeroed += bytes;
	return untyped->zeroed >= end;
}

/* Marks what is planned, and the gap before it, as given out; a new untyped is free. */
/*@ requires \valid(untyped) && untyped_good(untyped) && \valid_read(carve);
    requires \separated(untyped, carve, &kernel) && is_planned(untyped, (carve_t *)carve);
    requires kernel.audit.free_bytes >= (1 << untyped->extra) - untyped->used;
    assigns untyped->used, untyped->zeroed, untyped->stale, kernel.audit.free_bytes;
    ensures used: untyped->used == carve->start + carve->size;
    ensures zeroed: untyped->zeroed ==
      (\old(untyped->zeroed) < untyped->used ? untyped->used : \old(untyped->zeroed));
    ensures stale: untyped->stale == (carve->type != CAP_FRAME ?
      (\old(untyped->stale) > carve->start ? carve->start : \old(untyped->stale)) :
      carve->start <= \old(untyped->stale) < untyped->used ? untyped->used :
      \old(untyped->stale));
    ensures counted: kernel.audit.free_bytes == \old(kernel.audit.free_bytes) -
      (untyped->used - \old(untyped->used)) +
      (carve->type == CAP_UNTYPED ? carve->size : 0);
    ensures left: kernel.audit.free_bytes >= (1 << untyped->extra) - untyped->used;
    ensures good: untyped_good(untyped); */
static void mark_used(slot_t *untyped, const carve_t *carve)
{
	uint32_t end = carve->start + carve->size;
	kernel.audit.free_bytes -= end - untyped->used;
	untyped->used = end;
	if (untyped->zeroed < end)
		untyped->zeroed = end;
	if (carve->type != CAP_FRAME && untyped->stale > carve->start)
		untyped->stale = carve->start;
	if (carve->type == CAP_FRAME && untyped->stale >= carve->start && untyped->stale < end)
		untyped->stale = end;
	if (carve->type == CAP_UNTYPED)
		kernel.audit.free_bytes += carve->size;
}

void untyped_commit(slot_t *untyped, const carve_t *carve, slot_t *slot)
{
	uint32_t object = untyped->object + carve->start;
	mark_used(untyped, carve);
	if (object_types[carve->type].create)
		object_types[carve->type].create(object, carve->bits);
	slot_fill_new(slot, untyped, carve->type, object, carve->bits);
}

void untyped_add_root(const slot_t *untyped)
{
	kernel.audit.free_bytes += 1u << untyped->extra;
	kernel.audit.ram_bytes += 1u << untyped->extra;
}

void untyped_reset(slot_t *untyped)
{
	kernel.audit.free_bytes += untyped->used;
	untyped->used = 0;
	untyped->zeroed = 0;
}

void untyped_detach(slot_t *untyped)
{
	kernel.audit.free_bytes -= (1u << untyped->extra) - untyped->used;
	untyped->used = untyped->zeroed = untyped->stale = 0;
}
