/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects that lost their last capability: who ended them takes them apart, and until then they
 * keep their memory. */
#include "worker.h"

#define TABLE_SLOTS 4094u

static cap_t memory, full;

/* A full capability space, alone in its memory. */
static void make_full(void)
{
	memory = make(CAP_UNTYPED, CSPACE_BITS_MAX + SLOT_BITS);
	full = make_from(memory, CAP_CSPACE, CSPACE_BITS_MAX);
	cspace_t *cspace = object_of(full);
	while (cspace->free_count)
		slot_derive(cspace_take(cspace), slot_of(bench.root, top), RW, 0, 0);
	assert_int_equal(notifications(), TABLE_SLOTS + 1);
}

static void destroying_a_full_table_is_bounded_too(void **state)
{
	(void)state;
	make_full();
	root_stands_back();
	start(worker.tcb, SYS_CAP_REVOKE, memory);
	assert_int_equal(answer(worker.tcb), DRV_OK);
	assert_int_equal(notifications(), 1);
	assert_in_range(fake.most_touches, 1, MOST_TOUCHES);
	assert_true(fake.windows > TABLE_SLOTS / 16);
	check_all();
}

/* The worker releases the last capability of the full space, and the urgent thread goes on
 * before that is taken apart. */
static void stop_while_the_worker_pays(void)
{
	make_full();
	wake_after = 5;
	fake.window = wake_urgent;
	root_stands_back();
	start(worker.tcb, SYS_CAP_RELEASE, full);
	fake.window = NULL;
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	assert_false(alive(bench.root, full));
	assert_true(notifications() > 1);
	assert_false(owed_is_empty(&worker.tcb->owes));
	check_all();
	assert_int_equal(check_tombs(), 1);
}

static void the_space_is_gone(void)
{
	check_all();
	assert_int_equal(check_tombs(), 0);
	assert_int_equal(notifications(), 1);
	make_from(memory, CAP_UNTYPED, CSPACE_BITS_MAX + SLOT_BITS);
}

static void memory_is_not_free_before_the_object_in_it_is_gone(void **state)
{
	(void)state;
	stop_while_the_worker_pays();
	uint32_t spaces = kernel.audit.objects[CAP_CSPACE];
	refused(DRV_ENOMEM, urgent.tcb, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, 0, CAP_NULL);
	urgent_sleeps();
	assert_ptr_equal(kernel.sched.current, worker.tcb);
	assert_int_equal(answer(worker.tcb), DRV_OK);
	assert_int_equal(kernel.audit.objects[CAP_CSPACE], spaces - 1);
	the_space_is_gone();
}

static void who_revokes_the_memory_takes_apart_what_another_owes(void **state)
{
	(void)state;
	stop_while_the_worker_pays();
	done(urgent.tcb, SYS_CAP_REVOKE, memory, 0, 0, 0);
	assert_true(owed_is_empty(&worker.tcb->owes));
	urgent_sleeps();
	assert_int_equal(answer(worker.tcb), DRV_OK);
	the_space_is_gone();
}

static void who_destroys_a_thread_takes_over_what_it_owes(void **state)
{
	(void)state;
	stop_while_the_worker_pays();
	done(urgent.tcb, SYS_CAP_RELEASE, worker.thread, 0, 0, 0);
	the_space_is_gone();
}

static void what_a_suspended_thread_owes_it_pays_when_it_is_resumed(void **state)
{
	(void)state;
	stop_while_the_worker_pays();
	done(urgent.tcb, SYS_THREAD_SUSPEND, worker.thread, 0, 0, 0);
	urgent_sleeps();
	assert_true(notifications() > 1);
	done(bench.root, SYS_THREAD_RESUME, worker.thread, 0, 0, 0);
	assert_ptr_equal(kernel.sched.current, worker.tcb);
	assert_true(owed_is_empty(&worker.tcb->owes));
	the_space_is_gone();
}

static void the_tomb_of_a_thread_that_ended_itself_goes_with_its_memory(void **state)
{
	(void)state;
	audit_report_t fresh = kernel.audit;
	cap_t place = make(CAP_UNTYPED, 18);
	process_t suicide = process_make_from(place, PRIORITY_MAX);
	done(bench.root, SYS_THREAD_BIND, suicide.thread, BIND_CSPACE, bench.cspace, 0);
	start(suicide.tcb, SYS_CAP_RELEASE, suicide.thread);
	assert_ptr_not_equal(kernel.sched.current, suicide.tcb);
	check_all();
	assert_int_equal(suicide.tcb->state, THREAD_STOPPED);
	assert_int_equal(check_tombs(), 1);
	done(bench.root, SYS_CAP_REVOKE, place, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, place, 0, 0, 0);
	assert_int_equal(check_tombs(), 0);
	assert_memory_equal(fresh.objects, kernel.audit.objects, sizeof(fresh.objects));
	assert_memory_equal(fresh.caps, kernel.audit.caps, sizeof(fresh.caps));
}

/* It may be that it takes itself along before all of it is gone. */
static void a_thread_that_revokes_its_own_memory_ends_and_the_rest_can_be_revoked(void **state)
{
	(void)state;
	audit_report_t fresh = kernel.audit;
	cap_t place = make(CAP_UNTYPED, 18);
	uint32_t free_bytes = kernel.audit.free_bytes;
	process_t suicide = process_make_from(place, PRIORITY_MAX);
	process_t victim = process_make_from(place, PRIORITY_MAX);
	cap_t table_cap = make_from(place, CAP_CSPACE, 9);
	for (uint32_t i = 0; i < 500; i++)
		done(bench.root, SYS_CAP_DELEGATE, table_cap, top, RW, 0);
	done(bench.root, SYS_THREAD_BIND, suicide.thread, BIND_CSPACE, bench.cspace, 0);
	start(suicide.tcb, SYS_CAP_REVOKE, place);
	assert_ptr_not_equal(kernel.sched.current, suicide.tcb);
	assert_int_equal(suicide.tcb->state, THREAD_STOPPED);
	check_all();
	done(bench.root, SYS_CAP_REVOKE, place, 0, 0, 0);
	assert_int_equal(victim.tcb->state, THREAD_STOPPED);
	assert_int_equal(kernel.audit.free_bytes, free_bytes);
	assert_memory_equal(fresh.objects, kernel.audit.objects, sizeof(fresh.objects));
	assert_int_equal(check_tombs(), 0);
	assert_int_equal(notifications(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(destroying_a_full_table_is_bounded_too),
	    TEST(memory_is_not_free_before_the_object_in_it_is_gone),
	    TEST(who_revokes_the_memory_takes_apart_what_another_owes),
	    TEST(who_destroys_a_thread_takes_over_what_it_owes),
	    TEST(what_a_suspended_thread_owes_it_pays_when_it_is_resumed),
	    TEST(the_tomb_of_a_thread_that_ended_itself_goes_with_its_memory),
	    TEST(a_thread_that_revokes_its_own_memory_ends_and_the_rest_can_be_revoked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
