/* SPDX-License-Identifier: BSD-2-Clause */
/* Time limits of many threads: the wheel of a priority is looked through when nobody more
 * urgent is ready, in steps between which interrupts are taken. */
#include "pair.h"

#include "object/limit.h"

#define CROWD 70u

static void a_crowd_that_is_due_at_once_is_woken_in_bounded_steps(void **state)
{
	(void)state;
	static tcb_t *crowd[CROWD];
	cap_t handle = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	for (uint32_t i = 0; i < CROWD; i++) {
		crowd[i] = thread_in(&p);
		blocks(crowd[i], SYS_NOTIFICATION_WAIT, handle, 5, 0, 0);
	}
	ticks_and_slice(5);
	assert_int_equal(kernel.audit.timers, CROWD);
	fake_count_from_here();
	ticks_and_slice(1);
	assert_int_equal(kernel.audit.timers, 0);
	for (uint32_t i = 0; i < CROWD; i++)
		assert_int_equal(answer(crowd[i]), DRV_ETIMEDOUT);
	assert_true(fake.windows >= CROWD * COST_OF_WAKING / WORK_WINDOW);
}

/* For the root and both others to be less urgent than what a test makes ready. */
static cap_t stand_back(uint32_t of_p, uint32_t of_q)
{
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, of_p, 0);
	done(bench.root, SYS_THREAD_SET, q.thread, THREAD_PRIORITY, of_q, 0);
	return make(CAP_NOTIFICATION, 0);
}

static void root_stands_back(void)
{
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
}

static void limits_wait_while_somebody_more_urgent_runs_and_none_is_forgotten(void **state)
{
	(void)state;
	cap_t top = stand_back(5, 6);
	cap_t ps = give(&p, top, RIGHT_READ, 0), qs = give(&q, top, RIGHT_READ, 0);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, ps, 5, 0, 0);
	blocks(q.tcb, SYS_NOTIFICATION_WAIT, qs, 1000, 0, 0);
	/* More than once round the wheel. */
	ticks_and_slice(3 * TIMER_BUCKETS);
	assert_int_equal(answer(p.tcb), BLOCKED);
	root_stands_back();
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
	assert_int_equal(answer(q.tcb), BLOCKED);
	assert_int_equal(kernel.timers.due, 0);
}

#define STRANGERS 15000u

/* Threads with limits, in no other way real: they wait in the bucket of those whose limit is
 * over, for one lap more. */
static tcb_t strangers[STRANGERS];

static void add_strangers(uint32_t priority, uint32_t timeout_ms)
{
	memset(strangers, 0, sizeof(strangers));
	for (uint32_t i = 0; i < STRANGERS; i++) {
		strangers[i].base_priority = (uint8_t)priority;
		timer_add(&strangers[i], timeout_ms + TIMER_BUCKETS);
	}
}

static void remove_strangers(void)
{
	for (uint32_t i = 0; i < STRANGERS; i++)
		timer_stop(&strangers[i]);
	assert_int_equal(kernel.audit.timers, 0);
}

static void let_time_pass(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		fake.time_us += 1000;
		kernel_on_tick();
		fake_leave();
	}
}

static void many_sleepers_of_low_priority_do_not_delay_one_of_high_priority(void **state)
{
	(void)state;
	cap_t top = stand_back(2, 20);
	blocks(q.tcb, SYS_NOTIFICATION_WAIT, give(&q, top, RIGHT_READ, 0), 5, 0, 0);
	root_stands_back();
	add_strangers(3, 5);
	let_time_pass(5);
	fake_count_from_here();
	let_time_pass(1);
	assert_ptr_equal(kernel.sched.current, q.tcb);
	assert_int_equal(answer(q.tcb), DRV_ETIMEDOUT);
	assert_int_equal(kernel.timers.due, 1u << 3);
	assert_true(fake.windows <= 1);
	remove_strangers();
}

static void signal_in_second_window(void)
{
	if (fake.windows == 2)
		thread_resume(q.tcb);
}

/* A look at five strangers of priority 3, which q interrupts in the second window. */
static void look_halfway(void)
{
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	root_stands_back();
	add_strangers(3, 5);
	let_time_pass(5);
	fake_count_from_here();
	fake.window = signal_in_second_window;
	let_time_pass(1);
	fake.window = NULL;
	assert_ptr_equal(kernel.sched.current, q.tcb);
}

static void a_look_at_many_sleepers_gives_way_to_who_becomes_ready(void **state)
{
	(void)state;
	stand_back(2, 20);
	look_halfway();
	assert_int_equal(fake.windows, 2);
	assert_int_equal(kernel.timers.due, 1u << 3);
	thread_suspend(q.tcb);
	fake_leave();
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_int_equal(kernel.timers.due, 0);
	remove_strangers();
}

/* Stops the look in the bucket of the strangers, behind whom p waits. */
static void stop_halfway(void)
{
	cap_t top = stand_back(3, 20);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, give(&p, top, RIGHT_READ, 0), 5, 0, 0);
	look_halfway();
	assert_int_equal(answer(p.tcb), BLOCKED);
	assert_non_null(kernel.timers.at[3]);
}

static void go_on_looking(void)
{
	thread_suspend(q.tcb);
	fake_leave();
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
}

static void who_stops_its_limit_is_passed_by_the_look(void **state)
{
	(void)state;
	stop_halfway();
	tcb_t *next = kernel.timers.at[3];
	timer_remove(next);
	next->timer_next = next; /* whoever believes it goes round for ever */
	go_on_looking();
	next->timer_next = NULL;
	remove_strangers();
}

