/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces of users: what is mapped is there with its rights, and what is taken away is
 * gone before anybody can use what the processor has cached. */
#include "world.h"

#include <string.h>

#define HERE   0x40000000u /* begins a table in both formats */
#define FRAME  0x00700000u
#define DEVICE 0xe0000000u
#define ALL    (ARCH_PAGE_WRITE | ARCH_PAGE_EXEC)
#define PAGES  8u

static space_t space;

/* A current address space with tables at HERE and behind. */
static void set_up(void)
{
	space = world_space();
	arch_directory_use(space.root);
	world_table(&space, HERE);
	world_table(&space, HERE + arch_table_span());
}

/* The first of PAGES pages of which half are under the next table. */
static uint32_t straddling(void)
{
	return HERE + arch_table_span() - PAGES / 2 * PAGE_SIZE;
}

static void see_pages(uint32_t virt, uint32_t address, uint32_t pages)
{
	for (uint32_t i = 0; i < pages; i++)
		assert_true(
		    world_reaches(virt + i * PAGE_SIZE, WRITE, address + i * PAGE_SIZE));
}

static void see_none(uint32_t virt, uint32_t pages)
{
	for (uint32_t i = 0; i < pages; i++)
		assert_false(world_reaches(virt + i * PAGE_SIZE, READ, 0));
}

static void check_rights(uint32_t virt, uint32_t address, uint32_t flags)
{
	page_t page = processor_walk(virt);
	assert_true(page.present && page.user);
	assert_int_equal(page.address, address);
	assert_int_equal(page.writable, (flags & ARCH_PAGE_WRITE) != 0);
	assert_int_equal(page.executable, (flags & ARCH_PAGE_EXEC) || !processor.kind->nx);
	assert_int_equal(page.uncached, (flags & ARCH_PAGE_UNCACHED) != 0);
	assert_false(page.global);
}

static void a_page_has_the_rights_that_it_was_mapped_with_and_no_others(void)
{
	set_up();
	for (uint32_t flags = 0; flags < 8; flags++) {
		uint32_t virt = HERE + flags * PAGE_SIZE;
		assert_int_equal(arch_page_set(space.directory, virt, DEVICE, flags), DRV_OK);
		check_rights(virt, DEVICE, flags);
		arch_pages_set(space.directory, virt + 16 * PAGE_SIZE, DEVICE, 2, flags);
		check_rights(virt + 16 * PAGE_SIZE, DEVICE, flags);
		check_rights(virt + 17 * PAGE_SIZE, DEVICE + PAGE_SIZE, flags);
		arch_pages_clear(space.directory, virt + 16 * PAGE_SIZE, DEVICE, 2);
	}
	assert_false(world_reaches(HERE, WRITE, DEVICE));
	assert_true(world_reaches(HERE, READ, DEVICE));
}

static void a_page_that_is_unmapped_is_gone_at_once(void)
{
	set_up();
	arch_page_set(space.directory, HERE, FRAME, ALL);
	see_pages(HERE, FRAME, 1);
	arch_pages_clear(space.directory, HERE, FRAME, 1);
	see_none(HERE, 1);
	assert_false(processor_walk(HERE).present);
}

static void several_pages_that_are_unmapped_are_gone_at_once(void)
{
	for (uint32_t pages = 2; pages <= PAGES; pages++) {
		set_up();
		arch_pages_set(space.directory, HERE, FRAME, pages, ALL);
		see_pages(HERE, FRAME, pages);
		arch_pages_clear(space.directory, HERE, FRAME, pages);
		see_none(HERE, pages);
	}
}

static void pages_under_two_tables_are_mapped_and_unmapped_together(void)
{
	set_up();
	uint32_t virt = straddling();
	assert_int_equal(arch_pages_check(space.directory, virt, PAGES), DRV_OK);
	arch_pages_set(space.directory, virt, FRAME, PAGES, ALL);
	see_pages(virt, FRAME, PAGES);
	see_none(virt - PAGE_SIZE, 1);
	see_none(virt + PAGES * PAGE_SIZE, 1);
	arch_pages_clear(space.directory, virt, FRAME, PAGES);
	see_none(virt, PAGES);
}

static void a_table_that_is_taken_away_takes_its_pages_along_at_once(void)
{
	set_up();
	uint32_t virt = HERE + 4 * arch_table_span();
	uint32_t table = world_table(&space, virt);
	arch_page_set(space.directory, virt, FRAME, ALL);
	arch_page_set(space.directory, virt + PAGE_SIZE, FRAME, ALL);
	see_pages(virt, FRAME, 1);
	arch_table_clear(space.directory, virt, table);
	see_none(virt, 2); /* the second page was never cached, the way to it was */
	assert_false(arch_table_present(space.directory, virt));
}

