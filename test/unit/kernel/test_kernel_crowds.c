/* SPDX-License-Identifier: BSD-2-Clause */
/* Many at once, and one after the other: crowds that wait through one capability, and calls
 * that are interrupted. Each test kills a planted bug of test/mutate/mutants.txt that the other
 * tests let pass. */
#include "pair.h"

#define LOW_PAGE 0x000a0000u

/* -- Many at once. ---------------------------------------------------------------------- */

static void all_who_wait_through_a_space_that_goes_learn_of_it(void **state)
{
	(void)state;
	tcb_t *second = thread_in(&p);
	tcb_t *third = thread_in(&p);
	cap_t handle = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_FOREVER, 0, 0);
	blocks(second, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_FOREVER, 0, 0);
	blocks(third, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_FOREVER, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, p.cspace, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, p.cspace, 0, 0, 0);
	assert_int_equal(answer(p.tcb), DRV_EGONE);
	assert_int_equal(answer(second), DRV_EGONE);
	assert_int_equal(answer(third), DRV_EGONE);
	/* Who has waited longest is woken first. */
	assert_ptr_equal(p.tcb->next, second);
	assert_ptr_equal(second->next, third);
}

static void all_who_wait_through_a_revoked_capability_learn_of_it(void **state)
{
	(void)state;
	tcb_t *second = thread_in(&p);
	cap_t root = make(CAP_NOTIFICATION, 0);
	cap_t handle = give(&p, root, RIGHT_READ, 0);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_FOREVER, 0, 0);
	blocks(second, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_FOREVER, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, root, 0, 0, 0);
	assert_int_equal(answer(p.tcb), DRV_EGONE);
	assert_int_equal(answer(second), DRV_EGONE);
}

#define CALLERS	     20u
#define REFUSED_ONCE 4u /* at most, and at least one: refusing costs 300, waking 170 */

/* Queues callers at the endpoint; how many of them wait is told by count_blocked(). */
static tcb_t *callers[CALLERS];

static void queue_callers(cap_t endpoint, uint32_t info)
{
	cap_t handle = give(&p, endpoint, RIGHT_WRITE, 0);
	for (uint32_t i = 0; i < CALLERS; i++) {
		callers[i] = thread_in(&p);
		blocks(callers[i], SYS_IPC_CALL, handle, info, 0, 0);
	}
}

static uint32_t count_blocked(void)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < CALLERS; i++)
		count += answer(callers[i]) == BLOCKED;
	return count;
}

static void many_callers_are_refused_in_several_calls(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	queue_callers(endpoint, MSG_INFO(1, 0, 0));
	for (uint32_t left = CALLERS; left;) {
		err_t err = call_once(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_POLL, 0);
		uint32_t now = count_blocked();
		assert_int_equal(err, now ? DRV_EAGAIN : DRV_ETIMEDOUT);
		assert_in_range(left - now, 1, REFUSED_ONCE);
		left = now;
	}
	assert_int_equal(answer(callers[CALLERS - 1]), DRV_ENOTSUP);
}

static uint32_t refused_at_once(uint32_t timeout_ms)
{
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	((message_buffer_t *)object_of(p.frame))->timeout_ms = timeout_ms;
	queue_callers(endpoint, MSG_INFO(1, 0, 0));
	err_t err = call_once(q.tcb, SYS_IPC_RECV, give(&q, endpoint, RIGHT_READ, 0), CAP_NULL,
			      TIMEOUT_POLL, 0);
	assert_int_equal(err, DRV_EAGAIN);
	return CALLERS - count_blocked();
}

static void fewer_are_refused_at_once_if_they_have_time_limits(void **state)
{
	uint32_t without = refused_at_once(TIMEOUT_FOREVER);
	pair_setup(state);
	assert_in_range(refused_at_once(1000), 1, without - 1);
}

