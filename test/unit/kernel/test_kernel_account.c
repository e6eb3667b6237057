/* SPDX-License-Identifier: BSD-2-Clause */
/* One account of work, from one look at the interrupts to the next: what hangs on a step is
 * charged with it, and what comes behind a call goes on where the call ended. Figures of what
 * was too little are those that were measured on the machine's model (test/bench/). */
#include "pair.h"

#define HERE	   0x400000u
#define THINGS	   48u
#define DEAD	   60u
#define DEAD_COSTS 133u /* instructions to find that nothing is left of a thread, measured */
#define LINE	   5u
#define SPARSE	   16u
#define SPARSE_GAP 60u
#define SMALL	   16u
#define SMALL_FULL 60u
#define NEARLY	   (WORK_WINDOW / COST_OF_CLEARING - 1) /* things that do not fill a window */

static cap_t memory;

static uint32_t worked(void)
{
	return kernel.sched.worked;
}

/* The root's call up to the way out; fake_leave() is next. What it charged, if that was less
 * than a window. */
static uint32_t enter(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	bench_enter(bench.root, number, (const uint32_t[4]){a0, a1, a2, a3});
	assert_int_equal(bench.root->frame.eax, DRV_OK);
	return worked();
}

/* -- What hangs on a capability. --------------------------------------------------------- */

static uint32_t release(cap_t cap)
{
	uint32_t cost = enter(SYS_CAP_RELEASE, cap, 0, 0, 0);
	fake_leave();
	check_all();
	return cost;
}

static uint32_t release_awaited(uint32_t timeout_ms, uint32_t budget)
{
	tcb_t *tcb = thread_in(&p);
	cap_t top = make(CAP_NOTIFICATION, 0);
	cap_t own = done(bench.root, SYS_CAP_DERIVE, top, RIGHT_READ, 0, 0);
	slot_t *slot = slot_of(bench.root, own);
	switch_to(tcb);
	if (budget)
		sched_set_budget(tcb, 1, budget);
	fake_leave();
	switch_to(tcb);
	notification_wait(slot, timeout_ms);
	fake_leave();
	return release(own);
}

static void waking_costs_more_with_a_limit_and_a_budget(void **state)
{
	(void)state;
	cap_t top = make(CAP_NOTIFICATION, 0);
	cap_t own = done(bench.root, SYS_CAP_DERIVE, top, RIGHT_READ, 0, 0);
	uint32_t nobody = release(own);
	uint32_t somebody = release_awaited(TIMEOUT_FOREVER, 0);
	uint32_t limit = release_awaited(100, 0);
	uint32_t budget = release_awaited(TIMEOUT_FOREVER, 20);
	assert_true(nobody >= COST_OF_CLEARING);
	assert_int_equal(somebody, nobody + COST_OF_WAKING);
	assert_int_equal(limit, somebody + COST_OF_A_LIMIT);
	assert_int_equal(budget, somebody + COST_OF_A_BUDGET);
}

static void the_last_capability_costs_more_than_another(void **state)
{
	(void)state;
	cap_t top = make(CAP_NOTIFICATION, 0);
	cap_t own = done(bench.root, SYS_CAP_DERIVE, top, RIGHT_READ, 0, 0);
	uint32_t another = release(own);
	assert_true(release(top) > another);
}

static void a_reply_object_that_goes_is_charged_for_who_waits_for_the_answer(void **state)
{
	(void)state;
	cap_t idle = make(CAP_REPLY, 0), top = make(CAP_REPLY, 0);
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	blocks(p.tcb, SYS_IPC_CALL, give(&p, endpoint, RIGHT_WRITE, 0), MSG_INFO(1, 0, 0), 0,
	       0);
	done(bench.root, SYS_IPC_RECV, endpoint, top, TIMEOUT_POLL, 0);
	uint32_t alone = release(idle);
	assert_true(release(top) >= alone + COST_OF_WAKING);
	assert_int_equal(answer(p.tcb), DRV_EGONE);
}

