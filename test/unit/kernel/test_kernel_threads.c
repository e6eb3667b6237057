/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads, scheduling, time limits, notifications. */
#include "bench.h"
#include "check.h"

static process_t a, b;

static int setup(void **state)
{
	bench_setup(state);
	a = process_make(10);
	b = process_make(10);
	return 0;
}

static void root_sleeps(void)
{
	call(bench.root, SYS_THREAD_SUSPEND, bench.thread, 0, 0, 0);
}

/* Limits of the less urgent are not looked at while it runs. */
static void root_stands_back(void)
{
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
}

static void bindings_need_type_and_rights(void **state)
{
	(void)state;
	cap_t t = a.thread, root = bench.thread;
	cap_t endpoint = make(CAP_ENDPOINT, 0), notification = make(CAP_NOTIFICATION, 0);
	tcb_t *by = bench.root;
	cap_t receives = done(by, SYS_CAP_DERIVE, endpoint, RIGHT_READ, 0, 0);
	cap_t signals = done(by, SYS_CAP_DERIVE, notification, RIGHT_WRITE, 0, 0);
	cap_t loads = done(by, SYS_CAP_DERIVE, a.frame, RIGHT_READ, 0, 0);
	cap_t lists = done(by, SYS_CAP_DERIVE, a.cspace, RIGHT_READ, 0, 0);
	cap_t looks = done(by, SYS_CAP_DERIVE, t, RIGHT_READ, 0, 0);
	refused(DRV_EPERM, by, SYS_THREAD_BIND, t, BIND_FAULT, receives, 0);
	refused(DRV_EPERM, by, SYS_THREAD_BIND, t, BIND_NOTIFICATION, signals, 0);
	refused(DRV_EPERM, by, SYS_THREAD_BIND, t, BIND_BUFFER, loads, 0);
	refused(DRV_EPERM, by, SYS_THREAD_BIND, t, BIND_CSPACE, lists, 0);
	refused(DRV_EPERM, by, SYS_THREAD_BIND, looks, BIND_CSPACE, a.cspace, 0);
	for (uint32_t what = 0; what < BIND_COUNT; what++)
		refused(DRV_EINVAL, by, SYS_THREAD_BIND, t, what, root, 0);
	refused(DRV_EINVAL, by, SYS_THREAD_BIND, t, BIND_COUNT, a.cspace, 0);
	refused(DRV_EINVAL, by, SYS_THREAD_BIND, t, BIND_BUFFER, a.frame, 1);
	refused(DRV_EBADCAP, by, SYS_THREAD_BIND, t, BIND_BUFFER, 63, 0);
	cap_t badged = done(by, SYS_CAP_DERIVE, endpoint, RIGHT_WRITE, 4, 0);
	refused(DRV_EPERM, by, SYS_THREAD_BIND, t, BIND_FAULT, badged, 5);
	done(by, SYS_THREAD_BIND, t, BIND_FAULT, badged, 0);
	done(by, SYS_THREAD_BIND, t, BIND_NOTIFICATION, notification, 0);
	refused(DRV_EBUSY, by, SYS_THREAD_BIND, b.thread, BIND_NOTIFICATION, notification, 0);
	done(by, SYS_THREAD_BIND, t, BIND_NOTIFICATION, CAP_NULL, 0);
	done(by, SYS_THREAD_BIND, b.thread, BIND_NOTIFICATION, notification, 0);
}

static void control_needs_write_and_registers_read(void **state)
{
	(void)state;
	tcb_t *by = bench.root;
	cap_t looks = done(by, SYS_CAP_DERIVE, a.thread, RIGHT_READ, 0, 0);
	cap_t controls = done(by, SYS_CAP_DERIVE, a.thread, RIGHT_WRITE, 0, 0);
	refused(DRV_EPERM, by, SYS_THREAD_SUSPEND, looks, 0, 0, 0);
	refused(DRV_EPERM, by, SYS_THREAD_RESUME, looks, 0, 0, 0);
	refused(DRV_EPERM, by, SYS_THREAD_SET, looks, 0, 0, 0);
	refused(DRV_EPERM, by, SYS_THREAD_WRITE, looks, 0, 0, 0);
	refused(DRV_EPERM, by, SYS_THREAD_READ, controls, 0, 0, 0);
	refused(DRV_EINVAL, by, SYS_THREAD_READ, bench.thread, 0, 0, 0);
	refused(DRV_EINVAL, by, SYS_THREAD_WRITE, bench.thread, 0, 0, 0);
	a.tcb->frame.eip = 0x1234;
	done(by, SYS_THREAD_READ, looks, 0, 0, 0);
	thread_registers_t *registers = (void *)root_buffer()->words;
	assert_int_equal(registers->eip, 0x1234);
	registers->eip = 0x5678;
	registers->eflags = 0xffffffff;
	done(by, SYS_THREAD_WRITE, controls, 0, 0, 0);
	assert_int_equal(a.tcb->frame.eip, 0x5678);
	assert_int_equal(a.tcb->frame.eflags & ~0x0cd5u, 0x202);
	assert_int_equal(a.tcb->state, THREAD_STOPPED);
}

