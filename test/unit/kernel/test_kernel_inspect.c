/* SPDX-License-Identifier: BSD-2-Clause */
/* What SYS_INSPECT tells of each type of object, and to whom. */
#include "abi/inspect.h"
#include "pair.h"

static const void *inspect(cap_t cap)
{
	done(bench.root, SYS_INSPECT, cap, 0, 0, 0);
	return root_buffer()->words;
}

static const inspect_thread_t *thread_report(cap_t thread)
{
	return inspect(thread);
}

static uint32_t number_of(cap_t cap)
{
	done(bench.root, SYS_CAP_INFO, cap, 0, 0, 0);
	return result[3];
}

static cap_t derive(cap_t cap, uint32_t rights)
{
	return done(bench.root, SYS_CAP_DERIVE, cap, rights, 0, 0);
}

static void only_who_has_the_right_inspects_an_object(void **state)
{
	(void)state;
	static const uint8_t types[] = {CAP_CSPACE,   CAP_THREAD, CAP_VSPACE,
					CAP_ENDPOINT, CAP_REPLY,  CAP_NOTIFICATION};
	for (uint32_t i = 0; i < sizeof(types); i++) {
		cap_t cap = make(types[i], types[i] == CAP_CSPACE ? CSPACE_BITS_MIN : 0);
		uint32_t all = object_types[types[i]].rights;
		cap_t looks = derive(cap, RIGHT_INSPECT),
		      acts = derive(cap, all - RIGHT_INSPECT);
		refused(DRV_EPERM, bench.root, SYS_INSPECT, acts, 0, 0, 0);
		refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, acts, RIGHT_INSPECT, 0, 0);
		done(bench.root, SYS_INSPECT, looks, 0, 0, 0);
		assert_int_equal(result[0], types[i]);
		uint32_t number = result[1];
		assert_int_not_equal(number, 0);
		assert_int_equal(number_of(cap), number);
		assert_int_equal(number_of(looks), number);
		assert_int_equal(number_of(acts), 0);
	}
}

static void what_has_no_evidence_cannot_be_inspected(void **state)
{
	(void)state;
	const cap_t others[] = {make(CAP_FRAME, 0), make(CAP_PTABLE, 0), make(CAP_IOBITMAP, 0),
				bench.untyped,	    bench.pio,		 bench.mmio,
				bench.audit};
	for (uint32_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		refused(DRV_EINVAL, bench.root, SYS_INSPECT, others[i], 0, 0, 0);
}

static void two_objects_have_two_numbers(void **state)
{
	(void)state;
	cap_t first = make(CAP_ENDPOINT, 0), second = make(CAP_ENDPOINT, 0);
	assert_int_not_equal(number_of(first), number_of(second));
}

static void the_audit_is_told_to_who_has_a_capability_for_it(void **state)
{
	(void)state;
	cap_t given = give(&p, bench.audit, RIGHT_READ, 0);
	done(p.tcb, SYS_AUDIT, given, 0, 0, 0);
	assert_int_equal(p.buffer->words[0], ABI_VERSION);
	refused(DRV_EBADCAP, q.tcb, SYS_AUDIT, 0, 0, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, bench.audit, 0, 0, 0);
	refused(DRV_EBADCAP, p.tcb, SYS_AUDIT, given, 0, 0, 0);
}

static void waits(cap_t thread, uint32_t in, uint32_t whom)
{
	const inspect_thread_t *report = thread_report(thread);
	assert_int_equal(report->state, in);
	assert_int_equal(report->waits_for, whom);
	assert_int_equal(report->now_ms, kernel.timers.now_ms);
}

static void a_thread_waits_for_what_is_named_by_its_number(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0), reply = make(CAP_REPLY, 0);
	cap_t bits = make(CAP_NOTIFICATION, 0);
	cap_t sends = give(&p, endpoint, RIGHT_WRITE, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	cap_t replies = give(&q, reply, RIGHT_WRITE, 0);
	cap_t line = give(&q, bench.irq, RIGHT_READ, IRQ_SCOPE(5, 5));
	waits(make(CAP_THREAD, 0), INSPECT_STOPPED, 0);
	waits(p.thread, INSPECT_READY, 0);
	waits(bench.thread, INSPECT_READY, 0);
	ticks(3);
	blocks(p.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, 0, 0), 0, 0);
	ticks(2);
	waits(p.thread, INSPECT_SENDING, number_of(endpoint));
	assert_int_equal(thread_report(p.thread)->since_ms, kernel.timers.now_ms - 2);
	assert_int_equal(thread_report(p.thread)->messages, 1);
	done(q.tcb, SYS_IPC_RECV, receives, replies, TIMEOUT_POLL, 0);
	assert_int_equal(thread_report(q.thread)->received_ms, kernel.timers.now_ms);
	waits(p.thread, INSPECT_CALLING, number_of(reply));
	done(q.tcb, SYS_IPC_REPLY, replies, MSG_INFO(1, 0, 0), 0, 0);
	blocks(q.tcb, SYS_IPC_RECV, receives, replies, TIMEOUT_FOREVER, 0);
	waits(q.thread, INSPECT_RECEIVING, number_of(endpoint));
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, give(&p, bits, RIGHT_READ, 0), TIMEOUT_FOREVER, 0,
	       0);
	waits(p.thread, INSPECT_WAITING, number_of(bits));
	done(bench.root, SYS_THREAD_RESUME, q.thread, 0, 0, 0);
	blocks(q.tcb, SYS_CAP_IRQ_WAIT, line, TIMEOUT_FOREVER, 0, 0);
	waits(q.thread, INSPECT_WAITING, INSPECT_LINE(5));
	done(bench.root, SYS_NOTIFICATION_SIGNAL, bits, 1, 0, 0);
	assert_int_equal(thread_report(bench.thread)->signals, 1);
}

