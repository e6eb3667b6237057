/* SPDX-License-Identifier: BSD-2-Clause */
#define _DEFAULT_SOURCE
#include "memory.h"

#include <string.h>
#include <sys/mman.h>

#include "processor.h"

static uint32_t next_page;

static uint8_t *arena(void)
{
	static uint8_t *mapped;
	if (!mapped) {
		void *place = (void *)(uintptr_t)KERNEL_BASE;
		mapped = mmap(place, MEMORY_BYTES, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (mapped != place)
			machine_fault("the host has something at the kernel's addresses");
	}
	return mapped;
}

void memory_reset(uint8_t byte)
{
	memset(arena(), byte, MEMORY_BYTES);
	next_page = FREE_START;
}

uint32_t memory_pages(uint32_t pages)
{
	uint32_t page = next_page;
	next_page += pages * PAGE_SIZE;
	if (next_page > ARCH_EARLY_LIMIT)
		machine_fault("out of pages");
	return page;
}

uint32_t memory_page(void)
{
	uint32_t page = memory_pages(1);
	memset(arena() + page, 0, PAGE_SIZE);
	return page;
}

static uint32_t *word_at(uint32_t address)
{
	if (address > MEMORY_BYTES - sizeof(uint32_t))
		machine_fault("a table outside memory");
	return (uint32_t *)(void *)(arena() + address);
}

uint32_t memory_word(uint32_t address)
{
	return *word_at(address);
}

void memory_set_bits(uint32_t address, uint32_t bits)
{
	*word_at(address) |= bits;
}
