/* SPDX-License-Identifier: BSD-2-Clause */
/* Long work: revocation of deep and wide trees in bounded steps, between which everybody else
 * may look and call. */
#include "worker.h"

#define DEPTH  10000u
#define WIDTH  20000u
#define TABLES 6u

static cspace_t *table[TABLES];

/* A tree that would take too many calls to make: straight through the object layer. */
static slot_t *next_slot(void)
{
	for (uint32_t i = 0; i < TABLES; i++)
		if (table[i]->free_count)
			return cspace_take(table[i]);
	fail_msg("no slot left");
	return NULL;
}

static void make_tables(void)
{
	for (uint32_t i = 0; i < TABLES; i++)
		table[i] = object_of(make(CAP_CSPACE, CSPACE_BITS_MAX));
}

static void make_chain(uint32_t depth)
{
	make_tables();
	slot_t *above = slot_of(bench.root, top);
	for (uint32_t i = 0; i < depth; i++) {
		slot_t *slot = next_slot();
		slot_derive(slot, above, RW, 0, 0);
		above = slot;
	}
}

static void make_row(uint32_t width)
{
	make_tables();
	for (uint32_t i = 0; i < width; i++)
		slot_derive(next_slot(), slot_of(bench.root, top), RW, 0, 0);
}

static void whole_trees_go_in_bounded_steps(void)
{
	root_stands_back();
	start(worker.tcb, SYS_CAP_REVOKE, top);
	assert_int_equal(answer(worker.tcb), DRV_OK);
	assert_int_equal(notifications(), 1);
	assert_in_range(fake.windows, DEPTH / 32, WIDTH);
	assert_in_range(fake.most_touches, 1, MOST_TOUCHES);
	check_all();
}

static void a_chain_10000_deep_is_revoked_in_bounded_steps(void **state)
{
	(void)state;
	make_chain(DEPTH);
	whole_trees_go_in_bounded_steps();
}

static void a_row_20000_wide_is_revoked_in_bounded_steps(void **state)
{
	(void)state;
	make_row(WIDTH);
	whole_trees_go_in_bounded_steps();
}

static void a_capability_with_20000_children_is_released_at_once(void **state)
{
	(void)state;
	make_row(WIDTH);
	cap_t above = top;
	top = done(bench.root, SYS_CAP_DERIVE, above, RW, 0, 0);
	root_stands_back();
	start(worker.tcb, SYS_CAP_RELEASE, above);
	assert_int_equal(answer(worker.tcb), DRV_OK);
	assert_int_equal(fake.windows, 0);
	assert_in_range(fake.most_touches, 1, 100);
	assert_int_equal(notifications(), WIDTH + 1);
	check_all();
}

/* -- Somebody more urgent comes in between. --------------------------------------------- */

/* The worker revokes `top`, until the urgent thread goes on in the middle of it. */
static void stop_in_window(uint32_t window, uint32_t limit)
{
	wake_after = window;
	fake.window = wake_urgent;
	root_stands_back();
	uint32_t eip = worker.tcb->frame.eip;
	start2(worker.tcb, SYS_CAP_REVOKE, top, limit);
	fake.window = NULL;
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	assert_int_equal(fake.windows, window);
	assert_int_equal(worker.tcb->frame.eip, eip);
	assert_true(notifications() > 1);
	check_all();
}

/* The worker's call, which was interrupted, is made again until it is done. */
static err_t worker_goes_on(void)
{
	if (urgent.tcb->state == THREAD_READY)
		urgent_sleeps();
	assert_ptr_equal(kernel.sched.current, worker.tcb);
	worker.tcb->frame.eip += 2;
	bench_trap();
	check_all();
	return answer(worker.tcb);
}

static void nobody_is_made_to_help(uint32_t window)
{
	stop_in_window(window, 0);
	uint32_t left = notifications();
	fake_count_from_here();
	call(urgent.tcb, SYS_AUDIT, bench.audit, 0, 0, 0);
	assert_int_equal(fake.windows, 0);
	const audit_report_t *report = (const void *)urgent.buffer->words;
	assert_int_equal(report->caps[CAP_NOTIFICATION], left);
	assert_int_equal(worker_goes_on(), DRV_OK);
	assert_int_equal(notifications(), 1);
}

static void an_urgent_thread_does_not_wait_for_a_deep_revocation(void **state)
{
	(void)state;
	make_chain(DEPTH);
	nobody_is_made_to_help(700);
}

static void an_urgent_thread_does_not_wait_for_a_wide_revocation(void **state)
{
	(void)state;
	make_row(WIDTH);
	nobody_is_made_to_help(1);
}

static void what_is_derived_during_a_revocation_goes_as_well(void **state)
{
	(void)state;
	make_row(1000);
	stop_in_window(3, 0);
	cap_t late = done(urgent.tcb, SYS_CAP_DERIVE, top, RW, 0, 0);
	cap_t later = done(urgent.tcb, SYS_CAP_DERIVE, late, RW, 0, 0);
	assert_int_equal(worker_goes_on(), DRV_OK);
	assert_false(alive(bench.root, late) || alive(bench.root, later));
	assert_int_equal(notifications(), 1);
}

static void two_may_revoke_the_same_at_once(void **state)
{
	(void)state;
	make_chain(1000);
	stop_in_window(3, 0);
	done(urgent.tcb, SYS_CAP_REVOKE, top, 0, 0, 0);
	assert_int_equal(notifications(), 1);
	assert_int_equal(worker_goes_on(), DRV_OK);
}

