/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot loader's information: maps, modules and what is out of reach, by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "abi/ports.h"
#include "arch/arch.h"
#include "boot/windows.h"
#include "loader_compare.h"

#define MIB 0x100000u
#define GIB 0x40000000ull

static void boots(world_t *world)
{
	const char *trouble = boot(world);
	if (trouble)
		fail_msg("%s", trouble);
}

static void stops(world_t *world, const char *reason)
{
	const char *trouble = boot(world);
	if (!trouble || strcmp(trouble, reason) != 0)
		fail_msg("%s, expected: %s", trouble ? trouble : "it boots", reason);
}

static void a_usual_map_gives_all_memory_and_both_windows(void **state)
{
	world_t world = world_usual();
	(void)state;
	boots(&world);
	compare(&world);
	take_all();
	assert_true(isa_window_has(0xb8));
	assert_true(bus_window_has(0xe0000));
	assert_string_equal(loader.cmdline, "trace=input");
}

static void a_command_line_that_is_too_long_is_cut_and_ends(void **state)
{
	static char line[2 * BOOT_CMDLINE];
	(void)state;
	memset(&loader, 0xff, sizeof(loader));
	memset(line, 'a', sizeof(line) - 1);
	for (uint32_t length = BOOT_CMDLINE - 2; length < BOOT_CMDLINE + 2; length++) {
		world_t world = world_usual();
		line[length] = 0;
		world_write(&world, line);
		assert_null(world_boot(&world, &loader, &memory));
		uint32_t kept = length < BOOT_CMDLINE ? length : BOOT_CMDLINE - 1;
		assert_int_equal(loader.cmdline[kept], 0);
		assert_memory_equal(loader.cmdline, line, kept);
		line[length] = 'a';
	}
}

static void no_page_from_the_interrupt_controllers_up_is_granted(void **state)
{
	world_t world = world_usual();
	(void)state;
	world.count = 4; /* a map that does not name the firmware */
	boots(&world);
	for (uint32_t page = 0xfec00; page < PHYSICAL_PAGES; page++)
		assert_false(bus_window_has(page));
	assert_true(bus_window_has(0xfebff));
}

static void firmware_behind_a_gap_and_the_gap_itself_are_nobodys(void **state)
{
	world_t world = world_usual();
	(void)state;
	/* ACPI tables behind an unnamed gap of 64 KiB, then more of it behind another. */
	world.entries[world.count++] = (world_entry_t){64 * MIB + 0x10000, 0x20000, 3};
	world.entries[world.count++] = (world_entry_t){72 * MIB, 0x20000, 2};
	boots(&world);
	compare(&world);
	assert_int_equal(physical_bus_first(&loader.map), (72 * MIB + 0x20000) / PAGE_SIZE);
}

static void acpi_and_bad_memory_count_as_memory_and_other_entries_do_not(void **state)
{
	(void)state;
	for (uint32_t type = 1; type <= 6; type++) {
		world_t world = world_usual();
		world.entries[world.count++] = (world_entry_t){GIB, MIB, type};
		boots(&world);
		assert_int_equal(bus_window_has((GIB - MIB) / PAGE_SIZE),
				 type == 2 || type == 6);
		assert_false(bus_window_has(GIB / PAGE_SIZE));
	}
}

static void configuration_space_in_memory_is_not_in_the_bus_window(void **state)
{
	world_t world = world_usual();
	(void)state;
	world.entries[world.count++] = (world_entry_t){0xb0000000, 0x10000000, 2};
	boots(&world);
	compare(&world);
	assert_false(bus_window_has(0xb0000));
	assert_false(bus_window_has(0xbffff));
	assert_true(bus_window_has(0xc0000));
}

static void entries_that_overlap_give_no_page_twice_and_the_stricter_wins(void **state)
{
	world_t world = world_usual();
	(void)state;
	world.entries[world.count++] = (world_entry_t){32 * MIB, 64 * MIB, 1};
	world.entries[world.count++] = (world_entry_t){40 * MIB + 0x800, 0x1000, 3};
	world.entries[world.count++] = (world_entry_t){48 * MIB + 1, 1, 5};
	boots(&world);
	compare(&world);
	take_all();
	assert_int_equal(regions_with(40 * MIB / PAGE_SIZE), 0);
	assert_int_equal(regions_with(40 * MIB / PAGE_SIZE + 1), 0);
	assert_int_equal(regions_with(48 * MIB / PAGE_SIZE), 0);
}

static void entries_that_are_empty_wrap_or_lie_above_4_gib_give_nothing(void **state)
{
	world_t world = world_usual();
	(void)state;
	world.entries[world.count++] = (world_entry_t){96 * MIB, 0, 1};
	world.entries[world.count++] = (world_entry_t){4 * GIB, 4 * GIB, 1};
	boots(&world);
	compare(&world);
	assert_true(bus_window_has(0xe0000));
	world.entries[world.count++] = (world_entry_t){128 * MIB, UINT64_MAX - MIB, 1};
	boots(&world);
	compare(&world);
	take_all();
	assert_false(bus_window_has(0xe0000));
}