/* -- Why it stopped. -------------------------------------------------------------------- */

static void fault(tcb_t *tcb)
{
	switch_to(tcb);
	kernel_on_fault(FAULT_PAGE, 0x1234, 6);
	fake_leave();
	check_all();
}

static void stopped_by(uint32_t label, uint32_t address, uint32_t code)
{
	const inspect_thread_t *report = thread_report(p.thread);
	assert_int_equal(report->stop_label, label);
	assert_int_equal(report->stop_address, address);
	assert_int_equal(report->stop_code, code);
}

static void why_a_thread_stopped_can_be_seen_until_it_is_resumed(void **state)
{
	(void)state;
	stopped_by(0, 0, 0);
	fault(p.tcb);
	waits(p.thread, INSPECT_STOPPED, 0);
	stopped_by(FAULT_PAGE, 0x1234, 6);
	done(bench.root, SYS_THREAD_SUSPEND, p.thread, 0, 0, 0);
	stopped_by(FAULT_PAGE, 0x1234, 6);
	done(bench.root, SYS_THREAD_RESUME, p.thread, 0, 0, 0);
	stopped_by(0, 0, 0);
	blocks(p.tcb, SYS_THREAD_EXIT, 42, 0, 0, 0);
	stopped_by(FAULT_EXIT, 0, 42);
}

static void why_a_thread_stopped_can_be_seen_although_somebody_was_told(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0), reply = make(CAP_REPLY, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	cap_t replies = give(&q, reply, RIGHT_WRITE, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_FAULT, endpoint, 9);
	fault(p.tcb);
	waits(p.thread, INSPECT_SENDING, number_of(endpoint));
	stopped_by(FAULT_PAGE, 0x1234, 6);
	done(q.tcb, SYS_IPC_RECV, receives, replies, TIMEOUT_POLL, 0);
	waits(p.thread, INSPECT_CALLING, number_of(reply));
	stopped_by(FAULT_PAGE, 0x1234, 6);
	done(q.tcb, SYS_IPC_REPLY, replies, MSG_INFO(0, 0, 0), 0, 0);
	stopped_by(0, 0, 0);
	fault(p.tcb);
	done(q.tcb, SYS_IPC_RECV, receives, replies, TIMEOUT_POLL, 0);
	done(bench.root, SYS_CAP_REVOKE, reply, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, reply, 0, 0, 0);
	waits(p.thread, INSPECT_STOPPED, 0);
	stopped_by(FAULT_PAGE, 0x1234, 6);
}

/* -- Time. ------------------------------------------------------------------------------ */

static void only_p_and_q_run(uint32_t priority)
{
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, priority, 0);
	done(bench.root, SYS_THREAD_SET, q.thread, THREAD_PRIORITY, priority, 0);
	call(bench.root, SYS_THREAD_SUSPEND, bench.thread, 0, 0, 0);
}

