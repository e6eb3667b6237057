/* SPDX-License-Identifier: BSD-2-Clause */
/* What takes long, piece by piece: large mappings, crowds of waiters, empty spaces, and sweeps
 * of time limits, which others may change between two pieces. */
#include "worker.h"

#define HERE	    0x40000000u
#define TABLES	    4u
#define ALL_PAGES   1024u /* of one page table */
#define MAPPINGS    16u
#define SOME_PAGES  100u
#define CROWD	    48u
#define EMPTY_SLOTS 1000u
#define PORT	    0x340u /* begins a word of the bitmap */

/* A physical range of the worker, of `pages` pages, mapped from `virt` on. */
static cap_t map_range(uint32_t number, uint32_t pages, uint32_t virt)
{
	uint32_t start = BENCH_MMIO_FIRST + number * pages * PAGE_SIZE;
	cap_t range =
	    done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, start, pages * PAGE_SIZE);
	done(worker.tcb, SYS_CAP_MMIO_MAP, range, virt, pages, 0);
	return range;
}

static void add_tables(void)
{
	for (uint32_t i = 0; i < TABLES; i++)
		done(bench.root, SYS_VSPACE_MAP, worker.vspace, make(CAP_PTABLE, 0),
		     HERE + i * FAKE_TABLE_SPAN, 0);
	root_stands_back();
}

static void a_large_mapping_that_is_released_goes_in_pieces(void **state)
{
	(void)state;
	add_tables();
	cap_t range = map_range(0, ALL_PAGES, HERE);
	fake_count_from_here();
	done(worker.tcb, SYS_CAP_RELEASE, range, 0, 0, 0);
	assert_true(fake.windows >= ALL_PAGES / VSPACE_STEP - 1);
	assert_int_equal(kernel.audit.mmio_pages, 0);
	check_all();
}

static void a_release_that_is_interrupted_goes_on(void **state)
{
	(void)state;
	add_tables();
	cap_t range = map_range(0, ALL_PAGES, HERE);
	wake_after = 2;
	fake.window = wake_urgent;
	uint32_t eip = worker.tcb->frame.eip;
	start(worker.tcb, SYS_CAP_RELEASE, range);
	fake.window = NULL;
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	assert_int_equal(worker.tcb->frame.eip, eip);
	assert_true(alive(bench.root, range));
	urgent_sleeps();
	worker.tcb->frame.eip += 2;
	bench_trap();
	assert_int_equal(answer(worker.tcb), DRV_OK);
	assert_false(alive(bench.root, range));
	assert_int_equal(kernel.audit.mmio_pages, 0);
	check_all();
}

static void a_half_done_mapping_is_gone_on_with_by_who_asks_for_as_much(void **state)
{
	(void)state;
	add_tables();
	done(bench.root, SYS_THREAD_BIND, urgent.thread, BIND_VSPACE, worker.vspace, 0);
	cap_t range = done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, BENCH_MMIO_FIRST,
			   ALL_PAGES * PAGE_SIZE);
	wake_after = 8;
	fake_count_from_here();
	fake.window = wake_urgent;
	bench_enter(worker.tcb, SYS_CAP_MMIO_MAP, (const uint32_t[4]){range, HERE, ALL_PAGES});
	fake.window = NULL;
	fake_leave();
	assert_in_range(kernel.audit.mmio_pages, 1, ALL_PAGES - 1);
	refused(DRV_EBUSY, urgent.tcb, SYS_CAP_MMIO_MAP, range, HERE, ALL_PAGES - 1, 0);
	done(urgent.tcb, SYS_CAP_MMIO_MAP, range, HERE, ALL_PAGES, 0);
	assert_int_equal(kernel.audit.mmio_pages, ALL_PAGES);
	check_all();
}

static void mappings_are_charged_by_their_pages(void **state)
{
	(void)state;
	add_tables();
	cap_t above = done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, BENCH_MMIO_FIRST,
			   MAPPINGS * SOME_PAGES * PAGE_SIZE);
	for (uint32_t i = 0; i < MAPPINGS; i++) {
		cap_t range =
		    done(bench.root, SYS_CAP_DERIVE, above, RW,
			 BENCH_MMIO_FIRST + i * SOME_PAGES * PAGE_SIZE, SOME_PAGES * PAGE_SIZE);
		done(worker.tcb, SYS_CAP_MMIO_MAP, range, HERE + i * SOME_PAGES * PAGE_SIZE,
		     SOME_PAGES, 0);
	}
	fake_count_from_here();
	done(bench.root, SYS_CAP_REVOKE, above, 0, 0, 0);
	/* Of two, at least one is over a window. */
	assert_true(fake.windows >= MAPPINGS / 2 - 1);
	assert_int_equal(kernel.audit.mmio_pages, 0);
	check_all();
}

