/* SPDX-License-Identifier: BSD-2-Clause */
/* I/O permission bitmaps. */
#include "object/iobitmap.h"

#include "base/memory.h"
#include "object/kernel.h"

#define WORD_BITS 32u

/* What closing ports and removing a bitmap cost beside one for each word of it, in
 * instructions, about. */
#define COST_OF_CLOSING	 100u
#define COST_OF_REMOVING 300u

void iobitmap_create(uint32_t object, uint32_t bits)
{
	(void)bits;
	memset(arch_pointer(object), 0xff, ARCH_IOBITMAP_BYTES);
	work_note(ARCH_IOBITMAP_BYTES / sizeof(uint32_t));
}

/* The bits of [first, last] that lie in word `index`, which the range touches. */
static uint32_t mask_in_word(uint32_t first, uint32_t last, uint32_t index)
{
	uint32_t from = index == first / WORD_BITS ? first % WORD_BITS : 0;
	uint32_t to = index == last / WORD_BITS ? last % WORD_BITS : WORD_BITS - 1;
	return (UINT32_MAX << from) & (UINT32_MAX >> (WORD_BITS - 1 - to));
}

static bool all_closed(const uint32_t *words, uint32_t first, uint32_t last)
{
	uint32_t from = first / WORD_BITS, to = last / WORD_BITS;
	uint32_t closed = words[from] | ~mask_in_word(first, last, from);
	closed &= words[to] | ~mask_in_word(first, last, to);
	for (uint32_t i = from + 1; i < to; i++)
		closed &= words[i];
	return closed == UINT32_MAX;
}

static void set_word(uint32_t *word, uint32_t mask, bool closed)
{
	*word = closed ? *word | mask : *word & ~mask;
}

static void set_closed(uint32_t *words, uint32_t first, uint32_t last, bool closed)
{
	uint32_t from = first / WORD_BITS, to = last / WORD_BITS;
	set_word(&words[from], mask_in_word(first, last, from), closed);
	set_word(&words[to], mask_in_word(first, last, to), closed);
	if (from + 1 < to)
		memset(&words[from + 1], closed ? 0xff : 0, (to - from - 1) * sizeof(*words));
}

/* The bitmap of a vspace was changed for another: the processor may be using it. */
static void use_if_current(uint32_t object)
{
	const vspace_t *vspace = arch_pointer(object);
	if (kernel.sched.space == object)
		arch_iobitmap_use(vspace->iobitmap);
}

err_t iobitmap_install(uint32_t object, slot_t *slot, uint32_t virt, uint32_t rights)
{
	vspace_t *vspace = arch_pointer(object);
	(void)rights;
	if (virt != 0)
		return DRV_EFAULT;
	if (slot->map_space)
		return DRV_EBUSY;
	if (vspace->iobitmap)
		return DRV_EEXIST;
	vspace->iobitmap = slot->object;
	vspace_note_mapping(object, slot, 0, 0);
	use_if_current(object);
	return DRV_OK;
}

void iobitmap_remove(slot_t *slot)
{
	uint32_t object = slot->map_space;
	if (!object)
		return;
	((vspace_t *)arch_pointer(object))->iobitmap = 0;
	vspace_forget_mapping(slot);
	use_if_current(object);
	/* Or it would carry its open ports into the next address space. */
	iobitmap_create(slot->object, 0);
}

uint32_t iobitmap_remove_cost(const slot_t *slot)
{
	return slot->map_space ? COST_OF_REMOVING : 0; /* iobitmap_create() charges itself */
}

err_t iobitmap_open(uint32_t object, slot_t *slot)
{
	vspace_t *vspace = arch_pointer(object);
	if (!vspace->iobitmap)
		return DRV_ENOTABLE;
	if (slot->map_space)
		return DRV_EBUSY;
	if (slot->flags != PIO_WIDTH_ALL)
		return DRV_EPERM;
	uint32_t *words = arch_pointer(vspace->iobitmap);
	if (!all_closed(words, slot->object, slot->extra))
		return DRV_EEXIST;
	set_closed(words, slot->object, slot->extra, false);
	vspace_note_mapping(object, slot, 0, 0);
	return DRV_OK;
}

void iobitmap_close(slot_t *slot)
{
	if (!slot->map_space)
		return;
	const vspace_t *vspace = arch_pointer(slot->map_space);
	/* If they were opened in another one, since removed, they are closed in this anyway. */
	if (vspace->iobitmap)
		set_closed(arch_pointer(vspace->iobitmap), slot->object, slot->extra, true);
	vspace_forget_mapping(slot);
}

uint32_t iobitmap_close_cost(const slot_t *slot)
{
	return slot->map_space ? (slot->extra - slot->object) / WORD_BITS + COST_OF_CLOSING : 0;
}