static void a_claimed_line_that_goes_is_charged_for_what_it_tells(void **state)
{
	(void)state;
	cap_t idle =
	    done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(LINE, LINE), 0);
	cap_t line =
	    done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(LINE, LINE), 0);
	cap_t target = make(CAP_NOTIFICATION, 0);
	done(bench.root, SYS_IRQ_BIND, line, target, 1, 0);
	uint32_t alone = release(idle);
	assert_true(release(line) >= alone + 2 * COST_OF_CLEARING);
}

static void a_thread_that_loses_its_address_space_is_charged(void **state)
{
	(void)state;
	uint32_t buffer = enter(SYS_THREAD_BIND, p.thread, BIND_BUFFER, CAP_NULL, 0);
	fake_leave();
	uint32_t space = enter(SYS_THREAD_BIND, p.thread, BIND_VSPACE, CAP_NULL, 0);
	fake_leave();
	assert_true(buffer >= COST_OF_CLEARING);
	assert_true(space >= buffer + COST_OF_WAKING);
	check_all();
}

static void a_thread_that_waits_costs_more_to_end(void **state)
{
	(void)state;
	cap_t top = make(CAP_NOTIFICATION, 0);
	process_t ready = process_make(PRIORITY_MAX), waits = process_make(PRIORITY_MAX);
	blocks(waits.tcb, SYS_NOTIFICATION_WAIT, give(&waits, top, RIGHT_READ, 0), 100, 0, 0);
	thread_suspend(ready.tcb);
	kernel.sched.worked = 0;
	thread_end(arch_physical(ready.tcb));
	uint32_t alone = worked();
	kernel.sched.worked = 0;
	thread_end(arch_physical(waits.tcb));
	assert_true(worked() >= alone + COST_OF_WAKING + COST_OF_A_LIMIT);
}

/* -- Objects of thousands of instructions. ----------------------------------------------- */

static void making_a_bitmap_or_an_address_space_is_charged(void **state)
{
	(void)state;
	memory = make(CAP_UNTYPED, 16);
	memset(object_of(memory), 0xa5, 1u << 16);
	bench_enter(bench.root, SYS_UNTYPED_RETYPE,
		    (const uint32_t[4]){memory, CAP_IOBITMAP, 0, CAP_NULL});
	assert_in_range(worked(), ARCH_IOBITMAP_BYTES / 4, ARCH_IOBITMAP_BYTES / 4 + 100);
	fake_leave();
	bench_enter(bench.root, SYS_UNTYPED_RETYPE,
		    (const uint32_t[4]){memory, CAP_VSPACE, 0, CAP_NULL});
	assert_true(worked() >= PAGE_SIZE / 4);
	fake_leave();
	check_all();
}

/* -- Empty slots. ------------------------------------------------------------------------ */

static void empty_slots_before_a_full_one_are_charged(void **state)
{
	(void)state;
	cap_t space = make(CAP_CSPACE, 10);
	cap_t stays = make(CAP_NOTIFICATION, 0), goes = make(CAP_NOTIFICATION, 0);
	for (uint32_t i = 0; i < SPARSE * SPARSE_GAP; i++)
		done(bench.root, SYS_CAP_DELEGATE, space,
		     i % SPARSE_GAP == SPARSE_GAP - 1 ? stays : goes, RIGHT_READ, 0);
	done(bench.root, SYS_CAP_REVOKE, goes, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, space, 0, 0, 0);
	assert_true(bench_pieces >= SPARSE * SPARSE_GAP * 5 / WORK_WINDOW);
	check_all();
}