static void root_looks(void)
{
	thread_resume(bench.root);
	fake_leave();
	assert_ptr_equal(kernel.sched.current, bench.root);
}

static uint64_t run_time(const inspect_thread_t *report)
{
	return (uint64_t)report->run_high << 32 | report->run_low;
}

static void who_runs_and_who_could_have_is_counted(void **state)
{
	(void)state;
	only_p_and_q_run(5);
	tcb_t *first = kernel.sched.current;
	process_t *runs = first == p.tcb ? &p : &q, *other = first == p.tcb ? &q : &p;
	uint64_t before = sched_run_time(first);
	uint32_t ready = other->tcb->ready_ms;
	ticks(SCHED_SLICE_MS - 3);
	fake.time_us += 250;
	root_looks();
	const inspect_thread_t *report = thread_report(runs->thread);
	assert_int_equal(report->ticks_per_ms, fake.ticks_per_ms);
	assert_int_equal(run_time(report) - before, (SCHED_SLICE_MS - 3) * 1000 + 250);
	ticks(4);
	report = thread_report(other->thread);
	assert_int_equal(kernel.timers.now_ms - report->since_ms, SCHED_SLICE_MS + 1);
	/* It is added up when the wait is over. */
	done(bench.root, SYS_THREAD_SUSPEND, other->thread, 0, 0, 0);
	assert_int_equal(thread_report(other->thread)->ready_ms - ready, SCHED_SLICE_MS + 1);
}

/* The time limit of a thread that a more urgent one keeps from running is not looked at. */
static void who_could_go_on_since_its_limit_ended_is_ready_since_then(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0);
	uint32_t number = number_of(bits), ready = p.tcb->ready_ms;
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, give(&p, bits, RIGHT_READ, 0), 5, 0, 0);
	blocks(q.tcb, SYS_NOTIFICATION_WAIT, give(&q, bits, RIGHT_READ, 0), TIMEOUT_FOREVER, 0,
	       0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 3, 0);
	done(bench.root, SYS_THREAD_SET, q.thread, THREAD_PRIORITY, 3, 0);
	uint32_t end_ms = (uint32_t)p.tcb->deadline;
	ticks(end_ms - kernel_now_ms() - 1);
	waits(p.thread, INSPECT_WAITING, number);
	ticks(1 + 4);
	waits(p.thread, INSPECT_READY, 0);
	waits(q.thread, INSPECT_WAITING, number);
	assert_int_equal(thread_report(p.thread)->since_ms, end_ms);
	/* That counts when it runs. */
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 2, 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
	assert_int_equal(thread_report(p.thread)->ready_ms - ready, 4);
}

static void who_has_spent_its_budget_is_ready_since_it_could_go_on_too(void **state)
{
	(void)state;
	cap_t own = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, 2 | 100u << 16, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 3, 0);
	switch_to(p.tcb);
	fake.time_us += 3000;
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, own, 5, 0, 0);
	uint32_t end_ms = (uint32_t)p.tcb->deadline;
	ticks(end_ms - kernel_now_ms() + 4);
	assert_int_equal(p.tcb->state, THREAD_WAITING);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 2, 0);
	waits(p.thread, INSPECT_READY, 0);
	assert_int_equal(thread_report(p.thread)->spent, 1);
	assert_int_equal(thread_report(p.thread)->since_ms, end_ms);
	/* Nor does the end of its period change that. */
	thread_set_priority(bench.root, 4);
	ticks(100);
	assert_true(p.tcb->deadline <= kernel.timers.now_ms);
	assert_int_equal(thread_report(p.thread)->since_ms, end_ms);
}

static void run_time_has_two_words(void **state)
{
	(void)state;
	p.tcb->run = 0xffffffffu;
	switch_to(p.tcb);
	fake.time_us += 7;
	switch_to(bench.root);
	fake_leave();
	const inspect_thread_t *report = thread_report(p.thread);
	assert_int_equal(report->run_high, 1);
	assert_int_equal(report->run_low, 6);
	/* Of the current thread as well, up to now. */
	uint64_t before = run_time(thread_report(bench.thread));
	fake.time_us += 9;
	assert_int_equal(run_time(thread_report(bench.thread)) - before, 9);
}