static void only_the_table_that_is_named_is_taken_away(void)
{
	set_up();
	uint32_t virt = HERE + 4 * arch_table_span();
	world_table(&space, virt);
	arch_page_set(space.directory, virt, FRAME, ALL);
	arch_table_clear(space.directory, virt, memory_page());
	assert_true(arch_table_present(space.directory, virt));
	see_pages(virt, FRAME, 1);
}

static void unmapping_leaves_alone_what_is_anothers(void)
{
	set_up();
	uint32_t before = HERE, other = HERE + PAGE_SIZE, after = HERE + 4 * PAGE_SIZE;
	arch_page_set(space.directory, before, FRAME, ALL);
	arch_page_set(space.directory, other, FRAME + 9 * PAGE_SIZE, ALL);
	arch_page_set(space.directory, other + PAGE_SIZE, FRAME + PAGE_SIZE, ALL);
	arch_page_set(space.directory, after, FRAME + 3 * PAGE_SIZE, ALL);
	arch_pages_clear(space.directory, other, FRAME, 3);
	see_pages(before, FRAME, 1);
	see_pages(other, FRAME + 9 * PAGE_SIZE, 1);
	see_none(other + PAGE_SIZE, 1);
	see_pages(after, FRAME + 3 * PAGE_SIZE, 1);
	arch_pages_clear(space.directory, other, FRAME, 1);
	see_pages(other, FRAME + 9 * PAGE_SIZE, 1);
}

/* An entry that is empty leads to physical address 0. */
static void unmapping_where_the_table_is_gone_touches_nothing(void)
{
	set_up();
	uint32_t virt = HERE + 4 * arch_table_span();
	uint32_t table = world_table(&space, virt);
	arch_pages_set(space.directory, virt, FRAME, 2, ALL);
	arch_table_clear(space.directory, virt, table);
	memcpy(arch_pointer(0), arch_pointer(table), PAGE_SIZE);
	arch_pages_clear(space.directory, virt, FRAME, 2);
	arch_pages_clear(space.directory, virt, FRAME, 1);
	assert_memory_equal(arch_pointer(0), arch_pointer(table), PAGE_SIZE);
	assert_int_not_equal(memory_word(0), 0);
}

static void what_is_mapped_already_is_not_mapped_over(void)
{
	set_up();
	uint32_t virt = straddling(), last = virt + (PAGES - 1) * PAGE_SIZE;
	arch_page_set(space.directory, last, FRAME, ALL);
	assert_int_equal(arch_pages_check(space.directory, virt, PAGES), DRV_EEXIST);
	assert_int_equal(arch_pages_check(space.directory, virt, PAGES - 1), DRV_OK);
	assert_int_equal(arch_pages_check(space.directory, last, 1), DRV_EEXIST);
	assert_int_equal(arch_page_set(space.directory, last, FRAME + PAGE_SIZE, ALL),
			 DRV_EEXIST);
	see_pages(last, FRAME, 1);
}

static void nothing_can_be_mapped_where_there_is_no_table(void)
{
	set_up();
	uint32_t virt = HERE + 2 * arch_table_span() - PAGE_SIZE;
	assert_int_equal(arch_pages_check(space.directory, virt, 1), DRV_OK);
	assert_int_equal(arch_pages_check(space.directory, virt, 2), DRV_ENOTABLE);
	assert_int_equal(arch_page_set(space.directory, virt + PAGE_SIZE, FRAME, ALL),
			 DRV_ENOTABLE);
	assert_int_equal(arch_page_set(space.directory, 0x80000000, FRAME, ALL), DRV_ENOTABLE);
	assert_int_equal(arch_pages_check(space.directory, 0x80000000, 1), DRV_ENOTABLE);
}

static void a_new_address_space_has_the_kernels_pages_and_no_others(void)
{
	space = world_space();
	arch_directory_use(space.root);
	for (uint32_t at = 0; at < KERNEL_BASE; at += PAGE_SIZE)
		assert_false(processor_walk(at).present);
	for (uint32_t at = 0; at < MEMORY_BYTES; at += 16 * PAGE_SIZE)
		assert_int_equal(processor_walk(KERNEL_BASE + at).address, at);
}