static void nobody_gives_more_priority_than_the_own_limit(void **state)
{
	(void)state;
	cap_t other = give(&a, b.thread, RW, 0);
	for (uint32_t what = THREAD_PRIORITY; what <= THREAD_MAX_PRIORITY; what++) {
		refused(DRV_EPERM, a.tcb, SYS_THREAD_SET, other, what, 11, 0);
		refused(DRV_EINVAL, a.tcb, SYS_THREAD_SET, other, what, PRIORITY_MAX + 1, 0);
		refused(DRV_EINVAL, a.tcb, SYS_THREAD_SET, other, what, 0xffffffff, 0);
		done(a.tcb, SYS_THREAD_SET, other, what, 9, 0);
	}
	refused(DRV_EINVAL, a.tcb, SYS_THREAD_SET, other, 2, 1, 0);
	assert_int_equal(b.tcb->priority, 9);
	done(bench.root, SYS_THREAD_SET, b.thread, THREAD_PRIORITY, PRIORITY_MAX, 0);
}

static void suspending_ends_a_wait_and_resuming_goes_on(void **state)
{
	(void)state;
	cap_t notification = make(CAP_NOTIFICATION, 0);
	cap_t waits = give(&a, notification, RIGHT_READ, 0);
	blocks(a.tcb, SYS_NOTIFICATION_WAIT, waits, 100, 0, 0);
	done(bench.root, SYS_THREAD_SUSPEND, a.thread, 0, 0, 0);
	assert_int_equal(a.tcb->state, THREAD_STOPPED);
	done(bench.root, SYS_THREAD_RESUME, a.thread, 0, 0, 0);
	assert_int_equal(answer(a.tcb), DRV_ECANCELED);
	blocks(a.tcb, SYS_NOTIFICATION_WAIT, waits, 100, 0, 0);
	done(bench.root, SYS_THREAD_RESUME, a.thread, 0, 0, 0);
	assert_int_equal(answer(a.tcb), DRV_ECANCELED);
	assert_int_equal(kernel.audit.timers, 0);
}

static void a_thread_loses_what_is_revoked_under_it(void **state)
{
	(void)state;
	cap_t own = give(&a, a.thread, RW, 0), audit = give(&a, bench.audit, RIGHT_READ, 0);
	done(bench.root, SYS_CAP_REVOKE, a.frame, 0, 0, 0);
	refused(DRV_EFAULT, a.tcb, SYS_AUDIT, audit, 0, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, a.cspace, 0, 0, 0);
	refused(DRV_EBADCAP, a.tcb, SYS_CAP_INFO, own, 0, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, a.vspace, 0, 0, 0);
	assert_int_equal(a.tcb->state, THREAD_STOPPED);
	refused(DRV_EINVAL, bench.root, SYS_THREAD_RESUME, a.thread, 0, 0, 0);
	done(bench.root, SYS_THREAD_BIND, a.thread, BIND_VSPACE, b.vspace, 0);
	done(bench.root, SYS_THREAD_RESUME, a.thread, 0, 0, 0);
	assert_int_equal(a.tcb->state, THREAD_READY);
}

/* -- Scheduling. ------------------------------------------------------------------------ */

static void the_most_urgent_runs_and_equals_take_turns(void **state)
{
	(void)state;
	process_t low = process_make(3);
	root_sleeps();
	tcb_t *first = kernel.sched.current;
	assert_true(first == a.tcb || first == b.tcb);
	tcb_t *second = first == a.tcb ? b.tcb : a.tcb;
	ticks(SCHED_SLICE_MS - 1);
	assert_ptr_equal(kernel.sched.current, first);
	ticks(1);
	assert_ptr_equal(kernel.sched.current, second);
	ticks(SCHED_SLICE_MS);
	assert_ptr_equal(kernel.sched.current, first);
	call(first, SYS_YIELD, 0, 0, 0, 0);
	assert_ptr_equal(kernel.sched.current, second);
	thread_resume(bench.root);
	fake_leave();
	assert_ptr_equal(kernel.sched.current, bench.root);
	ticks(3 * SCHED_SLICE_MS);
	assert_ptr_equal(kernel.sched.current, bench.root);
	root_sleeps();
	/* Preempted, not spent: it goes on before its equal. */
	assert_ptr_equal(kernel.sched.current, second);
	thread_suspend(first);
	thread_suspend(second);
	fake_leave();
	assert_ptr_equal(kernel.sched.current, low.tcb);
	ticks(2 * SCHED_SLICE_MS);
	assert_ptr_equal(kernel.sched.current, low.tcb);
}

