/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints and replies. */
#include "ipc_scene.h"

static void a_call_reaches_a_waiting_server_and_its_answer_the_client(void **state)
{
	(void)state;
	serve();
	client.buffer->words[119] = 0xabcd;
	ask(MSG_INFO(5, 120, 0));
	expect_message(server.tcb, 77, MSG_INFO(5, 120, 0), 11, 22);
	assert_int_equal(server.buffer->words[119], 0xabcd);
	done(server.tcb, SYS_IPC_REPLY, reply, MSG_INFO(6, 2, 0), 33, 44);
	expect_message(client.tcb, 0, MSG_INFO(6, 2, 0), 33, 44);
	refused(DRV_EGONE, server.tcb, SYS_IPC_REPLY, reply, MSG_INFO(6, 2, 0), 33, 44);
}

static void queued_senders_are_served_in_order(void **state)
{
	(void)state;
	process_t third = process_make(PRIORITY_MAX);
	cap_t also = give(&third, endpoint, RIGHT_WRITE, 78);
	ask(MSG_INFO(1, 2, 0));
	blocks(third.tcb, SYS_IPC_SEND, also, MSG_INFO(2, 2, 0), 5, 6);
	call(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0);
	expect_message(server.tcb, 77, MSG_INFO(1, 2, 0), 11, 22);
	assert_int_equal(answer(client.tcb), BLOCKED);
	call(server.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_POLL, 0);
	expect_message(server.tcb, 78, MSG_INFO(2, 2, 0), 5, 6);
	assert_int_equal(answer(third.tcb), DRV_OK);
	refused(DRV_ETIMEDOUT, server.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_POLL, 0);
}

static void answering_and_waiting_again_is_one_call(void **state)
{
	(void)state;
	serve();
	for (uint32_t i = 0; i < 3; i++) {
		ask(MSG_INFO(1, 2, 0));
		assert_int_equal(answer(server.tcb), DRV_OK);
		server.buffer->reply = reply;
		blocks(server.tcb, SYS_IPC_REPLY_RECV, receives, MSG_INFO(9, 2, 0), i, 0);
		expect_message(client.tcb, 0, MSG_INFO(9, 2, 0), i, 0);
	}
	server.buffer->reply = receives;
	process_t third = process_make(PRIORITY_MAX);
	third.buffer->reply = give(&third, reply_root, RIGHT_WRITE, 0);
	cap_t also = give(&third, endpoint, RIGHT_READ, 0);
	refused(DRV_EBUSY, third.tcb, SYS_IPC_REPLY_RECV, also, MSG_INFO(9, 0, 0), 0, 0);
	refused(DRV_EBUSY, third.tcb, SYS_IPC_RECV, also, third.buffer->reply, 0, 0);
	refused(DRV_EGONE, third.tcb, SYS_IPC_REPLY, third.buffer->reply, MSG_INFO(9, 0, 0), 0,
		0);
}

static void rights_decide_who_sends_and_who_receives(void **state)
{
	(void)state;
	refused(DRV_EPERM, client.tcb, SYS_IPC_RECV, sends, 0, TIMEOUT_FOREVER, 0);
	refused(DRV_EPERM, server.tcb, SYS_IPC_SEND, receives, 0, 0, 0);
	refused(DRV_EPERM, server.tcb, SYS_IPC_CALL, receives, 0, 0, 0);
	refused(DRV_EPERM, client.tcb, SYS_ENDPOINT_CANCEL, sends, 0, (uint32_t)DRV_EGONE, 0);
	refused(DRV_EPERM, client.tcb, SYS_IPC_REPLY_RECV, sends, 0, 0, 0);
}

static void message_sizes_and_kernel_labels_are_refused(void **state)
{
	(void)state;
	static const struct {
		uint32_t info;
		err_t err;
	} wrong[] = {{MSG_INFO(0, 121, 0), DRV_EMSGSIZE},
		     {MSG_INFO(0, 255, 0), DRV_EMSGSIZE},
		     {MSG_INFO(0, 0, 5), DRV_EMSGSIZE},
		     {MSG_INFO(0, 0, 255), DRV_EMSGSIZE},
		     {MSG_INFO(MSG_LABEL_KERNEL, 0, 0), DRV_EPERM},
		     {MSG_INFO(FAULT_PAGE, 12, 0), DRV_EPERM},
		     {MSG_INFO(0xffff, 0, 0), DRV_EPERM}};
	serve();
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		refused(wrong[i].err, client.tcb, SYS_IPC_SEND, sends, wrong[i].info, 0, 0);
		refused(wrong[i].err, client.tcb, SYS_IPC_CALL, sends, wrong[i].info, 0, 0);
	}
	ask(MSG_INFO(MSG_LABEL_KERNEL - 1, 120, 0));
	server.buffer->reply = reply;
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		refused(wrong[i].err, server.tcb, SYS_IPC_REPLY, reply, wrong[i].info, 0, 0);
		refused(wrong[i].err, server.tcb, SYS_IPC_REPLY_RECV, receives, wrong[i].info,
			0, 0);
	}
}

