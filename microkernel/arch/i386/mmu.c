/* SPDX-License-Identifier: BSD-2-Clause */
/* User address spaces, in the processor's two formats (Intel SDM 3A, sections 4.3 and 4.4):
 * plain 32-bit paging, and PAE where the CPU has it, which knows pages that cannot be executed.
 * The kernel's own half is mmu_init.c. */
#include "arch/i386/mmu.h"

#include "base/memory.h"

void *arch_pointer(uint32_t address)
{
	return (void *)(address + KERNEL_BASE);
}

uint32_t arch_physical(const void *pointer)
{
	return (uint32_t)pointer - KERNEL_BASE;
}

void arch_copy_words(uint32_t *to, const uint32_t *from, uint32_t words)
{
	__asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
}

uint32_t arch_table_span(void)
{
	return 1u << machine.paging.span_bits;
}

static entry_t *directory_entry(uint32_t directory, uint32_t virt)
{
	return (entry_t *)((uint8_t *)arch_pointer(directory) +
			   ((virt >> machine.paging.span_bits) << machine.paging.entry_bits));
}

/* The entry of the page at `virt` in a table that is present. */
static entry_t *table_entry(uint32_t directory, uint32_t virt)
{
	uint32_t table = directory_entry(directory, virt)->low & ENTRY_ADDRESS;
	uint32_t index = virt >> PAGE_BITS & machine.paging.index_mask;
	return (entry_t *)((uint8_t *)arch_pointer(table) +
			   (index << machine.paging.entry_bits));
}

/* PAE: the entry in the root of an address space for the gigabyte around `virt`. */
static entry_t *root_entry(uint32_t directory, uint32_t virt)
{
	entry_t *root = arch_pointer(directory - PAGE_SIZE + ARCH_ROOT_OFFSET);
	return &root[virt >> 30];
}

static entry_t *next_entry(entry_t *entry)
{
	return (entry_t *)((uint8_t *)entry + (1u << machine.paging.entry_bits));
}

/* How many of `pages` pages at `virt` are under the same table. */
static uint32_t pages_under_table(uint32_t virt, uint32_t pages)
{
	if (pages == 1)
		return 1;
	uint32_t index = virt >> PAGE_BITS & machine.paging.index_mask;
	uint32_t left = machine.paging.index_mask + 1 - index;
	return pages < left ? pages : left;
}

/* With PAE a page of the directory is zeroed and entered in the root when it gets its first
 * table. */
uint32_t arch_directory_init(uint32_t directory)
{
	if (machine.paging.pae) {
		entry_t *kernel_part = root_entry(directory, KERNEL_BASE);
		for (uint32_t gigabyte = 0; gigabyte < ARCH_DIRECTORY_PAGES; gigabyte++)
			*root_entry(directory, gigabyte << 30) = (entry_t){0};
		pae_entry_set(kernel_part, machine.paging.kernel_directory | ENTRY_PRESENT, 0);
		return arch_physical(root_entry(directory, 0));
	}
	uint32_t user_bytes = (KERNEL_BASE >> machine.paging.span_bits) * sizeof(uint32_t);
	arch_zero(directory, user_bytes);
	memcpy(directory_entry(directory, KERNEL_BASE),
	       &boot_directory[KERNEL_BASE >> machine.paging.span_bits],
	       PAGE_SIZE - user_bytes);
	return directory;
}

void arch_directory_use(uint32_t root)
{
	main_tss.cr3 = root; /* what returning from the NMI task loads */
	write_cr3(root);
	/* The kernel does not use these two; one process does not see another's. */
	load_fs_gs(USER_DATA);
}

void arch_directory_leave(void)
{
	arch_directory_use(arch_physical(boot_directory));
}

/* What was cached of user pages goes; the kernel's own stay, where they are global. */
static void flush_user(void)
{
	write_cr3(main_tss.cr3);
}

bool arch_table_present(uint32_t directory, uint32_t virt)
{
	if (machine.paging.pae && !(root_entry(directory, virt)->low & ENTRY_PRESENT))
		return false;
	return directory_entry(directory, virt)->low & ENTRY_PRESENT;
}

