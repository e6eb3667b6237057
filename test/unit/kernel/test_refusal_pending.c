/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls while a long revocation is under way. A thread of low priority revokes what one
 * capability of each type comes from; in every interrupt window of that work, one after the
 * other, a more urgent thread becomes ready and makes every system call on the dying
 * capability, or on what it comes from, or on something else. Each is to give the answer that
 * it gives before the revocation or the one that it gives after it, at once; all invariants
 * hold then; and the revocation ends as if nobody had called. */
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
				if (pending_try(type, &attempt, tcb, 3) != DRV_EBADCAP)
					pending_fail(&attempt, type, 0, "not refused");
			}
		}
	}
}

static void a_call_that_has_nothing_to_do_with_it_is_answered_as_ever(void **state)
{
	(void)state;
	for (uint32_t number = 0; number < SYS_COUNT; number++) {
		for (uint32_t i = 0; i < refusal_calls[number].count; i++) {
			const refusal_row_t *row = &refusal_calls[number].rows[i];
			for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
				pending_restore();
				attempt_t attempt = attempt_of(number, row, CAP_FRAME);
				uint32_t step = row->kind == ROW_REFUSE ? 13 : 5;
				pending_try(type, &attempt, world.caller[attempt.who], step);
			}
		}
	}
}

/* -- What is revoked itself stays, and can be used again. ------------------------------- */

#define PARENT	  UINT32_MAX	   /* the handle of it */
#define THE_AUDIT (UINT32_MAX - 2) /* the root's */
#define SPACE	  (UINT32_MAX - 1) /* of the caller's capability space */
#define ANY(type) (((1u << CAP_TYPE_COUNT) - 1) & ~(type))
#define RANGES	  (T(PIO) | T(IRQ) | T(MMIO) | T(AUDIT))

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
    {ANY(0), SYS_AUDIT, {THE_AUDIT}},
    {ANY(0), SYS_THREAD_EXIT, {0}},
};
#define USES (sizeof(uses) / sizeof(uses[0]))

static attempt_t attempt_to(const use_t *use, uint32_t type)
{
	attempt_t attempt = {.number = use->number};
	for (uint32_t i = 0; i < MAX_ARGUMENTS; i++)
		attempt.arg[i] = use->arg[i] == PARENT	    ? pending.dying[type].parent
				 : use->arg[i] == SPACE	    ? world.cspace
				 : use->arg[i] == THE_AUDIT ? bench.audit
							    : use->arg[i];
	return attempt;
}

static void what_is_revoked_can_be_used_as_if_it_had_been_done(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < USES; i++) {
		for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
			attempt_t attempt = attempt_to(&uses[i], type);
			err_t err = pending_try(type, &attempt, pending.urgent, 1);
			if ((uses[i].types & 1u << type) && err < 0 && err != BLOCKED &&
			    !(uses[i].number == SYS_CAP_IRQ_WAIT && err == DRV_ETIMEDOUT))
				pending_fail(&attempt, type, 0, "refused");
		}
	}
}

/* The tests above were about what they say. */
static void all_of_them_came_in_the_middle(void **state)
{
	(void)state;
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++)
		assert_true(pending.dying[type].windows >= SHORTEST);
	print_message("%u calls, %u with work to do\n", pending.calls, pending.interrupted);
	assert_true(pending.interrupted > pending.calls / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_dying_capability_is_gone_to_every_call),
	    cmocka_unit_test(a_call_that_has_nothing_to_do_with_it_is_answered_as_ever),
	    cmocka_unit_test(what_is_revoked_can_be_used_as_if_it_had_been_done),
	    cmocka_unit_test(all_of_them_came_in_the_middle),
	};
	return cmocka_run_group_tests(tests, pending_setup, NULL);
}
