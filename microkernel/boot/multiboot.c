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

/*@ // What the boot loader left in memory, by its address, and what of it counts.
    axiomatic loader {
      logic multiboot_info_t info_at(integer address);
      logic multiboot_module_t module_at(integer address);
      logic multiboot_map_t entry_at(integer address);
      logic char char_at(integer address);
    }
    predicate in_reach(integer address, integer bytes) =
      1 <= bytes && 1 <= address && address + bytes <= ARCH_EARLY_LIMIT;
    logic integer page_below(integer address) = address - address % PAGE_SIZE;
    logic integer page_above(integer address) = page_below(address + PAGE_SIZE - 1);
    logic integer end_of(multiboot_map_t e) =
      e.length_high == 0 && e.base_low + e.length_low <= UINT32_MAX ?
      e.base_low + e.length_low : 0xfffff000;
    predicate region_good(region_t r, integer firmware_end) = MEGABYTE <= r.start < r.end &&
      r.start % PAGE_SIZE == 0 && r.end % PAGE_SIZE == 0 && r.end <= firmware_end;
    predicate regions_good(boot_loader_t l) = l.regions <= BOOT_REGIONS &&
      \forall integer i; 0 <= i < l.regions ==> region_good(l.ram[i], l.firmware_end);
    predicate grows(boot_loader_t l, boot_loader_t m) =
      l.regions <= m.regions <= l.regions + 1 && l.firmware_end <= m.firmware_end &&
      \forall integer i; 0 <= i < l.regions ==> l.ram[i] == m.ram[i];
    // Is the region in one of the entries for RAM of the map that begins at `at`?
    predicate inside(region_t r, multiboot_map_t e) = e.base_high == 0 &&
      e.type == MAP_AVAILABLE && e.base_low <= r.start && r.end <= end_of(e);
    predicate told(region_t r, integer at, integer left) = left >= 24 &&
      \let e = entry_at(at); 20 <= e.size <= left - 4 &&
      (inside(r, e) || told(r, at + e.size + 4, left - e.size - 4));
    predicate ram_told(region_t r, multiboot_info_t i) = (i.flags & HAS_MAP) != 0 ?
      in_reach(i.mmap_addr, i.mmap_length) && told(r, i.mmap_addr, i.mmap_length) :
      (i.flags & HAS_MEMORY) != 0 && r.end <= MEGABYTE + i.mem_upper * 1024;
    predicate no_module(multiboot_info_t i) =
      (i.flags & HAS_MODULES) == 0 || i.mods_count == 0 ||
      in_reach(i.mods_addr, 16) && module_at(i.mods_addr).start == module_at(i.mods_addr).end;
    predicate module_good(multiboot_info_t i) = in_reach(i.mods_addr, 16) &&
      \let m = module_at(i.mods_addr);
      m.start < m.end <= ARCH_MEMORY_LIMIT && m.start % PAGE_SIZE == 0;
    // Proved over bit vectors: test/prove/masks.smt2.
    axiomatic pages {
      axiom page_power: power_of_two(0x1000);
      axiom page_mask: \forall uint32_t x; (x & 0xfffff000) == x - x % PAGE_SIZE;
      axiom wraps: \forall uint32_t a, b; a + b > UINT32_MAX ==>
	(uint32_t)(a + b) == a + b - 0x100000000;
    } */

/* The four that read what the loader left: the proofs trust them and nothing else. */
/*@ requires in_reach(address, 52) && \valid(info);
    assigns *info;
    exits \false;
    ensures *info == info_at(address); */
static void read_info(uint32_t address, multiboot_info_t *info)
{
	memcpy(info, arch_pointer(address), sizeof(*info));
}

/*@ requires in_reach(address, 16) && \valid(module);
    assigns *module;
    exits \false;
    ensures *module == module_at(address); */
static void read_module(uint32_t address, multiboot_module_t *module)
{
	memcpy(module, arch_pointer(address), sizeof(*module));
}

/*@ requires in_reach(address, 24) && \valid(entry);
    assigns *entry;
    exits \false;
    ensures *entry == entry_at(address); */
