/* SPDX-License-Identifier: BSD-2-Clause */
/* Maps, kernels and modules by chance, compared with the slow model. --seed N and --cases N
 * give others. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "abi/ports.h"
#include "arch/arch.h"
#include "loader_compare.h"

#define MIB	    0x100000u
#define GIB	    0x40000000ull
#define CASES	    10000u
#define MEMORY_PAGE (ARCH_MEMORY_LIMIT / PAGE_SIZE)

static uint32_t cases = CASES;
static uint64_t seed = 1;

/* An address that matters: around those of others, of windows, or of nobody. */
static uint64_t place(const world_t *world)
{
	static const uint64_t special[] = {0,	    0x9fc00,	     0xa0000,	0xf0000,
					   MIB,	    16 * MIB,	     512 * MIB, 0x30000000,
					   GIB * 2, BUS_WINDOW_LAST, 4 * GIB,	UINT64_MAX - 5};
	uint64_t at = special[below(sizeof(special) / sizeof(special[0]))];
	if (world->count > 0 && below(2)) {
		const world_entry_t *other = &world->entries[below(world->count)];
		at = other->base + (below(2) ? other->length : 0);
	}
	switch (below(6)) {
	case 0:
		return at + below(3) - 1;
	case 1:
		return at + below(2 * PAGE_SIZE) - PAGE_SIZE;
	case 2:
		return at + (below(64) - 32) * (uint64_t)PAGE_SIZE;
	case 3:
		return below(768) * (uint64_t)MIB;
	default:
		return at;
	}
}

static void add_entry(world_t *world)
{
	world_entry_t *entry = &world->entries[world->count];
	uint64_t a = place(world), b = place(world);
	entry->base = a < b ? a : b;
	entry->length = a < b ? b - a : a - b;
	if (below(8)) /* small, so that others have a chance */
		entry->length %= 32 * MIB;
	if (below(100) == 0)
		entry->length = UINT64_MAX - below(2 * MIB);
	entry->type = below(2) ? 1 : 1 + below(WORLD_TYPES);
	world->count++;
}

/* What there is up to the end of all addresses of 32 bits. */
static void name_last_pages(world_t *world)
{
	uint64_t length = (1 + below(16)) * (uint64_t)PAGE_SIZE;
	world->entries[world->count++] =
	    (world_entry_t){4 * GIB - length, length, 1 + below(WORLD_TYPES)};
}

static void shuffle(world_t *world)
{
	for (uint32_t i = 0; i + 1 < world->count; i++) {
		uint32_t other = i + below(world->count - i);
		world_entry_t entry = world->entries[i];
		world->entries[i] = world->entries[other];
		world->entries[other] = entry;
	}
}

/* Mostly a machine that has memory, with entries added to it and all in any order. */
static void make_world(world_t *world)
{
	*world = world_usual();
	if (below(8) == 0)
		world->count = 0;
	else
		world->entries[3].length = (1 + below(800)) * (uint64_t)MIB;
	for (uint32_t more = below(below(4) ? 8 : 30); more > 0; more--)
		add_entry(world);
	if (below(8) == 0)
		name_last_pages(world);
	shuffle(world);
	if (below(16) == 0)
		world_sizes(world, below(1024), below(4) ? below(MIB) : below(UINT32_MAX));
	uint32_t start = (uint32_t)place(world) & ~(PAGE_SIZE - 1);
	uint32_t size = 1 + below(below(4) ? MIB : 64 * MIB);
	if (start < ARCH_MEMORY_LIMIT && below(2))
		world->module = (region_t){start, start + size};
	if (below(8) == 0)
		world->module.start += below(3) * 4;
}

/* Is there RAM in this entry, or behind one that ends in it? */
static bool has_memory(const world_t *world, const world_entry_t *entry)
{
	for (uint32_t i = 0; i <= world->count; i++) {
		uint64_t at = entry->base > MIB ? entry->base : MIB;
		if (i < world->count)
			at = world->entries[i].base + world->entries[i].length;
		uint64_t page = (at + PAGE_SIZE - 1) / PAGE_SIZE;
		if (page >= MIB / PAGE_SIZE && page < MEMORY_PAGE &&
		    world_ram(world, (uint32_t)page))
			return true;
	}
	return false;
}

static const char *expected(const world_t *world)
{
	region_t module = world->module;
	bool memory_told = false, ram = true;
	for (uint32_t i = 0; i < world->count && !memory_told; i++)
		memory_told = has_memory(world, &world->entries[i]);
	if (!memory_told)
		return "the loader tells of no memory";
	if (module.start == module.end)
		return NULL;
	if (module.start > module.end)
		return "the boot module ends before it begins";
	if (module.end > ARCH_MEMORY_LIMIT)
		return "the boot module lies above the memory that the kernel uses";
	if (module.start % PAGE_SIZE)
		return "the boot module is not on a page boundary";
	if (module.start < world->kernel.end && world->kernel.start < module.end)
		return "the boot module overlaps the kernel";
	for (uint32_t page = module.start / PAGE_SIZE; page <= (module.end - 1) / PAGE_SIZE;
	     page++)
		ram = ram && world_ram(world, page);
	return ram ? NULL : "the boot module lies outside of RAM";
}

static void any_map_kernel_and_module_are_placed_as_the_slow_model_says(void **state)
{
	uint32_t booted = 0;
	world_t world;
	(void)state;
	chance = seed;
	for (uint32_t i = 0; i < cases; i++) {
		make_world(&world);
		const char *trouble = boot(&world), *wanted = expected(&world);
		if (!trouble != !wanted || (trouble && strcmp(trouble, wanted) != 0))
			fail_msg("case %u: %s, expected: %s", i, trouble ? trouble : "it boots",
				 wanted ? wanted : "it boots");
		if (trouble)
			continue;
		compare(&world);
		if (++booted % 64 == 0)
			take_all();
	}
	assert_true(booted > cases / 4);
}

static void read_arguments(int count, char **words)
{
	for (int i = 1; i + 1 < count; i += 2) {
		if (strcmp(words[i], "--seed") == 0)
			seed = strtoull(words[i + 1], NULL, 0);
		else if (strcmp(words[i], "--cases") == 0)
			cases = (uint32_t)strtoul(words[i + 1], NULL, 0);
	}
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_map_kernel_and_module_are_placed_as_the_slow_model_says),
	};
	read_arguments(count, words);
	world_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
