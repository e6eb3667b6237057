/* SPDX-License-Identifier: BSD-2-Clause */
/* What messages bring along: capabilities, and what is told of faults. */
#include "ipc_scene.h"

static void a_sender_that_lost_its_buffer_cannot_hand_capabilities_over(void **state)
{
	(void)state;
	client.buffer->caps[0] = sends;
	client.buffer->timeout_ms = TIMEOUT_FOREVER;
	blocks(client.tcb, SYS_IPC_SEND, sends, MSG_INFO(0, 0, 1), 0, 0);
	done(bench.root, SYS_THREAD_BIND, client.thread, BIND_BUFFER, CAP_NULL, 0);
	err_t err = call(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0);
	assert_int_equal(err, DRV_ETIMEDOUT);
	assert_int_equal(answer(client.tcb), DRV_EFAULT);
}

static void capabilities_travel_and_stay_derived(void **state)
{
	(void)state;
	cap_t pio = give(&client, bench.pio, RIGHT_READ | RIGHT_GRANT, PIO_SCOPE(0x60, 0x64));
	cap_t own = give(&client, endpoint, RIGHT_WRITE, 5);
	client.buffer->caps[0] = pio;
	client.buffer->caps[1] = own;
	server.buffer->accept = 2;
	serve();
	ask(MSG_INFO(3, 0, 2));
	expect_message(server.tcb, 77, MSG_INFO(3, 0, 2), 0, 0);
	cap_t got = server.buffer->caps[0];
	done(server.tcb, SYS_CAP_INFO, got, 0, 0, 0);
	assert_int_equal(result[0], CAP_PIO);
	assert_int_equal(result[1], RIGHT_READ | RIGHT_GRANT);
	assert_int_equal(result[2], PIO_SCOPE(0x60, 0x64));
	done(server.tcb, SYS_CAP_INFO, server.buffer->caps[1], 0, 0, 0);
	assert_int_equal(result[2], 5);
	/* And the other way, with the answer. */
	client.buffer->accept = 1;
	server.buffer->caps[0] = got;
	done(server.tcb, SYS_IPC_REPLY, reply, MSG_INFO(0, 0, 1), 0, 0);
	cap_t back = client.buffer->caps[0];
	assert_true(alive(client.tcb, back));
	done(bench.root, SYS_CAP_REVOKE, bench.pio, 0, 0, 0);
	assert_false(alive(client.tcb, back) || alive(server.tcb, got));
}

/* Or who was given a device could give it to somebody else, and it would outlive his end. */
static void what_belongs_to_a_device_is_sent_with_grant_alone(void **state)
{
	(void)state;
	const cap_t devices[] = {bench.pio, bench.mmio, bench.irq};
	server.buffer->accept = 1;
	for (uint32_t i = 0; i < 3; i++) {
		serve();
		client.buffer->caps[0] = give(&client, devices[i], RIGHT_READ, 0);
		refused(DRV_EPERM, client.tcb, SYS_IPC_SEND, sends, MSG_INFO(3, 0, 1), 0, 0);
		client.buffer->caps[0] = give(&client, devices[i], RIGHT_READ | RIGHT_GRANT, 0);
		done(client.tcb, SYS_IPC_SEND, sends, MSG_INFO(3, 0, 1), 0, 0);
		assert_int_equal(answer(server.tcb), DRV_OK);
	}
}

static void a_transfer_that_cannot_be_moves_nothing(void **state)
{
	(void)state;
	cap_t pio = give(&client, bench.pio, RIGHT_READ | RIGHT_GRANT, PIO_SCOPE(0x60, 0x64));
	cap_t no_grant = give(&client, endpoint, RIGHT_WRITE, 1);
	cap_t memory =
	    done(bench.root, SYS_UNTYPED_RETYPE, bench.untyped, CAP_UNTYPED, 12, client.cspace);
	uint32_t one = MSG_INFO(3, 0, 1), two = MSG_INFO(3, 0, 2);
	client.buffer->caps[0] = pio;
	client.buffer->caps[1] = pio + 40;
	server.buffer->accept = 1;
	serve();
	refused(DRV_EPERM, client.tcb, SYS_IPC_SEND, no_grant, one, 0, 0);
	refused(DRV_EBADCAP, client.tcb, SYS_IPC_SEND, sends, two, 0, 0);
	client.buffer->caps[1] = pio;
	refused(DRV_ENOTSUP, client.tcb, SYS_IPC_CALL, sends, two, 0, 0);
	client.buffer->caps[0] = memory;
	refused(DRV_EINVAL, client.tcb, SYS_IPC_SEND, sends, one, 0, 0);
	client.buffer->caps[0] = pio;
	server.buffer->accept = 4;
	cspace_t *cspace = thread_cspace(server.tcb);
	while (cspace->free_count > 1)
		give(&server, bench.pio, RIGHT_READ, 0);
	refused(DRV_ENOMEM, client.tcb, SYS_IPC_SEND, sends, two, 0, 0);
	done(client.tcb, SYS_IPC_SEND, sends, one, 0, 0);
	assert_int_equal(answer(server.tcb), DRV_OK);
}