static void read_entry(uint32_t address, multiboot_map_t *entry)
{
	memcpy(entry, arch_pointer(address), sizeof(*entry));
}

/*@ requires in_reach(address, 1);
    assigns \nothing;
    exits \false;
    ensures \result == char_at(address); */
static char read_char(uint32_t address)
{
	return *(const char *)arch_pointer(address);
}

/* Are these bytes of the loader's mapped? */
/*@ assigns \nothing;
    ensures \result <==> in_reach(address, bytes); */
static bool reachable(uint32_t address, uint32_t bytes)
{
	return span_inside(address, bytes, 1, ARCH_EARLY_LIMIT - 1);
}

/* Firmware's own memory right behind RAM counts as RAM: nobody is to map it as a device. */
/*@ requires \valid(loader);
    assigns loader->firmware_end;
    ensures \let last = end <= 0xfffff000 ? page_above(end) : 0xfffff000;
      loader->firmware_end == \max(\old(loader->firmware_end), last); */
static void raise_firmware_end(boot_loader_t *loader, uint32_t end)
{
	if (!round_up(end, PAGE_SIZE, &end))
		end = ~(PAGE_SIZE - 1);
	if (end > loader->firmware_end)
		loader->firmware_end = end;
}

/* Notes the whole pages above 1 MiB of [start, end), if there are any and there is room. */
/*@ requires \valid(loader) && regions_good(*loader);
    assigns loader->regions, loader->firmware_end, loader->ram[0 .. BOOT_REGIONS - 1];
    ensures good: regions_good(*loader);
    ensures grows: grows(\old(*loader), *loader);
    ensures exact: \let first = page_above(\max(start, MEGABYTE)); \let last = page_below(end);
      (loader->regions == \old(loader->regions) + 1 <==>
	first < last && \old(loader->regions) < BOOT_REGIONS) &&
      (loader->regions == \old(loader->regions) + 1 ==>
	loader->ram[\old(loader->regions)].start == first &&
	loader->ram[\old(loader->regions)].end == last); */
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
    ensures \result == end_of(*entry); */
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

/*@ requires \valid(loader) && \valid_read(entry) && regions_good(*loader);
    assigns loader->regions, loader->firmware_end, loader->ram[0 .. BOOT_REGIONS - 1];
    ensures good: regions_good(*loader);
    ensures grows: grows(\old(*loader), *loader);
    ensures inside: loader->regions == \old(loader->regions) + 1 ==>
      inside(loader->ram[\old(loader->regions)], *entry); */
static void add_entry(boot_loader_t *loader, const multiboot_map_t *entry)
{
	if (entry->base_high)
		return;
	if (entry->type == MAP_AVAILABLE)
		add_ram(loader, entry->base_low, entry_end(entry));
	else if (entry->base_low == loader->firmware_end && loader->firmware_end)
		raise_firmware_end(loader, entry_end(entry));
}

/*@ requires \valid(loader) && \valid_read(info) && regions_good(*loader);
    requires loader->regions == 0 && (info->flags & HAS_MAP) != 0;
    assigns loader->regions, loader->firmware_end, loader->ram[0 .. BOOT_REGIONS - 1];
    ensures good: regions_good(*loader);
    ensures told: \forall integer i; 0 <= i < loader->regions ==>
      ram_told(loader->ram[i], *info); */
static void read_map(const multiboot_info_t *info, boot_loader_t *loader)
{
	uint32_t at = info->mmap_addr;
	uint32_t left = reachable(at, info->mmap_length) ? info->mmap_length : 0;
	multiboot_map_t entry;
	/*@ loop invariant left != 0 ==> in_reach(at, left);
	    loop invariant left != 0 ==> in_reach(info->mmap_addr, info->mmap_length);
	    loop invariant good: regions_good(*loader);
	    loop invariant rest: left != 0 ==> \forall region_t r;
	      told(r, at, left) ==> told(r, info->mmap_addr, info->mmap_length);
	    loop invariant told: \forall integer i; 0 <= i < loader->regions ==>
	      ram_told(loader->ram[i], *info);
	    loop assigns at, left, entry, loader->regions, loader->firmware_end,
	      loader->ram[0 .. BOOT_REGIONS - 1];
	    loop variant left; */
	while (left >= sizeof(entry)) {
		read_entry(at, &entry);
		if (entry.size < sizeof(entry) - 4 || entry.size > left - 4)
			return;
		add_entry(loader, &entry);
		at += entry.size + 4;
		left -= entry.size + 4;
	}
}

