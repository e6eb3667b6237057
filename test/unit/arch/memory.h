/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's physical memory: from address 0 on, mapped where the kernel has it, at
 * KERNEL_BASE in the host's own address space, so that the kernel's pointers are the host's. */
#ifndef TEST_MEMORY_H
#define TEST_MEMORY_H

#include <stdint.h>

#define MEMORY_BYTES 0x01800000u
#define FREE_START   0x00200000u /* what memory_page() gives begins here */

/* Makes all of it new: filled with `byte`, and no page is given out. */
void memory_reset(uint8_t byte);

/* The next page that nobody has, zeroed; its physical address. */
uint32_t memory_page(void);

/* The next `pages` pages, as they are. */
uint32_t memory_pages(uint32_t pages);

/* One word of it; fails the test beyond its end. */
uint32_t memory_word(uint32_t address);
void memory_set_bits(uint32_t address, uint32_t bits);

#endif
