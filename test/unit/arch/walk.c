/* SPDX-License-Identifier: BSD-2-Clause */
/* The page walk. Entries that were used stay cached until an instruction says otherwise, those
 * of directories as well; nothing is forgotten by chance, so what depends on it shows. */
#include "walk.h"

#include "memory.h"

#define PRESENT	   0x001u
#define WRITABLE   0x002u
#define IS_USER	   0x004u
#define UNCACHED   0x010u
#define ACCESSED   0x020u
#define DIRTY	   0x040u
#define LARGE	   0x080u
#define IS_GLOBAL  0x100u
#define FRAME	   0xfffff000u
#define NO_EXECUTE 0x8000000000000000ull
#define EFER_NXE   0x800u

#define ROOT_RESERVED  0xffffffff000001e6ull
#define LARGE_RESERVED 0x001fe000u /* of a page of 2 MiB */

#define CACHED_PAGES  4096u
#define CACHED_TABLES 64u

static struct {
	uint32_t virt;
	page_t page;
} pages[CACHED_PAGES];

static struct {
	uint32_t virt;
	uint64_t entry;
} tables[CACHED_TABLES];

static uint32_t page_count, table_count;

static bool pae(void)
{
	return processor.cr4 & CR4_MODEL_PAE;
}

static uint32_t span_bits(void)
{
	return pae() ? 21 : 22;
}

void walk_forget(bool all)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < page_count; i++)
		if (!all && pages[i].page.global)
			pages[kept++] = pages[i];
	page_count = kept;
	table_count = 0;
}

void invlpg(uint32_t virt)
{
	if (!processor.kind)
		machine_fault("no processor");
	for (uint32_t i = 0; i < page_count; i++)
		if (pages[i].virt == (virt & FRAME))
			pages[i--] = pages[--page_count];
	table_count = 0;
}

static uint64_t read_entry(uint32_t address)
{
	if (!pae())
		return memory_word(address);
	return memory_word(address) | (uint64_t)memory_word(address + 4) << 32;
}

static uint64_t entry_in(uint64_t table, uint32_t index)
{
	uint32_t address = (uint32_t)table & FRAME;
	uint64_t entry = read_entry(address + (index << (pae() ? 3 : 2)));
	uint64_t reserved =
	    0x7fffffff00000000ull | (processor.efer & EFER_NXE ? 0 : NO_EXECUTE);
	if ((entry & PRESENT) && (entry & reserved))
		machine_fault("a reserved bit of a paging entry");
	return entry;
}

static void mark(uint64_t table, uint32_t index, uint32_t bits)
{
	memory_set_bits(((uint32_t)table & FRAME) + (index << (pae() ? 3 : 2)), bits);
}

void walk_load_root(void)
{
	if (processor.cr3 & (pae() ? 0x1fu : 0xfffu))
		machine_fault("cr3 is not aligned");
	for (uint32_t i = 0; i < 4 && pae(); i++) {
		processor.root[i] = read_entry(processor.cr3 + 8 * i);
		if ((processor.root[i] & PRESENT) && (processor.root[i] & ROOT_RESERVED))
			machine_fault("a reserved bit of a root entry");
	}
}

static uint32_t directory_index(uint32_t virt)
{
	return pae() ? virt >> 21 & 511 : virt >> 22;
}

/* The directory's entry for the address, cached or, if not `cached`, from memory. */
static uint64_t directory_entry(uint32_t virt, bool cached)
{
	uint32_t region = virt >> span_bits();
	for (uint32_t i = 0; i < table_count && cached; i++)
		if (tables[i].virt == region)
			return tables[i].entry;
	uint64_t directory = pae() ? processor.root[virt >> 30] : processor.cr3 | PRESENT;
	if (!(directory & PRESENT))
		return 0;
	uint64_t entry = entry_in(directory, directory_index(virt));
	if (!(entry & PRESENT) || !cached)
		return entry;
	mark(directory, directory_index(virt), ACCESSED);
	if (table_count == CACHED_TABLES)
		table_count = 0;
	tables[table_count].virt = region;
	tables[table_count++].entry = entry;
	return entry;
}

static page_t page_of(uint64_t above, uint64_t entry, uint32_t address)
{
	return (page_t){
	    .present = true,
	    .writable = above & entry & WRITABLE,
	    .user = above & entry & IS_USER,
	    .executable = !((above | entry) & NO_EXECUTE),
	    .global = (entry & IS_GLOBAL) && (processor.cr4 & CR4_MODEL_PGE),
	    .uncached = entry & UNCACHED,
	    .address = address,
	};
}

static page_t walk(uint32_t virt, bool cached)
{
	uint64_t above = directory_entry(virt, cached);
	if (!(above & PRESENT))
		return (page_t){0};
	if ((above & LARGE) && (pae() || (processor.cr4 & CR4_MODEL_PSE))) {
		uint32_t offset = virt & ((1u << span_bits()) - 1) & FRAME;
		if (above & LARGE_RESERVED)
			machine_fault("a reserved bit of a large page");
		return page_of(above, above, ((uint32_t)above & FRAME & ~offset) | offset);
	}
	uint32_t index = virt >> 12 & (pae() ? 511 : 1023);
	uint64_t entry = entry_in(above, index);
	if (!(entry & PRESENT))
		return (page_t){0};
	if (cached)
		mark(above, index, ACCESSED | (entry & WRITABLE ? DIRTY : 0));
	return page_of(above, entry, (uint32_t)entry & FRAME);
}

page_t processor_walk(uint32_t virt)
{
	return walk(virt, false);
}

static page_t find_page(uint32_t virt)
{
	for (uint32_t i = 0; i < page_count; i++)
		if (pages[i].virt == (virt & FRAME))
			return pages[i].page;
	page_t page = walk(virt, true);
	if (!page.present)
		return page;
	if (page_count == CACHED_PAGES)
		machine_fault("the test uses too many pages");
	pages[page_count].virt = virt & FRAME;
	pages[page_count++].page = page;
	return page;
}

static bool allowed(const page_t *page, unsigned access)
{
	bool user = access & USER;
	if ((user && !page->user) || ((access & EXECUTE) && !page->executable))
		return false;
	if ((access & WRITE) && !page->writable && (user || processor.cr0 & CR0_WRITE_PROTECT))
		return false;
	if (user || !page->user)
		return true;
	/* The kernel in a user's page. */
	return access & EXECUTE ? !(processor.cr4 & CR4_MODEL_SMEP)
				: !(processor.cr4 & CR4_MODEL_SMAP);
}

bool processor_access(uint32_t virt, unsigned access, uint32_t *address)
{
	page_t page = find_page(virt);
	if (!page.present || !allowed(&page, access))
		return false;
	*address = page.address | (virt & ~FRAME);
	return true;
}

void walk_check_kernel(void)
{
	uint32_t address;
	if (!processor_access((uint32_t)(uintptr_t)kernel_readonly_start, EXECUTE, &address) ||
	    !processor_access((uint32_t)(uintptr_t)kernel_stack_top - 4, WRITE, &address))
		machine_fault("the kernel has no page any more");
}