/* PAE: zeroes the page of the directory for the gigabyte around `virt` and enters it. */
static void add_directory_page(uint32_t directory, uint32_t virt)
{
	uint32_t page = directory + (virt >> 30) * PAGE_SIZE;
	arch_zero(page, PAGE_SIZE);
	pae_entry_set(root_entry(directory, virt), page | ENTRY_PRESENT, 0);
	flush_user(); /* the processor reads the root when CR3 is loaded: SDM 3A, 4.4.1 */
}

void arch_table_set(uint32_t directory, uint32_t virt, uint32_t table)
{
	if (machine.paging.pae && !(root_entry(directory, virt)->low & ENTRY_PRESENT))
		add_directory_page(directory, virt);
	entry_t *entry = directory_entry(directory, virt);
	if (machine.paging.pae)
		entry->high = 0;
	entry->low = table | ENTRY_USER | ENTRY_WRITABLE | ENTRY_PRESENT;
}

void arch_table_clear(uint32_t directory, uint32_t virt, uint32_t table)
{
	entry_t *entry = directory_entry(directory, virt);
	if ((entry->low & ENTRY_ADDRESS) != table)
		return;
	entry->low = 0;
	flush_user();
}

err_t arch_pages_check(uint32_t directory, uint32_t virt, uint32_t pages)
{
	while (pages > 0) {
		if (!arch_table_present(directory, virt))
			return DRV_ENOTABLE;
		uint32_t count = pages_under_table(virt, pages);
		const entry_t *entry = table_entry(directory, virt);
		uint32_t seen = 0;
		for (uint32_t i = count; i > 0; i--) {
			seen |= entry->low;
			entry = next_entry((entry_t *)(uint32_t)entry);
		}
		if (seen & ENTRY_PRESENT)
			return DRV_EEXIST;
		virt += count * PAGE_SIZE;
		pages -= count;
	}
	return DRV_OK;
}

/* The low and high word of a page's entry, without its address. */
static uint32_t low_word(uint32_t flags)
{
	return ENTRY_USER | ENTRY_PRESENT | (flags & ARCH_PAGE_WRITE ? ENTRY_WRITABLE : 0) |
	       (flags & ARCH_PAGE_UNCACHED ? ENTRY_UNCACHED : 0);
}

static uint32_t high_word(uint32_t flags)
{
	return flags & ARCH_PAGE_EXEC ? 0 : machine.paging.no_execute;
}

err_t arch_page_set(uint32_t directory, uint32_t virt, uint32_t address, uint32_t flags)
{
	if (!arch_table_present(directory, virt))
		return DRV_ENOTABLE;
	entry_t *entry = table_entry(directory, virt);
	if (entry->low & ENTRY_PRESENT)
		return DRV_EEXIST;
	if (machine.paging.pae)
		entry->high = high_word(flags);
	entry->low = address | low_word(flags);
	return DRV_OK;
}

void arch_pages_set(uint32_t directory, uint32_t virt, uint32_t address, uint32_t pages,
		    uint32_t flags)
{
	uint32_t low = low_word(flags), high = high_word(flags);
	while (pages > 0) {
		uint32_t count = pages_under_table(virt, pages);
		entry_t *entry = table_entry(directory, virt);
		virt += count * PAGE_SIZE;
		pages -= count;
		for (; count > 0; count--, address += PAGE_SIZE) {
			if (machine.paging.pae)
				entry->high = high;
			entry->low = address | low;
			entry = next_entry(entry);
		}
	}
}

void arch_pages_clear(uint32_t directory, uint32_t virt, uint32_t address, uint32_t pages)
{
	bool one = pages == 1;
	uint32_t first = virt;
	while (pages > 0) {
		uint32_t count = pages_under_table(virt, pages);
		entry_t *entry = table_entry(directory, virt);
		bool present = arch_table_present(directory, virt);
		virt += count * PAGE_SIZE;
		pages -= count;
		for (; count > 0; count--, address += PAGE_SIZE) {
			if (present && (entry->low & ENTRY_ADDRESS) == address)
				entry->low = 0;
			entry = next_entry(entry);
		}
	}
	if (one)
		invlpg(first);
	else
		flush_user();
}
