/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects that lost their last capability: who ended them takes them apart in pieces, if he
 * wants to, and until then they keep their memory. */
#include "worker.h"

#define TABLE_SLOTS 4094u

static cap_t memory, full;
static object_header_t *space; /* that is what `full` names */

/* A full capability space, alone in its memory. */
static void make_full(void)
{
	memory = make(CAP_UNTYPED, CSPACE_BITS_MAX + SLOT_BITS);
	full = make_from(memory, CAP_CSPACE, CSPACE_BITS_MAX);
	cspace_t *cspace = object_of(full);
	space = &cspace->header;
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

/* The worker releases the last capability of the full space, and a piece of that is gone. */
static void release_a_piece(void)
{
	make_full();
	assert_int_equal(call_once(worker.tcb, SYS_CAP_RELEASE, full, 0, 0, 0), DRV_EAGAIN);
	assert_false(alive(bench.root, full));
	assert_in_range(notifications(), TABLE_SLOTS - 20, TABLE_SLOTS);
	assert_false(owed_is_empty(&worker.tcb->owes));
	assert_int_equal(check_tombs(), 1);
}

static void the_space_is_gone(void)
{
	check_all();
	assert_int_equal(check_tombs(), 0);
	assert_int_equal(notifications(), 1);
	make_from(memory, CAP_UNTYPED, CSPACE_BITS_MAX + SLOT_BITS);
}

static uint32_t things(void)
{
	uint32_t count = 0;
	for (uint32_t type = 0; type < CAP_TYPE_COUNT; type++)
		count += kernel.audit.caps[type] + kernel.audit.objects[type];
	return count;
}

/* What the worker owes it goes on with; what every piece of that cost at most. */
static uint32_t go_on(void)
{
	uint32_t most = 0;
	err_t err = DRV_EAGAIN;
	while (err == DRV_EAGAIN) {
		uint32_t before = things();
		err = call_once(worker.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
		assert_true(things() < before);
		if (kernel.sched.worked > most)
			most = kernel.sched.worked;
	}
	assert_int_equal(err, DRV_OK);
	return most;
}

static void memory_is_not_free_before_the_object_in_it_is_gone(void **state)
{
	(void)state;
	release_a_piece();
	uint32_t spaces = kernel.audit.objects[CAP_CSPACE];
	refused(DRV_ENOMEM, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, 0, CAP_NULL);
	go_on();
	assert_int_equal(kernel.audit.objects[CAP_CSPACE], spaces - 1);
	the_space_is_gone();
}

static void what_others_made_large_goes_in_pieces_of_a_window(void **state)
{
	(void)state;
	release_a_piece();
	assert_in_range(kernel.sched.worked, WORK_WINDOW, WORK_WINDOW + 2 * COST_OF_CLEARING);
	assert_in_range(go_on(), WORK_WINDOW, WORK_WINDOW + 2 * COST_OF_CLEARING);
	the_space_is_gone();
}

/* Each of them in the one before. */
static void spaces_in_spaces_go_in_pieces_too(void **state)
{
	(void)state;
	cap_t outer = make(CAP_CSPACE, CSPACE_BITS_MIN), within = outer;
	for (uint32_t i = 0; i < 30; i++) {
		cap_t inner = make(CAP_CSPACE, CSPACE_BITS_MIN);
		for (uint32_t k = 0; k < 10; k++)
			done(bench.root, SYS_CAP_DELEGATE, within, top, RW, 0);
		done(bench.root, SYS_CAP_DELEGATE, within, inner, RW, 0);
		if (within != outer)
			done(bench.root, SYS_CAP_RELEASE, within, 0, 0, 0);
		within = inner;
	}
	done(bench.root, SYS_CAP_RELEASE, within, 0, 0, 0);
	assert_int_equal(notifications(), 1 + 30 * 10);
	assert_int_equal(call_once(worker.tcb, SYS_CAP_RELEASE, outer, 0, 0, 0), DRV_EAGAIN);
	assert_true(notifications() > 1 + 30 * 9);
	assert_in_range(go_on(), WORK_WINDOW, WORK_WINDOW + 2 * COST_OF_CLEARING);
	assert_int_equal(notifications(), 1);
}

static void no_other_call_goes_on_with_what_is_owed(void **state)
{
	(void)state;
	release_a_piece();
	uint32_t before = notifications();
	done(worker.tcb, SYS_NULL, 0, 0, 0, 0);
	done(worker.tcb, SYS_YIELD, 0, 0, 0, 0);
	done(worker.tcb, SYS_CAP_DERIVE, top, RW, 0, 0);
	assert_int_equal(notifications(), before + 1);
	done(worker.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	assert_int_equal(notifications(), 2);
}

static void who_releases_something_else_owes_the_rest_no_more(void **state)
{
	(void)state;
	release_a_piece();
	cap_t other = done(bench.root, SYS_CAP_DERIVE, top, RW, 0, 0);
	uint32_t before = notifications();
	assert_int_equal(call_once(worker.tcb, SYS_CAP_RELEASE, other, 0, 0, 0), DRV_OK);
	assert_int_equal(call_once(worker.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0), DRV_OK);
	assert_int_equal(notifications(), before - 1);
	assert_int_equal(check_tombs(), 1);
	done(bench.root, SYS_CAP_REVOKE, memory, 0, 0, 0);
	the_space_is_gone();
}

static void who_revokes_the_memory_takes_apart_what_another_owes(void **state)
{
	(void)state;
	release_a_piece();
	done(bench.root, SYS_CAP_REVOKE, memory, 0, 0, 0);
	assert_true(owed_is_empty(&worker.tcb->owes));
	assert_int_equal(call_once(worker.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0), DRV_OK);
	the_space_is_gone();
}

static void a_thread_that_is_destroyed_leaves_what_it_owes_to_its_memory(void **state)
{
	(void)state;
	release_a_piece();
	uint32_t before = notifications();
	done(bench.root, SYS_CAP_RELEASE, worker.thread, 0, 0, 0);
	assert_true(owed_is_empty(&bench.root->owes) && owed_is_empty(&space->owed));
	assert_int_equal(notifications(), before);
	assert_int_equal(check_tombs(), 1);
	done(bench.root, SYS_CAP_REVOKE, memory, 0, 0, 0);
	the_space_is_gone();
}

/* What was in the memory of another, in a space that is revoked. */
static void a_revocation_leaves_what_others_own_to_them(void **state)
{
	(void)state;
	make_full();
	cap_t place = make(CAP_UNTYPED, 12 + 6);
	cap_t holder = make_from(place, CAP_CSPACE, CSPACE_BITS_MIN);
	done(bench.root, SYS_CAP_DELEGATE, holder, full, RW, 0);
	done(bench.root, SYS_CAP_RELEASE, full, 0, 0, 0);
	done(worker.tcb, SYS_CAP_REVOKE, place, 0, 0, 0);
	assert_in_range(notifications(), TABLE_SLOTS - 20, TABLE_SLOTS + 1);
	make_from(place, CAP_UNTYPED, 12 + 6);
	assert_int_equal(check_tombs(), 1);
	go_on();
	the_space_is_gone();
}

/* Whenever it is taken apart. */
static void a_thread_without_a_capability_runs_no_more(void **state)
{
	(void)state;
	cap_t place = make(CAP_UNTYPED, 18);
	cap_t holder = make_from(place, CAP_CSPACE, CSPACE_BITS_MIN);
	process_t ends = process_make(PRIORITY_MAX), runs = process_make(PRIORITY_MAX);
	for (uint32_t i = 0; i < 20; i++)
		done(bench.root, SYS_CAP_DELEGATE, holder, top, RW, 0);
	done(bench.root, SYS_CAP_DELEGATE, holder, ends.thread, RW, 0);
	done(bench.root, SYS_CAP_DELEGATE, holder, runs.thread, RW, 0);
	done(bench.root, SYS_CAP_RELEASE, ends.thread, 0, 0, 0);
	for (uint32_t i = 0; i < 5; i++)
		done(bench.root, SYS_CAP_DELEGATE, holder, top, RW, 0);
	assert_int_equal(ends.tcb->state, THREAD_READY);
	done(worker.tcb, SYS_CAP_REVOKE, place, 0, 0, 0);
	assert_int_equal(check_tombs(), 1);
	assert_int_equal(ends.tcb->state, THREAD_STOPPED);
	assert_int_equal(runs.tcb->state, THREAD_READY);
	done(worker.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	assert_int_equal(check_tombs(), 0);
}

static void a_binding_that_goes_leaves_the_rest_of_a_large_space(void **state)
{
	(void)state;
	make_full();
	process_t user = process_make(PRIORITY_MAX);
	done(bench.root, SYS_THREAD_BIND, user.thread, BIND_CSPACE, full, 0);
	done(bench.root, SYS_CAP_RELEASE, full, 0, 0, 0);
	assert_int_equal(notifications(), TABLE_SLOTS + 1);
	assert_int_equal(
	    call_once(worker.tcb, SYS_THREAD_BIND, user.thread, BIND_CSPACE, CAP_NULL, 0),
	    DRV_OK);
	assert_in_range(notifications(), TABLE_SLOTS - 20, TABLE_SLOTS);
	go_on();
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
	    TEST(what_others_made_large_goes_in_pieces_of_a_window),
	    TEST(spaces_in_spaces_go_in_pieces_too),
	    TEST(no_other_call_goes_on_with_what_is_owed),
	    TEST(who_releases_something_else_owes_the_rest_no_more),
	    TEST(who_revokes_the_memory_takes_apart_what_another_owes),
	    TEST(a_thread_that_is_destroyed_leaves_what_it_owes_to_its_memory),
	    TEST(a_revocation_leaves_what_others_own_to_them),
	    TEST(a_thread_without_a_capability_runs_no_more),
	    TEST(a_binding_that_goes_leaves_the_rest_of_a_large_space),
	    TEST(the_tomb_of_a_thread_that_ended_itself_goes_with_its_memory),
	    TEST(a_thread_that_revokes_its_own_memory_ends_and_the_rest_can_be_revoked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