static void without_a_buffer_nothing_is_sent_or_received(void **state)
{
	(void)state;
	done(bench.root, SYS_THREAD_BIND, client.thread, BIND_BUFFER, CAP_NULL, 0);
	done(bench.root, SYS_THREAD_BIND, server.thread, BIND_BUFFER, CAP_NULL, 0);
	refused(DRV_EFAULT, client.tcb, SYS_IPC_SEND, sends, 0, 0, 0);
	refused(DRV_EFAULT, client.tcb, SYS_IPC_CALL, sends, 0, 0, 0);
	refused(DRV_EFAULT, server.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_FOREVER, 0);
	refused(DRV_EFAULT, server.tcb, SYS_IPC_REPLY_RECV, receives, 0, 0, 0);
	cap_t audit = give(&client, bench.audit, RIGHT_READ, 0);
	refused(DRV_EFAULT, client.tcb, SYS_AUDIT, audit, 0, 0, 0);
}

static void a_call_without_a_reply_object_is_refused(void **state)
{
	(void)state;
	blocks(server.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_FOREVER, 0);
	refused(DRV_ENOTSUP, client.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, 0, 0), 0, 0);
	done(client.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	ask(MSG_INFO(1, 0, 0));
	refused(DRV_EINVAL, server.tcb, SYS_IPC_RECV, receives, receives, TIMEOUT_POLL, 0);
	assert_int_equal(call(server.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_POLL, 0),
			 DRV_ETIMEDOUT);
	assert_int_equal(answer(client.tcb), DRV_ENOTSUP);
}

