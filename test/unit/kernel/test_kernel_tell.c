/* SPDX-License-Identifier: BSD-2-Clause */
/* A signal that takes a message along: who gets it, and what else of the two is left as it was.
 */
#include "ipc_scene.h"

#define BITS 8u /* that the client's capability signals */

static cap_t notification, tells;

static int bound(void **state)
{
	setup(state);
	notification = make(CAP_NOTIFICATION, 0);
	tells = give(&client, notification, RIGHT_WRITE, BITS);
	done(bench.root, SYS_THREAD_BIND, server.thread, BIND_NOTIFICATION, notification, 0);
	client.buffer->words[2] = 0xabcd;
	server.buffer->words[2] = 0x1111;
	return 0;
}

/* Did the message go along? */
static bool told(uint32_t info, uint32_t bits)
{
	done(client.tcb, SYS_NOTIFICATION_TELL, tells, info, bits, 22);
	return result[0] == 1;
}

static void who_receives_gets_the_message_with_the_bits(void **state)
{
	(void)state;
	serve();
	assert_true(told(MSG_INFO(5, 3, 0), 64));
	expect_message(server.tcb, BADGE_NOTIFICATION, MSG_INFO(5, 3, 0), BITS, 22);
	assert_int_equal(server.buffer->words[2], 0xabcd);
	assert_int_equal(((notification_t *)object_of(notification))->pending, 0);
	assert_null(((reply_t *)object_of(reply_root))->waiter);
	assert_int_equal(client.tcb->signals, 1);
	assert_int_equal(client.tcb->messages, 0);
}

static void a_short_message_takes_nothing_else_along(void **state)
{
	(void)state;
	serve();
	assert_true(told(MSG_INFO(5, 1, 0), 0));
	expect_message(server.tcb, BADGE_NOTIFICATION, MSG_INFO(5, 1, 0), BITS, 0);
	assert_int_equal(server.buffer->words[2], 0x1111);
	serve();
	assert_true(told(MSG_INFO(5, MSG_WORDS, 0), 0));
	assert_memory_equal(&server.buffer->words[2], &client.buffer->words[2],
			    4 * (MSG_WORDS - 2));
}

