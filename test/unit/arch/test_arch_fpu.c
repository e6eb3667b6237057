/* SPDX-License-Identifier: BSD-2-Clause */
/* Zeroing memory, with a register of SSE where there is one, and the FPU out of reach again. */
#include "world.h"

#include <string.h>

#define SIZES 300u

static void exactly_what_is_asked_for_is_zeroed(void)
{
	uint32_t page = memory_page();
	uint8_t *bytes = arch_pointer(page);
	for (uint32_t size = 0; size < SIZES; size++) {
		memset(bytes, 0xff, PAGE_SIZE);
		arch_zero(page + size, size);
		for (uint32_t i = 0; i < PAGE_SIZE; i++)
			assert_int_equal(bytes[i], i >= size && i < 2 * size ? 0 : 0xff);
	}
}

static void a_page_is_zeroed_with_wide_registers_where_there_are_any(void)
{
	uint32_t page = memory_page();
	processor.lines_zeroed = 0;
	arch_zero(page, PAGE_SIZE);
	assert_int_equal(processor.lines_zeroed,
			 processor.kind->sse ? PAGE_SIZE / ZERO_LINE : 0);
}

static void no_program_has_the_fpu_after_it(void)
{
	uint32_t before = processor.cr0;
	assert_int_equal(before & CR0_EM_TS, CR0_EM_TS);
	arch_zero(memory_page(), PAGE_SIZE);
	assert_int_equal(processor.cr0, before);
}

int main(void)
{
	const world_test_t tests[] = {
	    WORLD_TEST(exactly_what_is_asked_for_is_zeroed),
	    WORLD_TEST(a_page_is_zeroed_with_wide_registers_where_there_are_any),
	    WORLD_TEST(no_program_has_the_fpu_after_it),
	};
	return WORLD_RUN(tests);
}