static void every_wait_can_time_out(void **state)
{
	(void)state;
	client.buffer->timeout_ms = 5;
	ask(MSG_INFO(1, 0, 0));
	ticks(5);
	assert_int_equal(answer(client.tcb), BLOCKED);
	ticks_and_slice(1);
	assert_int_equal(answer(client.tcb), DRV_ETIMEDOUT);
	blocks(server.tcb, SYS_IPC_RECV, receives, reply, 2, 0);
	ticks_and_slice(3);
	assert_int_equal(answer(server.tcb), DRV_ETIMEDOUT);
	/* A reply after the caller gave up. */
	serve();
	ask(MSG_INFO(1, 0, 0));
	ticks_and_slice(6);
	assert_int_equal(answer(client.tcb), DRV_ETIMEDOUT);
	refused(DRV_EGONE, server.tcb, SYS_IPC_REPLY, reply, MSG_INFO(1, 0, 0), 0, 0);
	client.buffer->timeout_ms = TIMEOUT_POLL;
	refused(DRV_ETIMEDOUT, client.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	assert_int_equal(kernel.audit.timers, 0);
}

static void a_caller_learns_at_once_that_the_reply_object_died(void **state)
{
	(void)state;
	serve();
	ask(MSG_INFO(1, 0, 0));
	done(bench.root, SYS_CAP_REVOKE, reply_root, 0, 0, 0);
	assert_int_equal(answer(client.tcb), BLOCKED);
	done(bench.root, SYS_CAP_RELEASE, reply_root, 0, 0, 0);
	assert_int_equal(answer(client.tcb), DRV_EGONE);
	refused(DRV_EBADCAP, server.tcb, SYS_IPC_REPLY, reply, 0, 0, 0);
}

static void all_who_wait_at_a_dying_endpoint_learn_of_it(void **state)
{
	(void)state;
	process_t third = process_make(PRIORITY_MAX);
	cap_t also = give(&third, endpoint, RIGHT_WRITE, 78);
	ask(MSG_INFO(1, 0, 0));
	blocks(third.tcb, SYS_IPC_SEND, also, MSG_INFO(1, 0, 0), 0, 0);
	done(bench.root, SYS_CAP_REVOKE, endpoint, 0, 0, 0);
	assert_int_equal(answer(client.tcb), DRV_EGONE);
	assert_int_equal(answer(third.tcb), DRV_EGONE);
	assert_int_equal(kernel.audit.objects[CAP_ENDPOINT], 1);
	done(bench.root, SYS_CAP_RELEASE, endpoint, 0, 0, 0);
	assert_int_equal(kernel.audit.objects[CAP_ENDPOINT], 0);
}

static void revoking_one_capability_wakes_only_those_who_wait_through_it(void **state)
{
	(void)state;
	process_t third = process_make(PRIORITY_MAX);
	cap_t middle = done(bench.root, SYS_CAP_DERIVE, endpoint, RIGHT_WRITE, 9, 0);
	cap_t also = give(&third, middle, RIGHT_WRITE, 0);
	ask(MSG_INFO(1, 2, 0));
	blocks(third.tcb, SYS_IPC_SEND, also, MSG_INFO(1, 0, 0), 0, 0);
	done(bench.root, SYS_CAP_REVOKE, middle, 0, 0, 0);
	assert_int_equal(answer(third.tcb), DRV_EGONE);
	assert_int_equal(answer(client.tcb), BLOCKED);
	done(bench.root, SYS_CAP_REVOKE, middle, 0, 0, 0);
	assert_int_equal(answer(third.tcb), DRV_EGONE);
	/* What one of them wanted to send does not come any more. */
	call(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0);
	expect_message(server.tcb, 77, MSG_INFO(1, 2, 0), 11, 22);
	done(server.tcb, SYS_IPC_REPLY, reply, MSG_INFO(0, 0, 0), 0, 0);
	refused(DRV_ETIMEDOUT, server.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_POLL, 0);
}

static void cancelling_wakes_closes_and_reopens(void **state)
{
	(void)state;
	uint32_t gone = (uint32_t)DRV_EGONE;
	cap_t ep = endpoint;
	ask(MSG_INFO(1, 0, 0));
	refused(DRV_EINVAL, bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_REOPEN, gone, 0);
	refused(DRV_EINVAL, bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_WAITING, 0, 0);
	refused(DRV_EINVAL, bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_CLOSE, 5, 0);
	refused(DRV_EINVAL, bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_CLOSE, 0xffffffffu, 0);
	refused(DRV_EINVAL, bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_CLOSE,
		(uint32_t)(DRV_ERROR_LAST - 1), 0);
	refused(DRV_EINVAL, bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_REOPEN + 1, gone, 0);
	done(bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_WAITING, gone, 0);
	assert_int_equal(answer(client.tcb), DRV_EGONE);
	ask(MSG_INFO(1, 0, 0));
	done(bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_CLOSE, (uint32_t)DRV_EAGAIN, 0);
	assert_int_equal(answer(client.tcb), DRV_EAGAIN);
	refused(DRV_EAGAIN, client.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, 0, 0), 0, 0);
	refused(DRV_EAGAIN, client.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	serve();
	refused(DRV_EAGAIN, client.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	done(bench.root, SYS_ENDPOINT_CANCEL, ep, CANCEL_REOPEN, 0, 0);
	ask(MSG_INFO(1, 0, 0));
	assert_int_equal(answer(server.tcb), DRV_OK);
}

static void many_waiters_are_cancelled_in_several_passes(void **state)
{
	(void)state;
	process_t many[20];
	for (uint32_t i = 0; i < 20; i++) {
		many[i] = process_make(PRIORITY_MAX);
		cap_t own = give(&many[i], endpoint, RIGHT_WRITE, i + 1);
		blocks(many[i].tcb, SYS_IPC_SEND, own, MSG_INFO(1, 0, 0), 0, 0);
	}
	done(bench.root, SYS_ENDPOINT_CANCEL, endpoint, CANCEL_CLOSE, (uint32_t)DRV_EGONE, 0);
	for (uint32_t i = 0; i < 20; i++)
		assert_int_equal(answer(many[i].tcb), DRV_EGONE);
}

/* Nobody else is as urgent, so the machine takes the short way. */
static void root_stands_back(void)
{
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	bench_short_ways = 0;
}

static void the_short_way_does_what_the_long_one_does(void **state)
{
	(void)state;
	root_stands_back();
	client.buffer->timeout_ms = server.buffer->timeout_ms = 50;
	client.buffer->words[5] = 0xabcd;
	serve();
	for (uint32_t i = 0; i < 3; i++) {
		ask(MSG_INFO(5, 6, 0));
		assert_ptr_equal(kernel.sched.current, server.tcb);
		expect_message(server.tcb, 77, MSG_INFO(5, 6, 0), 11, 22);
		assert_int_equal(server.buffer->words[5], 0xabcd);
		server.buffer->reply = reply;
		blocks(server.tcb, SYS_IPC_REPLY_RECV, receives, MSG_INFO(6, 2, 0), 3, i);
		assert_ptr_equal(kernel.sched.current, client.tcb);
		expect_message(client.tcb, 0, MSG_INFO(6, 2, 0), 3, i);
		assert_int_equal(kernel.audit.timers, 1);
	}
	assert_int_equal(bench_short_ways, 6);
	ask(MSG_INFO(5, 0, 0));
	ticks_and_slice(51);
	assert_int_equal(answer(client.tcb), DRV_ETIMEDOUT);
}

static void the_short_way_refuses_what_the_long_one_does(void **state)
{
	(void)state;
	cap_t weak = give(&client, endpoint, RIGHT_READ, 0);
	root_stands_back();
	serve();
	refused(DRV_EPERM, client.tcb, SYS_IPC_CALL, sends, MSG_INFO(FAULT_PAGE, 0, 0), 0, 0);
	refused(DRV_EMSGSIZE, client.tcb, SYS_IPC_CALL, sends, MSG_INFO(0, 121, 0), 0, 0);
	refused(DRV_EPERM, client.tcb, SYS_IPC_CALL, weak, MSG_INFO(0, 0, 0), 0, 0);
	refused(DRV_EBADCAP, client.tcb, SYS_IPC_CALL, sends + 64, MSG_INFO(0, 0, 0), 0, 0);
	client.buffer->caps[0] = sends;
	refused(DRV_ENOTSUP, client.tcb, SYS_IPC_CALL, sends, MSG_INFO(0, 0, 1), 0, 0);
	assert_int_equal(bench_short_ways, 0);
	ask(MSG_INFO(0, 0, 0));
	assert_int_equal(bench_short_ways, 1);
	server.buffer->reply = reply;
	refused(DRV_EPERM, server.tcb, SYS_IPC_REPLY_RECV, receives, MSG_INFO(FAULT_EXIT, 0, 0),
		0, 0);
	refused(DRV_EMSGSIZE, server.tcb, SYS_IPC_REPLY_RECV, receives, MSG_INFO(0, 121, 0), 0,
		0);
	server.buffer->reply = receives;
	refused(DRV_EINVAL, server.tcb, SYS_IPC_REPLY_RECV, receives, MSG_INFO(0, 0, 0), 0, 0);
	assert_int_equal(bench_short_ways, 1);
}

static void a_client_without_a_buffer_gets_two_words(void **state)
{
	(void)state;
	root_stands_back();
	serve();
	ask(MSG_INFO(0, 0, 0));
	done(bench.root, SYS_THREAD_BIND, client.thread, BIND_BUFFER, CAP_NULL, 0);
	server.buffer->reply = reply;
	server.buffer->timeout_ms = TIMEOUT_FOREVER;
	blocks(server.tcb, SYS_IPC_REPLY_RECV, receives, MSG_INFO(6, 9, 0), 3, 4);
	expect_message(client.tcb, 0, MSG_INFO(6, 2, 0), 3, 4);
	assert_int_equal(bench_short_ways, 2);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_call_reaches_a_waiting_server_and_its_answer_the_client),
	    TEST(queued_senders_are_served_in_order),
	    TEST(answering_and_waiting_again_is_one_call),
	    TEST(rights_decide_who_sends_and_who_receives),
	    TEST(message_sizes_and_kernel_labels_are_refused),
	    TEST(without_a_buffer_nothing_is_sent_or_received),
	    TEST(a_call_without_a_reply_object_is_refused),
	    TEST(every_wait_can_time_out),
	    TEST(a_caller_learns_at_once_that_the_reply_object_died),
	    TEST(all_who_wait_at_a_dying_endpoint_learn_of_it),
	    TEST(revoking_one_capability_wakes_only_those_who_wait_through_it),
	    TEST(cancelling_wakes_closes_and_reopens),
	    TEST(many_waiters_are_cancelled_in_several_passes),
	    TEST(the_short_way_does_what_the_long_one_does),
	    TEST(the_short_way_refuses_what_the_long_one_does),
	    TEST(a_client_without_a_buffer_gets_two_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
