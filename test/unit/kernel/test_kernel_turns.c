/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose turn it is: slices that go with a call and come back, faults before messages, and what
 * a peer sees of registers that a message does not name. */
#include "pair.h"

static cap_t endpoint, sends, receives, reply;

/* p is q's client; both run at this priority, and the root sleeps. */
static process_t make_service(uint32_t priority)
{
	process_t third = process_make(PRIORITY_MAX);
	endpoint = make(CAP_ENDPOINT, 0);
	sends = give(&p, endpoint, RIGHT_WRITE, 7);
	receives = give(&q, endpoint, RIGHT_READ, 0);
	reply = give(&q, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
	q.buffer->reply = reply;
	blocks(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, priority, 0);
	done(bench.root, SYS_THREAD_SET, q.thread, THREAD_PRIORITY, priority, 0);
	done(bench.root, SYS_THREAD_SET, third.thread, THREAD_PRIORITY, priority, 0);
	call(bench.root, SYS_THREAD_SUSPEND, bench.thread, 0, 0, 0);
	if (kernel.sched.current != p.tcb)
		ticks(SCHED_SLICE_MS);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	return third;
}

static void ask(uint32_t info)
{
	blocks(p.tcb, SYS_IPC_CALL, sends, info, 11, 22);
	assert_ptr_equal(kernel.sched.current, q.tcb);
	assert_int_equal(answer(q.tcb), DRV_OK);
}

static void reply_and_wait(uint32_t info)
{
	blocks(q.tcb, SYS_IPC_REPLY_RECV, receives, info, 33, 44);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_int_equal(answer(p.tcb), DRV_OK);
}

static void a_round_trip_does_not_wait_for_an_equal_that_is_ready(void **state)
{
	(void)state;
	process_t third = make_service(5);
	assert_int_equal(third.tcb->state, THREAD_READY);
	for (uint32_t i = 0; i < 100; i++) {
		ask(MSG_INFO(1, 2, 0));
		reply_and_wait(MSG_INFO(1, 2, 0));
	}
}

static void a_slice_goes_with_the_call_and_comes_back(void **state)
{
	(void)state;
	process_t third = make_service(5);
	uint32_t slice = p.tcb->slice;
	assert_int_equal(slice, SCHED_SLICE_MS);
	ticks(3);
	ask(MSG_INFO(1, 2, 0));
	assert_int_equal(q.tcb->slice, slice - 3);
	ticks(2);
	reply_and_wait(MSG_INFO(1, 2, 0));
	assert_int_equal(p.tcb->slice, slice - 5);
	ticks(slice - 6);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	/* Together they have no more than one. */
	ask(MSG_INFO(1, 2, 0));
	ticks(1);
	assert_ptr_equal(kernel.sched.current, third.tcb);
	ticks(SCHED_SLICE_MS);
	assert_ptr_equal(kernel.sched.current, q.tcb);
}

/* Capabilities go the long way. */
static void what_takes_the_long_way_does_not_wait_for_an_equal_either(void **state)
{
	(void)state;
	process_t third = make_service(5);
	p.buffer->caps[0] = sends;
	p.buffer->accept = q.buffer->accept = 1;
	thread_resume(bench.root);
	cap_t with_grant = give(&p, endpoint, RIGHT_WRITE | RIGHT_GRANT, 8);
	thread_suspend(bench.root);
	fake_leave();
	switch_to(p.tcb);
	p.tcb->slice = 7;
	bench_short_ways = 0;
	blocks(p.tcb, SYS_IPC_CALL, with_grant, MSG_INFO(1, 0, 1), 0, 0);
	assert_ptr_equal(kernel.sched.current, q.tcb);
	assert_int_equal(q.tcb->slice, 7);
	q.buffer->caps[0] = reply;
	ticks(2);
	blocks(q.tcb, SYS_IPC_REPLY_RECV, receives, MSG_INFO(1, 0, 1), 0, 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_int_equal(p.tcb->slice, 5);
	assert_int_equal(third.tcb->state, THREAD_READY);
	assert_int_equal(bench_short_ways, 0);
}

/* The server was busy; what is left of the caller's slice is the server's then. */
static void a_slice_goes_with_a_call_that_is_taken_later(void **state)
{
	(void)state;
	make_service(5);
	ask(MSG_INFO(1, 2, 0));
	tcb_t *server = q.tcb;
	done(server, SYS_IPC_REPLY, reply, MSG_INFO(1, 0, 0), 0, 0);
	switch_to(p.tcb);
	p.tcb->slice = 4;
	blocks(p.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, 2, 0), 0, 0);
	assert_int_equal(p.tcb->state, THREAD_SENDING);
	done(server, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0);
	assert_int_equal(server->slice, 4);
}

static void who_answers_and_goes_on_keeps_its_slice(void **state)
{
	(void)state;
	make_service(5);
	ask(MSG_INFO(1, 2, 0));
	ticks(4);
	uint32_t slice = q.tcb->slice;
	done(q.tcb, SYS_IPC_REPLY, reply, MSG_INFO(1, 0, 0), 0, 0);
	assert_ptr_equal(kernel.sched.current, q.tcb);
	assert_int_equal(q.tcb->slice, slice);
	assert_int_equal(p.tcb->slice, SCHED_SLICE_MS);
}

/* -- Faults. ---------------------------------------------------------------------------- */

static void faults_are_received_before_messages_and_in_their_order(void **state)
{
	(void)state;
	process_t first = process_make(PRIORITY_MAX), second = process_make(PRIORITY_MAX);
	endpoint = make(CAP_ENDPOINT, 0);
	sends = give(&p, endpoint, RIGHT_WRITE, 7);
	receives = give(&q, endpoint, RIGHT_READ, 0);
	reply = give(&q, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
	blocks(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	done(bench.root, SYS_THREAD_BIND, first.thread, BIND_FAULT, endpoint, 21);
	done(bench.root, SYS_THREAD_BIND, second.thread, BIND_FAULT, endpoint, 22);
	blocks(first.tcb, SYS_THREAD_EXIT, 1, 0, 0, 0);
	blocks(second.tcb, SYS_THREAD_EXIT, 2, 0, 0, 0);
	static const uint32_t badges[] = {21, 22, 7};
	for (uint32_t i = 0; i < 3; i++) {
		cap_t own = i == 0 ? reply : give(&q, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
		done(q.tcb, SYS_IPC_RECV, receives, own, TIMEOUT_POLL, 0);
		assert_int_equal(result[0], badges[i]);
	}
	refused(DRV_ETIMEDOUT, q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_POLL, 0);
}

/* -- Words that were not sent. ---------------------------------------------------------- */

static void expect_words(tcb_t *tcb, uint32_t word0, uint32_t word1)
{
	assert_int_equal(answer(tcb), DRV_OK);
	assert_int_equal(result[2], word0);
	assert_int_equal(result[3], word1);
}

static void words_beyond_those_of_a_message_arrive_as_0(void **state)
{
	(void)state;
	make_service(5);
	/* By the short way, by which the two go on. */
	bench_short_ways = 0;
	for (uint32_t words = 0; words < 4; words++) {
		uint32_t w0 = words > 0 ? 11 : 0, w1 = words > 1 ? 22 : 0;
		ask(MSG_INFO(1, words, 0));
		expect_words(q.tcb, w0, w1);
		reply_and_wait(MSG_INFO(1, words, 0));
		expect_words(p.tcb, words > 0 ? 33 : 0, words > 1 ? 44 : 0);
	}
	/* By the long one. */
	for (uint32_t words = 0; words < 4; words++) {
		blocks(p.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, words, 0), 11, 22);
		expect_words(q.tcb, words > 0 ? 11 : 0, words > 1 ? 22 : 0);
		done(q.tcb, SYS_IPC_REPLY, reply, MSG_INFO(1, words, 0), 33, 44);
		expect_words(p.tcb, words > 0 ? 33 : 0, words > 1 ? 44 : 0);
		blocks(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, words, 0), 11, 22);
		done(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0);
		expect_words(q.tcb, words > 0 ? 11 : 0, words > 1 ? 22 : 0);
		blocks(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_round_trip_does_not_wait_for_an_equal_that_is_ready),
	    TEST(a_slice_goes_with_the_call_and_comes_back),
	    TEST(what_takes_the_long_way_does_not_wait_for_an_equal_either),
	    TEST(a_slice_goes_with_a_call_that_is_taken_later),
	    TEST(who_answers_and_goes_on_keeps_its_slice),
	    TEST(faults_are_received_before_messages_and_in_their_order),
	    TEST(words_beyond_those_of_a_message_arrive_as_0),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
