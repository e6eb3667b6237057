/* SPDX-License-Identifier: BSD-2-Clause */
/* What somebody may execute nobody can write to, in no address space, until its memory is made
 * anew: a frame is sealed by its first executable mapping. */
#include "pair.h"

#define RX	   (RIGHT_READ | RIGHT_EXEC)
#define HERE	   0x400000u
#define THERE	   0x500000u
#define LARGE_BITS 20u

static void give_tables(void)
{
	done(bench.root, SYS_VSPACE_MAP, p.vspace, make(CAP_PTABLE, 0), HERE, 0);
	done(bench.root, SYS_VSPACE_MAP, q.vspace, make(CAP_PTABLE, 0), HERE, 0);
}

static void what_was_mapped_executable_is_never_writable_again(void **state)
{
	(void)state;
	tcb_t *by = bench.root;
	cap_t memory = make(CAP_UNTYPED, 12), frame = make_from(memory, CAP_FRAME, 0);
	give_tables();
	done(by, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	done(by, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	done(by, SYS_VSPACE_MAP, p.vspace, frame, HERE, RX);
	refused(DRV_EPERM, by, SYS_CAP_DERIVE, frame, RW, 0, 0);
	cap_t copy = done(by, SYS_CAP_DERIVE, frame, RX, 0, 0);
	done(by, SYS_VSPACE_MAP, q.vspace, copy, HERE, RX);
	done(by, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	refused(DRV_EPERM, by, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	refused(DRV_EPERM, by, SYS_THREAD_BIND, p.thread, BIND_BUFFER, frame, 0);
	refused(DRV_EPERM, by, SYS_CAP_PIO_KEEP, bench.pio, PIO_OP_READ(0x60, 1), frame, 0);
	done(by, SYS_CAP_REVOKE, memory, 0, 0, 0);
	frame = make_from(memory, CAP_FRAME, 0);
	done(by, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	check_all();
}

static void what_others_may_write_to_is_not_mapped_executable(void **state)
{
	(void)state;
	tcb_t *by = bench.root;
	cap_t frame = make(CAP_FRAME, 0);
	give_tables();
	cap_t copy = done(by, SYS_CAP_DERIVE, frame, RW | RIGHT_EXEC, 0, 0);
	refused(DRV_EPERM, by, SYS_VSPACE_MAP, p.vspace, copy, HERE, RX);
	refused(DRV_EBUSY, by, SYS_VSPACE_MAP, p.vspace, frame, HERE, RX);
	done(by, SYS_CAP_RELEASE, copy, 0, 0, 0);
	done(by, SYS_THREAD_BIND, p.thread, BIND_BUFFER, frame, 0);
	refused(DRV_EBUSY, by, SYS_VSPACE_MAP, p.vspace, frame, HERE, RX);
	check_all();
}

/* Or the copies of what is still mapped writable could be executed. */
static void a_refused_mapping_does_not_seal(void **state)
{
	(void)state;
	tcb_t *by = bench.root;
	cap_t frame = make(CAP_FRAME, 0);
	give_tables();
	done(by, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	refused(DRV_EBUSY, by, SYS_VSPACE_MAP, p.vspace, frame, THERE, RX);
	cap_t copy = done(by, SYS_CAP_DERIVE, frame, RX, 0, 0);
	refused(DRV_EPERM, by, SYS_VSPACE_MAP, q.vspace, copy, HERE, RX);
	check_all();
}

#define LINE 5u

/* The first window is between looking and mapping, the second behind some pages. */
static void fire_while_mapping(void)
{
	if (fake.windows == 2)
		kernel_on_interrupt(LINE);
}

/* Thread p stops in the middle of mapping the frame, with q, which is more urgent, ready. */
static void stop_while_mapping(cap_t frame, uint32_t rights)
{
	cap_t line =
	    done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(LINE, LINE), 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 5, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_CSPACE, bench.cspace, 0);
	blocks(q.tcb, SYS_CAP_IRQ_WAIT, line, TIMEOUT_FOREVER, 0, 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	fake_count_from_here();
	fake.window = fire_while_mapping;
	bench_enter(p.tcb, SYS_VSPACE_MAP, (const uint32_t[4]){p.vspace, frame, HERE, rights});
	fake.window = NULL;
	fake_leave();
	assert_ptr_equal(kernel.sched.current, q.tcb);
	const slot_t *slot = slot_of(q.tcb, frame);
	assert_true(slot->map_pages > 0 && slot->map_pages < slot->map_goal);
	check_all();
}

static void a_large_mapping_goes_on_where_it_stopped(void **state)
{
	(void)state;
	give_tables();
	cap_t frame = make(CAP_FRAME, LARGE_BITS);
	stop_while_mapping(frame, RW);
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	done(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	assert_int_equal(slot_of(p.tcb, frame)->map_pages, 1u << (LARGE_BITS - PAGE_BITS));
	check_all();
}

static void half_a_writable_mapping_does_not_go_on_executable(void **state)
{
	(void)state;
	give_tables();
	cap_t frame = make(CAP_FRAME, LARGE_BITS);
	stop_while_mapping(frame, RW);
	refused(DRV_EBUSY, q.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RX);
	check_all();
}

static void half_an_executable_mapping_is_sealed(void **state)
{
	(void)state;
	give_tables();
	cap_t frame = make(CAP_FRAME, LARGE_BITS);
	stop_while_mapping(frame, RX);
	refused(DRV_EPERM, q.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	refused(DRV_EPERM, q.tcb, SYS_CAP_DERIVE, frame, RW, 0, 0);
	check_all();
}

/* Who is quicker takes the last page; p's call goes on, and takes its part back. */
static void fail_while_mapping(cap_t frame, cap_t small)
{
	uint32_t last = HERE + ((1u << LARGE_BITS) - PAGE_SIZE);
	stop_while_mapping(frame, RX);
	done(q.tcb, SYS_VSPACE_MAP, p.vspace, small, last, RW);
	thread_suspend(q.tcb);
	err_t err = call(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RX);
	assert_int_equal(err, DRV_EEXIST);
	assert_int_equal(slot_of(p.tcb, frame)->map_space, 0);
	done(p.tcb, SYS_VSPACE_UNMAP, small, 0, 0, 0);
	check_all();
}

static void an_executable_mapping_that_fails_half_way_takes_nothing(void **state)
{
	(void)state;
	give_tables();
	cap_t small = make(CAP_FRAME, 0), frame = make(CAP_FRAME, LARGE_BITS);
	uint32_t rights = slot_of(bench.root, frame)->rights;
	fail_while_mapping(frame, small);
	assert_int_equal(slot_of(p.tcb, frame)->rights, rights);
	done(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	done(p.tcb, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	done(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RX);
	done(p.tcb, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	refused(DRV_EPERM, p.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	check_all();
}

/* Who has a copy may execute it, wherever the first one's mapping failed. */
static void a_copy_of_half_an_executable_mapping_keeps_the_seal(void **state)
{
	(void)state;
	give_tables();
	cap_t small = make(CAP_FRAME, 0), frame = make(CAP_FRAME, LARGE_BITS);
	stop_while_mapping(frame, RX);
	cap_t copy = done(q.tcb, SYS_CAP_DERIVE, frame, RX, 0, 0);
	done(q.tcb, SYS_VSPACE_MAP, p.vspace, small, HERE + 255u * PAGE_SIZE, RW);
	thread_suspend(q.tcb);
	err_t err = call(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RX);
	assert_int_equal(err, DRV_EEXIST);
	refused(DRV_EPERM, p.tcb, SYS_VSPACE_MAP, q.vspace, frame, HERE, RW);
	done(p.tcb, SYS_VSPACE_MAP, q.vspace, copy, HERE, RX);
	check_all();
}

/* Its second half is not executable, but its first was. */
static void half_an_executable_mapping_that_goes_on_readable_stays_sealed(void **state)
{
	(void)state;
	give_tables();
	cap_t frame = make(CAP_FRAME, LARGE_BITS);
	stop_while_mapping(frame, RX);
	done(q.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RIGHT_READ);
	check_all();
	done(q.tcb, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	refused(DRV_EPERM, q.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	check_all();
}

static void what_was_sealed_before_stays_so_when_a_mapping_fails(void **state)
{
	(void)state;
	give_tables();
	cap_t small = make(CAP_FRAME, 0), frame = make(CAP_FRAME, LARGE_BITS);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, frame, HERE, RX);
	done(bench.root, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	fail_while_mapping(frame, small);
	refused(DRV_EPERM, p.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	check_all();
}

static void half_an_executable_mapping_that_is_unmapped_stays_sealed(void **state)
{
	(void)state;
	give_tables();
	cap_t frame = make(CAP_FRAME, LARGE_BITS);
	stop_while_mapping(frame, RX);
	done(q.tcb, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	refused(DRV_EPERM, q.tcb, SYS_VSPACE_MAP, p.vspace, frame, HERE, RW);
	check_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_mapped_executable_is_never_writable_again),
	    TEST(what_others_may_write_to_is_not_mapped_executable),
	    TEST(a_refused_mapping_does_not_seal),
	    TEST(a_large_mapping_goes_on_where_it_stopped),
	    TEST(half_a_writable_mapping_does_not_go_on_executable),
	    TEST(half_an_executable_mapping_is_sealed),
	    TEST(an_executable_mapping_that_fails_half_way_takes_nothing),
	    TEST(a_copy_of_half_an_executable_mapping_keeps_the_seal),
	    TEST(half_an_executable_mapping_that_goes_on_readable_stays_sealed),
	    TEST(what_was_sealed_before_stays_so_when_a_mapping_fails),
	    TEST(half_an_executable_mapping_that_is_unmapped_stays_sealed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
