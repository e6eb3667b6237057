/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's answers beside those of the slow model. */
#ifndef LOADER_COMPARE_H
#define LOADER_COMPARE_H

#include "loader_world.h"

/* What the kernel read last. */
extern boot_loader_t loader;
extern boot_memory_t memory;

extern uint64_t chance;
uint32_t below(uint32_t limit);

/* A machine of 64 MiB as it mostly is. */
world_t world_usual(void);

/* The same, but its loader gives no map, only how much memory there is below and above 1 MiB.
 * The model knows it as a map that names all that is behind. */
void world_sizes(world_t *world, uint32_t lower_kib, uint32_t upper_kib);

/* Boots it: null, or what is wrong. */
const char *boot(world_t *world);

/* In how many regions of memory is the page? Is it in a window? */
uint32_t regions_with(uint32_t page);
bool isa_window_has(uint32_t page);
bool bus_window_has(uint32_t page);

/* All pages around those where something changes, in memory and windows. */
void compare(const world_t *world);

/* Takes blocks before and after all memory is mapped, and then all that is left: each lies in
 * memory that was free, and no byte is given twice. */
void take_all(void);

#endif
