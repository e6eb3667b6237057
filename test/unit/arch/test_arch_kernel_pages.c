/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel maps for itself, as the processor sees it. */
#include "world.h"

#define TEXT	   ((uint32_t)(uintptr_t)kernel_readonly_start)
#define TEXT_END   ((uint32_t)(uintptr_t)kernel_readonly_end)
#define GUARD	   ((uint32_t)(uintptr_t)kernel_stack_guard)
#define KERNEL_END (KERNEL_BASE + MEMORY_BYTES)

static bool kernel_may(uint32_t virt, unsigned access)
{
	uint32_t address;
	return processor_access(virt, access, &address);
}

static void the_text_of_the_kernel_can_be_executed_and_not_written(void)
{
	for (uint32_t at = TEXT; at < TEXT_END; at += PAGE_SIZE) {
		assert_false(processor_walk(at).writable);
		assert_true(kernel_may(at, EXECUTE));
		assert_false(kernel_may(at, WRITE));
	}
	assert_true(processor.cr0 & CR0_WRITE_PROTECT);
}

static void nothing_else_of_the_kernel_can_be_executed(void)
{
	assert_int_equal(processor.efer, processor.kind->nx ? 0x800 : 0);
	for (uint32_t at = KERNEL_BASE; at < KERNEL_END; at += PAGE_SIZE)
		if ((at < TEXT || at >= TEXT_END) && at != GUARD)
			assert_int_equal(processor_walk(at).executable, !processor.kind->nx);
}

static void memory_is_mapped_at_one_offset_to_its_end_and_no_further(void)
{
	for (uint64_t at = KERNEL_BASE; at < 1ull << 32; at += PAGE_SIZE) {
		page_t page = processor_walk((uint32_t)at);
		assert_int_equal(page.present, at < KERNEL_END && at != GUARD);
		if (!page.present)
			continue;
		assert_int_equal(page.address, at - KERNEL_BASE);
		assert_int_equal(page.writable, at < TEXT || at >= TEXT_END);
		assert_false(page.uncached);
	}
}

static void no_page_of_the_kernel_is_for_users(void)
{
	for (uint64_t at = KERNEL_BASE; at < 1ull << 32; at += PAGE_SIZE)
		assert_false(processor_walk((uint32_t)at).user);
	assert_false(world_reaches(TEXT, READ, 0));
	assert_false(world_reaches(KERNEL_END - PAGE_SIZE, WRITE, 0));
}

static void nothing_is_mapped_below_the_kernel(void)
{
	for (uint32_t at = 0; at < KERNEL_BASE; at += PAGE_SIZE)
		assert_false(processor_walk(at).present);
}

static void the_page_below_the_kernels_stack_is_not_there(void)
{
	assert_false(kernel_may(GUARD, WRITE));
	assert_false(kernel_may(GUARD + PAGE_SIZE - 4, WRITE));
	assert_true(kernel_may(GUARD + PAGE_SIZE, WRITE));
	assert_true(kernel_may(GUARD - 4, WRITE));
}

static void the_kernels_pages_outlive_a_change_of_address_space(void)
{
	for (uint32_t at = KERNEL_BASE; at < KERNEL_END; at += PAGE_SIZE)
		if (at != GUARD)
			assert_int_equal(processor_walk(at).global, processor.kind->pge);
}

static void what_was_writable_at_the_start_is_not_remembered(void)
{
	world_load(processor.kind);
	assert_true(kernel_may(TEXT, WRITE));
	assert_true(kernel_may(GUARD, WRITE));
	world_init();
	assert_false(kernel_may(TEXT, WRITE));
	assert_false(kernel_may(GUARD, WRITE));
}

static void the_kernel_neither_executes_nor_touches_a_users_page(void)
{
	space_t space = world_space();
	world_table(&space, 0x400000);
	arch_page_set(space.directory, 0x400000, 0x123000, ARCH_PAGE_WRITE | ARCH_PAGE_EXEC);
	arch_directory_use(space.root);
	assert_true(world_reaches(0x400000, WRITE, 0x123000));
	assert_int_equal(kernel_may(0x400000, EXECUTE), !processor.kind->smep);
	assert_int_equal(kernel_may(0x400000, READ), !processor.kind->smap);
	assert_int_equal(kernel_may(0x400000, WRITE), !processor.kind->smap);
	assert_int_equal(processor.cr4 & 0x800, processor.kind->umip ? 0x800 : 0);
}

static uint32_t count_page(void *given)
{
	++*(uint32_t *)given;
	return memory_page();
}

/* 4 MiB need a table in small pages of 4 bytes, and 2 MiB one in entries of 8. */
static void the_kernels_tables_take_few_pages(void)
{
	world_load(processor.kind);
	uint32_t pages_given = 0;
	arch_init(MEMORY_BYTES, count_page, &pages_given);
	uint32_t small = (MEMORY_BYTES - ARCH_EARLY_LIMIT) >> 22;
	assert_int_equal(pages_given, processor.kind->pae   ? 3
				      : processor.kind->pse ? 0
							    : small);
}

static void one_piece_of_memory_more_is_mapped_before_all_of_it(void)
{
	uint32_t piece = ARCH_EARLY_LIMIT + ARCH_EARLY_CHUNK;
	world_load(processor.kind);
	arch_map_early(0);
	assert_false(processor_walk(KERNEL_BASE + ARCH_EARLY_LIMIT).present);
	arch_map_early(piece);
	for (uint32_t at = ARCH_EARLY_LIMIT; at < piece + 2 * ARCH_EARLY_CHUNK;
	     at += PAGE_SIZE) {
		page_t page = processor_walk(KERNEL_BASE + at);
		assert_int_equal(page.present, at - piece < ARCH_EARLY_CHUNK);
		assert_true(!page.present ||
			    (page.address == at && page.writable && !page.user));
	}
}

static void the_image_is_where_the_linker_put_it(void)
{
	assert_int_equal(arch_image_start(), 0x100000);
	assert_int_equal(arch_image_end(), (uint32_t)(uintptr_t)kernel_image_end - KERNEL_BASE);
	assert_int_equal(arch_table_span(), processor.kind->pae ? 0x200000 : 0x400000);
}

int main(void)
{
	static const world_test_t tests[] = {
	    WORLD_TEST(the_text_of_the_kernel_can_be_executed_and_not_written),
	    WORLD_TEST(nothing_else_of_the_kernel_can_be_executed),
	    WORLD_TEST(memory_is_mapped_at_one_offset_to_its_end_and_no_further),
	    WORLD_TEST(no_page_of_the_kernel_is_for_users),
	    WORLD_TEST(nothing_is_mapped_below_the_kernel),
	    WORLD_TEST(the_page_below_the_kernels_stack_is_not_there),
	    WORLD_TEST(the_kernels_pages_outlive_a_change_of_address_space),
	    WORLD_TEST(what_was_writable_at_the_start_is_not_remembered),
	    WORLD_TEST(the_kernel_neither_executes_nor_touches_a_users_page),
	    WORLD_TEST(the_kernels_tables_take_few_pages),
	    WORLD_TEST(one_piece_of_memory_more_is_mapped_before_all_of_it),
	    WORLD_TEST(the_image_is_where_the_linker_put_it),
	};
	return WORLD_RUN(tests);
}
