/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the boot loader's information. Every address in it must lie where the kernel has
 * memory mapped; lengths are checked before use. What cannot be read or noted stops the boot:
 * memory that the map may have named would count as nobody's. */
#include "boot/multiboot.h"

#include "arch/arch.h"
#include "base/memory.h"
#include "base/range.h"

#define LOADER_MAGIC 0x2badb002u

#define HAS_MEMORY  0x01u
#define HAS_CMDLINE 0x04u
#define HAS_MODULES 0x08u
#define HAS_MAP	    0x40u

#define KIB  1024u
#define WORD 0x100000000ull /* what the high half of a quantity counts */

/* Types of an entry of the map: Multiboot specification, section 3.3; ACPI specification 6.4,
 * table 15.4. Bad memory may work, and then it is memory. */
enum map_type { MAP_AVAILABLE = 1, MAP_ACPI = 3, MAP_ACPI_KEPT = 4, MAP_BAD = 5 };

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
    logic integer kind_of(integer type) = type == MAP_AVAILABLE ? SPAN_USABLE :
      type == MAP_ACPI || type == MAP_ACPI_KEPT || type == MAP_BAD ? SPAN_MEMORY : SPAN_OTHER;
    predicate in_entry(integer page, multiboot_map_t e) = page_in(page,
      e.base_high * 0x100000000 + e.base_low, e.length_high * 0x100000000 + e.length_low);
    // Does an entry of the map that begins at `at` touch the page?
    predicate told(integer page, integer at, integer left) = left >= 24 &&
      \let e = entry_at(at); 20 <= e.size <= left - 4 &&
      (in_entry(page, e) || told(page, at + e.size + 4, left - e.size - 4));
    predicate memory_told(integer page, multiboot_info_t i) = (i.flags & HAS_MAP) != 0 ?
      told(page, i.mmap_addr, i.mmap_length) :
      (i.flags & HAS_MEMORY) != 0 && MEGABYTE / PAGE_SIZE <= page < PHYSICAL_PAGES;
    predicate no_module(multiboot_info_t i) =
      (i.flags & HAS_MODULES) == 0 || i.mods_count == 0 ||
      in_reach(i.mods_addr, 16) && module_at(i.mods_addr).start == module_at(i.mods_addr).end;
    predicate module_good(multiboot_info_t i) = in_reach(i.mods_addr, 16) &&
      \let m = module_at(i.mods_addr);
      m.start < m.end <= ARCH_MEMORY_LIMIT && m.start % PAGE_SIZE == 0; */
/* The four that read what the loader left: proofs trust them. */
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

/*@ assigns \nothing;
    ensures \result == kind_of(type); */
static uint32_t kind_of_type(uint32_t type)
{
	if (type == MAP_AVAILABLE)
		return SPAN_USABLE;
	return type == MAP_ACPI || type == MAP_ACPI_KEPT || type == MAP_BAD ? SPAN_MEMORY
									    : SPAN_OTHER;
}

/*@ requires \valid(map) && \valid_read(entry) && map_good(map);
    assigns map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
    ensures good: map_good(map);
    ensures extends: extends{Pre, Post}(map);
    ensures kept: \forall integer page; named{Pre}(map, page) ==> named{Post}(map, page);
    ensures named: \result ==>
      \forall integer page; in_entry(page, *entry) ==> named(map, page); */
static bool note_entry(physical_t *map, const multiboot_map_t *entry)
{
	return physical_note(map, entry->base_high * WORD + entry->base_low,
			     entry->length_high * WORD + entry->length_low,
			     kind_of_type(entry->type));
}

/*@ requires \valid(map) && \valid_read(info) && map_good(map) && map->count == 0;
    requires (info->flags & HAS_MAP) != 0;
    assigns map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
    ensures good: map_good(map);
    ensures named: \result == \null ==> \forall integer page;
      told(page, info->mmap_addr, info->mmap_length) ==> named(map, page); */
static const char *read_map(const multiboot_info_t *info, physical_t *map)
{
	uint32_t at = info->mmap_addr, left = info->mmap_length;
	if (left != 0 && !reachable(at, left))
		return "the memory map lies out of reach";
	multiboot_map_t entry;
	/*@ loop invariant left != 0 ==> in_reach(at, left);
	    loop invariant good: map_good(map);
	    loop invariant named: \forall integer page;
	      told(page, info->mmap_addr, info->mmap_length) ==>
		named(map, page) || told(page, at, left);
	    loop assigns at, left, entry, map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
	    loop variant left; */
	while (left >= sizeof(entry)) {
		read_entry(at, &entry);
		if (entry.size < sizeof(entry) - 4 || entry.size > left - 4)
			return "the memory map is broken";
		if (!note_entry(map, &entry))
			return "the memory map has too many entries";
		at += entry.size + 4;
		left -= entry.size + 4;
	}
	return NULL;
}

/* Without a map nobody knows what lies behind the memory that is told of: it is all named. */
/*@ requires \valid(map) && \valid_read(info) && map_good(map) && map->count == 0;
    assigns map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
    ensures good: map_good(map);
    ensures named: \forall integer page; MEGABYTE / PAGE_SIZE <= page < PHYSICAL_PAGES ==>
      named(map, page); */
