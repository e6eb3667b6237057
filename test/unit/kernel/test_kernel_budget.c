/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's share of the processor. Time is what the fake machine says. */
#include "pair.h"

/* Ticks until `tcb` is current, or no longer is. */
static uint32_t ticks_while(const tcb_t *tcb, bool current)
{
	uint32_t count = 0;
	for (; (kernel.sched.current == tcb) == current; count++) {
		assert_true(count < 100);
		ticks(1);
	}
	return count;
}

static bool is_spent(const tcb_t *tcb)
{
	return tcb->state == THREAD_READY && tcb->spent && tcb->priority == PRIORITY_SPENT;
}

/* What it has run in this period, in microseconds: so fast does the fake counter run. */
static uint32_t used(const tcb_t *tcb)
{
	return (uint32_t)(sched_run_time(tcb) - tcb->period_run);
}

static void a_budget_is_used_up_and_comes_back(void **state)
{
	(void)state;
	done(bench.root, SYS_THREAD_SET, q.thread, THREAD_PRIORITY, 1, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 2, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, 10u << 16 | 3u, 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	p.tcb->frame.eax = 0x5a5a;
	for (uint32_t period = 0; period < 3; period++) {
		assert_int_equal(ticks_while(p.tcb, true), 3);
		assert_true(is_spent(p.tcb));
		assert_ptr_equal(kernel.sched.current, q.tcb);
		assert_in_range(ticks_while(p.tcb, false), 7, 8);
	}
	assert_int_equal(p.tcb->frame.eax, 0x5a5a);
	assert_int_equal(kernel.audit.timers, 0);
}

static void a_new_budget_frees_who_had_spent_the_old_one(void **state)
{
	(void)state;
	done(bench.root, SYS_THREAD_SET, q.thread, THREAD_PRIORITY, 1, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 2, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, 60000u << 16 | 1u, 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	ticks_while(p.tcb, true);
	assert_true(is_spent(p.tcb));
	done(bench.root, SYS_THREAD_RESUME, p.thread, 0, 0, 0);
	assert_true(is_spent(p.tcb));
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, 0, 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_int_equal(kernel.audit.timers, 0);
}

/* `p`, the most urgent, has 3 ms of 10, and has spent them. */
static void spend_three_of_ten(void)
{
	done(bench.root, SYS_THREAD_SET, q.thread, THREAD_PRIORITY, 1, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 2, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, THREAD_BUDGET_MS(3, 10), 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	assert_int_equal(ticks_while(p.tcb, true), 3);
	assert_true(is_spent(p.tcb));
}

static void a_budget_given_again_is_no_gift(void **state)
{
	(void)state;
	spend_three_of_ten();
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, THREAD_BUDGET_MS(3, 10), 0);
	assert_true(is_spent(p.tcb));
	assert_in_range(ticks_while(p.tcb, false), 7, 8);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, THREAD_BUDGET_MS(1, 10), 0);
	assert_int_equal(ticks_while(p.tcb, true), 1);
}

static void a_larger_budget_has_what_the_smaller_one_left(void **state)
{
	(void)state;
	spend_three_of_ten();
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, THREAD_BUDGET_MS(5, 10), 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_int_equal(kernel.audit.timers, 0);
	assert_int_equal(ticks_while(p.tcb, true), 2);
	assert_in_range(ticks_while(p.tcb, false), 5, 6);
	assert_int_equal(ticks_while(p.tcb, true), 5);
}

static void a_budget_of_another_period_begins_it(void **state)
{
	(void)state;
	spend_three_of_ten();
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, THREAD_BUDGET_MS(3, 11), 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_int_equal(ticks_while(p.tcb, true), 3);
	assert_in_range(ticks_while(p.tcb, false), 8, 9);
}

/* Makes `p` the only one who runs, with 1 ms in `period_ms`, and gives it something to wait
 * for. */
static cap_t run_alone(uint32_t period_ms)
{
	cap_t handle = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	done(bench.root, SYS_THREAD_SET, q.thread, THREAD_PRIORITY, 1, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 2, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET,
	     THREAD_BUDGET_MS(1, period_ms), 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	return handle;
}

static void who_sleeps_whenever_a_tick_comes_pays_all_the_same(void **state)
{
	(void)state;
	cap_t handle = run_alone(10);
	uint32_t ran_us = 0;
	for (uint32_t ms = 0; ms < 200; ms++) {
		uint64_t tick = fake.time_us + 1000;
		if (kernel.sched.current == p.tcb) {
			fake.time_us += 900;
			ran_us += 900;
			call(p.tcb, SYS_NOTIFICATION_WAIT, handle, 0, 0, 0);
			if (kernel.sched.current == p.tcb)
				call(p.tcb, SYS_NOTIFICATION_WAIT, handle, 1, 0, 0);
		}
		fake.time_us = tick - 1000;
		ticks(1);
	}
	assert_in_range(ran_us, 15000, 20000);
}

static void what_was_run_too_long_is_taken_off_the_next_period_alone(void **state)
{
	(void)state;
	cap_t handle = run_alone(100);
	fake.time_us += 600;
	ticks(1);
	assert_true(is_spent(p.tcb));
	while (kernel.sched.current != p.tcb)
		ticks(1);
	assert_int_equal(used(p.tcb), 600);
	fake.time_us += 300;
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, handle, 300, 0, 0);
	assert_int_equal(used(p.tcb), 900);
	fake.time_us += 800;
	ticks(301);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	fake.time_us += 10;
	refused(DRV_ETIMEDOUT, p.tcb, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_POLL, 0, 0);
	assert_int_equal(used(p.tcb), 10);
}

/* More than a tick cannot have been its own: interrupts were off, or the machine stood still.
 */
static void less_than_a_tick_is_taken_off(void **state)
{
	(void)state;
	run_alone(100);
	fake.time_us += 5000;
	ticks(1);
	assert_true(is_spent(p.tcb));
	while (kernel.sched.current != p.tcb)
		ticks(1);
	assert_int_equal(used(p.tcb), 999);
}

static void an_excess_of_long_ago_is_forgotten(void **state)
{
	(void)state;
	cap_t handle = run_alone(100);
	fake.time_us += 1900;
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, handle, 500, 0, 0);
	ticks(501);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	fake.time_us += 200;
	refused(DRV_ETIMEDOUT, p.tcb, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_POLL, 0, 0);
	assert_int_equal(used(p.tcb), 200);
}