static void without_a_map_nothing_above_the_memory_is_granted(void **state)
{
	world_t world;
	(void)state;
	world_sizes(&world, 640, 15 * 1024);
	boots(&world);
	compare(&world);
	assert_int_equal(regions_with(16 * MIB / PAGE_SIZE - 1), 1);
	assert_int_equal(regions_with(16 * MIB / PAGE_SIZE), 0);
	assert_int_equal(physical_bus_first(&loader.map), PHYSICAL_PAGES);
	assert_true(isa_window_has(0xb8));
	for (uint32_t page = 0; page < PHYSICAL_PAGES; page += page < 0x200 ? 1 : 0x100)
		assert_false(bus_window_has(page));
}

/* Behind the last page there is no address of 32 bits where the bus window could begin. */
static void where_memory_ends_at_4_gib_there_is_no_bus_window(void **state)
{
	(void)state;
	for (uint32_t type = 1; type <= 5; type += type == 1 ? 2 : 1) {
		world_t world = world_usual();
		world.entries[3].length = 31 * MIB; /* and a hole amid RAM */
		world.entries[world.count++] = (world_entry_t){33 * MIB, 31 * MIB, 1};
		world.entries[world.count++] =
		    (world_entry_t){4 * GIB - PAGE_SIZE, PAGE_SIZE, type};
		boots(&world);
		compare(&world);
		assert_true(isa_window_has(0xb8));
		for (uint32_t page = 0; page < PHYSICAL_PAGES; page += page < 0x200 ? 1 : 0x80)
			assert_false(bus_window_has(page));
	}
}

/* The kernel lies above 1 MiB, but this does not know it. */
static void a_map_that_names_nothing_gives_no_firmware(void **state)
{
	physical_t map = {0};
	uint32_t page = 0;
	pages_t piece;
	(void)state;
	assert_true(windows_next(&map, &page, &piece));
	assert_int_equal(piece.first, ISA_WINDOW_FIRST / PAGE_SIZE);
	assert_int_equal(piece.end, ISA_WINDOW_LAST / PAGE_SIZE + 1);
	assert_true(windows_next(&map, &page, &piece));
	assert_int_equal(piece.first, MIB / PAGE_SIZE);
	assert_int_equal(piece.end, BUS_WINDOW_LAST / PAGE_SIZE + 1);
	assert_false(windows_next(&map, &page, &piece));
}

static void each_module_that_cannot_stay_is_named_in_one_line(void **state)
{
	static const struct {
		region_t module;
		const char *reason;
	} wrong[] = {
	    {{2 * MIB + 4, 3 * MIB}, "the boot module is not on a page boundary"},
	    {{3 * MIB, 2 * MIB}, "the boot module ends before it begins"},
	    {{MIB, 2 * MIB}, "the boot module overlaps the kernel"},
	    {{MIB + 0x7f000, 2 * MIB}, "the boot module overlaps the kernel"},
	    {{64 * MIB - PAGE_SIZE, 64 * MIB + 1}, "the boot module lies outside of RAM"},
	    {{0x9f000, 0x9f400}, "the boot module lies outside of RAM"},
	    {{0x2ffff000, 0x30000001},
	     "the boot module lies above the memory that the kernel uses"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		world_t world = world_usual();
		world.module = wrong[i].module;
		stops(&world, wrong[i].reason);
	}
}

static void a_module_may_lie_anywhere_in_ram(void **state)
{
	static const region_t places[] = {{MIB + 0x80000, 61 * MIB},
					  {64 * MIB - PAGE_SIZE, 64 * MIB},
					  {64 * MIB - PAGE_SIZE, 64 * MIB - 1},
					  {0x10000, 0x20000},
					  {32 * MIB, 33 * MIB}};
	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		world_t world = world_usual();
		world.module = places[i];
		boots(&world);
		compare(&world);
		assert_true(memory.top >= places[i].end);
		take_all();
	}
}

static void pages_behind_a_large_module_are_there_before_all_is_mapped(void **state)
{
	world_t world = world_usual();
	(void)state;
	world.entries[3].length = 511 * MIB;
	world.module = (region_t){MIB + 0x80000, 61 * MIB};
	boots(&world);
	uint32_t chunk = boot_memory_early(&memory);
	assert_true(chunk >= 61 * MIB && chunk % ARCH_EARLY_CHUNK == 0);
	for (uint32_t i = 0; i < 190; i++) {
		uint32_t page = boot_memory_take(&memory, PAGE_BITS);
		assert_true(page - chunk < ARCH_EARLY_CHUNK);
	}
}