static void who_does_not_receive_gets_the_bits_alone_and_later(void **state)
{
	(void)state;
	assert_false(told(MSG_INFO(5, 3, 0), 0));
	assert_int_equal(server.buffer->words[2], 0x1111);
	call(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	expect_message(server.tcb, BADGE_NOTIFICATION, 0, BITS, 0);
	assert_int_equal(client.tcb->signals, 1);
}

static void the_second_one_waits_as_bits(void **state)
{
	(void)state;
	serve();
	assert_true(told(MSG_INFO(5, 3, 0), 0));
	client.buffer->words[2] = 0xdcba;
	assert_false(told(MSG_INFO(6, 3, 0), 0));
	assert_int_equal(server.buffer->words[2], 0xabcd);
	assert_int_equal(answer(server.tcb), DRV_OK);
	assert_int_equal(result[1], MSG_INFO(5, 3, 0));
	call(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	expect_message(server.tcb, BADGE_NOTIFICATION, 0, BITS, 0);
}

static void who_waits_for_the_notification_itself_gets_bits(void **state)
{
	(void)state;
	process_t third = process_make(PRIORITY_MAX);
	cap_t waits = give(&third, notification, RIGHT_READ, 0);
	serve();
	blocks(third.tcb, SYS_NOTIFICATION_WAIT, waits, TIMEOUT_FOREVER, 0, 0);
	assert_false(told(MSG_INFO(5, 3, 0), 0));
	assert_int_equal(answer(third.tcb), DRV_OK);
	assert_int_equal(result[0], BITS);
	assert_int_equal(answer(server.tcb), BLOCKED);
	assert_int_equal(server.buffer->words[2], 0x1111);
}

static void without_a_badge_the_caller_names_the_bits_and_none_wake_nobody(void **state)
{
	(void)state;
	cap_t any = give(&client, notification, RIGHT_WRITE, 0);
	serve();
	done(client.tcb, SYS_NOTIFICATION_TELL, any, MSG_INFO(5, 3, 0), 0, 22);
	assert_int_equal(result[0], 0);
	assert_int_equal(answer(server.tcb), BLOCKED);
	assert_int_equal(server.buffer->words[2], 0x1111);
	done(client.tcb, SYS_NOTIFICATION_TELL, any, MSG_INFO(5, 3, 0), 6, 22);
	assert_int_equal(result[0], 1);
	expect_message(server.tcb, BADGE_NOTIFICATION, MSG_INFO(5, 3, 0), 6, 22);
}

static void a_receiver_without_a_buffer_gets_two_words(void **state)
{
	(void)state;
	serve();
	done(bench.root, SYS_THREAD_BIND, server.thread, BIND_BUFFER, CAP_NULL, 0);
	assert_true(told(MSG_INFO(5, 9, 0), 0));
	expect_message(server.tcb, BADGE_NOTIFICATION, MSG_INFO(5, 2, 0), BITS, 22);
}

static void nothing_is_told_that_is_no_message(void **state)
{
	(void)state;
	serve();
	refused(DRV_EMSGSIZE, client.tcb, SYS_NOTIFICATION_TELL, tells, MSG_INFO(5, 3, 1), 0,
		0);
	refused(DRV_EMSGSIZE, client.tcb, SYS_NOTIFICATION_TELL, tells,
		MSG_INFO(5, MSG_WORDS + 1, 0), 0, 0);
	refused(DRV_EPERM, client.tcb, SYS_NOTIFICATION_TELL, tells, MSG_INFO(FAULT_EXIT, 3, 0),
		0, 0);
	refused(DRV_EINVAL, client.tcb, SYS_NOTIFICATION_TELL, sends, MSG_INFO(5, 3, 0), 0, 0);
	cap_t reads = give(&client, notification, RIGHT_READ, 0);
	refused(DRV_EPERM, client.tcb, SYS_NOTIFICATION_TELL, reads, MSG_INFO(5, 3, 0), 0, 0);
	done(bench.root, SYS_THREAD_BIND, client.thread, BIND_BUFFER, CAP_NULL, 0);
	refused(DRV_EFAULT, client.tcb, SYS_NOTIFICATION_TELL, tells, MSG_INFO(5, 1, 0), 0, 0);
	assert_int_equal(answer(server.tcb), BLOCKED);
}

static void a_signal_says_when_it_was_given_or_taken(void **state)
{
	(void)state;
	serve();
	fake.time_us = 5432999;
	done(client.tcb, SYS_NOTIFICATION_SIGNAL, tells, BITS, 0, 0);
	fake.time_us = 6000000;
	expect_message(server.tcb, BADGE_NOTIFICATION, 0, BITS, 5432);
	done(client.tcb, SYS_NOTIFICATION_SIGNAL, tells, BITS, 0, 0);
	fake.time_us = ((uint64_t)UINT32_MAX + 8) * 1000;
	call(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	expect_message(server.tcb, BADGE_NOTIFICATION, 0, BITS, 7);
}

#define TEST(name) cmocka_unit_test_setup(name, bound)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_receives_gets_the_message_with_the_bits),
	    TEST(a_short_message_takes_nothing_else_along),
	    TEST(who_does_not_receive_gets_the_bits_alone_and_later),
	    TEST(the_second_one_waits_as_bits),
	    TEST(who_waits_for_the_notification_itself_gets_bits),
	    TEST(without_a_badge_the_caller_names_the_bits_and_none_wake_nobody),
	    TEST(a_receiver_without_a_buffer_gets_two_words),
	    TEST(nothing_is_told_that_is_no_message),
	    TEST(a_signal_says_when_it_was_given_or_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