static void two_may_revoke_what_is_below_and_above_at_once(void **state)
{
	(void)state;
	cap_t below = done(bench.root, SYS_CAP_DERIVE, top, RW, 0, 0);
	make_tables();
	for (uint32_t i = 0; i < 500; i++) {
		slot_derive(next_slot(), slot_of(bench.root, below), RW, 0, 0);
		slot_derive(next_slot(), slot_of(bench.root, top), RW, 0, 0);
	}
	stop_in_window(3, 0);
	if (alive(bench.root, below)) {
		done(urgent.tcb, SYS_CAP_REVOKE, below, 0, 0, 0);
		assert_int_equal(slot_of(bench.root, below)->child, 0);
	}
	assert_int_equal(worker_goes_on(), DRV_OK);
	assert_int_equal(notifications(), 1);
}

static void a_revocation_ends_with_its_capability(void **state)
{
	(void)state;
	cap_t middle = done(bench.root, SYS_CAP_DERIVE, top, RW, 0, 0), above = top;
	top = middle;
	make_row(1000);
	stop_in_window(3, 0);
	uint32_t left = notifications();
	done(urgent.tcb, SYS_CAP_RELEASE, middle, 0, 0, 0);
	assert_int_equal(worker_goes_on(), DRV_EBADCAP);
	/* The children belong to who is above now. */
	assert_int_equal(notifications(), left - 1);
	done(bench.root, SYS_CAP_REVOKE, above, 0, 0, 0);
	assert_int_equal(notifications(), 1);
}

static void ticks_and_interrupts_arrive_during_the_work(void **state)
{
	(void)state;
	make_chain(2000);
	fake.window = kernel_on_tick;
	root_stands_back();
	uint64_t now = kernel.timers.now_ms;
	start(worker.tcb, SYS_CAP_REVOKE, top);
	fake.window = NULL;
	assert_int_equal(answer(worker.tcb), DRV_OK);
	assert_int_equal(kernel.timers.now_ms - now, fake.windows);
	assert_true(fake.windows > 100);
	check_all();
}

/* A crowd of equals: the rest of the slice is the worker's, and no more. */
static void a_long_call_stops_for_an_equal_when_its_slice_is_over(void **state)
{
	(void)state;
	make_chain(2000);
	done(bench.root, SYS_THREAD_SET, urgent.thread, THREAD_PRIORITY, 5, 0);
	root_stands_back();
	switch_to(worker.tcb);
	thread_resume(urgent.tcb);
	worker.tcb->slice = 4;
	fake.window = kernel_on_tick;
	start(worker.tcb, SYS_CAP_REVOKE, top);
	fake.window = NULL;
	assert_int_equal(fake.windows, 4);
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	assert_true(notifications() > 1);
	thread_suspend(urgent.tcb);
	fake_leave();
	assert_int_equal(worker_goes_on(), DRV_OK);
	assert_int_equal(notifications(), 1);
}

/* -- Limits of steps. ------------------------------------------------------------------- */

static void a_revocation_makes_as_many_steps_as_it_may(void **state)
{
	(void)state;
	make_row(12);
	for (uint32_t left = 12; left > 5; left -= 5) {
		assert_int_equal(call(bench.root, SYS_CAP_REVOKE, top, 5, 0, 0), DRV_EAGAIN);
		assert_int_equal(notifications(), left - 5 + 1);
	}
	assert_int_equal(call(bench.root, SYS_CAP_REVOKE, top, 2, 0, 0), DRV_OK);
	assert_int_equal(notifications(), 1);
	assert_int_equal(call(bench.root, SYS_CAP_REVOKE, top, 1, 0, 0), DRV_OK);
}

static void an_interrupted_revocation_makes_the_rest_of_its_steps(void **state)
{
	(void)state;
	make_row(1000);
	stop_in_window(3, 100);
	assert_in_range(notifications(), 1001 - 99, 1000);
	assert_int_equal(worker_goes_on(), DRV_EAGAIN);
	assert_int_equal(notifications(), 1001 - 100);
}

static void a_retype_zeroes_as_many_pages_as_it_may(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 15);
	uint8_t *bytes = arch_pointer(slot_of(bench.root, memory)->object);
	memset(bytes, 0xa5, 1u << 15);
	uint32_t form = RETYPE_SIZE(14) | RETYPE_LIMIT(3);
	assert_int_equal(call(bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, form, 0),
			 DRV_EAGAIN);
	assert_int_equal(bytes[3 * PAGE_SIZE - 1], 0);
	assert_int_equal(bytes[3 * PAGE_SIZE], 0xa5);
	cap_t frame = done(bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, form, 0);
	assert_int_equal(slot_of(bench.root, frame)->extra, 14);
	assert_int_equal(bytes[4 * PAGE_SIZE - 1], 0);
	assert_int_equal(bytes[4 * PAGE_SIZE], 0xa5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_chain_10000_deep_is_revoked_in_bounded_steps),
	    TEST(a_row_20000_wide_is_revoked_in_bounded_steps),
	    TEST(a_capability_with_20000_children_is_released_at_once),
	    TEST(an_urgent_thread_does_not_wait_for_a_deep_revocation),
	    TEST(an_urgent_thread_does_not_wait_for_a_wide_revocation),
	    TEST(what_is_derived_during_a_revocation_goes_as_well),
	    TEST(two_may_revoke_the_same_at_once),
	    TEST(two_may_revoke_what_is_below_and_above_at_once),
	    TEST(a_revocation_ends_with_its_capability),
	    TEST(ticks_and_interrupts_arrive_during_the_work),
	    TEST(a_long_call_stops_for_an_equal_when_its_slice_is_over),
	    TEST(a_revocation_makes_as_many_steps_as_it_may),
	    TEST(an_interrupted_revocation_makes_the_rest_of_its_steps),
	    TEST(a_retype_zeroes_as_many_pages_as_it_may),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