/* With PAE the processor reads the root only when it is loaded. */
static void a_first_page_in_a_gigabyte_is_there_at_once_and_alone(void)
{
	space = world_space();
	arch_directory_use(space.root);
	for (uint32_t virt = 0; virt < KERNEL_BASE; virt += 0x40000000) {
		see_none(virt, 1);
		assert_false(arch_table_present(space.directory, virt));
		world_table(&space, virt);
		assert_true(arch_table_present(space.directory, virt));
		arch_page_set(space.directory, virt, FRAME, ALL);
		see_pages(virt, FRAME, 1);
		for (uint32_t i = 1; i < 0x40000000 / PAGE_SIZE; i++)
			assert_false(processor_walk(virt + i * PAGE_SIZE).present);
	}
	see_pages(0, FRAME, 1);
}

static void two_processes_see_nothing_of_each_other(void)
{
	set_up();
	arch_page_set(space.directory, HERE, FRAME, ALL);
	see_pages(HERE, FRAME, 1);
	space_t mine = space;
	set_up();
	see_none(HERE, 1);
	arch_page_set(space.directory, HERE, FRAME + PAGE_SIZE, ALL);
	see_pages(HERE, FRAME + PAGE_SIZE, 1);
	arch_directory_use(mine.root);
	see_pages(HERE, FRAME, 1);
	arch_directory_leave();
	see_none(HERE, 1);
}

static void the_segment_registers_of_one_process_do_not_reach_another(void)
{
	set_up();
	processor.fs = 0;
	processor.gs = 0x3b;
	arch_directory_use(world_space().root);
	assert_int_equal(processor.fs, USER_DATA);
	assert_int_equal(processor.gs, USER_DATA);
}

static void a_return_from_a_task_comes_back_to_the_current_address_space(void)
{
	set_up();
	assert_int_equal(main_tss.cr3, space.root);
	arch_directory_leave();
	assert_int_equal(main_tss.cr3, arch_physical(boot_directory));
	assert_int_equal(processor.cr3, arch_physical(boot_directory));
}

static void the_highest_pages_of_users_leave_the_kernels_alone(void)
{
	space = world_space();
	arch_directory_use(space.root);
	uint32_t virt = KERNEL_BASE - PAGE_SIZE;
	world_table(&space, virt);
	arch_page_set(space.directory, virt, FRAME, ALL);
	see_pages(virt, FRAME, 1);
	assert_false(world_reaches(KERNEL_BASE, READ, 0));
	assert_int_equal(processor_walk(KERNEL_BASE).address, 0);
	assert_false(processor_walk(KERNEL_BASE).user);
}

static void words_are_copied_and_no_more(void)
{
	uint32_t from[4] = {1, 2, 3, 4}, to[4] = {9, 9, 9, 9};
	arch_copy_words(to, from, 3);
	assert_int_equal(to[0] + to[1] * 10 + to[2] * 100, 321);
	assert_int_equal(to[3], 9);
	assert_int_equal(arch_physical(arch_pointer(FRAME)), FRAME);
}

int main(void)
{
	static const world_test_t tests[] = {
	    WORLD_TEST(a_page_has_the_rights_that_it_was_mapped_with_and_no_others),
	    WORLD_TEST(a_page_that_is_unmapped_is_gone_at_once),
	    WORLD_TEST(several_pages_that_are_unmapped_are_gone_at_once),
	    WORLD_TEST(pages_under_two_tables_are_mapped_and_unmapped_together),
	    WORLD_TEST(a_table_that_is_taken_away_takes_its_pages_along_at_once),
	    WORLD_TEST(only_the_table_that_is_named_is_taken_away),
	    WORLD_TEST(unmapping_leaves_alone_what_is_anothers),
	    WORLD_TEST(unmapping_where_the_table_is_gone_touches_nothing),
	    WORLD_TEST(what_is_mapped_already_is_not_mapped_over),
	    WORLD_TEST(nothing_can_be_mapped_where_there_is_no_table),
	    WORLD_TEST(a_new_address_space_has_the_kernels_pages_and_no_others),
	    WORLD_TEST(a_first_page_in_a_gigabyte_is_there_at_once_and_alone),
	    WORLD_TEST(two_processes_see_nothing_of_each_other),
	    WORLD_TEST(the_segment_registers_of_one_process_do_not_reach_another),
	    WORLD_TEST(a_return_from_a_task_comes_back_to_the_current_address_space),
	    WORLD_TEST(the_highest_pages_of_users_leave_the_kernels_alone),
	    WORLD_TEST(words_are_copied_and_no_more),
	};
	return WORLD_RUN(tests);
}
