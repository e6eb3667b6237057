/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations table and what is the same for all types. */
#include "object/object.h"

#include "abi/message.h"
#include "base/assert.h"
#include "object/cspace.h"
#include "object/endpoint.h"
#include "object/iobitmap.h"
#include "object/irq.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "object/range.h"
#include "object/reply.h"
#include "object/thread.h"
#include "object/untyped.h"
#include "object/vspace.h"

static void scope_memory(const slot_t *slot, uint32_t scope[2])
{
	scope[0] = slot->object;
	scope[1] = slot->extra;
}

static void scope_extra(const slot_t *slot, uint32_t scope[2])
{
	scope[0] = slot->extra;
}

static void scope_range(const slot_t *slot, uint32_t scope[2])
{
	scope[0] = PIO_SCOPE(slot->object, slot->extra);
	scope[1] = slot->flags;
}

static void scope_mmio(const slot_t *slot, uint32_t scope[2])
{
	scope[0] = slot->object;
	scope[1] = slot->extra - slot->object + 1;
}

/* What letting go of a line costs beyond the usual: the notification that it tells. */
static uint32_t cost_of_a_claim(const slot_t *slot)
{
	return slot->claim ? 3 * COST_OF_CLEARING : 0;
}

#define RIGHTS_OF(NAME, value, text, exist) [NAME].rights = (exist),
const object_type_t object_types[CAP_TYPE_COUNT] = {
    [CAP_UNTYPED] = {.raw = true,
		     .scope = scope_memory,
		     .detach = untyped_detach,
		     .childless = untyped_reset},
    [CAP_CSPACE] = {.counted = true,
		    .narrow = object_narrow_none,
		    .scope = scope_extra,
		    .create = cspace_create,
		    .tomb = sizeof(slot_t),
		    .destroy_step = cspace_destroy_step},
    [CAP_THREAD] = {.size_bits = THREAD_BITS,
		    .counted = true,
		    .narrow = object_narrow_none,
		    .create = thread_create,
		    .end = thread_end,
		    .tomb = offsetof(tcb_t, tomb),
		    .destroy_step = thread_destroy_step,
		    .inspect = thread_inspect},
    [CAP_VSPACE] = {.size_bits = VSPACE_BITS,
		    .counted = true,
		    .raw = true,
		    .narrow = object_narrow_none,
		    .create = vspace_create,
		    .tomb = offsetof(vspace_t, tomb),
		    .destroy_step = vspace_destroy_step},
    [CAP_PTABLE] = {.size_bits = PAGE_BITS, .map = vspace_map_table, .detach = vspace_unmap},
    [CAP_FRAME] = {.first_flags = FRAME_FIRST,
		   .narrow = vspace_narrow_frame,
		   .scope = scope_memory,
		   .map = vspace_map_frame,
		   .detach = vspace_unmap,
		   .detach_cost = vspace_unmap_cost},
    [CAP_ENDPOINT] = {.size_bits = ENDPOINT_BITS,
		      .counted = true,
		      .narrow = object_narrow_badge,
		      .scope = scope_extra,
		      .inspect = endpoint_inspect},
    [CAP_REPLY] = {.size_bits = REPLY_BITS,
		   .counted = true,
		   .narrow = object_narrow_none,
		   .end = reply_end,
		   .inspect = reply_inspect},
    [CAP_NOTIFICATION] = {.size_bits = NOTIFICATION_BITS,
			  .counted = true,
			  .narrow = object_narrow_badge,
			  .scope = scope_extra,
			  .detach = notification_detach},
    [CAP_IRQ] = {.device = true,
		 .narrow = irq_narrow,
		 .scope = scope_range,
		 .detach = irq_detach,
		 .detach_cost = cost_of_a_claim,
		 .inspect = irq_inspect},
    [CAP_PIO] = {.first_flags = PIO_WIDTH_ALL,
		 .device = true,
		 .narrow = pio_narrow,
		 .scope = scope_range,
		 .detach = iobitmap_close,
		 .detach_cost = iobitmap_close_cost},
    [CAP_MMIO] = {.device = true,
		  .narrow = mmio_narrow,
		  .scope = scope_mmio,
		  .detach = vspace_unmap,
		  .detach_cost = vspace_unmap_cost},
    [CAP_IOBITMAP] = {.size_bits = IOBITMAP_BITS,
		      .raw = true,
		      .create = iobitmap_create,
		      .map = iobitmap_install,
		      .detach = iobitmap_remove,
		      .detach_cost = iobitmap_remove_cost},
    [CAP_AUDIT] = {.narrow = object_narrow_none},
    CAP_TYPES(RIGHTS_OF)};
#undef RIGHTS_OF

void object_retain(const slot_t *slot)
{
	if (!object_types[slot->type].counted)
		return;
	object_header_t *header = arch_pointer(slot->object);
	if (header->refs++ == 0) {
		header->type = slot->type;
		kernel.audit.objects[slot->type]++;
	}
}

/* What it costs, beyond emptying the slot, that the object goes with its last capability. */
#define COST_OF_THE_LAST 100u

bool object_release(slot_t *slot)
{
	const object_type_t *type = &object_types[slot->type];
	object_header_t *header = arch_pointer(slot->object);
	kernel_assert(header->refs > 0);
	if (--header->refs > 0)
		return false;
	work_note(COST_OF_THE_LAST);
	if (type->tomb)
		work_bury(slot, object_tomb(slot->type, slot->object));
	if (type->end)
		type->end(arch_physical(header));
	if (type->tomb)
		return true;
	kernel.audit.objects[slot->type]--;
	return false;
}

void object_childless(slot_t *slot)
{
	if (object_types[slot->type].childless)
		object_types[slot->type].childless(slot);
}

__attribute__((noinline)) void object_wake_one(slot_t *slot)
{
	tcb_t *tcb = arch_pointer(slot->waiter);
	work_note(thread_wake_cost(tcb));
	thread_abandon(tcb, DRV_EGONE);
}

void object_slot_emptied(slot_t *slot)
{
	if (slot->home == HOME_CSPACE)
		cspace_free(slot);
	else if (slot->home == HOME_THREAD)
		thread_slot_emptied(slot);
	else
		irq_slot_emptied(slot);
}

uint32_t object_number(const slot_t *slot)
{
	return object_types[slot->type].counted ? OBJECT_NUMBER(slot->object) : 0;
}

void object_scope(const slot_t *slot, const slot_t *by, uint32_t scope[2])
{
	scope[0] = scope[1] = 0;
	if (object_types[slot->type].scope)
		object_types[slot->type].scope(slot, scope);
	if (slot_allows(by, RIGHT_INSPECT) && object_types[slot->type].counted)
		scope[1] = object_number(slot);
}

err_t object_narrow_none(reach_t *reach, uint32_t scope0, uint32_t scope1)
{
	(void)reach;
	return scope0 == 0 && scope1 == 0 ? DRV_OK : DRV_EINVAL;
}

err_t object_narrow_badge(reach_t *reach, uint32_t scope0, uint32_t scope1)
{
	if (scope1 != 0)
		return DRV_EINVAL;
	if (scope0 == 0)
		return DRV_OK;
	if (reach->extra != 0 || scope0 == BADGE_NOTIFICATION)
		return DRV_EPERM;
	reach->extra = scope0;
	return DRV_OK;
}