static void who_faults_pays_for_what_it_ran(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	cap_t reply = give(&q, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_FAULT, endpoint, 0);
	blocks(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	run_alone(100);
	fake.time_us += 500;
	kernel_on_fault(FAULT_OPCODE, 0, 0);
	fake_leave();
	assert_ptr_equal(kernel.sched.current, q.tcb);
	assert_int_equal(p.tcb->state, THREAD_CALLING);
	assert_int_equal(used(p.tcb), 500);
	check_all();
}

static void pass_a_millisecond(void)
{
	fake.time_us += 1000;
	kernel_on_tick();
}

#define CHILDREN 200u

/* Long work is interrupted by the end of the budget as by anything else. */
static void long_work_goes_on_where_the_budget_ended_it(void **state)
{
	(void)state;
	cap_t top = make(CAP_NOTIFICATION, 0);
	for (uint32_t i = 0; i < CHILDREN; i++)
		done(bench.root, SYS_CAP_DERIVE, top, RIGHT_READ, 0, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, bench.cspace, 0);
	run_alone(100);
	fake.window = pass_a_millisecond;
	uint32_t eip = p.tcb->frame.eip;
	bench_enter(p.tcb, SYS_CAP_REVOKE, (const uint32_t[4]){top});
	fake_leave();
	fake.window = NULL;
	assert_true(is_spent(p.tcb));
	assert_int_equal(p.tcb->frame.eip, eip);
	assert_ptr_equal(kernel.sched.current, q.tcb);
	assert_in_range(kernel.audit.caps[CAP_NOTIFICATION], 4, CHILDREN + 2);
	done(p.tcb, SYS_CAP_REVOKE, top, 0, 0, 0);
	assert_int_equal(kernel.audit.caps[CAP_NOTIFICATION], 3);
}

static void who_has_spent_its_budget_goes_on_where_nobody_else_wants_to(void **state)
{
	(void)state;
	run_alone(100);
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	call(bench.root, SYS_THREAD_SUSPEND, bench.thread, 0, 0, 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	ticks(50);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_true(is_spent(p.tcb));
	/* What it ran then is not taken off its next period. */
	ticks(50);
	assert_false(p.tcb->spent);
	assert_int_equal(p.tcb->priority, 2);
	assert_true(used(p.tcb) < 1000);
}

static void the_priority_of_who_has_spent_its_budget_is_what_it_was_given_later(void **state)
{
	(void)state;
	run_alone(100);
	ticks_while(p.tcb, true);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 3, 0);
	assert_true(is_spent(p.tcb));
	ticks_while(p.tcb, false);
	assert_int_equal(p.tcb->priority, 3);
}

/* A call that would be answered at once is not, by a server that has nothing left. */
static void a_call_to_who_has_spent_its_budget_waits_with_the_others(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t receives = give(&p, endpoint, RIGHT_READ, 0);
	cap_t reply = give(&p, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
	cap_t sends = give(&q, endpoint, RIGHT_WRITE, 0);
	run_alone(1000);
	fake.time_us += 1500;
	blocks(p.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 1, 0);
	blocks(q.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, 0, 0), 0, 0);
	assert_ptr_equal(kernel.sched.current, bench.root);
	assert_true(is_spent(p.tcb));
	assert_int_equal(answer(p.tcb), DRV_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_budget_is_used_up_and_comes_back),
	    TEST(a_new_budget_frees_who_had_spent_the_old_one),
	    TEST(a_budget_given_again_is_no_gift),
	    TEST(a_larger_budget_has_what_the_smaller_one_left),
	    TEST(a_budget_of_another_period_begins_it),
	    TEST(who_sleeps_whenever_a_tick_comes_pays_all_the_same),
	    TEST(what_was_run_too_long_is_taken_off_the_next_period_alone),
	    TEST(less_than_a_tick_is_taken_off),
	    TEST(an_excess_of_long_ago_is_forgotten),
	    TEST(who_faults_pays_for_what_it_ran),
	    TEST(long_work_goes_on_where_the_budget_ended_it),
	    TEST(who_has_spent_its_budget_goes_on_where_nobody_else_wants_to),
	    TEST(the_priority_of_who_has_spent_its_budget_is_what_it_was_given_later),
	    TEST(a_call_to_who_has_spent_its_budget_waits_with_the_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
