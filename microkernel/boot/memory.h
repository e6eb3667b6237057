/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot-time memory: pages for the kernel's own tables and the root task, taken from what will
 * become untyped. Nothing is taken after boot_memory_rest(). */
#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

#include "boot/multiboot.h"

#define BOOT_REGIONS 160u

/* RAM that is not taken. Regions are disjoint, in whole pages, below ARCH_MEMORY_LIMIT, not
 * empty and apart from the kernel, the module and all that the map names otherwise. What there
 * is no room for is left unused. */
typedef struct boot_memory {
	uint32_t count;
	region_t regions[BOOT_REGIONS];
	region_t mapped[2]; /* what may be taken */
	uint32_t top;	    /* end of RAM in use, the module included */
} boot_memory_t;

/* Notes kernel and module in the map and collects the rest. Null, or why the module cannot stay
 * where it is. */
const char *boot_memory_init(boot_memory_t *memory, boot_loader_t *loader, region_t kernel);

/* A zeroed block of 2^bits bytes, naturally aligned, of what is mapped. Panics when there is
 * none: the machine is too small. */
uint32_t boot_memory_take(boot_memory_t *memory, uint32_t bits);

/* The start of the piece of ARCH_EARLY_CHUNK bytes, aligned so, that has most RAM above
 * ARCH_EARLY_LIMIT; 0: there is none. From now on it counts as mapped. */
uint32_t boot_memory_early(boot_memory_t *memory);

/* From now on all of it counts as mapped. */
void boot_memory_mapped(boot_memory_t *memory);

/* The largest block that is left, naturally aligned; false: all is given. */
bool boot_memory_rest(boot_memory_t *memory, uint32_t *start, uint32_t *bits);

#endif