static void empty_slots_at_the_end_of_a_space_are_charged(void **state)
{
	(void)state;
	memory = make(CAP_UNTYPED, 17);
	cap_t goes = make(CAP_NOTIFICATION, 0);
	for (uint32_t i = 0; i < SMALL; i++) {
		cap_t space = make_from(memory, CAP_CSPACE, CSPACE_BITS_MIN);
		for (uint32_t k = 0; k < SMALL_FULL; k++)
			done(bench.root, SYS_CAP_DELEGATE, space, goes, RIGHT_READ, 0);
	}
	done(bench.root, SYS_CAP_REVOKE, goes, 0, 0, 0);
	fake_count_from_here();
	done(bench.root, SYS_CAP_REVOKE, memory, 0, 0, 0);
	assert_true(fake.windows >= SMALL * (SMALL_FULL * 5 + 400) / WORK_WINDOW);
	check_all();
}

/* -- From the call to the way out. ------------------------------------------------------- */

static uint32_t threads(void)
{
	return kernel.audit.objects[CAP_THREAD];
}

/* Revokes `things` notifications and then a space that held the only capabilities of threads,
 * which the root owes then. */
static void owe_threads(uint32_t things)
{
	cap_t dead = make(CAP_UNTYPED, 17);
	memory = make(CAP_UNTYPED, 16);
	cap_t space = make_from(memory, CAP_CSPACE, 7);
	for (uint32_t i = 0; i < DEAD; i++)
		done(bench.root, SYS_UNTYPED_RETYPE, dead, CAP_THREAD, 0, space);
	for (uint32_t i = 0; i < things; i++)
		make_from(memory, CAP_NOTIFICATION, 0);
	fake_count_from_here();
	enter(SYS_CAP_REVOKE, memory, 0, 0, 0);
	assert_false(owed_is_empty(&bench.root->owes));
}

static void threads_of_which_nothing_is_left_are_charged(void **state)
{
	(void)state;
	owe_threads(0);
	fake_leave();
	uint32_t left = threads() - 3; /* the root's and two others */
	done(bench.root, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	assert_int_equal(threads(), 3);
	assert_true(bench_pieces >= left * DEAD_COSTS / WORK_WINDOW);
	check_all();
}

/* So many threads are taken apart in one piece. */
static uint32_t taken_apart(uint32_t account)
{
	owe_threads(0);
	uint32_t before = threads();
	kernel.sched.worked = account;
	assert_int_equal(work_pay(bench.root), DRV_EAGAIN);
	return before - threads();
}

static void what_is_owed_last_is_taken_apart_first(void **state)
{
	(void)state;
	const cap_t owed[] = {make(CAP_THREAD, 0), make(CAP_VSPACE, 0), make(CAP_THREAD, 0)};
	for (uint32_t i = 0; i < 3; i++) {
		void *object = object_of(owed[i]);
		slot_clear(slot_of(bench.root, owed[i]));
		assert_ptr_equal(object_owed(bench.root->owes.next), object);
	}
	fake_leave();
	check_all();
}

static void what_a_caller_owes_goes_on_with_the_account_of_its_call(void **state)
{
	uint32_t alone = taken_apart(0);
	assert_true(alone > 2);
	pair_setup(state);
	assert_int_equal(taken_apart(WORK_WINDOW - 1), 1);
	pair_setup(state);
	assert_int_equal(taken_apart(WORK_WINDOW), 0);
}

/* Of a window that it has filled itself nothing is left for what it owes then. */
static void a_revocation_pays_with_what_is_left_of_its_window(void **state)
{
	owe_threads(0);
	uint32_t behind_nothing = threads();
	pair_setup(state);
	owe_threads(NEARLY);
	assert_true(threads() > behind_nothing);
}

/* Revokes a thing so large that its only step fills a window, while threads are owed; how many
 * of these are taken apart. */
static uint32_t paid_behind_a_window(void (*in_the_window)(void))
{
	owe_threads(0);
	fake_leave();
	uint32_t before = threads();
	cap_t dead = make(CAP_UNTYPED, 14);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, make_from(dead, CAP_IOBITMAP, 0), 0, 0);
	done(bench.root, SYS_THREAD_SUSPEND, p.thread, 0, 0, 0);
	fake_count_from_here();
	fake.window = in_the_window;
	enter(SYS_CAP_REVOKE, dead, 0, 0, 0);
	fake.window = NULL;
	assert_int_equal(fake.windows, 1);
	return before - threads();
}