static void a_crowd_that_waits_with_one_capability_is_woken_in_pieces(void **state)
{
	tcb_t *waiting[CROWD];
	(void)state;
	cap_t own = give(&worker, top, RIGHT_READ, 0);
	for (uint32_t i = 0; i < CROWD; i++) {
		waiting[i] = thread_in(&worker);
		blocks(waiting[i], SYS_NOTIFICATION_WAIT, own, TIMEOUT_FOREVER, 0, 0);
	}
	fake_count_from_here();
	done(bench.root, SYS_CAP_REVOKE, top, 0, 0, 0);
	assert_true(fake.windows >= CROWD * COST_OF_WAKING / WORK_WINDOW - 1);
	for (uint32_t i = 0; i < CROWD; i++)
		assert_int_equal(answer(waiting[i]), DRV_EGONE);
	check_all();
}

static void a_space_of_empty_slots_is_destroyed_in_pieces(void **state)
{
	(void)state;
	cap_t space = make(CAP_CSPACE, 10);
	for (uint32_t i = 0; i < EMPTY_SLOTS; i++)
		done(bench.root, SYS_CAP_DELEGATE, space, top, RIGHT_READ, 0);
	done(bench.root, SYS_CAP_REVOKE, top, 0, 0, 0);
	assert_int_equal(notifications(), 1);
	done(bench.root, SYS_CAP_RELEASE, space, 0, 0, 0);
	assert_in_range(bench_pieces, 3, 20);
	check_all();
}

static tcb_t *stopped;

/* Stops the thread that a sweep of the limits has come to. */
static void stop_the_next(void)
{
	tcb_t *next = kernel.timers.at[PRIORITY_MAX];
	if (stopped || !next)
		return;
	stopped = next;
	thread_suspend(next);
}

static void a_sweep_of_limits_does_not_wake_who_was_stopped_meanwhile(void **state)
{
	tcb_t *sleeping[CROWD];
	uint32_t woken = 0;
	(void)state;
	cap_t own = give(&worker, top, RIGHT_READ, 0);
	for (uint32_t i = 0; i < CROWD; i++) {
		sleeping[i] = thread_in(&worker);
		blocks(sleeping[i], SYS_NOTIFICATION_WAIT, own, 5, 0, 0);
	}
	root_stands_back();
	stopped = NULL;
	fake.window = stop_the_next;
	ticks(8);
	fake.window = NULL;
	assert_non_null(stopped);
	assert_int_equal(stopped->state, THREAD_STOPPED);
	for (uint32_t i = 0; i < CROWD; i++)
		woken += sleeping[i]->state == THREAD_READY;
	assert_int_equal(woken, CROWD - 1);
	check_all();
}

static void a_port_in_the_last_word_of_a_range_is_not_opened_twice(void **state)
{
	(void)state;
	done(bench.root, SYS_VSPACE_MAP, worker.vspace, make(CAP_IOBITMAP, 0), 0, 0);
	cap_t one = done(bench.root, SYS_CAP_DERIVE, bench.pio, RW, PIO_SCOPE(PORT, PORT), 0);
	done(worker.tcb, SYS_CAP_PIO_MAP, one, 0, 0, 0);
	cap_t more =
	    done(bench.root, SYS_CAP_DERIVE, bench.pio, RW, PIO_SCOPE(PORT - 64, PORT + 5), 0);
	refused(DRV_EEXIST, worker.tcb, SYS_CAP_PIO_MAP, more, 0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_large_mapping_that_is_released_goes_in_pieces),
	    TEST(a_release_that_is_interrupted_goes_on),
	    TEST(a_half_done_mapping_is_gone_on_with_by_who_asks_for_as_much),
	    TEST(mappings_are_charged_by_their_pages),
	    TEST(a_crowd_that_waits_with_one_capability_is_woken_in_pieces),
	    TEST(a_space_of_empty_slots_is_destroyed_in_pieces),
	    TEST(a_sweep_of_limits_does_not_wake_who_was_stopped_meanwhile),
	    TEST(a_port_in_the_last_word_of_a_range_is_not_opened_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