/* Who holds the look up once must not be able to begin it again. */
static void a_look_that_has_nobody_left_is_over(void **state)
{
	(void)state;
	stop_halfway();
	while (kernel.timers.at[3] && kernel.timers.at[3] != p.tcb)
		timer_remove(kernel.timers.at[3]);
	assert_ptr_equal(kernel.timers.at[3], p.tcb);
	go_on_looking();
	assert_int_equal(kernel.timers.due, 0);
	remove_strangers();
}

static void the_longest_limit_does_not_end_early_although_nobody_looked(void **state)
{
	(void)state;
	cap_t top = stand_back(5, 5);
	cap_t ps = give(&p, top, RIGHT_READ, 0), qs = give(&q, top, RIGHT_READ, 0);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, ps, TIMEOUT_FOREVER - 1, 0, 0);
	blocks(q.tcb, SYS_NOTIFICATION_WAIT, qs, 1, 0, 0);
	uint64_t first = kernel.timers.now_ms;
	ticks_and_slice(2);
	assert_int_equal(kernel.timers.due, 1u << 5);
	/* As if the root had run all that time. */
	kernel.timers.now_ms = first + (TIMEOUT_FOREVER - 2);
	ticks_and_slice(1);
	root_stands_back();
	assert_int_equal(answer(q.tcb), DRV_ETIMEDOUT);
	assert_int_equal(answer(p.tcb), BLOCKED);
	assert_int_equal(kernel.timers.due, 0);
	kernel.timers.now_ms = p.tcb->deadline - 2;
	ticks_and_slice(1);
	assert_int_equal(answer(p.tcb), BLOCKED);
	ticks_and_slice(1);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
	assert_true(kernel.timers.now_ms - first > TIMEOUT_FOREVER - 1);
}

/* As the low words of its end and of the clock would say. */
static void the_longest_limit_does_not_end_when_its_bucket_is_looked_through(void **state)
{
	(void)state;
	cap_t top = stand_back(5, 5);
	ticks(TIMER_BUCKETS);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, give(&p, top, RIGHT_READ, 0), TIMEOUT_FOREVER - 1,
	       0, 0);
	assert_true(p.tcb->deadline >> 32 != 0);
	root_stands_back();
	ticks_and_slice(3 * TIMER_BUCKETS);
	assert_int_equal(answer(p.tcb), BLOCKED);
}

/* p waits for `ms`; the bucket that it is in is the one after the next tick. */
static void begin_to_wait(uint32_t ms)
{
	cap_t top = stand_back(5, 4);
	ticks(TIMER_BUCKETS);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, give(&p, top, RIGHT_READ, 0), ms, 0, 0);
	root_stands_back();
	ticks_and_slice((ms - 1) % TIMER_BUCKETS);
}

static void who_waits_alone_for_a_later_lap_makes_no_wheel_due(void **state)
{
	(void)state;
	begin_to_wait(TIMER_BUCKETS + 5);
	fake_count_from_here();
	for (uint32_t i = 0; i < TIMER_BUCKETS; i++) {
		ticks_and_slice(1);
		assert_int_equal(kernel.timers.due, 0);
	}
	assert_int_equal(fake.windows, 0);
	assert_int_equal(answer(p.tcb), BLOCKED);
	ticks_and_slice(2);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
}

static void of_two_in_one_bucket_the_one_whose_limit_is_over_is_found(void **state)
{
	(void)state;
	begin_to_wait(5);
	add_strangers(5, 1);
	let_time_pass(2);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
	remove_strangers();
}

static void who_waits_no_more_costs_one_look(void **state)
{
	(void)state;
	begin_to_wait(TIMER_BUCKETS + 5);
	uint32_t index = (uint32_t)p.tcb->deadline % TIMER_BUCKETS;
	thread_suspend(p.tcb);
	assert_true(kernel.timers.filed[index] >> 5 & 1);
	fake_count_from_here();
	ticks_and_slice(TIMER_BUCKETS);
	assert_int_equal(kernel.timers.filed[index] >> 5 & 1, 0);
	assert_int_equal(fake.windows, 0);
}

/* Its bucket at the new priority is over, and comes again a lap later. */
static void a_limit_that_ran_out_unseen_ends_at_the_next_tick_at_another_priority(void **state)
{
	(void)state;
	cap_t top = stand_back(5, 4);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, give(&p, top, RIGHT_READ, 0), 5, 0, 0);
	ticks_and_slice(10);
	assert_int_equal(answer(p.tcb), BLOCKED);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 6, 0);
	root_stands_back();
	assert_int_equal(answer(p.tcb), BLOCKED);
	ticks_and_slice(1);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_crowd_that_is_due_at_once_is_woken_in_bounded_steps),
	    TEST(limits_wait_while_somebody_more_urgent_runs_and_none_is_forgotten),
	    TEST(many_sleepers_of_low_priority_do_not_delay_one_of_high_priority),
	    TEST(a_look_at_many_sleepers_gives_way_to_who_becomes_ready),
	    TEST(who_stops_its_limit_is_passed_by_the_look),
	    TEST(a_look_that_has_nobody_left_is_over),
	    TEST(the_longest_limit_does_not_end_early_although_nobody_looked),
	    TEST(the_longest_limit_does_not_end_when_its_bucket_is_looked_through),
	    TEST(who_waits_alone_for_a_later_lap_makes_no_wheel_due),
	    TEST(of_two_in_one_bucket_the_one_whose_limit_is_over_is_found),
	    TEST(who_waits_no_more_costs_one_look),
	    TEST(a_limit_that_ran_out_unseen_ends_at_the_next_tick_at_another_priority),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