static void who_is_behind_many_that_are_refused_is_received(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	queue_callers(endpoint, MSG_INFO(1, 0, 0));
	process_t good = process_make(PRIORITY_MAX);
	blocks(good.tcb, SYS_IPC_SEND, give(&good, endpoint, RIGHT_WRITE, 0), MSG_INFO(7, 1, 0),
	       77, 0);
	done(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, 0);
	assert_int_equal(result[2], 77);
	assert_int_equal(count_blocked(), 0);
	blocks(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, 0);
}

static void who_is_signalled_while_others_are_refused_hears_of_it_first(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	cap_t bound = make(CAP_NOTIFICATION, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_NOTIFICATION, bound, 0);
	queue_callers(endpoint, MSG_INFO(1, 0, 0));
	assert_int_equal(call_once(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, 0),
			 DRV_EAGAIN);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, bound, 4, 0, 0);
	uint32_t before = count_blocked();
	assert_int_equal(call_once(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, 0),
			 DRV_OK);
	assert_int_equal(result[0], BADGE_NOTIFICATION);
	assert_int_equal(result[2], 4);
	assert_int_equal(count_blocked(), before);
}

static tcb_t *call_from_another(cap_t endpoint)
{
	process_t client = process_make(PRIORITY_MAX);
	client.buffer->accept = MSG_CAPS;
	blocks(client.tcb, SYS_IPC_CALL, give(&client, endpoint, RIGHT_WRITE, 0),
	       MSG_INFO(1, 0, 0), 0, 0);
	return client.tcb;
}

/* A server's answer, behind which more are to be refused than may be at once: they want to send
 * capabilities and must not. */
static cap_t receives, reply;

static void answer_with(uint32_t info)
{
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	receives = give(&q, endpoint, RIGHT_READ, 0);
	reply = give(&q, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
	tcb_t *client = call_from_another(endpoint);
	done(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0);
	queue_callers(endpoint, MSG_INFO(1, 0, 1));
	q.buffer->reply = reply;
	q.buffer->timeout_ms = TIMEOUT_POLL;
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		q.buffer->caps[i] = receives;
	assert_int_equal(call_once(q.tcb, SYS_IPC_REPLY_RECV, receives, info, 111, 0),
			 DRV_EAGAIN);
	assert_int_equal(answer(client), DRV_OK);
	assert_int_equal(client->frame.edi, 111);
	assert_in_range(count_blocked(), CALLERS - REFUSED_ONCE, CALLERS - 1);
}

static void who_refuses_behind_its_answer_has_answered(void **state)
{
	(void)state;
	answer_with(MSG_INFO(9, 1, 0));
	assert_int_equal(call(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0),
			 DRV_ETIMEDOUT);
	assert_int_equal(count_blocked(), 0);
}

static void the_longer_an_answer_the_fewer_are_refused_behind_it(void **state)
{
	answer_with(MSG_INFO(9, 1, 0));
	uint32_t behind_a_word = count_blocked();
	pair_setup(state);
	answer_with(MSG_INFO(9, MSG_WORDS, 0));
	assert_true(count_blocked() >= behind_a_word);
	pair_setup(state);
	answer_with(MSG_INFO(9, MSG_WORDS, MSG_CAPS));
	assert_true(count_blocked() > behind_a_word);
}

static void an_answer_is_given_once_though_another_takes_the_reply_object(void **state)
{
	(void)state;
	cap_t other = make(CAP_ENDPOINT, 0);
	tcb_t *client = call_from_another(other);
	cap_t takes = give(&q, other, RIGHT_READ, 0);
	answer_with(MSG_INFO(9, 1, 0));
	done(thread_in(&q), SYS_IPC_RECV, takes, reply, TIMEOUT_POLL, 0);
	assert_int_equal(call(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_POLL, 0),
			 DRV_EBUSY);
	assert_int_equal(answer(client), BLOCKED);
	done(q.tcb, SYS_IPC_REPLY, reply, MSG_INFO(9, 1, 0), 222, 0);
	assert_int_equal(answer(client), DRV_OK);
	assert_int_equal(result[2], 222);
}

static void many_callers_are_cancelled_in_several_calls(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t late = give(&q, endpoint, RIGHT_WRITE, 0);
	queue_callers(endpoint, MSG_INFO(1, 0, 0));
	assert_int_equal(call_once(bench.root, SYS_ENDPOINT_CANCEL, endpoint, CANCEL_CLOSE,
				   (uint32_t)DRV_EGONE, 0),
			 DRV_EAGAIN);
	assert_in_range(count_blocked(), CALLERS - WORK_WINDOW / COST_OF_WAKING - 1,
			CALLERS - 1);
	refused(DRV_EGONE, q.tcb, SYS_IPC_CALL, late, MSG_INFO(1, 0, 0), 0, 0);
	done(bench.root, SYS_ENDPOINT_CANCEL, endpoint, CANCEL_CLOSE, (uint32_t)DRV_EGONE, 0);
	assert_int_equal(count_blocked(), 0);
	for (uint32_t i = 0; i < CALLERS; i++)
		assert_int_equal(answer(callers[i]), DRV_EGONE);
}

/* -- Work. ------------------------------------------------------------------------------ */

static void all_who_wait_through_a_released_capability_learn_of_it(void **state)
{
	(void)state;
	tcb_t *second = thread_in(&p);
	tcb_t *third = thread_in(&p);
	cap_t handle = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_READ, 0);
	blocks(p.tcb, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_FOREVER, 0, 0);
	blocks(second, SYS_NOTIFICATION_WAIT, handle, TIMEOUT_FOREVER, 0, 0);
	done(third, SYS_CAP_RELEASE, handle, 0, 0, 0);
	assert_int_equal(answer(p.tcb), DRV_EGONE);
	assert_int_equal(answer(second), DRV_EGONE);
}

