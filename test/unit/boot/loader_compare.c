/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's answers beside those of the slow model. */
#include "loader_compare.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "abi/ports.h"
#include "arch/arch.h"
#include "boot/windows.h"

#define KIB	    1024u
#define MIB	    0x100000u
#define POINTS	    2048u
#define MEMORY_PAGE (ARCH_MEMORY_LIMIT / PAGE_SIZE)

boot_loader_t loader;
boot_memory_t memory;
uint64_t chance;

/* Knuth's generator: MMIX. */
uint32_t below(uint32_t limit)
{
	chance = chance * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(((chance >> 32) * limit) >> 32);
}

world_t world_usual(void)
{
	return (world_t){.count = 5,
			 .entries = {{0, 0x9fc00, 1},
				     {0x9fc00, 0x400, 2},
				     {0xf0000, 0x10000, 2},
				     {MIB, 63 * MIB, 1},
				     {0xfffc0000, 0x40000, 2}},
			 .kernel = {MIB, MIB + 0x80000},
			 .module = {2 * MIB, 2 * MIB + 0x12345},
			 .info_at = 0x9000,
			 .map_at = 0x9100,
			 .modules_at = 0xb000,
			 .cmdline_at = 0xb100};
}

void world_sizes(world_t *world, uint32_t lower_kib, uint32_t upper_kib)
{
	uint64_t lower = lower_kib * (uint64_t)KIB, upper = upper_kib * (uint64_t)KIB;
	*world = world_usual();
	world->sizes = true;
	world->count = 3;
	world->entries[0] = (world_entry_t){0, lower, 1};
	world->entries[1] = (world_entry_t){MIB, upper, 1};
	world->entries[2] = (world_entry_t){MIB + upper, UINT64_MAX - MIB - upper, 2};
}

const char *boot(world_t *world)
{
	world_write(world, "trace=input");
	return world_boot(world, &loader, &memory);
}

uint32_t regions_with(uint32_t page)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < memory.count; i++)
		count += memory.regions[i].start / PAGE_SIZE <= page &&
			 page < memory.regions[i].end / PAGE_SIZE;
	return count;
}

/* How many pieces of windows have the page? */
static uint32_t windows_with(uint32_t page)
{
	uint32_t at = 0, count = 0;
	pages_t piece;
	while (windows_next(&loader.map, &at, &piece))
		count += piece.first <= page && page < piece.end;
	return count;
}

static bool in_isa_window(uint32_t page)
{
	return page >= ISA_WINDOW_FIRST / PAGE_SIZE && page <= ISA_WINDOW_LAST / PAGE_SIZE;
}

bool isa_window_has(uint32_t page)
{
	return in_isa_window(page) && windows_with(page) != 0;
}

bool bus_window_has(uint32_t page)
{
	return !in_isa_window(page) && windows_with(page) != 0;
}

static void compare_page(const world_t *world, uint32_t page, uint32_t bus)
{
	bool named = world_named(world, page) || world_taken(world, page);
	bool ram = world_ram(world, page) && !world_taken(world, page) &&
		   page >= MIB / PAGE_SIZE && page < MEMORY_PAGE;
	bool buses = page >= bus && page <= BUS_WINDOW_LAST / PAGE_SIZE;
	if (regions_with(page) != ram)
		fail_msg("page 0x%x is in %u regions", page, regions_with(page));
	if (windows_with(page) != ((in_isa_window(page) || buses) && !named))
		fail_msg("page 0x%x is in %u windows", page, windows_with(page));
}

/* What a window has is of one of both, and in order; its first and last page are as the model
 * says. */
static void compare_windows(const world_t *world, uint32_t bus)
{
	uint32_t at = 0, end = 0;
	pages_t piece;
	while (windows_next(&loader.map, &at, &piece)) {
		if (piece.first >= piece.end || piece.first < end ||
		    in_isa_window(piece.first) != in_isa_window(piece.end - 1) ||
		    (!in_isa_window(piece.first) && piece.first < bus))
			fail_msg("a window has the pages 0x%x..0x%x", piece.first, piece.end);
		end = piece.end;
		compare_page(world, piece.first, bus);
		compare_page(world, end - 1, bus);
	}
}

/* Between two of these pages nothing changes. */
static uint32_t collect(const world_t *world, uint32_t *pages)
{
	uint32_t count = 0;
	uint64_t places[2 * WORLD_ENTRIES + 16] = {
	    PAGE_SIZE,
	    MIB,
	    ARCH_MEMORY_LIMIT,
	    world->kernel.start,
	    world->kernel.end,
	    world->module.start,
	    world->module.end,
	    ISA_WINDOW_FIRST,
	    ISA_WINDOW_LAST,
	    BUS_WINDOW_LAST,
	    (uint64_t)world_bus_first(world) * PAGE_SIZE,
	};
	uint32_t known = 11;
	for (uint32_t i = 0; i < world->count; i++) {
		places[known++] = world->entries[i].base;
		places[known++] = world->entries[i].base + world->entries[i].length;
	}
	for (uint32_t i = 0; i < known; i++)
		for (uint64_t near = 0; near < 3; near++) {
			uint64_t page = places[i] / PAGE_SIZE + near - 1;
			if (page < PHYSICAL_PAGES && count < POINTS)
				pages[count++] = (uint32_t)page;
		}
	return count;
}

void compare(const world_t *world)
{
	uint32_t pages[POINTS];
	uint32_t count = collect(world, pages);
	uint32_t bus = world_bus_first(world);
	assert_int_equal(physical_bus_first(&loader.map), bus);
	for (uint32_t i = 0; i < count; i++)
		compare_page(world, pages[i], bus);
	compare_windows(world, bus);
}

void take_all(void)
{
	static uint8_t given[MEMORY_PAGE];
	memset(given, 0, sizeof(given));
	boot_memory_t before = memory;
	uint32_t chunk = boot_memory_early(&memory), start, bits, pages = 0, taken = 0;
	for (uint32_t i = 0; i < before.count; i++)
		pages += (before.regions[i].end - before.regions[i].start) / PAGE_SIZE;
	for (uint32_t step = 0; step < 6 && pages > 8192; step++) {
		if (step == 3)
			boot_memory_mapped(&memory);
		bits = PAGE_BITS + below(5);
		start = boot_memory_take(&memory, bits);
		assert_true(step >= 3 || start < ARCH_EARLY_LIMIT ||
			    start - chunk < ARCH_EARLY_CHUNK);
		assert_int_equal(start & ((1u << bits) - 1), 0);
		memset(given + start / PAGE_SIZE, 1, 1u << (bits - PAGE_BITS));
		taken += 1u << (bits - PAGE_BITS);
	}
	for (uint32_t last = 32; boot_memory_rest(&memory, &start, &bits); last = bits) {
		assert_true(bits <= last && (start & ((1u << bits) - 1)) == 0);
		uint32_t count = 1u << (bits - PAGE_BITS);
		for (uint32_t i = 0; i < count; i++)
			assert_int_equal(given[start / PAGE_SIZE + i]++, 0);
		taken += count;
	}
	assert_true(taken <= pages && (taken == pages || before.count > BOOT_REGIONS / 4));
	memory = before;
	for (uint32_t page = 0; page < MEMORY_PAGE; page++)
		if (given[page] && (given[page] != 1 || regions_with(page) != 1))
			fail_msg("page 0x%x was not free", page);
}
