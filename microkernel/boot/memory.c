/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot-time memory. */
#include "boot/memory.h"

#include "abi/cap.h"
#include "arch/arch.h"
#include "base/assert.h"
#include "base/memory.h"
#include "base/range.h"

static region_t regions[BOOT_REGIONS + 2];
static uint32_t count;

/* Cuts [cut.start, cut.end), in whole pages, out of region i, which may become two. */
static void cut_region(uint32_t i, region_t cut)
{
	region_t *region = &regions[i];
	cut.start &= ~(PAGE_SIZE - 1);
	cut.end = (cut.end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (cut.end <= region->start || region->end <= cut.start)
		return;
	if (cut.start > region->start && cut.end < region->end) {
		regions[count++] = (region_t){cut.end, region->end};
		region->end = cut.start;
	} else if (cut.start > region->start) {
		region->end = cut.start;
	} else {
		region->start = cut.end < region->end ? cut.end : region->end;
	}
}

void boot_memory_init(const boot_loader_t *loader, region_t kernel)
{
	for (uint32_t i = 0; i < loader->regions; i++) {
		regions[count] = loader->ram[i];
		if (regions[count].end > ARCH_MEMORY_LIMIT)
			regions[count].end = ARCH_MEMORY_LIMIT;
		if (regions[count].start < regions[count].end)
			count++;
	}
	const region_t cuts[] = {kernel, loader->module};
	for (uint32_t c = 0; c < 2; c++)
		for (uint32_t i = 0, n = count; i < n; i++)
			if (cuts[c].start < cuts[c].end && count < BOOT_REGIONS + 2)
				cut_region(i, cuts[c]);
}

uint32_t boot_memory_take(uint32_t bits)
{
	uint32_t size = 1u << bits;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t start;
		region_t *region = &regions[i];
		uint32_t end = region->end < ARCH_EARLY_LIMIT ? region->end : ARCH_EARLY_LIMIT;
		if (!round_up(region->start, size, &start) || start >= end ||
		    size > end - start)
			continue;
		/* What alignment skips stays available as a region of its own. */
		if (start > region->start && count < BOOT_REGIONS + 2)
			regions[count++] = (region_t){region->start, start};
		region->start = start + size;
		memset(arch_pointer(start), 0, size);
		return start;
	}
	panic("not enough memory to boot: give the machine 8 MiB");
}

bool boot_memory_rest(uint32_t *start, uint32_t *bits)
{
	for (; count > 0; count--) {
		region_t *region = &regions[count - 1];
		if (region->start >= region->end)
			continue;
		uint32_t size_bits = UNTYPED_BITS_MIN;
		while (size_bits < UNTYPED_BITS_MAX &&
		       is_aligned(region->start, 2u << size_bits) &&
		       2u << size_bits <= region->end - region->start)
			size_bits++;
		*start = region->start;
		*bits = size_bits;
		region->start += 1u << size_bits;
		return true;
	}
	return false;
}

uint32_t boot_memory_top(void)
{
	uint32_t top = ARCH_EARLY_LIMIT;
	for (uint32_t i = 0; i < count; i++)
		if (regions[i].end > top)
			top = regions[i].end;
	return top;
}
