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

const object_type_t object_types[CAP_TYPE_COUNT] = {
    [CAP_NONE] = {.name = "none"},
    [CAP_UNTYPED] = {.name = "untyped",
		     .rights = RIGHT_WRITE,
		     .raw = true,
		     .detach = untyped_detach,
		     .childless = untyped_reset},
    [CAP_CSPACE] = {.name = "cspace",
		    .rights = RIGHT_READ | RIGHT_WRITE,
		    .counted = true,
		    .narrow = object_narrow_none,
		    .create = cspace_create,
		    .destroy_step = cspace_destroy_step},
    [CAP_THREAD] = {.name = "thread",
		    .rights = RIGHT_READ | RIGHT_WRITE,
		    .size_bits = THREAD_BITS,
		    .counted = true,
		    .narrow = object_narrow_none,
		    .create = thread_create,
		    .destroy_step = thread_destroy_step},
    [CAP_VSPACE] = {.name = "vspace",
		    .rights = RIGHT_WRITE,
		    .size_bits = VSPACE_BITS,
		    .counted = true,
		    .raw = true,
		    .narrow = object_narrow_none,
		    .create = vspace_create,
		    .destroy_step = vspace_destroy_step},
    [CAP_PTABLE] = {.name = "ptable",
		    .rights = RIGHT_WRITE,
		    .size_bits = PAGE_BITS,
		    .detach = vspace_unmap},
    [CAP_FRAME] = {.name = "frame",
		   .rights = RIGHT_READ | RIGHT_WRITE | RIGHT_EXEC,
		   .size_bits = PAGE_BITS,
		   .narrow = object_narrow_none,
		   .detach = vspace_unmap},
    [CAP_ENDPOINT] = {.name = "endpoint",
		      .rights = RIGHT_READ | RIGHT_WRITE | RIGHT_GRANT,
		      .size_bits = ENDPOINT_BITS,
		      .counted = true,
		      .narrow = object_narrow_badge},
    [CAP_REPLY] = {.name = "reply",
		   .rights = RIGHT_WRITE,
		   .size_bits = REPLY_BITS,
		   .counted = true,
		   .narrow = object_narrow_none,
		   .destroy_step = reply_destroy_step},
    [CAP_NOTIFICATION] = {.name = "notification",
			  .rights = RIGHT_READ | RIGHT_WRITE,
			  .size_bits = NOTIFICATION_BITS,
			  .counted = true,
			  .narrow = object_narrow_badge,
			  .detach = notification_detach},
    [CAP_IRQ] = {.name = "irq",
		 .rights = RIGHT_READ,
		 .narrow = irq_narrow,
		 .detach = irq_detach},
    [CAP_PIO] = {.name = "pio",
		 .rights = RIGHT_READ | RIGHT_WRITE,
		 .narrow = pio_narrow,
		 .detach = iobitmap_close},
    [CAP_MMIO] = {.name = "mmio",
		  .rights = RIGHT_READ | RIGHT_WRITE,
		  .narrow = mmio_narrow,
		  .detach = vspace_unmap},
    [CAP_IOBITMAP] = {.name = "iobitmap",
		      .rights = RIGHT_WRITE,
		      .size_bits = IOBITMAP_BITS,
		      .create = iobitmap_create,
		      .detach = iobitmap_remove},
};

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

void object_release(slot_t *slot)
{
	const object_type_t *type = &object_types[slot->type];
	if (slot->waiter)
		object_wake_one(slot);
	if (type->detach)
		type->detach(slot);
	if (!type->counted)
		return;
	object_header_t *header = arch_pointer(slot->object);
	kernel_assert(header->refs > 0);
	if (--header->refs == 0)
		work_add_dying(slot->object);
}

void object_wake_one(slot_t *slot)
{
	thread_abandon(arch_pointer(slot->waiter), DRV_EGONE);
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

void object_scope(const slot_t *slot, uint32_t scope[2])
{
	scope[0] = scope[1] = 0;
	switch (slot->type) {
	case CAP_UNTYPED:
	case CAP_FRAME:
		scope[0] = slot->object;
		scope[1] = slot->extra;
		break;
	case CAP_PIO:
		scope[0] = PIO_SCOPE(slot->object, slot->extra);
		scope[1] = slot->widths;
		break;
	case CAP_IRQ:
		scope[0] = IRQ_SCOPE(slot->object, slot->extra);
		break;
	case CAP_MMIO:
		scope[0] = slot->object;
		scope[1] = slot->extra - slot->object + 1;
		break;
	case CAP_ENDPOINT:
	case CAP_NOTIFICATION:
	case CAP_CSPACE:
		scope[0] = slot->extra;
		break;
	default:
		break;
	}
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