static void a_spent_budget_can_be_seen(void **state)
{
	(void)state;
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_BUDGET, THREAD_BUDGET_MS(2, 100), 0);
	assert_int_equal(thread_report(p.thread)->spent, 0);
	only_p_and_q_run(5);
	ticks(25);
	root_looks();
	const inspect_thread_t *report = thread_report(p.thread);
	assert_int_equal(report->spent, 1);
	assert_int_equal(report->priority, PRIORITY_SPENT);
	assert_int_equal(thread_report(q.thread)->spent, 0);
	assert_int_equal(thread_report(q.thread)->priority, 5);
}

/* -- Endpoints and reply objects. ------------------------------------------------------- */

static void an_endpoint_tells_who_waits_at_it(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t sends = give(&p, endpoint, RIGHT_WRITE, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	const inspect_endpoint_t *report = inspect(endpoint);
	assert_int_equal(report->senders, 0);
	assert_int_equal(report->receivers, 0);
	assert_int_equal(report->oldest_ms, report->now_ms);
	blocks(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, 0);
	report = inspect(endpoint);
	assert_int_equal(report->senders, 0);
	assert_int_equal(report->receivers, 1);
	done(bench.root, SYS_THREAD_RESUME, q.thread, 0, 0, 0);
	blocks(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	uint32_t since = (uint32_t)kernel.timers.now_ms;
	ticks(3);
	blocks(thread_in(&p), SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	report = inspect(endpoint);
	assert_int_equal(report->senders, 2);
	assert_int_equal(report->receivers, 0);
	assert_int_equal(report->oldest_ms, since);
	ticks(1);
	/* Who faulted is received first, and is not who has waited longest. */
	process_t third = process_make(PRIORITY_MAX);
	done(bench.root, SYS_THREAD_BIND, third.thread, BIND_FAULT, endpoint, 9);
	fault(third.tcb);
	report = inspect(endpoint);
	assert_int_equal(report->senders, 3);
	assert_int_equal(report->oldest_ms, since);
	/* Nor is who is more urgent, and new each time. */
	ticks(1);
	tcb_t *urgent = thread_in(&p);
	urgent->base_priority = PRIORITY_MAX;
	blocks(urgent, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	report = inspect(endpoint);
	assert_int_equal(report->senders, 4);
	assert_int_equal(report->oldest_ms, since);
	thread_suspend(p.tcb);
	report = inspect(endpoint);
	assert_int_equal(report->senders, 3);
	assert_int_equal(report->oldest_ms, since + 3);
}

static void a_reply_object_tells_whether_somebody_waits_for_it(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0), reply = make(CAP_REPLY, 0);
	cap_t sends = give(&p, endpoint, RIGHT_WRITE, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	cap_t replies = give(&q, reply, RIGHT_WRITE, 0);
	const inspect_reply_t *report = inspect(reply);
	assert_int_equal(report->tied + report->offered, 0);
	assert_int_equal(report->since_ms, report->now_ms);
	blocks(q.tcb, SYS_IPC_RECV, receives, replies, TIMEOUT_FOREVER, 0);
	report = inspect(reply);
	assert_int_equal(report->tied, 0);
	assert_int_equal(report->offered, 1);
	blocks(p.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, 0, 0), 0, 0);
	ticks(4);
	report = inspect(reply);
	assert_int_equal(report->tied, 1);
	assert_int_equal(report->offered, 0);
	assert_int_equal(report->now_ms - report->since_ms, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(only_who_has_the_right_inspects_an_object),
	    TEST(what_has_no_evidence_cannot_be_inspected),
	    TEST(two_objects_have_two_numbers),
	    TEST(the_audit_is_told_to_who_has_a_capability_for_it),
	    TEST(a_thread_waits_for_what_is_named_by_its_number),
	    TEST(why_a_thread_stopped_can_be_seen_until_it_is_resumed),
	    TEST(why_a_thread_stopped_can_be_seen_although_somebody_was_told),
	    TEST(who_runs_and_who_could_have_is_counted),
	    TEST(who_could_go_on_since_its_limit_ended_is_ready_since_then),
	    TEST(who_has_spent_its_budget_is_ready_since_it_could_go_on_too),
	    TEST(run_time_has_two_words),
	    TEST(a_spent_budget_can_be_seen),
	    TEST(an_endpoint_tells_who_waits_at_it),
	    TEST(a_reply_object_tells_whether_somebody_waits_for_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
