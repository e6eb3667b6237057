/* SPDX-License-Identifier: BSD-2-Clause */
/* The physical addresses beside RAM that the kernel hands over: the two windows of abi/ports.h,
 * less what the memory map names, and nothing else. Counted in pages: the end of the last one
 * below 4 GiB has a number, but no address of 32 bits. */
#ifndef BOOT_WINDOWS_H
#define BOOT_WINDOWS_H

#include "boot/physical.h"

/* The next piece of a window, in which nothing is named; false: there is no more. `page`, 0 at
 * first, is where to go on. Pieces ascend and never overlap; those of the bus window begin at
 * physical_bus_first() or above, and at 1 MiB or above. Where the map names memory up to 4 GiB
 * there is no bus window. */
bool windows_next(const physical_t *map, uint32_t *page, pages_t *piece);

#endif
