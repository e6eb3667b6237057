/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot-time memory: pages for the kernel's own tables and the root task, taken from what will
 * become untyped. Nothing is taken after boot_memory_rest(). */
#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

#include "boot/multiboot.h"

/* Leaves out the kernel image and the module, and what is above the kernel's reach. */
void boot_memory_init(const boot_loader_t *loader, region_t kernel);

/* A zeroed block of 2^bits bytes, naturally aligned, below ARCH_EARLY_LIMIT. Panics when there
 * is none: the machine is too small. */
uint32_t boot_memory_take(uint32_t bits);

/* The next block of what is left, as large as its alignment allows; false: all is given. */
bool boot_memory_rest(uint32_t *start, uint32_t *bits);

/* Highest address of RAM in use. */
uint32_t boot_memory_top(void);

#endif
