/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls while a long revocation is under way. A thread of low priority revokes what one
 * capability of each type comes from; in every interrupt window of that work, one after the
 * other, a more urgent thread becomes ready and makes every system call on the dying
 * capability, or on what it comes from, or on something else. Each is to give the same answer,
 * and leave the same kernel, objects and machine to the byte, as when the call comes after the
 * whole revocation: nobody sees half of it. */
#include "pending_world.h"

#define SHORTEST 4u /* windows of any revocation here, at least */

/* -- Tests. ----------------------------------------------------------------------------- */

static void a_dying_capability_is_gone_to_every_call(void **state)
{
	(void)state;
	for (uint32_t number = 0; number < SYS_COUNT; number++) {
		for (uint32_t i = 0; i < refusal_calls[number].count; i++) {
			const refusal_row_t *row = &refusal_calls[number].rows[i];
			if (row->kind != ROW_HANDLE && row->kind != ROW_OPTIONAL)
				continue;
			for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
				pending_restore();
				attempt_t attempt = attempt_of(number, row, type);
				attempt_set_handle(&attempt, row->at, pending.dying[type].cap);
				tcb_t *tcb = world.caller[attempt.who];
				if (pending_compare(type, &attempt, tcb, 1) != DRV_EBADCAP)
					pending_fail(&attempt, type, 0, "not refused");
			}
		}
	}
}

static void a_call_that_has_nothing_to_do_with_it_sees_none_or_all_of_it(void **state)
{
	(void)state;
	for (uint32_t number = 0; number < SYS_COUNT; number++) {
		for (uint32_t i = 0; i < refusal_calls[number].count; i++) {
			const refusal_row_t *row = &refusal_calls[number].rows[i];
			for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
				pending_restore();
				attempt_t attempt = attempt_of(number, row, CAP_FRAME);
				uint32_t step = row->kind == ROW_REFUSE ? 7 : 3;
				pending_compare(type, &attempt, world.caller[attempt.who],
						step);
			}
		}
	}
}

/* -- What is revoked itself stays, and can be used again. ------------------------------- */

#define PARENT	  UINT32_MAX	   /* the handle of it */
#define SPACE	  (UINT32_MAX - 1) /* of the caller's capability space */
#define ANY(type) (((1u << CAP_TYPE_COUNT) - 1) & ~(type))
#define RANGES	  (T(PIO) | T(IRQ) | T(MMIO))

typedef struct use {
	uint32_t types; /* of what dies, for which the call succeeds after it */
	uint32_t number, arg[MAX_ARGUMENTS];
} use_t;

static const use_t uses[] = {
    {ANY(RANGES), SYS_UNTYPED_RETYPE, {PARENT, CAP_FRAME, 0, 0}},
    {ANY(RANGES), SYS_UNTYPED_RETYPE, {PARENT, CAP_THREAD, 0, SPACE}},
    {ANY(RANGES), SYS_UNTYPED_RETYPE, {PARENT, CAP_UNTYPED, PENDING_MEMORY_BITS, 0}},
    {ANY(RANGES), SYS_UNTYPED_RETYPE, {PARENT, CAP_CSPACE, CSPACE_BITS_MIN, SPACE}},
    {RANGES, SYS_CAP_DERIVE, {PARENT, RIGHT_READ}},
    {RANGES, SYS_CAP_DELEGATE, {SPACE, PARENT, RIGHT_READ}},
    {T(PIO), SYS_CAP_PIO_RW, {PARENT, PIO_OP_READ(PORT_FIRST, 1)}},
    {T(IRQ), SYS_CAP_IRQ_WAIT, {PARENT, TIMEOUT_POLL}},
    {0, SYS_CAP_MMIO_MAP, {PARENT, FREE_AT, 1}},
    {ANY(0), SYS_CAP_INFO, {PARENT}},
    {ANY(0), SYS_CAP_REVOKE, {PARENT}},
    {ANY(0), SYS_CAP_RELEASE, {PARENT}},
    {ANY(0), SYS_CSPACE_LIST, {SPACE, 1}},
    {ANY(0), SYS_CAP_REVOKE, {SPACE}},
    {ANY(0), SYS_AUDIT, {0}},
    {ANY(0), SYS_THREAD_EXIT, {0}},
};
#define USES (sizeof(uses) / sizeof(uses[0]))

