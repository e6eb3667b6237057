/* SPDX-License-Identifier: BSD-2-Clause */
/* The count of need.h. Image and stack waste nothing: their frames are made the largest first.
 * Neither do the objects, up to where the driver's ports and windows come. */
#include "claims/need.h"

/* Sizes of kernel objects: docs/syscalls/UNTYPED_RETYPE.md. */
#define VSPACE_BYTES   16384u
#define SLOT_BYTES     64u
#define IOBITMAP_BYTES 8192u

#define SMALL_BYTES  PAGE_SIZE /* thread, notification and reply object */
#define SHARED_BYTES (3 * PAGE_SIZE)

/* What a page table maps at least, whatever the machine: with PAE. */
#define SPAN (2u << 20)

/* Whatever its manifest says: two pieces of memory, an endpoint, three frames and their copies
 * but the first's, which is the buffer, the two ends of its door and its reply object there,
 * its address space, its capability space, buffer and thread, notification and reply object,
 * whom it asked for beside its manifest, and whom it has told. */
#define HANDLES_FIXED 19u
#define STACK_TABLES  1u /* of the stack and what is beside it */

static uint32_t whole_pages(uint32_t bytes)
{
	return (bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/* Page tables for the image: two segments that lie under one table have one each by this count,
 * unless the second begins where the first ends. */
static uint32_t count_tables(const elf_plan_t *plan)
{
	uint32_t tables = 0, next = 0;
	for (uint32_t i = 0; i < plan->count; i++) {
		const elf_segment_t *segment = &plan->segments[i];
		uint32_t first = segment->virt / SPAN;
		uint32_t last = (segment->virt + segment->memory_bytes - 1) / SPAN;
		tables += last - first + 1;
		if (i > 0 && first == next)
			tables--;
		next = last;
	}
	return tables;
}

/* Frames of a run of pages, the largest of 2^most bytes (gate/process.c). */
static uint32_t count_frames(uint32_t bytes, uint32_t most)
{
	uint32_t frames = bytes >> most;
	for (uint32_t rest = bytes & ((1u << most) - 1); rest; rest &= rest - 1)
		frames++;
	return frames;
}

static uint32_t count_tables_of_windows(const caps_t *caps)
{
	uint32_t windows = 0;
	for (uint32_t i = 0; i < caps->mmio.count; i++)
		windows += caps->mmio.items[i].size;
	return windows ? (windows - 1) / SPAN + 1 : 0;
}

static uint32_t count_handles(const manifest_t *manifest, const elf_plan_t *plan)
{
	const caps_t *caps = &manifest->caps;
	uint32_t handles = HANDLES_FIXED + manifest->uses.count + manifest->needs.count +
			   caps->irq.count + (caps->pio.count != 0) +
			   count_tables_of_windows(caps) + count_tables(plan) + STACK_TABLES +
			   count_frames(DRIVER_STACK_PAGES * PAGE_SIZE, FRAME_BITS_MAX);
	for (uint32_t i = 0; i < plan->count; i++) {
		const elf_segment_t *segment = &plan->segments[i];
		uint32_t filled = whole_pages(segment->file_bytes);
		handles +=
		    count_frames(filled, NEED_FILLED_BITS) +
		    count_frames(whole_pages(segment->memory_bytes) - filled, FRAME_BITS_MAX);
	}
	return handles;
}

/* The two gaps are what alignment can waste: tables behind small objects, and the bitmap. */
static uint32_t device_bytes(const caps_t *caps)
{
	uint32_t bytes = count_tables_of_windows(caps) * PAGE_SIZE;
	if (caps->pio.count)
		bytes += IOBITMAP_BYTES + PAGE_SIZE;
	return bytes;
}

need_t need_of(const manifest_t *manifest, const elf_plan_t *plan)
{
	need_t need = {.frames = DRIVER_STACK_PAGES * PAGE_SIZE, .shared = SHARED_BYTES};
	for (uint32_t i = 0; i < plan->count; i++)
		need.frames += whole_pages(plan->segments[i].memory_bytes);
	need.handles = count_handles(manifest, plan);
	need.objects = VSPACE_BYTES + (SLOT_BYTES << NEED_CSPACE_BITS) +
		       (count_tables(plan) + STACK_TABLES) * PAGE_SIZE + SMALL_BYTES +
		       device_bytes(&manifest->caps);
	return need;
}

uint32_t need_kib(const need_t *need)
{
	return (need->frames + need->objects + need->shared) / 1024;
}
