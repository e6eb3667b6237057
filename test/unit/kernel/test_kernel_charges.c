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

/* -- In numbers, as measured: a charge that is a tenth of itself falls here or beside. ---- */

static cap_t waits_through(tcb_t *tcb)
{
	cap_t own = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	blocks(tcb, SYS_NOTIFICATION_WAIT, own, TIMEOUT_FOREVER, 0, 0);
	return own;
}

static void what_is_taken_out_of_an_address_space_costs_more(void **state)
{
	(void)state;
	cap_t bitmap = make(CAP_IOBITMAP, 0);
	cap_t top = done(bench.root, SYS_CAP_DERIVE, bench.pio, RW, PIO_SCOPE(1, 1), 0);
	cap_t closed = done(bench.root, SYS_CAP_DERIVE, top, RW, 0, 0);
	cap_t opened = give(&p, top, RW, 0);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, bitmap, 0, 0);
	done(p.tcb, SYS_CAP_PIO_MAP, opened, 0, 0, 0);
	assert_in_range(slot_clear_step(slot_of(bench.root, closed)), 180, 250);
	assert_in_range(slot_clear_step(slot_of(p.tcb, opened)), 280, 400);
	assert_in_range(slot_clear_step(slot_of(bench.root, bitmap)), 480, 700);
}

static void waking_costs_as_much_as_the_thread_has_on_it(void **state)
{
	(void)state;
	assert_in_range(thread_wake_cost(p.tcb), 150, 250);
	sched_set_budget(p.tcb, 1, 20);
	assert_in_range(thread_wake_cost(p.tcb), 300, 450);
}

static void to_find_that_many_wait_is_charged(void **state)
{
	(void)state;
	cap_t own = waits_through(p.tcb);
	blocks(thread_in(&p), SYS_NOTIFICATION_WAIT, own, TIMEOUT_FOREVER, 0, 0);
	assert_in_range(slot_clear_step(slot_of(p.tcb, own)), 8, 50);
}

static void to_stop_a_thread_is_charged_beside_waking_it(void **state)
{
	(void)state;
	waits_through(p.tcb);
	kernel.sched.worked = 0;
	slot_clear(&p.tcb->slots[BIND_VSPACE]);
	assert_in_range(kernel.sched.worked, 250, 400);
}

#define PASSED 50u /* buckets without anybody, of one wheel */

static void each_empty_bucket_that_is_passed_is_charged(void **state)
{
	(void)state;
	kernel.timers.now_ms = kernel.timers.swept_ms[1] + PASSED;
	assert_in_range(timer_sweep_step(1), 10 * PASSED, 20 * PASSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_bitmap_that_goes_lets_interrupts_in),
	    TEST(each_large_port_range_that_closes_lets_interrupts_in),
	    TEST(each_part_of_a_large_mapping_that_goes_lets_interrupts_in),
	    TEST(what_is_taken_out_of_an_address_space_costs_more),
	    TEST(waking_costs_as_much_as_the_thread_has_on_it),
	    TEST(to_find_that_many_wait_is_charged),
	    TEST(to_stop_a_thread_is_charged_beside_waking_it),
	    TEST(each_empty_bucket_that_is_passed_is_charged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