static attempt_t attempt_to(const use_t *use, uint32_t type)
{
	attempt_t attempt = {.number = use->number};
	for (uint32_t i = 0; i < MAX_ARGUMENTS; i++)
		attempt.arg[i] = use->arg[i] == PARENT	? pending.dying[type].parent
				 : use->arg[i] == SPACE ? world.cspace
							: use->arg[i];
	return attempt;
}

static void what_is_revoked_can_be_used_as_if_it_had_been_done(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < USES; i++) {
		for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
			attempt_t attempt = attempt_to(&uses[i], type);
			err_t err = pending_compare(type, &attempt, pending.urgent, 1);
			if ((uses[i].types & 1u << type) && err < 0 && err != BLOCKED &&
			    !(uses[i].number == SYS_CAP_IRQ_WAIT && err == DRV_ETIMEDOUT))
				pending_fail(&attempt, type, 0, "refused");
		}
	}
}

/* -- Somebody still more urgent interrupts the one that helps. -------------------------- */

static uint32_t wake_in, interrupted_helpers;

static void wake_both(void)
{
	if (fake.windows == wake_in)
		thread_resume(pending.urgent);
	if (fake.windows == wake_in + 1)
		thread_resume(pending.nested);
}

/* It makes the same call, and sleeps again. */
static void call_and_sleep(const attempt_t *attempt)
{
	pending_call(attempt, pending.nested);
	if (pending.nested->state == THREAD_READY)
		thread_suspend(pending.nested);
	fake_leave();
}

static void both_after(uint32_t type, const attempt_t *attempt)
{
	pending_restore();
	pending_revoke(type, NULL);
	thread_resume(pending.urgent);
	thread_resume(pending.nested);
	call_and_sleep(attempt);
	pending_call(attempt, pending.urgent);
	pending_keep();
}

static void both_within(uint32_t type, const attempt_t *attempt, uint32_t window)
{
	pending_restore();
	wake_in = window;
	pending_revoke(type, wake_both);
	assert_ptr_equal(kernel.sched.current, pending.urgent);
	uint32_t after = pending.urgent->frame.eip + 2;
	attempt_load(attempt, pending.urgent);
	bench_trap();
	fake.window = NULL;
	assert_ptr_equal(kernel.sched.current, pending.nested);
	interrupted_helpers += work_pending();
	call_and_sleep(attempt);
	pending_go_on(pending.urgent, after);
}

static void a_helper_that_is_interrupted_sees_all_of_it_too(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < USES; i++) {
		for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
			attempt_t attempt = attempt_to(&uses[i], type);
			both_after(type, &attempt);
			err_t expected = answer(pending.urgent);
			for (uint32_t at = 1; at + 1 < pending.dying[type].windows; at++) {
				both_within(type, &attempt, at);
				const char *what = pending_difference();
				if (answer(pending.urgent) != expected)
					what = "another answer";
				if (what)
					pending_fail(&attempt, type, at, what);
			}
			check_all();
		}
	}
}

/* The tests above were about what they say. */
static void all_of_them_came_in_the_middle(void **state)
{
	(void)state;
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++)
		assert_true(pending.dying[type].windows >= SHORTEST);
	print_message("%u calls, %u with work to do, %u of helpers interrupted\n",
		      pending.calls, pending.interrupted, interrupted_helpers);
	assert_true(pending.interrupted > pending.calls / 2);
	assert_true(interrupted_helpers > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_dying_capability_is_gone_to_every_call),
	    cmocka_unit_test(a_call_that_has_nothing_to_do_with_it_sees_none_or_all_of_it),
	    cmocka_unit_test(what_is_revoked_can_be_used_as_if_it_had_been_done),
	    cmocka_unit_test(a_helper_that_is_interrupted_sees_all_of_it_too),
	    cmocka_unit_test(all_of_them_came_in_the_middle),
	};
	return cmocka_run_group_tests(tests, pending_setup, NULL);
}
