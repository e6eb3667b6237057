/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's own mappings: all physical memory from KERNEL_BASE on, its text read-only, a
 * hole below its stack; and what the processor offers to protect it. */
#include "arch/i386/mmu.h"

#include "base/assert.h"

#define CR4_PSE	 0x000010u
#define CR4_PAE	 0x000020u
#define CR4_PGE	 0x000080u
#define CR4_UMIP 0x000800u
#define CR4_SMEP 0x100000u
#define CR4_SMAP 0x200000u

#define MSR_EFER 0xc0000080u
#define EFER_NXE 0x800u

/* CPUID (SDM 2A): leaf 1 edx, leaf 0x80000001 edx, leaf 7 ebx and ecx. */
#define FEATURE_PSE   0x8u
#define FEATURE_PAE   0x40u
#define FEATURE_PGE   0x2000u
#define FEATURE_NX    0x100000u
#define FEATURE_SMEP  0x80u
#define FEATURE_SMAP  0x100000u
#define FEATURE_UMIP  0x4u
#define LEAF_EXTENDED 0x80000001u

#define PLAIN_SPAN    0x400000u
#define PLAIN_ENTRIES 1024u
#define PAE_SPAN      0x200000u
#define PAE_ENTRIES   512u
#define IMAGE_LIMIT   (2 * PAE_SPAN) /* the kernel image ends below */
_Static_assert(ARCH_EARLY_CHUNK == PLAIN_SPAN, "under one table");

uint32_t arch_image_start(void)
{
	return (uint32_t)kernel_image_start;
}

uint32_t arch_image_end(void)
{
	return (uint32_t)kernel_image_end - KERNEL_BASE;
}

static void add_to_cr4(uint32_t bits)
{
	if (bits) /* an early 486 has no CR4 */
		write_cr4(read_cr4() | bits);
}

void arch_map_early(uint32_t address)
{
	if (!address)
		return;
	for (uint32_t i = 0; i < PLAIN_ENTRIES; i++)
		boot_spare_table[i] =
		    (address + i * PAGE_SIZE) | ENTRY_WRITABLE | ENTRY_PRESENT;
	boot_directory[(KERNEL_BASE + address) / PLAIN_SPAN] =
	    arch_physical(boot_spare_table) | ENTRY_WRITABLE | ENTRY_PRESENT;
}

/* Beyond what boot.S has mapped. */
static void map_plain(uint32_t top, uint32_t (*page)(void *), void *pages, bool large)
{
	uint32_t bits = machine.paging.global | ENTRY_WRITABLE | ENTRY_PRESENT;
	for (uint32_t at = ARCH_EARLY_LIMIT; at < top; at += PLAIN_SPAN) {
		uint32_t *entry = &boot_directory[(KERNEL_BASE + at) / PLAIN_SPAN];
		if (large) {
			*entry = at | ENTRY_LARGE | bits;
			continue;
		}
		uint32_t table = page(pages);
		for (uint32_t i = 0; i < PLAIN_ENTRIES; i++)
			((uint32_t *)arch_pointer(table))[i] = (at + i * PAGE_SIZE) | bits;
		*entry = table | ENTRY_WRITABLE | ENTRY_PRESENT;
	}
	for (uint32_t i = 0; i < ARCH_EARLY_LIMIT / PAGE_SIZE; i++)
		boot_tables[i] |= machine.paging.global;
}

static void init_plain(uint32_t top, uint32_t (*page)(void *), void *pages, uint32_t features)
{
	machine.paging.span_bits = 22;
	machine.paging.entry_bits = 2;
	machine.paging.index_mask = PLAIN_ENTRIES - 1;
	bool large = (features & FEATURE_PSE) != 0;
	add_to_cr4(large ? CR4_PSE : 0);
	map_plain(top, page, pages, large);
}

static void enable_no_execute(void)
{
	uint32_t id[4];
	if (!cpu_id(LEAF_EXTENDED, id) || !(id[3] & FEATURE_NX))
		return;
	uint32_t low, high;
	rdmsr(MSR_EFER, &low, &high);
	wrmsr(MSR_EFER, low | EFER_NXE, high);
	machine.paging.no_execute = ENTRY_NO_EXECUTE;
}