static void a_changed_priority_counts_at_once(void **state)
{
	(void)state;
	done(bench.root, SYS_THREAD_SET, b.thread, THREAD_PRIORITY, 11, 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 5, 0);
	assert_ptr_equal(kernel.sched.current, b.tcb);
	assert_int_equal(kernel.sched.bitmap, 1u << 10 | 1u << 5);
}

/* -- Time limits. ----------------------------------------------------------------------- */

static void limits_hold_over_the_wrap_of_the_clock(void **state)
{
	(void)state;
	cap_t waits = give(&a, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	cap_t also = give(&b, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	root_stands_back();
	kernel.timers.now_ms = 0xffffffffu - 2;
	refused(DRV_ETIMEDOUT, a.tcb, SYS_NOTIFICATION_WAIT, waits, TIMEOUT_POLL, 0, 0);
	blocks(a.tcb, SYS_NOTIFICATION_WAIT, waits, 1000, 0, 0);
	blocks(b.tcb, SYS_NOTIFICATION_WAIT, also, TIMEOUT_FOREVER, 0, 0);
	assert_int_equal(kernel.audit.timers, 1);
	ticks(1000);
	assert_int_equal(answer(a.tcb), BLOCKED);
	ticks(1);
	assert_int_equal(answer(a.tcb), DRV_ETIMEDOUT);
	blocks(a.tcb, SYS_NOTIFICATION_WAIT, waits, TIMEOUT_FOREVER - 1, 0, 0);
	ticks(2000);
	assert_int_equal(answer(a.tcb), BLOCKED);
	kernel.timers.now_ms = a.tcb->deadline - 1;
	ticks(1);
	assert_int_equal(answer(a.tcb), DRV_ETIMEDOUT);
	assert_int_equal(answer(b.tcb), BLOCKED);
}

/* -- Notifications. --------------------------------------------------------------------- */

static void bits_are_kept_joined_and_taken_whole(void **state)
{
	(void)state;
	cap_t notification = make(CAP_NOTIFICATION, 0);
	cap_t waits = give(&a, notification, RIGHT_READ, 0);
	cap_t badged = give(&b, notification, RIGHT_WRITE, 4);
	refused(DRV_EPERM, a.tcb, SYS_NOTIFICATION_SIGNAL, waits, 1, 0, 0);
	refused(DRV_EPERM, b.tcb, SYS_NOTIFICATION_WAIT, badged, 0, 0, 0);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, notification, 1, 0, 0);
	done(b.tcb, SYS_NOTIFICATION_SIGNAL, badged, 0xff00, 0, 0);
	done(a.tcb, SYS_NOTIFICATION_WAIT, waits, 0, 0, 0);
	assert_int_equal(result[0], 5);
	blocks(a.tcb, SYS_NOTIFICATION_WAIT, waits, TIMEOUT_FOREVER, 0, 0);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, notification, 0, 0, 0);
	assert_int_equal(answer(a.tcb), BLOCKED);
	done(b.tcb, SYS_NOTIFICATION_SIGNAL, badged, 0, 0, 0);
	assert_int_equal(answer(a.tcb), DRV_OK);
	assert_int_equal(result[0], 4);
	blocks(a.tcb, SYS_NOTIFICATION_WAIT, waits, TIMEOUT_FOREVER, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, notification, 0, 0, 0);
	assert_int_equal(answer(a.tcb), DRV_EGONE);
}

static void a_bound_notification_comes_as_a_message(void **state)
{
	(void)state;
	cap_t notification = make(CAP_NOTIFICATION, 0);
	cap_t receives = give(&a, make(CAP_ENDPOINT, 0), RIGHT_READ, 0);
	done(bench.root, SYS_THREAD_BIND, a.thread, BIND_NOTIFICATION, notification, 0);
	blocks(a.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_FOREVER, 0);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, notification, 6, 0, 0);
	assert_int_equal(answer(a.tcb), DRV_OK);
	assert_int_equal(result[0], BADGE_NOTIFICATION);
	assert_int_equal(result[1], 0);
	assert_int_equal(result[2], 6);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, notification, 8, 0, 0);
	done(a.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_POLL, 0);
	assert_int_equal(result[2], 8);
	/* Bits that were there before it was bound. */
	done(bench.root, SYS_THREAD_BIND, a.thread, BIND_NOTIFICATION, CAP_NULL, 0);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, notification, 3, 0, 0);
	blocks(a.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_FOREVER, 0);
	done(bench.root, SYS_THREAD_BIND, a.thread, BIND_NOTIFICATION, notification, 0);
	assert_int_equal(answer(a.tcb), DRV_OK);
	assert_int_equal(result[2], 3);
}