static void a_search_of_a_large_space_takes_interrupts(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 150; i++)
		make(CAP_NOTIFICATION, 0);
	fake_count_from_here();
	assert_int_equal(call(bench.root, SYS_CAP_ACQUIRE, CAP_MMIO, LOW_PAGE, PAGE_SIZE, 0),
			 DRV_EPERM);
	assert_in_range(fake.windows, 4, 10);
}

/* -- Preempted. ------------------------------------------------------------------------- */

#define LINE 5u

static void fire_once(void)
{
	if (fake.windows == 1)
		kernel_on_interrupt(LINE);
}

/* The worker is p; in the first window comes an interrupt for q, which is more urgent. */
static void preempt_in_first_window(void)
{
	cap_t line =
	    done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(LINE, LINE), 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 5, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_CSPACE, bench.cspace, 0);
	blocks(q.tcb, SYS_CAP_IRQ_WAIT, line, TIMEOUT_FOREVER, 0, 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	assert_ptr_equal(kernel.sched.current, p.tcb);
	assert_true(kernel.sched.settled);
	fake_count_from_here();
	fake.window = fire_once;
}

static void preempted(uint32_t number, const uint32_t arg[4])
{
	preempt_in_first_window();
	uint32_t eip = p.tcb->frame.eip;
	bench_enter(p.tcb, number, arg);
	assert_int_equal(p.tcb->frame.eip, eip);
	assert_int_equal(answer(q.tcb), DRV_OK);
	fake.window = NULL;
	fake_leave();
	assert_ptr_equal(kernel.sched.current, q.tcb);
	check_all();
}

static void a_search_gives_way_to_a_more_urgent_thread(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 100; i++)
		make(CAP_NOTIFICATION, 0);
	preempted(SYS_CAP_ACQUIRE, (const uint32_t[4]){CAP_MMIO, LOW_PAGE, PAGE_SIZE});
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	assert_int_equal(call(p.tcb, SYS_CAP_ACQUIRE, CAP_MMIO, LOW_PAGE, PAGE_SIZE, 0),
			 DRV_EPERM);
}