/* A block out of the middle of a region leaves two rests, and there is room for one. */
static void with_a_full_table_of_regions_the_larger_rest_stays(void **state)
{
	static const region_t whole[] = {{17 * MIB, 31 * MIB}, {17 * MIB, 21 * MIB}};
	static const region_t kept[] = {{20 * MIB + PAGE_SIZE, 31 * MIB}, {17 * MIB, 20 * MIB}};
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		memory = (boot_memory_t){.count = BOOT_REGIONS,
					 .mapped = {{20 * MIB, 22 * MIB}, {0, 0}}};
		for (uint32_t r = 0; r < BOOT_REGIONS; r++) {
			uint32_t start = 2 * MIB + r * 2 * PAGE_SIZE;
			memory.regions[r] = (region_t){start, start + PAGE_SIZE};
		}
		memory.regions[7] = whole[i];
		assert_int_equal(boot_memory_take(&memory, PAGE_BITS), 20 * MIB);
		assert_int_equal(memory.count, BOOT_REGIONS);
		assert_int_equal(memory.regions[7].start, kept[i].start);
		assert_int_equal(memory.regions[7].end, kept[i].end);
	}
}

static void memory_that_the_kernel_takes_is_clean(void **state)
{
	world_t world = world_usual();
	(void)state;
	boots(&world);
	uint32_t first = boot_memory_take(&memory, PAGE_BITS);
	memset(world_words(first), 0xff, PAGE_SIZE);
	boots(&world);
	assert_int_equal(boot_memory_take(&memory, PAGE_BITS), first);
	for (uint32_t i = 0; i < PAGE_SIZE / 4; i++)
		assert_int_equal(world_words(first)[i], 0);
}

static void what_lies_out_of_reach_or_is_broken_stops_the_boot(void **state)
{
	(void)state;
	world_t world = world_usual();
	world.info_at = ARCH_EARLY_LIMIT - 48;
	stops(&world, "the loader's information lies out of reach");
	world = world_usual();
	world.map_at = ARCH_EARLY_LIMIT - 100;
	stops(&world, "the memory map lies out of reach");
	world = world_usual();
	world.modules_at = ARCH_EARLY_LIMIT - 8;
	stops(&world, "the list of boot modules lies out of reach");
	world = world_usual();
	world.cmdline_at = ARCH_EARLY_LIMIT - 4;
	stops(&world, "the command line lies out of reach");
	world = world_usual();
	world.cmdline_at = ARCH_EARLY_LIMIT - sizeof("trace=input");
	boots(&world);
	world = world_usual();
	world.count = 2;
	stops(&world, "the loader tells of no memory");
	world = world_usual();
	world_write(&world, NULL);
	world_words(world.map_at)[6 * 4] = 1000; /* an entry that ends behind the map */
	assert_string_equal(world_boot(&world, &loader, &memory), "the memory map is broken");
	world = world_usual();
	for (; world.count < WORLD_ENTRIES; world.count++)
		world.entries[world.count] = (world_entry_t){0, 1, 2};
	stops(&world, "the memory map has too many entries");
	assert_string_equal(multiboot_read(1, world.info_at, &loader),
			    "not started by a Multiboot loader");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_usual_map_gives_all_memory_and_both_windows),
	    cmocka_unit_test(a_command_line_that_is_too_long_is_cut_and_ends),
	    cmocka_unit_test(no_page_from_the_interrupt_controllers_up_is_granted),
	    cmocka_unit_test(firmware_behind_a_gap_and_the_gap_itself_are_nobodys),
	    cmocka_unit_test(acpi_and_bad_memory_count_as_memory_and_other_entries_do_not),
	    cmocka_unit_test(configuration_space_in_memory_is_not_in_the_bus_window),
	    cmocka_unit_test(entries_that_overlap_give_no_page_twice_and_the_stricter_wins),
	    cmocka_unit_test(entries_that_are_empty_wrap_or_lie_above_4_gib_give_nothing),
	    cmocka_unit_test(without_a_map_nothing_above_the_memory_is_granted),
	    cmocka_unit_test(where_memory_ends_at_4_gib_there_is_no_bus_window),
	    cmocka_unit_test(a_map_that_names_nothing_gives_no_firmware),
	    cmocka_unit_test(each_module_that_cannot_stay_is_named_in_one_line),
	    cmocka_unit_test(a_module_may_lie_anywhere_in_ram),
	    cmocka_unit_test(pages_behind_a_large_module_are_there_before_all_is_mapped),
	    cmocka_unit_test(with_a_full_table_of_regions_the_larger_rest_stays),
	    cmocka_unit_test(memory_that_the_kernel_takes_is_clean),
	    cmocka_unit_test(what_lies_out_of_reach_or_is_broken_stops_the_boot),
	};
	world_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
