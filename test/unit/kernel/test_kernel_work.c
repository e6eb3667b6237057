/* SPDX-License-Identifier: BSD-2-Clause */
/* Long work: revocation of deep and wide trees in bounded steps, seen as one by everybody. */
#include "bench.h"
#include "check.h"

#define DEPTH	     10000u
#define WIDTH	     20000u
#define TABLE_SLOTS  4095u
#define TABLES	     6u
#define MOST_TOUCHES 400u /* memory accesses between two windows: some microseconds */

static process_t worker, urgent;
static cap_t top;
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

static int setup(void **state)
{
	bench_setup(state);
	top = make(CAP_NOTIFICATION, 0);
	worker = process_make(5);
	urgent = process_make(PRIORITY_MAX);
	done(bench.root, SYS_THREAD_BIND, worker.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_BIND, urgent.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_SUSPEND, urgent.thread, 0, 0, 0);
	return 0;
}

/* From now on the worker is the most urgent but for what a window makes ready. */
static void root_stands_back(void)
{
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
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

static void start(tcb_t *tcb, uint32_t number, uint32_t a0)
{
	switch_to(tcb);
	tcb->frame.eax = number;
	tcb->frame.ebx = a0;
	tcb->frame.esi = tcb->frame.edi = tcb->frame.ebp = 0;
	tcb->frame.eip += 2;
	fake_count_from_here();
	bench_trap();
}

static uint32_t before;

static void whole_trees_go_in_bounded_steps(uint32_t number, uint32_t left)
{
	before = kernel.audit.caps[CAP_NOTIFICATION];
	root_stands_back();
	start(worker.tcb, number, top);
	assert_false(work_pending());
	assert_int_equal(answer(worker.tcb), DRV_OK);
	assert_int_equal(kernel.audit.caps[CAP_NOTIFICATION], left);
	assert_in_range(fake.windows, DEPTH / 32, WIDTH);
	assert_in_range(fake.most_touches, 1, MOST_TOUCHES);
	check_all();
}

static void a_chain_10000_deep_is_revoked_in_bounded_steps(void **state)
{
	(void)state;
	make_chain(DEPTH);
	whole_trees_go_in_bounded_steps(SYS_CAP_REVOKE, 1);
}

static void a_row_20000_wide_is_revoked_in_bounded_steps(void **state)
{
	(void)state;
	make_row(WIDTH);
	whole_trees_go_in_bounded_steps(SYS_CAP_REVOKE, 1);
}

static void a_capability_with_20000_children_is_released_in_bounded_steps(void **state)
{
	(void)state;
	make_row(WIDTH);
	whole_trees_go_in_bounded_steps(SYS_CAP_RELEASE, WIDTH);
	assert_false(alive(bench.root, top));
}

static uint32_t wake_after;

/* An interrupt in the n-th window makes the urgent thread ready. */
static void wake_urgent(void)
{
	if (fake.windows != wake_after)
		return;
	assert_true(work_pending());
	assert_true(kernel.audit.caps[CAP_NOTIFICATION] < before);
	assert_true(kernel.audit.caps[CAP_NOTIFICATION] > 1);
	thread_resume(urgent.tcb);
}

static void an_urgent_thread_finds_the_work_finished(uint32_t window)
{
	before = kernel.audit.caps[CAP_NOTIFICATION];
	wake_after = window;
	fake.window = wake_urgent;
	root_stands_back();
	start(worker.tcb, SYS_CAP_REVOKE, top);
	/* It runs at once, in the middle, but its own call comes after all of it. */
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	assert_true(work_pending());
	assert_int_equal(fake.windows, window);
	check_tree();
	start(urgent.tcb, SYS_AUDIT, 0);
	assert_false(work_pending());
	const audit_report_t *report = (const void *)urgent.buffer->words;
	assert_int_equal(report->caps[CAP_NOTIFICATION], 1);
	check_all();
	call(urgent.tcb, SYS_THREAD_SUSPEND, urgent.thread, 0, 0, 0);
	assert_int_equal(answer(worker.tcb), DRV_OK);
}

static void an_urgent_thread_sees_a_deep_revocation_as_one(void **state)
{
	(void)state;
	make_chain(DEPTH);
	/* The way down alone has more than 600. */
	an_urgent_thread_finds_the_work_finished(700);
}

static void an_urgent_thread_sees_a_wide_revocation_as_one(void **state)
{
	(void)state;
	make_row(WIDTH);
	an_urgent_thread_finds_the_work_finished(1);
}

static void the_starter_does_not_return_before_all_is_done(void **state)
{
	(void)state;
	make_row(1000);
	wake_after = 3;
	before = kernel.audit.caps[CAP_NOTIFICATION];
	fake.window = wake_urgent;
	root_stands_back();
	start(worker.tcb, SYS_CAP_REVOKE, top);
	assert_true(work_pending());
	/* The urgent thread leaves again without a call that would help. */
	thread_suspend(urgent.tcb);
	fake_leave();
	assert_false(work_pending());
	assert_ptr_equal(kernel.sched.current, worker.tcb);
	assert_int_equal(answer(worker.tcb), DRV_OK);
	check_all();
}

/* It finishes another thread's work first; its own is then not anybody else's. */
static void a_call_that_helps_does_not_return_before_its_own_work_is_done(uint32_t number)
{
	make_row(1000);
	cap_t second = make(CAP_NOTIFICATION, 0);
	for (uint32_t i = 0; i < 100; i++)
		slot_derive(next_slot(), slot_of(bench.root, second), RW, 0, 0);
	uint32_t children = kernel.audit.caps[CAP_NOTIFICATION] - 1002;
	assert_int_equal(children, 100);
	wake_after = 3;
	before = kernel.audit.caps[CAP_NOTIFICATION];
	fake.window = wake_urgent;
	root_stands_back();
	start(worker.tcb, SYS_CAP_REVOKE, top);
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	assert_true(work_pending());
	start(urgent.tcb, number, second);
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	assert_int_equal(answer(urgent.tcb), DRV_OK);
	assert_false(work_pending());
	assert_null(kernel.work.helper);
	check_all();
}

static void a_revocation_behind_another_is_whole_when_it_returns(void **state)
{
	(void)state;
	a_call_that_helps_does_not_return_before_its_own_work_is_done(SYS_CAP_REVOKE);
	assert_int_equal(kernel.audit.caps[CAP_NOTIFICATION], 2);
}

static void a_release_behind_a_revocation_is_whole_when_it_returns(void **state)
{
	(void)state;
	a_call_that_helps_does_not_return_before_its_own_work_is_done(SYS_CAP_RELEASE);
	assert_int_equal(kernel.audit.caps[CAP_NOTIFICATION], 101);
}

static void wake_urgent_now(void)
{
	if (fake.windows == wake_after)
		thread_resume(urgent.tcb);
}

/* Somebody waits there still, and the short way would find both in place. */
static void a_call_through_what_is_being_revoked_finds_nothing(void **state)
{
	(void)state;
	process_t server = process_make(PRIORITY_MAX);
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t dying = done(bench.root, SYS_CAP_DERIVE, endpoint, RW, 0, 0);
	cap_t at_server = give(&server, endpoint, RIGHT_READ, 0);
	cap_t reply = give(&server, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
	make_tables();
	for (uint32_t i = 0; i < 1000; i++)
		slot_derive(next_slot(), slot_of(bench.root, endpoint), RW, 0, 0);
	blocks(server.tcb, SYS_IPC_RECV, at_server, reply, TIMEOUT_FOREVER, 0);
	urgent.buffer->timeout_ms = TIMEOUT_FOREVER;
	wake_after = 3;
	fake.window = wake_urgent_now;
	root_stands_back();
	start(worker.tcb, SYS_CAP_REVOKE, endpoint);
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	assert_true(work_pending());
	assert_true(alive(bench.root, dying));
	start(urgent.tcb, SYS_IPC_CALL, dying);
	assert_false(work_pending());
	assert_int_equal(answer(urgent.tcb), DRV_EBADCAP);
	assert_int_equal(answer(server.tcb), DRV_EGONE);
	check_all();
}

static void ticks_and_interrupts_arrive_during_the_work(void **state)
{
	(void)state;
	make_chain(2000);
	fake.window = kernel_on_tick;
	root_stands_back();
	uint32_t now = kernel.timers.now_ms;
	start(worker.tcb, SYS_CAP_REVOKE, top);
	while (work_pending())
		fake_leave();
	assert_int_equal(kernel.timers.now_ms - now, fake.windows);
	assert_true(fake.windows > 100);
	fake.window = NULL;
	check_all();
}

static void a_thread_that_revokes_its_own_memory_ends_and_all_of_it_goes(void **state)
{
	(void)state;
	audit_report_t fresh = kernel.audit;
	cap_t memory = make(CAP_UNTYPED, 18);
	uint32_t free_bytes = kernel.audit.free_bytes;
	process_t suicide = process_make_from(memory, PRIORITY_MAX);
	process_t victim = process_make_from(memory, PRIORITY_MAX);
	cap_t table_cap = make_from(memory, CAP_CSPACE, 9);
	for (uint32_t i = 0; i < 500; i++)
		done(bench.root, SYS_CAP_DELEGATE, table_cap, top, RW, 0);
	done(bench.root, SYS_THREAD_BIND, suicide.thread, BIND_CSPACE, bench.cspace, 0);
	start(suicide.tcb, SYS_CAP_REVOKE, memory);
	assert_false(work_pending());
	assert_ptr_equal(kernel.sched.current, bench.root);
	check_all();
	assert_int_equal(victim.tcb->state, THREAD_STOPPED);
	assert_int_equal(kernel.audit.free_bytes, free_bytes);
	assert_int_equal(kernel.audit.objects[CAP_THREAD], fresh.objects[CAP_THREAD]);
	assert_int_equal(kernel.audit.caps[CAP_NOTIFICATION], 1);
}

/* It helps with work that takes its address space, and so has not made its call. */
static void a_helper_that_is_stopped_makes_its_call_when_it_goes_on(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 17);
	cap_t space = make_from(memory, CAP_VSPACE, 0);
	done(bench.root, SYS_THREAD_SUSPEND, worker.thread, 0, 0, 0);
	done(bench.root, SYS_THREAD_BIND, worker.thread, BIND_VSPACE, space, 0);
	done(bench.root, SYS_THREAD_RESUME, worker.thread, 0, 0, 0);
	work_revoke(slot_of(bench.root, memory));
	uint32_t eip = worker.tcb->frame.eip;
	start(worker.tcb, SYS_NULL, 0);
	assert_int_equal(worker.tcb->state, THREAD_STOPPED);
	assert_int_equal(worker.tcb->frame.eip, eip);
	assert_int_equal(worker.tcb->frame.eax, SYS_NULL);
	check_all();
}

/* The last slot of each table is looked at as well. */
static void destroying_a_full_table_is_bounded_too(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 19);
	cap_t full = make_from(memory, CAP_CSPACE, CSPACE_BITS_MAX);
	cspace_t *cspace = object_of(full);
	while (cspace->free_count)
		slot_derive(cspace_take(cspace), slot_of(bench.root, top), RW, 0, 0);
	assert_int_equal(kernel.audit.caps[CAP_NOTIFICATION], TABLE_SLOTS + 1);
	root_stands_back();
	start(worker.tcb, SYS_CAP_REVOKE, memory);
	assert_int_equal(kernel.audit.caps[CAP_NOTIFICATION], 1);
	assert_in_range(fake.most_touches, 1, MOST_TOUCHES);
	assert_true(fake.windows > TABLE_SLOTS / 16);
	check_all();
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_chain_10000_deep_is_revoked_in_bounded_steps),
	    TEST(a_row_20000_wide_is_revoked_in_bounded_steps),
	    TEST(a_capability_with_20000_children_is_released_in_bounded_steps),
	    TEST(an_urgent_thread_sees_a_deep_revocation_as_one),
	    TEST(an_urgent_thread_sees_a_wide_revocation_as_one),
	    TEST(the_starter_does_not_return_before_all_is_done),
	    TEST(a_revocation_behind_another_is_whole_when_it_returns),
	    TEST(a_release_behind_a_revocation_is_whole_when_it_returns),
	    TEST(a_call_through_what_is_being_revoked_finds_nothing),
	    TEST(ticks_and_interrupts_arrive_during_the_work),
	    TEST(a_thread_that_revokes_its_own_memory_ends_and_all_of_it_goes),
	    TEST(a_helper_that_is_stopped_makes_its_call_when_it_goes_on),
	    TEST(destroying_a_full_table_is_bounded_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