static void a_list_of_a_space_gives_way_to_a_more_urgent_thread(void **state)
{
	(void)state;
	cap_t space = make(CAP_CSPACE, CSPACE_BITS_MIN + 2);
	cspace_t *table = object_of(space);
	cap_t top = make(CAP_NOTIFICATION, 0);
	for (uint32_t i = 0; i < 100; i++)
		slot_derive(cspace_take(table), slot_of(bench.root, top), RW, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, top, 0, 0, 0);
	preempted(SYS_CSPACE_LIST, (const uint32_t[4]){space, 1});
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	assert_int_equal(call(p.tcb, SYS_CSPACE_LIST, space, 1, 0, 0), DRV_ENOENT);
}

static void what_was_zeroed_for_a_larger_object_is_zero_for_a_smaller(void **state)
{
	(void)state;
	cap_t untyped = make(CAP_UNTYPED, 16);
	slot_t *slot = slot_of(bench.root, untyped);
	memset(arch_pointer(slot->object), 0xa5, 1u << 16);
	preempted(SYS_UNTYPED_RETYPE, (const uint32_t[4]){untyped, CAP_CSPACE, 8, CAP_NULL});
	assert_int_equal(slot->zeroed, 2 * PAGE_SIZE);
	cap_t small = done(q.tcb, SYS_UNTYPED_RETYPE, untyped, CAP_FRAME, 0, CAP_NULL);
	assert_int_equal(slot->zeroed, 2 * PAGE_SIZE);
	const uint8_t *bytes = object_of(small);
	for (uint32_t i = 0; i < PAGE_SIZE; i++)
		assert_int_equal(bytes[i], 0);
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	done(p.tcb, SYS_UNTYPED_RETYPE, untyped, CAP_CSPACE, 8, CAP_NULL);
}

static void a_thread_that_ends_with_its_address_space_owes_the_rest_of_it(void **state)
{
	(void)state;
	cap_t self = give(&p, p.thread, RW, 0);
	uint32_t spaces = kernel.audit.objects[CAP_VSPACE];
	done(bench.root, SYS_CAP_RELEASE, p.vspace, 0, 0, 0);
	assert_int_equal(kernel.audit.objects[CAP_VSPACE], spaces);
	blocks(p.tcb, SYS_THREAD_BIND, self, BIND_VSPACE, CAP_NULL, 0);
	assert_int_equal(p.tcb->state, THREAD_STOPPED);
	assert_true(bench_owed());
	assert_int_equal(kernel.audit.objects[CAP_VSPACE], spaces);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_VSPACE, q.vspace, 0);
	done(bench.root, SYS_THREAD_RESUME, p.thread, 0, 0, 0);
	done(p.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	assert_false(bench_owed());
	assert_int_equal(kernel.audit.objects[CAP_VSPACE], spaces - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(all_who_wait_through_a_space_that_goes_learn_of_it),
	    TEST(all_who_wait_through_a_revoked_capability_learn_of_it),
	    TEST(many_callers_are_refused_in_several_calls),
	    TEST(fewer_are_refused_at_once_if_they_have_time_limits),
	    TEST(who_is_behind_many_that_are_refused_is_received),
	    TEST(who_is_signalled_while_others_are_refused_hears_of_it_first),
	    TEST(who_refuses_behind_its_answer_has_answered),
	    TEST(the_longer_an_answer_the_fewer_are_refused_behind_it),
	    TEST(an_answer_is_given_once_though_another_takes_the_reply_object),
	    TEST(many_callers_are_cancelled_in_several_calls),
	    TEST(all_who_wait_through_a_released_capability_learn_of_it),
	    TEST(a_search_of_a_large_space_takes_interrupts),
	    TEST(a_search_gives_way_to_a_more_urgent_thread),
	    TEST(a_list_of_a_space_gives_way_to_a_more_urgent_thread),
	    TEST(what_was_zeroed_for_a_larger_object_is_zero_for_a_smaller),
	    TEST(a_thread_that_ends_with_its_address_space_owes_the_rest_of_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