static void note_sizes(const multiboot_info_t *info, physical_t *map)
{
	uint64_t end = MEGABYTE + (uint64_t)info->mem_upper * KIB;
	physical_note(map, 0, (uint64_t)info->mem_lower * KIB, SPAN_USABLE);
	physical_note(map, MEGABYTE, end - MEGABYTE, SPAN_USABLE);
	physical_note(map, end, UINT64_MAX - end, SPAN_OTHER);
}

/*@ requires \valid(map) && \valid_read(info) && map_good(map) && map->count == 0;
    assigns map->count, map->spans[0 .. PHYSICAL_SPANS - 1];
    ensures good: map_good(map);
    ensures named: \result == \null ==>
      \forall integer page; memory_told(page, *info) ==> named(map, page); */
static const char *read_memory(const multiboot_info_t *info, physical_t *map)
{
	pages_t first;
	if (info->flags & HAS_MAP) {
		const char *trouble = read_map(info, map);
		if (trouble)
			return trouble;
	} else if (info->flags & HAS_MEMORY) {
		note_sizes(info, map);
	}
	if (!physical_ram(map, MEGABYTE / PAGE_SIZE, ARCH_MEMORY_LIMIT / PAGE_SIZE, &first))
		return "the loader tells of no memory";
	return NULL;
}

/*@ requires \valid(loader) && \valid_read(info);
    requires loader->module.start == 0 && loader->module.end == 0;
    assigns loader->modules, loader->module;
    ensures count: loader->map.count == \old(loader->map.count);
    ensures good: \forall integer i; 0 <= i < PHYSICAL_SPANS &&
      span_good{Pre}(&loader->map, i) ==> span_good{Post}(&loader->map, i);
    ensures kept: \forall integer i, page; 0 <= i < PHYSICAL_SPANS &&
      holds{Pre}(&loader->map, i, page) ==> holds{Post}(&loader->map, i, page);
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
		return "the list of boot modules lies out of reach";
	read_module(info->mods_addr, &module);
	if (module.start == module.end) {
		loader->modules = 0; /* an empty file */
		return NULL;
	}
	if (module.start > module.end)
		return "the boot module ends before it begins";
	if (module.end > ARCH_MEMORY_LIMIT)
		return "the boot module lies above the memory that the kernel uses";
	if (module.start % PAGE_SIZE != 0)
		return "the boot module is not on a page boundary";
	loader->module = (region_t){module.start, module.end};
	return NULL;
}

/*@ requires \valid(loader) && \valid_read(info);
    assigns loader->cmdline[0 .. BOOT_CMDLINE - 2]; */
static const char *read_cmdline(const multiboot_info_t *info, boot_loader_t *loader)
{
	if (!(info->flags & HAS_CMDLINE))
		return NULL;
	/*@ loop invariant 0 <= i <= BOOT_CMDLINE - 1;
	    loop assigns i, loader->cmdline[0 .. BOOT_CMDLINE - 2];
	    loop variant BOOT_CMDLINE - i; */
	for (uint32_t i = 0; i < BOOT_CMDLINE - 1; i++) {
		if (!reachable(info->cmdline, i + 1))
			return "the command line lies out of reach";
		loader->cmdline[i] = read_char(info->cmdline + i);
		if (!loader->cmdline[i])
			return NULL;
	}
	return NULL;
}

/* Trusted as well: proofs do not follow a copy of so many zeroes. */
/*@ requires \valid(loader);
    assigns *loader;
    exits \false;
    ensures loader->map.count == 0 && loader->module.start == 0 && loader->module.end == 0;
    ensures loader->cmdline[BOOT_CMDLINE - 1] == 0; */
static void clear(boot_loader_t *loader)
{
	*loader = (boot_loader_t){0};
}

/*@ requires \valid(loader);
    assigns *loader;
    ensures reach: \result == \null ==> magic == LOADER_MAGIC && in_reach(address, 52) &&
      (no_module(info_at(address)) || module_good(info_at(address)));
    ensures good: map_good(&loader->map);
    ensures named: \result == \null ==> \forall integer page;
      memory_told(page, info_at(address)) ==> named(&loader->map, page);
    ensures none: \result == \null && no_module(info_at(address)) ==> loader->modules == 0 &&
      loader->module.start == loader->module.end;
    ensures some: \result == \null && !no_module(info_at(address)) ==>
      \let i = info_at(address); loader->modules == i.mods_count &&
      loader->module.start == module_at(i.mods_addr).start &&
      loader->module.end == module_at(i.mods_addr).end;
    ensures ends: loader->cmdline[BOOT_CMDLINE - 1] == 0; */
const char *multiboot_read(uint32_t magic, uint32_t address, boot_loader_t *loader)
{
	clear(loader);
	if (magic != LOADER_MAGIC)
		return "not started by a Multiboot loader";
	if (!reachable(address, sizeof(multiboot_info_t)))
		return "the loader's information lies out of reach";
	multiboot_info_t info;
	read_info(address, &info);
	const char *trouble = read_memory(&info, &loader->map);
	if (!trouble)
		trouble = read_cmdline(&info, loader);
	//@ ghost Noted: ;
	if (!trouble)
		trouble = read_modules(&info, loader);
	/*@ assert kept: \forall integer page;
	      named{Noted}(&loader->map, page) ==> named(&loader->map, page); */
	return trouble;
}
