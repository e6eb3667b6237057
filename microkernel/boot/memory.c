/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot-time memory. */
#include "boot/memory.h"

#include "abi/cap.h"
#include "arch/arch.h"
#include "base/assert.h"
#include "base/range.h"

static pages_t pages_of(region_t region)
{
	return (pages_t){region.start / PAGE_SIZE, (region.end + PAGE_SIZE - 1) / PAGE_SIZE};
}

static bool overlap(region_t a, region_t b)
{
	return a.start < b.end && b.start < a.end;
}

/* Notes what is in use, so that nobody gets it. */
static const char *note_used(boot_loader_t *loader, region_t kernel)
{
	region_t module = loader->module;
	physical_t *map = &loader->map;
	bool noted = physical_note(map, kernel.start, kernel.end - kernel.start, SPAN_MEMORY);
	if (module.start != module.end) {
		if (overlap(module, kernel))
			return "the boot module overlaps the kernel";
		if (!physical_is_ram(map, pages_of(module)))
			return "the boot module lies outside of RAM";
		noted = noted && physical_note(map, module.start, module.end - module.start,
					       SPAN_MEMORY);
	}
	return noted ? NULL : "the memory map has too many entries";
}

/* Adds a region, or makes the last one longer. */
static void add_region(boot_memory_t *memory, region_t region)
{
	if (memory->count > 0 && memory->regions[memory->count - 1].end == region.start)
		memory->regions[memory->count - 1].end = region.end;
	else if (memory->count < BOOT_REGIONS)
		memory->regions[memory->count++] = region;
	else
		return;
	memory->top = region.end;
}

const char *boot_memory_init(boot_memory_t *memory, boot_loader_t *loader, region_t kernel)
{
	const char *trouble = note_used(loader, kernel);
	if (trouble)
		return trouble;
	pages_t run;
	uint32_t from = MEGABYTE / PAGE_SIZE;
	memory->count = memory->top = 0;
	for (; physical_ram(&loader->map, from, ARCH_MEMORY_LIMIT / PAGE_SIZE, &run);
	     from = run.end)
		add_region(memory, (region_t){run.first * PAGE_SIZE, run.end * PAGE_SIZE});
	uint32_t module_end = pages_of(loader->module).end * PAGE_SIZE;
	if (memory->top < module_end)
		memory->top = module_end;
	if (memory->top < ARCH_EARLY_LIMIT)
		memory->top = ARCH_EARLY_LIMIT;
	memory->mapped[0] = (region_t){0, ARCH_EARLY_LIMIT};
	memory->mapped[1] = (region_t){0, 0};
	return NULL;
}

static region_t common(region_t a, region_t b)
{
	return (region_t){a.start > b.start ? a.start : b.start, a.end < b.end ? a.end : b.end};
}

/* Bytes of RAM in a piece of memory. */
static uint32_t free_in(const boot_memory_t *memory, region_t piece)
{
	uint32_t bytes = 0;
	for (uint32_t i = 0; i < memory->count; i++) {
		region_t part = common(memory->regions[i], piece);
		bytes += part.start < part.end ? part.end - part.start : 0;
	}
	return bytes;
}

uint32_t boot_memory_early(boot_memory_t *memory)
{
	uint32_t most = 0;
	region_t piece = {ARCH_EARLY_LIMIT, ARCH_EARLY_LIMIT + ARCH_EARLY_CHUNK};
	for (; piece.start < memory->top;
	     piece.start = piece.end, piece.end += ARCH_EARLY_CHUNK) {
		uint32_t bytes = free_in(memory, piece);
		if (bytes <= most)
			continue;
		most = bytes;
		memory->mapped[1] = piece;
	}
	return memory->mapped[1].start;
}

void boot_memory_mapped(boot_memory_t *memory)
{
	memory->mapped[0].end = ARCH_MEMORY_LIMIT;
}

/* Takes a block out of region i. What is left before and behind it stays, but for the smaller
 * of both if there is no room for two. */
static void cut_region(boot_memory_t *memory, uint32_t i, region_t block)
{
	region_t *region = &memory->regions[i];
	region_t before = {region->start, block.start}, behind = {block.end, region->end};
	bool larger = behind.end - behind.start > before.end - before.start;
	region_t other = larger ? before : behind;
	*region = larger ? behind : before;
	if (other.start < other.end && memory->count < BOOT_REGIONS)
		memory->regions[memory->count++] = other;
	if (region->start == region->end)
		*region = memory->regions[--memory->count];
}

/* Is there a block of that size, naturally aligned? */
static bool find_block(region_t region, uint32_t size, uint32_t *start)
{
	return region.start < region.end && round_up(region.start, size, start) &&
	       *start < region.end && size <= region.end - *start;
}

uint32_t boot_memory_take(boot_memory_t *memory, uint32_t bits)
{
	uint32_t size = 1u << bits, start;
	for (uint32_t m = 0; m < 2; m++) {
		for (uint32_t i = 0; i < memory->count; i++) {
			region_t part = common(memory->regions[i], memory->mapped[m]);
			if (!find_block(part, size, &start))
				continue;
			cut_region(memory, i, (region_t){start, start + size});
			arch_zero(start, size);
			return start;
		}
	}
	panic("not enough memory beside the kernel and the boot module");
}

bool boot_memory_rest(boot_memory_t *memory, uint32_t *start, uint32_t *bits)
{
	for (uint32_t size_bits = UNTYPED_BITS_MAX; size_bits >= UNTYPED_BITS_MIN;
	     size_bits--) {
		for (uint32_t i = 0; i < memory->count; i++) {
			if (!find_block(memory->regions[i], 1u << size_bits, start))
				continue;
			cut_region(memory, i, (region_t){*start, *start + (1u << size_bits)});
			*bits = size_bits;
			return true;
		}
	}
	return false;
}