/* -- Registers. ------------------------------------------------------------------------- */

/* Those behind the first `results` of the last answer are what the call was made with. */
static void others_are(uint32_t results, const uint32_t arg[4])
{
	for (uint32_t i = results; i < 4; i++)
		assert_int_equal(result[i], arg[i]);
}

static void registers_without_a_result_stay_as_they_were(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0), pio = bench.pio;
	cap_t line =
	    done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(5, 5), 0);
	const struct {
		uint32_t results;
		err_t err;
		uint32_t number, arg[4];
	} calls[] = {
	    {0, DRV_OK, SYS_NULL, {1, 2, 3, 4}},
	    {0, DRV_OK, SYS_YIELD, {1, 2, 3, 4}},
	    {0, DRV_ENOSYS, SYS_COUNT, {1, 2, 3, 4}},
	    {0, DRV_EBADCAP, SYS_CAP_INFO, {1, 2, 3, 4}},
	    {2, DRV_OK, SYS_CLOCK, {1, 2, 3, 4}},
	    {0, DRV_OK, SYS_CAP_PIO_RW, {pio, PIO_OP_WRITE(0x60, 1), 3, 4}},
	    {1, DRV_OK, SYS_CAP_PIO_RW, {pio, PIO_OP_READ(0x60, 1), 3, 4}},
	    {0, DRV_ETIMEDOUT, SYS_NOTIFICATION_WAIT, {bits, TIMEOUT_POLL, 3, 4}},
	    {0, DRV_OK, SYS_NOTIFICATION_SIGNAL, {bits, 6, 3, 4}},
	    {1, DRV_OK, SYS_NOTIFICATION_WAIT, {bits, TIMEOUT_POLL, 3, 4}},
	    {0, DRV_ETIMEDOUT, SYS_CAP_IRQ_WAIT, {line, TIMEOUT_POLL, 3, 4}},
	    {1, DRV_OK, SYS_CAP_IRQ_WAIT, {line, TIMEOUT_POLL, 3, 4}},
	};
	for (uint32_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const uint32_t *arg = calls[i].arg;
		if (kernel.irq[5].taken)
			fire(5);
		assert_int_equal(
		    call(bench.root, calls[i].number, arg[0], arg[1], arg[2], arg[3]),
		    calls[i].err);
		others_are(calls[i].results, arg);
	}
}

static void who_waited_has_the_registers_of_the_call(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0);
	cap_t waits = give(&a, bits, RIGHT_READ, 0);
	cap_t receives = give(&a, make(CAP_ENDPOINT, 0), RIGHT_READ, 0);
	const uint32_t arg[4] = {waits, 2, 3, 4};
	root_stands_back();
	blocks(a.tcb, SYS_NOTIFICATION_WAIT, arg[0], arg[1], arg[2], arg[3]);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, bits, 6, 0, 0);
	assert_int_equal(answer(a.tcb), DRV_OK);
	assert_int_equal(result[0], 6);
	others_are(1, arg);
	blocks(a.tcb, SYS_NOTIFICATION_WAIT, arg[0], arg[1], arg[2], arg[3]);
	ticks_and_slice(4);
	assert_int_equal(answer(a.tcb), DRV_ETIMEDOUT);
	others_are(0, arg);
	/* A message has all four, also one that is a signal. */
	uint32_t now_ms = (uint32_t)(fake.time_us / 1000);
	done(bench.root, SYS_THREAD_BIND, a.thread, BIND_NOTIFICATION, bits, 0);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, bits, 6, 0, 0);
	done(a.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_POLL, CAP_NULL);
	others_are(0, (const uint32_t[4]){BADGE_NOTIFICATION, 0, 6, now_ms});
	blocks(a.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, CAP_NULL);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, bits, 5, 0, 0);
	assert_int_equal(answer(a.tcb), DRV_OK);
	others_are(0, (const uint32_t[4]){BADGE_NOTIFICATION, 0, 5, now_ms});
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(bindings_need_type_and_rights),
	    TEST(control_needs_write_and_registers_read),
	    TEST(nobody_gives_more_priority_than_the_own_limit),
	    TEST(suspending_ends_a_wait_and_resuming_goes_on),
	    TEST(a_thread_loses_what_is_revoked_under_it),
	    TEST(the_most_urgent_runs_and_equals_take_turns),
	    TEST(a_changed_priority_counts_at_once),
	    TEST(limits_hold_over_the_wrap_of_the_clock),
	    TEST(bits_are_kept_joined_and_taken_whole),
	    TEST(a_bound_notification_comes_as_a_message),
	    TEST(registers_without_a_result_stay_as_they_were),
	    TEST(who_waited_has_the_registers_of_the_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