static void a_queued_sender_whose_capabilities_are_not_taken_is_told(void **state)
{
	(void)state;
	client.buffer->caps[0] = sends;
	ask(MSG_INFO(3, 0, 1));
	server.buffer->accept = 0;
	assert_int_equal(call(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0),
			 DRV_ETIMEDOUT);
	assert_int_equal(answer(client.tcb), DRV_ENOTSUP);
}

/* -- Faults. ---------------------------------------------------------------------------- */

static void fault(tcb_t *tcb, uint32_t label)
{
	switch_to(tcb);
	kernel_on_fault(label, 0x1234, 6);
	fake_leave();
	check_all();
}

static void a_fault_is_told_and_the_answer_resumes(void **state)
{
	(void)state;
	done(bench.root, SYS_THREAD_BIND, client.thread, BIND_FAULT, endpoint, 99);
	serve();
	client.tcb->frame.eip = 0x400100;
	client.tcb->frame.ecx = 7;
	fault(client.tcb, FAULT_PAGE);
	expect_message(server.tcb, 99, MSG_INFO(FAULT_PAGE, FAULT_WORDS, 0), 0x1234, 6);
	thread_registers_t *registers = (void *)&server.buffer->words[FAULT_WORD_REGISTERS];
	assert_int_equal(registers->eip, 0x400100);
	assert_int_equal(registers->ecx, 7);
	registers->ecx = 8;
	registers->eflags = 0xffffffffu;
	done(server.tcb, SYS_IPC_REPLY, reply, MSG_INFO(0, FAULT_WORDS, 0),
	     FAULT_REPLY_SET_REGISTERS, 0);
	assert_int_equal(client.tcb->state, THREAD_READY);
	assert_int_equal(client.tcb->frame.ecx, 8);
	assert_int_equal(client.tcb->frame.eflags & ~0x0cd5u, 0x202);
	/* Queued, then answered without registers. */
	fault(client.tcb, FAULT_OPCODE);
	call(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0);
	expect_message(server.tcb, 99, MSG_INFO(FAULT_OPCODE, FAULT_WORDS, 0), 0x1234, 6);
	registers->ecx = 9;
	done(server.tcb, SYS_IPC_REPLY, reply, MSG_INFO(0, FAULT_WORDS, 0), 0, 0);
	assert_int_equal(client.tcb->frame.ecx, 8);
}

static void a_fault_that_nobody_can_be_told_stops_the_thread(void **state)
{
	(void)state;
	fault(client.tcb, FAULT_PAGE);
	assert_int_equal(client.tcb->state, THREAD_STOPPED);
	done(bench.root, SYS_THREAD_RESUME, client.thread, 0, 0, 0);
	cap_t derived = done(bench.root, SYS_CAP_DERIVE, endpoint, RIGHT_WRITE, 0, 0);
	done(bench.root, SYS_THREAD_BIND, client.thread, BIND_FAULT, derived, 3);
	fault(client.tcb, FAULT_PAGE);
	assert_int_equal(client.tcb->state, THREAD_SENDING);
	done(bench.root, SYS_CAP_REVOKE, derived, 0, 0, 0);
	assert_int_equal(client.tcb->state, THREAD_STOPPED);
	assert_int_equal(client.tcb->frame.eax == (uint32_t)DRV_EGONE, 0);
}

static void an_exit_is_told_with_its_code(void **state)
{
	(void)state;
	done(bench.root, SYS_THREAD_BIND, client.thread, BIND_FAULT, endpoint, 99);
	serve();
	blocks(client.tcb, SYS_THREAD_EXIT, 42, 0, 0, 0);
	expect_message(server.tcb, 99, MSG_INFO(FAULT_EXIT, FAULT_WORDS, 0), 0, 42);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_sender_that_lost_its_buffer_cannot_hand_capabilities_over),
	    TEST(capabilities_travel_and_stay_derived),
	    TEST(what_belongs_to_a_device_is_sent_with_grant_alone),
	    TEST(a_transfer_that_cannot_be_moves_nothing),
	    TEST(a_queued_sender_whose_capabilities_are_not_taken_is_told),
	    TEST(a_fault_is_told_and_the_answer_resumes),
	    TEST(a_fault_that_nobody_can_be_told_stops_the_thread),
	    TEST(an_exit_is_told_with_its_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