static void wake_somebody_more_urgent(void)
{
	thread_set_priority(bench.root, PRIORITY_MAX - 1);
	thread_resume(p.tcb);
}

static void a_revocation_that_has_to_stop_pays_nothing(void **state)
{
	assert_true(paid_behind_a_window(NULL) > 0);
	pair_setup(state);
	assert_int_equal(paid_behind_a_window(wake_somebody_more_urgent), 0);
	fake_leave();
	assert_ptr_not_equal(kernel.sched.current, bench.root);
	check_all();
}

static void a_revocation_leaves_what_it_has_on_account(void **state)
{
	(void)state;
	memory = make(CAP_UNTYPED, 12);
	for (uint32_t i = 0; i < 4; i++)
		make_from(memory, CAP_NOTIFICATION, 0);
	assert_true(enter(SYS_CAP_REVOKE, memory, 0, 0, 0) >= 4 * COST_OF_CLEARING);
	fake_leave();
}

static void a_call_has_nothing_of_others_before_it_on_account(void **state)
{
	(void)state;
	cap_t top = make(CAP_NOTIFICATION, 0);
	for (uint32_t i = 0; i < THINGS; i++) {
		cap_t own = done(bench.root, SYS_CAP_DERIVE, top, RIGHT_READ, 0, 0);
		assert_true(release(own) < 2 * COST_OF_CLEARING);
	}
	assert_int_equal(fake.windows, 0);
}

/* Sleepers of the same priority whose limits are over, in the first windows of the look. */
static uint32_t woken, sleeping;

static void note_woken(void)
{
	if (fake.windows == 1)
		woken = sleeping - kernel.audit.timers;
}

static void let_many_limits_end(uint32_t account)
{
	cap_t own = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	for (uint32_t i = 0; i < THINGS; i++)
		blocks(thread_in(&p), SYS_NOTIFICATION_WAIT, own, 5, 0, 0);
	sleeping = kernel.audit.timers;
	ticks_and_slice(5);
	fake_count_from_here();
	fake.window = note_woken;
	kernel.sched.current->slice = 1;
	kernel_on_tick();
	kernel.sched.worked = account;
	fake_leave();
	fake.window = NULL;
	assert_int_equal(kernel.audit.timers, 0);
	check_all();
}

static void a_look_through_limits_goes_on_with_the_account(void **state)
{
	let_many_limits_end(0);
	assert_true(woken > 2);
	pair_setup(state);
	let_many_limits_end(WORK_WINDOW);
	assert_int_equal(woken, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(waking_costs_more_with_a_limit_and_a_budget),
	    TEST(the_last_capability_costs_more_than_another),
	    TEST(a_reply_object_that_goes_is_charged_for_who_waits_for_the_answer),
	    TEST(a_claimed_line_that_goes_is_charged_for_what_it_tells),
	    TEST(a_thread_that_loses_its_address_space_is_charged),
	    TEST(a_thread_that_waits_costs_more_to_end),
	    TEST(making_a_bitmap_or_an_address_space_is_charged),
	    TEST(empty_slots_before_a_full_one_are_charged),
	    TEST(empty_slots_at_the_end_of_a_space_are_charged),
	    TEST(threads_of_which_nothing_is_left_are_charged),
	    TEST(what_is_owed_last_is_taken_apart_first),
	    TEST(what_a_caller_owes_goes_on_with_the_account_of_its_call),
	    TEST(a_revocation_pays_with_what_is_left_of_its_window),
	    TEST(a_revocation_that_has_to_stop_pays_nothing),
	    TEST(a_revocation_leaves_what_it_has_on_account),
	    TEST(a_call_has_nothing_of_others_before_it_on_account),
	    TEST(a_look_through_limits_goes_on_with_the_account),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
