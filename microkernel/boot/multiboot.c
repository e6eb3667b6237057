/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the boot loader's information. Every address in it must lie where the kernel has
 * memory mapped; lengths are checked before use. */
#include "boot/multiboot.h"

#include "arch/arch.h"
#include "base/memory.h"
#include "base/range.h"

#define LOADER_MAGIC 0x2badb002u

#define HAS_MEMORY  0x01u
#define HAS_CMDLINE 0x04u
#define HAS_MODULES 0x08u
#define HAS_MAP	    0x40u

#define MAP_AVAILABLE 1u
#define MEGABYTE      0x100000u

typedef struct multiboot_info {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr;
	uint32_t syms[4];
	uint32_t mmap_length, mmap_addr;
} multiboot_info_t;

typedef struct multiboot_module {
	uint32_t start, end, string, reserved;
} multiboot_module_t;

typedef struct multiboot_map {
	uint32_t size; /* of the rest */
	uint32_t base_low, base_high, length_low, length_high;
	uint32_t type;
} multiboot_map_t;

/*@ axiomatic pages { // Proved over bit vectors: test/prove/masks.smt2.
      axiom page_power: power_of_two(0x1000);
      axiom page_mask: \forall uint32_t x; x - 0x1000 < (x & 0xfffff000) <= x;
      axiom wraps: \forall uint32_t a, b; a + b > UINT32_MAX ==>
	(uint32_t)(a + b) == a + b - 0x100000000;
    } */

/* A pointer to `bytes` bytes of the loader's, null if they are out of reach. */
static const void *reach(uint32_t address, uint32_t bytes)
{
	return span_inside(address, bytes, 1, ARCH_EARLY_LIMIT - 1) ? arch_pointer(address)
								    : NULL;
}

/* Firmware's own memory right behind RAM counts as RAM: nobody is to map it as a device. */
/*@ requires \valid(loader);
    assigns loader->firmware_end;
    ensures \old(loader->firmware_end) <= loader->firmware_end;
    ensures end <= 0xfffff000 ==> end <= loader->firmware_end; */
static void raise_firmware_end(boot_loader_t *loader, uint32_t end)
{
	if (!round_up(end, PAGE_SIZE, &end))
		end = ~(PAGE_SIZE - 1);
	if (end > loader->firmware_end)
		loader->firmware_end = end;
}

/* Notes the whole pages above 1 MiB of [start, end), if there are any and there is room. */
/*@ requires \valid(loader) && loader->regions <= BOOT_REGIONS;
    assigns loader->regions, loader->firmware_end, loader->ram[loader->regions];
    ensures room: loader->regions <= BOOT_REGIONS;
    ensures one: loader->regions == \old(loader->regions) ||
      loader->regions == \old(loader->regions) + 1;
    ensures inside: loader->regions == \old(loader->regions) + 1 ==>
      \let added = loader->ram[\old(loader->regions)];
      MEGABYTE <= added.start < added.end <= end && start <= added.start; */
static void add_ram(boot_loader_t *loader, uint32_t start, uint32_t end)
{
	raise_firmware_end(loader, end); /* even if there is no room to note the region */
	if (start < MEGABYTE)
		start = MEGABYTE;
	if (!round_up(start, PAGE_SIZE, &start))
		return;
	end &= ~(PAGE_SIZE - 1);
	if (start < end && loader->regions < BOOT_REGIONS)
		loader->ram[loader->regions++] = (region_t){start, end};
}

/* End of a map entry, cut at the last page of 4 GiB. */
/*@ requires \valid_read(entry);
    assigns \nothing;
    ensures whole: entry->length_high == 0 &&
      entry->base_low + entry->length_low <= UINT32_MAX ==>
	\result == entry->base_low + entry->length_low;
    ensures cut: entry->length_high != 0 ||
      entry->base_low + entry->length_low > UINT32_MAX ==> \result == 0xfffff000; */
static uint32_t entry_end(const multiboot_map_t *entry)
{
	uint32_t end = entry->base_low + entry->length_low;
	return entry->length_high || end < entry->base_low ? ~(PAGE_SIZE - 1) : end;
}

/* End of the memory above 1 MiB, given in KiB, cut at the last page of 4 GiB. */
/*@ assigns \nothing;
    ensures kib < 4193279 ==> \result == MEGABYTE + kib * 1024;
    ensures kib >= 4193279 ==> \result == 0xfffff000; */
static uint32_t upper_end(uint32_t kib)
{
	return kib < (UINT32_MAX - MEGABYTE) / 1024u ? MEGABYTE + kib * 1024u
						     : ~(PAGE_SIZE - 1);
}

static void read_map(const multiboot_info_t *info, boot_loader_t *loader)
{
	const uint8_t *map = reach(info->mmap_addr, info->mmap_length);
	for (uint32_t at = 0; map && info->mmap_length - at >= sizeof(multiboot_map_t);) {
		multiboot_map_t entry;
		memcpy(&entry, map + at, sizeof(entry));
		if (entry.size < sizeof(entry) - 4 || entry.size > info->mmap_length - at - 4)
			return;
		at += entry.size + 4;
		if (entry.base_high)
			continue;
		if (entry.type == MAP_AVAILABLE)
			add_ram(loader, entry.base_low, entry_end(&entry));
		else if (entry.base_low == loader->firmware_end && loader->firmware_end)
			raise_firmware_end(loader, entry_end(&entry));
	}
}

static const char *read_modules(const multiboot_info_t *info, boot_loader_t *loader)
{
	loader->modules = info->flags & HAS_MODULES ? info->mods_count : 0;
	if (loader->modules == 0)
		return NULL;
	const multiboot_module_t *module = reach(info->mods_addr, sizeof(*module));
	if (module && module->start == module->end) {
		loader->modules = 0; /* an empty file */
		return NULL;
	}
	if (!module || module->start > module->end || module->end > ARCH_MEMORY_LIMIT)
		return "the boot module lies out of reach";
	if (!is_aligned(module->start, PAGE_SIZE))
		return "the boot module is not on a page boundary";
	loader->module = (region_t){module->start, module->end};
	return NULL;
}

static void read_cmdline(const multiboot_info_t *info, boot_loader_t *loader)
{
	const char *text =
	    info->flags & HAS_CMDLINE ? reach(info->cmdline, BOOT_CMDLINE) : NULL;
	for (uint32_t i = 0; text && i < BOOT_CMDLINE - 1 && text[i]; i++)
		loader->cmdline[i] = text[i];
}

const char *multiboot_read(uint32_t magic, uint32_t address, boot_loader_t *loader)
{
	const multiboot_info_t *info = reach(address, sizeof(*info));
	memset(loader, 0, sizeof(*loader));
	if (magic != LOADER_MAGIC)
		return "not started by a Multiboot loader";
	if (!info)
		return "the loader's information lies out of reach";
	if (info->flags & HAS_MAP)
		read_map(info, loader);
	else if (info->flags & HAS_MEMORY)
		add_ram(loader, MEGABYTE, upper_end(info->mem_upper));
	if (loader->regions == 0)
		return "the loader tells of no memory";
	read_cmdline(info, loader);
	return read_modules(info, loader);
}
