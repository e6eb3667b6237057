/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's side of a machine, and the slow model. */
#define _DEFAULT_SOURCE /* mmap() of memory that is not there until it is used */
#include "loader_world.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>

#include "arch/arch.h"
#include "base/assert.h"

#define LOADER_MAGIC 0x2badb002u
#define HAS_MEMORY   0x01u
#define HAS_CMDLINE  0x04u
#define HAS_MODULES  0x08u
#define HAS_MAP	     0x40u
#define ENTRY_WORDS  6u
#define KIB	     1024u
#define NEAR	     0x1000000u

typedef unsigned __int128 wide_t;

static uint8_t *memory_of_machine;
static jmp_buf stopped;
const char *world_panic;

void *arch_pointer(uint32_t address)
{
	if (address >= ARCH_MEMORY_LIMIT)
		abort();
	return memory_of_machine + address;
}

void arch_zero(uint32_t address, uint32_t bytes)
{
	memset(arch_pointer(address), 0, bytes);
}

_Noreturn void panic(const char *reason)
{
	world_panic = reason;
	longjmp(stopped, 1);
}

void world_start(void)
{
	memory_of_machine = mmap(NULL, ARCH_MEMORY_LIMIT, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory_of_machine == MAP_FAILED)
		abort();
}

uint32_t *world_words(uint32_t address)
{
	return (uint32_t *)(void *)(memory_of_machine + address);
}

void world_write(world_t *world, const char *cmdline)
{
	uint32_t *map = world_words(world->map_at);
	for (uint32_t i = 0; i < world->count; i++) {
		const world_entry_t *entry = &world->entries[i];
		uint32_t words[ENTRY_WORDS] = {
		    (ENTRY_WORDS - 1) * 4,	     (uint32_t)entry->base,
		    (uint32_t)(entry->base >> 32),   (uint32_t)entry->length,
		    (uint32_t)(entry->length >> 32), entry->type};
		memcpy(map + i * ENTRY_WORDS, words, sizeof(words));
	}
	world->map_bytes = world->count * ENTRY_WORDS * 4;
	bool module = world->module.start != world->module.end;
	uint32_t info[13] = {(world->sizes ? HAS_MEMORY : HAS_MAP) |
			     (module ? HAS_MODULES : 0) | (cmdline ? HAS_CMDLINE : 0)};
	info[1] = (uint32_t)(world->entries[0].length / KIB);
	info[2] = (uint32_t)(world->entries[1].length / KIB);
	info[4] = world->cmdline_at;
	info[5] = module;
	info[6] = world->modules_at;
	info[11] = world->map_bytes;
	info[12] = world->map_at;
	memcpy(world_words(world->info_at), info, sizeof(info));
	uint32_t *list = world_words(world->modules_at);
	list[0] = world->module.start;
	list[1] = world->module.end;
	if (cmdline)
		memcpy(world_words(world->cmdline_at), cmdline, strlen(cmdline) + 1);
}

const char *world_boot(const world_t *world, boot_loader_t *loader, boot_memory_t *memory)
{
	world_panic = NULL;
	if (setjmp(stopped))
		return world_panic;
	const char *trouble = multiboot_read(LOADER_MAGIC, world->info_at, loader);
	return trouble ? trouble : boot_memory_init(memory, loader, world->kernel);
}

/* An entry that wraps goes on to the end of all addresses, and is no RAM. */
static bool wraps(const world_entry_t *entry)
{
	return (wide_t)entry->base + entry->length > (wide_t)UINT64_MAX;
}

static bool touches(const world_entry_t *entry, uint32_t page)
{
	wide_t first = (wide_t)page * PAGE_SIZE, end = first + PAGE_SIZE;
	return entry->length != 0 && entry->base < end &&
	       first < (wide_t)entry->base + entry->length;
}

static bool covers(const world_entry_t *entry, uint32_t page)
{
	wide_t first = (wide_t)page * PAGE_SIZE, end = first + PAGE_SIZE;
	return entry->type == 1 && !wraps(entry) && entry->base <= first &&
	       end <= (wide_t)entry->base + entry->length;
}

bool world_named(const world_t *world, uint32_t page)
{
	for (uint32_t i = 0; i < world->count; i++)
		if (touches(&world->entries[i], page))
			return true;
	return false;
}

bool world_ram(const world_t *world, uint32_t page)
{
	bool covered = false;
	for (uint32_t i = 0; i < world->count; i++) {
		const world_entry_t *entry = &world->entries[i];
		if (covers(entry, page))
			covered = true;
		else if (touches(entry, page))
			return false;
	}
	return covered;
}

static bool has_pages(region_t region, uint32_t page)
{
	return region.start != region.end && page >= region.start / PAGE_SIZE &&
	       page <= (region.end - 1) / PAGE_SIZE;
}

bool world_taken(const world_t *world, uint32_t page)
{
	return has_pages(world->kernel, page) || has_pages(world->module, page);
}

/* The end of the last page below 4 GiB that the entry touches; 0: none. */
static uint64_t end_of_pages(const world_entry_t *entry)
{
	wide_t end = (wide_t)entry->base + entry->length, all = (wide_t)1 << 32;
	if (entry->length == 0 || entry->base >= all)
		return 0;
	end = end < all ? end : all;
	return (uint64_t)((end + PAGE_SIZE - 1) / PAGE_SIZE);
}

uint32_t world_bus_first(const world_t *world)
{
	uint64_t top = ((uint64_t)world->kernel.end + PAGE_SIZE - 1) / PAGE_SIZE;
	for (uint32_t i = 0; i < world->count; i++) {
		const world_entry_t *entry = &world->entries[i];
		bool memory = (entry->type == 1 && !wraps(entry)) || entry->type == 3 ||
			      entry->type == 4 || entry->type == 5;
		if (memory && end_of_pages(entry) > top)
			top = end_of_pages(entry);
	}
	for (uint32_t i = 0; i < world->count;) {
		const world_entry_t *entry = &world->entries[i++];
		if (end_of_pages(entry) > top &&
		    entry->base / PAGE_SIZE <= top + NEAR / PAGE_SIZE) {
			top = end_of_pages(entry);
			i = 0;
		}
	}
	return (uint32_t)top;
}
