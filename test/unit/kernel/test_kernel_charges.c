/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps are charged at what they cost: what is one step and thousands of instructions lets
 * interrupts in behind each. */
#include "pair.h"

#define HERE   0x400000u
#define SPACES 16u

static void each_bitmap_that_goes_lets_interrupts_in(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 20);
	for (uint32_t i = 0; i < SPACES; i++) {
		cap_t space = make_from(memory, CAP_VSPACE, 0);
		cap_t bitmap = make_from(memory, CAP_IOBITMAP, 0);
		done(bench.root, SYS_VSPACE_MAP, space, bitmap, 0, 0);
	}
	fake_count_from_here();
	done(bench.root, SYS_CAP_REVOKE, memory, 0, 0, 0);
	assert_true(fake.windows >= SPACES);
	check_all();
}

static void each_large_port_range_that_closes_lets_interrupts_in(void **state)
{
	(void)state;
	done(bench.root, SYS_VSPACE_MAP, p.vspace, make(CAP_IOBITMAP, 0), 0, 0);
	cap_t top = done(bench.root, SYS_CAP_DERIVE, bench.pio, RW, PIO_SCOPE(1, 0xffff), 0);
	cap_t pio = give(&p, top, RW, 0);
	done(p.tcb, SYS_CAP_PIO_MAP, pio, 0, 0, 0);
	fake_count_from_here();
	done(bench.root, SYS_CAP_REVOKE, top, 0, 0, 0);
	assert_true(fake.windows >= 1);
	check_all();
}

static void each_part_of_a_large_mapping_that_goes_lets_interrupts_in(void **state)
{
	(void)state;
	done(bench.root, SYS_VSPACE_MAP, p.vspace, make(CAP_PTABLE, 0), HERE, 0);
	cap_t frame = make(CAP_FRAME, 20);
	uint32_t parts = (1u << 20) / PAGE_SIZE / VSPACE_STEP;
	fake_count_from_here();
	done(bench.root, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	assert_true(fake.windows >= parts);
	fake_count_from_here();
	done(bench.root, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	assert_true(fake.windows >= parts - 1);
	check_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_bitmap_that_goes_lets_interrupts_in),
	    TEST(each_large_port_range_that_closes_lets_interrupts_in),
	    TEST(each_part_of_a_large_mapping_that_goes_lets_interrupts_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