/* The first 32 bytes of the boot directory, user addresses in plain paging, become the root of
 * the PAE tables, so that switching over does not need another CR3 (SDM 3A, 4.4.1). */
static void init_pae(uint32_t top, uint32_t (*page)(void *), void *pages)
{
	uint32_t bits = machine.paging.global | ENTRY_WRITABLE | ENTRY_PRESENT;
	enable_no_execute();
	machine.paging.pae = true;
	machine.paging.span_bits = 21;
	machine.paging.entry_bits = 3;
	machine.paging.index_mask = PAE_ENTRIES - 1;
	machine.paging.kernel_directory = page(pages);
	entry_t *entry = arch_pointer(machine.paging.kernel_directory);
	for (uint32_t at = 0; at < top; at += PAE_SPAN) {
		if (at >= IMAGE_LIMIT) {
			entry = pae_entry_set(entry, at | ENTRY_LARGE | bits,
					      machine.paging.no_execute);
			continue;
		}
		uint32_t table = page(pages);
		entry = pae_entry_set(entry, table | ENTRY_WRITABLE | ENTRY_PRESENT, 0);
		machine.paging.image_table[at / PAE_SPAN] = table;
		entry_t *small = arch_pointer(table);
		for (uint32_t i = 0; i < PAE_ENTRIES; i++)
			small = pae_entry_set(small, (at + i * PAGE_SIZE) | bits,
					      machine.paging.no_execute);
	}
	pae_entry_set((entry_t *)(void *)boot_directory + KERNEL_BASE / 0x40000000u,
		      machine.paging.kernel_directory | ENTRY_PRESENT, 0);
}

/* The entry that maps a page of the kernel's image. */
static entry_t *image_entry(const uint8_t *place)
{
	uint32_t page = arch_physical(place) / PAGE_SIZE;
	if (!machine.paging.pae)
		return (entry_t *)(void *)&boot_tables[page];
	return (entry_t *)arch_pointer(machine.paging.image_table[page / PAE_ENTRIES]) +
	       page % PAE_ENTRIES;
}

static void protect_image(void)
{
	for (const uint8_t *at = kernel_readonly_start; at < kernel_readonly_end;
	     at += PAGE_SIZE) {
		image_entry(at)->low &= ~ENTRY_WRITABLE;
		if (machine.paging.pae)
			image_entry(at)->high = 0;
	}
	image_entry(kernel_stack_guard)->low = 0;
}

/* The kernel executes no user page and touches none; users do not see its tables. */
static void protect_from_user(void)
{
	uint32_t id[4];
	if (!cpu_id(7, id))
		return;
	add_to_cr4((id[1] & FEATURE_SMEP ? CR4_SMEP : 0) |
		   (id[1] & FEATURE_SMAP ? CR4_SMAP : 0) |
		   (id[2] & FEATURE_UMIP ? CR4_UMIP : 0));
}

void mmu_init(uint32_t top, uint32_t (*page)(void *), void *pages)
{
	uint32_t features = cpu_features();
	if (arch_image_end() > IMAGE_LIMIT)
		panic("the kernel image is too large");
	machine.paging.global = features & FEATURE_PGE ? ENTRY_GLOBAL : 0;
	if (features & FEATURE_PAE)
		init_pae(top, page, pages);
	else
		init_plain(top, page, pages, features);
	protect_image();
	if (machine.paging.pae)
		add_to_cr4(CR4_PAE);
	write_cr3(main_tss.cr3);
	add_to_cr4(machine.paging.global ? CR4_PGE : 0);
	protect_from_user();
}

__attribute__((noinline)) void mmu_window(const uint8_t *place, uint32_t address,
					  uint32_t bytes)
{
	for (uint32_t at = 0; at < bytes; at += PAGE_SIZE) {
		image_entry(place + at)->low =
		    (address + at) | machine.paging.global | ENTRY_WRITABLE | ENTRY_PRESENT;
		invlpg((uint32_t)place + at);
	}
}
