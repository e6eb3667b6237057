/* SPDX-License-Identifier: BSD-2-Clause */
/* Two-level paging (Intel SDM 3A, section 4.3). Physical memory is mapped at KERNEL_BASE in
 * every directory; user pages are below. */
#include "arch/i386/i386.h"

#include "base/memory.h"

#define PRESENT		   0x001u
#define WRITABLE	   0x002u
#define USER		   0x004u
#define NO_CACHE	   0x018u /* write-through and cache-disable: uncached */
#define LARGE		   0x080u
#define ADDRESS		   0xfffff000u
#define SPAN		   0x400000u
#define ENTRIES		   1024u
#define FIRST_KERNEL_ENTRY (KERNEL_BASE / SPAN)

#define CR4_PSE 0x10u

void *arch_pointer(uint32_t address)
{
	return (void *)(address + KERNEL_BASE);
}

uint32_t arch_physical(const void *pointer)
{
	return (uint32_t)pointer - KERNEL_BASE;
}

uint32_t arch_image_start(void)
{
	return (uint32_t)kernel_image_start;
}

uint32_t arch_image_end(void)
{
	return (uint32_t)kernel_image_end - KERNEL_BASE;
}

static void flush_all(void)
{
	uint32_t cr3;
	__asm__ volatile("movl %%cr3, %0\n\tmovl %0, %%cr3" : "=r"(cr3) : : "memory");
}

static void flush_page(uint32_t virt)
{
	__asm__ volatile("invlpg (%0)" : : "r"(virt) : "memory");
}

static void map_memory(uint32_t top, uint32_t (*page)(void))
{
	bool large = (cpu_features() & CPUID_PSE) != 0;
	if (large)
		__asm__ volatile("movl %%cr4, %%eax\n\torl %0, %%eax\n\tmovl %%eax, %%cr4"
				 :
				 : "i"(CR4_PSE)
				 : "eax");
	for (uint32_t at = ARCH_EARLY_LIMIT; at < top; at += SPAN) {
		uint32_t *entry = &boot_directory[FIRST_KERNEL_ENTRY + at / SPAN];
		if (large) {
			*entry = at | LARGE | WRITABLE | PRESENT;
			continue;
		}
		uint32_t table = page();
		for (uint32_t i = 0; i < ENTRIES; i++)
			((uint32_t *)arch_pointer(table))[i] =
			    (at + i * PAGE_SIZE) | WRITABLE | PRESENT;
		*entry = table | WRITABLE | PRESENT;
	}
}

static void protect(const uint8_t *from, const uint8_t *to, uint32_t clear)
{
	for (uint32_t at = arch_physical(from); at < arch_physical(to); at += PAGE_SIZE)
		boot_tables[at / PAGE_SIZE] &= ~clear;
}

void mmu_init(uint32_t top, uint32_t (*page)(void))
{
	map_memory(top, page);
	protect(kernel_readonly_start, kernel_readonly_end, WRITABLE);
	protect(kernel_stack_guard, kernel_stack_guard + PAGE_SIZE, PRESENT);
	machine.directory = arch_physical(boot_directory);
	flush_all();
}

void mmu_window(const uint8_t *place, uint32_t address, uint32_t bytes)
{
	for (uint32_t at = 0; at < bytes; at += PAGE_SIZE) {
		uint32_t page = arch_physical(place + at) / PAGE_SIZE;
		boot_tables[page] = (address + at) | WRITABLE | PRESENT;
		flush_page((uint32_t)place + at);
	}
}

uint32_t arch_table_span(void)
{
	return SPAN;
}

static uint32_t *directory_entry(uint32_t directory, uint32_t virt)
{
	return (uint32_t *)arch_pointer(directory) + virt / SPAN;
}

static uint32_t *page_entry(uint32_t directory, uint32_t virt)
{
	uint32_t table = *directory_entry(directory, virt);
	if (!(table & PRESENT))
		return NULL;
	return (uint32_t *)arch_pointer(table & ADDRESS) + virt / PAGE_SIZE % ENTRIES;
}

void arch_directory_init(uint32_t directory)
{
	memcpy(directory_entry(directory, KERNEL_BASE), &boot_directory[FIRST_KERNEL_ENTRY],
	       (ENTRIES - FIRST_KERNEL_ENTRY) * sizeof(uint32_t));
}

void arch_directory_use(uint32_t directory)
{
	if (!directory)
		directory = arch_physical(boot_directory);
	if (machine.directory == directory)
		return;
	machine.directory = directory;
	main_tss.cr3 = directory; /* what returning from the NMI task loads */
	__asm__ volatile("movl %0, %%cr3" : : "r"(directory) : "memory");
	/* The kernel does not use these two; one process does not see another's. */
	__asm__ volatile("movl %0, %%fs\n\tmovl %0, %%gs" : : "r"(USER_DATA));
}

bool arch_table_present(uint32_t directory, uint32_t virt)
{
	return *directory_entry(directory, virt) & PRESENT;
}

void arch_table_set(uint32_t directory, uint32_t virt, uint32_t table)
{
	*directory_entry(directory, virt) = table | USER | WRITABLE | PRESENT;
}

void arch_table_clear(uint32_t directory, uint32_t virt, uint32_t table)
{
	uint32_t *entry = directory_entry(directory, virt);
	if ((*entry & ADDRESS) != table)
		return;
	*entry = 0;
	if (directory == machine.directory)
		flush_all();
}

bool arch_page_present(uint32_t directory, uint32_t virt)
{
	const uint32_t *entry = page_entry(directory, virt);
	return entry && (*entry & PRESENT);
}

void arch_page_set(uint32_t directory, uint32_t virt, uint32_t address, uint32_t flags)
{
	*page_entry(directory, virt) = address | USER | PRESENT |
				       (flags & ARCH_PAGE_WRITE ? WRITABLE : 0) |
				       (flags & ARCH_PAGE_UNCACHED ? NO_CACHE : 0);
}

bool arch_page_clear(uint32_t directory, uint32_t virt, uint32_t address)
{
	uint32_t *entry = page_entry(directory, virt);
	if (!entry || !(*entry & PRESENT) || (*entry & ADDRESS) != address)
		return false;
	*entry = 0;
	if (directory == machine.directory)
		flush_page(virt);
	return true;
}