/*@ requires \valid(loader) && \valid_read(info);
    requires loader->module.start == 0 && loader->module.end == 0;
    assigns loader->modules, loader->module;
    ensures exact: \result == \null <==> no_module(*info) || module_good(*info);
    ensures none: \result == \null && no_module(*info) ==> loader->modules == 0 &&
      loader->module.start == loader->module.end;
    ensures some: \result == \null && !no_module(*info) ==>
      loader->modules == info->mods_count &&
      loader->module.start == module_at(info->mods_addr).start &&
      loader->module.end == module_at(info->mods_addr).end; */
static const char *read_modules(const multiboot_info_t *info, boot_loader_t *loader)
{
	loader->modules = info->flags & HAS_MODULES ? info->mods_count : 0;
	if (loader->modules == 0)
		return NULL;
	multiboot_module_t module;
	if (!reachable(info->mods_addr, sizeof(module)))
		return "the boot module lies out of reach";
	read_module(info->mods_addr, &module);
	if (module.start == module.end) {
		loader->modules = 0; /* an empty file */
		return NULL;
	}
	if (module.start > module.end || module.end > ARCH_MEMORY_LIMIT)
		return "the boot module lies out of reach";
	if (!is_aligned(module.start, PAGE_SIZE))
		return "the boot module is not on a page boundary";
	loader->module = (region_t){module.start, module.end};
	return NULL;
}

/*@ requires \valid(loader) && \valid_read(info);
    assigns loader->cmdline[0 .. BOOT_CMDLINE - 2]; */
static void read_cmdline(const multiboot_info_t *info, boot_loader_t *loader)
{
	if (!(info->flags & HAS_CMDLINE) || !reachable(info->cmdline, BOOT_CMDLINE))
		return;
	/*@ loop invariant 0 <= i <= BOOT_CMDLINE - 1;
	    loop assigns i, loader->cmdline[0 .. BOOT_CMDLINE - 2];
	    loop variant BOOT_CMDLINE - i; */
	for (uint32_t i = 0; i < BOOT_CMDLINE - 1; i++) {
		loader->cmdline[i] = read_char(info->cmdline + i);
		if (!loader->cmdline[i])
			return;
	}
}

/*@ requires \valid(loader);
    assigns *loader;
    ensures exact: \result == \null <==> magic == LOADER_MAGIC && in_reach(address, 52) &&
      loader->regions != 0 && (no_module(info_at(address)) || module_good(info_at(address)));
    ensures good: regions_good(*loader);
    ensures told: \forall integer i; 0 <= i < loader->regions ==>
      ram_told(loader->ram[i], info_at(address));
    ensures none: \result == \null && no_module(info_at(address)) ==> loader->modules == 0 &&
      loader->module.start == loader->module.end;
    ensures some: \result == \null && !no_module(info_at(address)) ==>
      \let i = info_at(address); loader->modules == i.mods_count &&
      loader->module.start == module_at(i.mods_addr).start &&
      loader->module.end == module_at(i.mods_addr).end;
    ensures ends: loader->cmdline[BOOT_CMDLINE - 1] == 0; */
const char *multiboot_read(uint32_t magic, uint32_t address, boot_loader_t *loader)
{
	*loader = (boot_loader_t){0};
	if (magic != LOADER_MAGIC)
		return "not started by a Multiboot loader";
	if (!reachable(address, sizeof(multiboot_info_t)))
		return "the loader's information lies out of reach";
	multiboot_info_t info;
	read_info(address, &info);
	if (info.flags & HAS_MAP)
		read_map(&info, loader);
	else if (info.flags & HAS_MEMORY)
		add_ram(loader, MEGABYTE, upper_end(info.mem_upper));
	if (loader->regions == 0)
		return "the loader tells of no memory";
	read_cmdline(&info, loader);
	return read_modules(&info, loader);
}
