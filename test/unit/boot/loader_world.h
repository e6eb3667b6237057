/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine of 768 MiB that a boot loader has written to, and what is to be said of each page
 * of it, found out slowly: byte by byte of each entry, with numbers that cannot wrap. */
#ifndef LOADER_WORLD_H
#define LOADER_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "boot/memory.h"

#define WORLD_ENTRIES 140u
#define WORLD_TYPES   6u /* 1..5 and one that nobody knows */

typedef struct world_entry {
	uint64_t base, length;
	uint32_t type;
} world_entry_t;

typedef struct world {
	uint32_t count;
	world_entry_t entries[WORLD_ENTRIES];
	region_t kernel, module;
	uint32_t info_at, map_at, modules_at, cmdline_at;
	bool sizes;	    /* no map, but what the first two entries say */
	uint32_t map_bytes; /* set by world_write() */
} world_t;

extern const char *world_panic; /* why the kernel stopped, or null */

void world_start(void);

/* Puts the loader's structures at their places. `cmdline` may be null. */
void world_write(world_t *world, const char *cmdline);

/* The loader's words at an address of the machine. */
uint32_t *world_words(uint32_t address);

/* Reads and places all; null, or what is wrong. */
const char *world_boot(const world_t *world, boot_loader_t *loader, boot_memory_t *memory);

/* Does an entry touch the page? Is it RAM to be used, whoever uses it? */
bool world_named(const world_t *world, uint32_t page);
bool world_ram(const world_t *world, uint32_t page);

/* Where the bus window begins. */
uint32_t world_bus_first(const world_t *world);

/* Is the page the kernel's or the module's? */
bool world_taken(const world_t *world, uint32_t page);

#endif
