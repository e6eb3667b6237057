/* SPDX-License-Identifier: BSD-2-Clause */
/* Exhaustive tests of the lifecycle tables, core/lifecycle.h: every state with every
 * event, then the properties that the manager relies on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/lifecycle.h"

static const lifecycle_limits_t limits = {
    .probe_ms = 11, .init_ms = 12, .quiesce_ms = 13, .stop_ms = 14, .recover_ms = 100};

/* The whole expectation, by state and event; 0 is "nothing happens", others are the next
 * state plus one. Columns are in the order of LIFECYCLE_EVENTS:
 * refused missing complete ok no-device failure limit exit killed stop dep-lost group quiesce
 * reset restart drained drained-stays drained-reset retry spent stopped timer start clear
 * absolved apart */
/* clang-format off */
enum { NO, LOA, REJ, WAI, PRO, ABS, INI, RUN, QUI, STG, STD, REC, BAC, QUA, QSD };
static const uint8_t expected[STATE_COUNT][EVENT_COUNT] = {
/*               ref  mis  com  ok   nod  fai  lim  exi  kil  sto  dep  gro  qui  res  rst  dra  dst  dre  ret  spe  tds  tim  sta  cle  abs  apa */
[STATE_LOADED]      = {REJ, WAI, PRO, NO , NO , NO , NO , NO , NO , STD, NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO },
[STATE_REJECTED]    = {NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO },
[STATE_WAITING]     = {NO , NO , PRO, NO , NO , NO , NO , NO , NO , STD, NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO },
[STATE_PROBING]     = {NO , NO , NO , INI, ABS, REC, REC, REC, REC, STG, STG, STG, NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO },
[STATE_ABSENT]      = {NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , LOA, NO , NO , NO },
[STATE_INITIALISING]= {NO , NO , NO , RUN, NO , REC, REC, REC, REC, STG, STG, STG, NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO },
[STATE_RUNNING]     = {NO , NO , NO , NO , NO , REC, NO , REC, REC, QUI, QUI, QUI, QUI, QUI, QUI, NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , REC},
[STATE_QUIESCING]   = {NO , NO , NO , NO , NO , REC, STG, STD, REC, NO , NO , NO , NO , NO , NO , STG, QSD, INI, NO , NO , NO , NO , NO , NO , NO , NO },
[STATE_QUIESCED]    = {NO , NO , NO , NO , NO , REC, NO , REC, REC, STG, STG, STG, NO , INI, NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , REC},
[STATE_STOPPING]    = {NO , NO , NO , NO , NO , REC, STD, STD, REC, NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO },
[STATE_STOPPED]     = {NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , LOA, NO , NO , NO },
[STATE_RECOVERING]  = {NO , NO , NO , NO , NO , NO , QUA, NO , NO , STD, NO , NO , NO , NO , NO , NO , NO , NO , BAC, QUA, STD, NO , LOA, NO , NO , NO },
[STATE_BACKOFF]     = {NO , WAI, NO , NO , NO , NO , NO , NO , NO , STD, NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , PRO, NO , NO , NO , NO },
[STATE_QUARANTINED] = {NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , NO , LOA, LOA, NO },
};
/* clang-format on */

static bool is_live(driver_state_t state)
{
	return (lifecycle_holds(state) & HOLDS_PROCESS) != 0;
}

static driver_state_t next(unsigned state, unsigned event)
{
	return lifecycle_next((driver_state_t)state, (lifecycle_event_t)event);
}

static void every_state_answers_every_event_as_expected(void **state)
{
	(void)state;
	for (unsigned from = 0; from < STATE_COUNT; from++) {
		for (unsigned event = 0; event < EVENT_COUNT; event++) {
			unsigned want = expected[from][event];
			unsigned got = next(from, event);
			if (got != (want ? want - 1 : from))
				fail_msg("%s, %s: %s",
					 lifecycle_state_name((driver_state_t)from),
					 lifecycle_event_name((lifecycle_event_t)event),
					 lifecycle_state_name((driver_state_t)got));
		}
	}
}

static void a_failure_of_any_live_state_ends_in_recovering(void **state)
{
	(void)state;
	for (unsigned from = 0; from < STATE_COUNT; from++) {
		driver_state_t to = next(from, EVENT_FAILURE);
		assert_int_equal(to, is_live((driver_state_t)from) ? STATE_RECOVERING : from);
	}
}

static void only_probing_starts_a_process(void **state)
{
	(void)state;
	for (unsigned from = 0; from < STATE_COUNT; from++)
		for (unsigned event = 0; event < EVENT_COUNT; event++)
			if (!is_live((driver_state_t)from) && is_live(next(from, event)))
				assert_int_equal(next(from, event), STATE_PROBING);
}

static void a_process_never_outlives_the_live_states(void **state)
{
	(void)state;
	for (unsigned from = 0; from < STATE_COUNT; from++) {
		for (unsigned event = 0; event < EVENT_COUNT; event++) {
			driver_state_t to = next(from, event);
			bool ends = is_live((driver_state_t)from) && !is_live(to);
			assert_int_equal(lifecycle_tears_down((driver_state_t)from, to), ends);
		}
	}
	assert_true(lifecycle_tears_down(STATE_STOPPING, STATE_STOPPED));
	assert_true(lifecycle_tears_down(STATE_PROBING, STATE_ABSENT));
	assert_false(lifecycle_tears_down(STATE_RUNNING, STATE_QUIESCING));
	assert_false(lifecycle_tears_down(STATE_RECOVERING, STATE_BACKOFF));
}

/* That of Recovering is of turns, not of time. */
static void every_limit_leads_out_of_its_state_and_without_one_nowhere(void **state)
{
	(void)state;
	for (unsigned from = 0; from < STATE_COUNT; from++) {
		bool has = lifecycle_limit_ms((driver_state_t)from, &limits, false) !=
			   LIFECYCLE_NO_LIMIT;
		has |= from == STATE_RECOVERING;
		assert_int_equal(next(from, EVENT_LIMIT) != (driver_state_t)from, has);
	}
}

/* Following limits alone, every state comes to rest: nothing goes round in circles. */
static void limits_alone_always_come_to_rest(void **state)
{
	(void)state;
	for (unsigned from = 0; from < STATE_COUNT; from++) {
		driver_state_t at = (driver_state_t)from;
		for (unsigned step = 0; step < STATE_COUNT; step++)
			at = next(at, EVENT_LIMIT);
		assert_int_equal(next(at, EVENT_LIMIT), at);
	}
}

/* What is Rejected stays so: its files do not change while the machine runs. */
static void every_state_can_be_reached_from_loaded_and_all_but_rejected_get_back(void **state)
{
	(void)state;
	for (unsigned root = 0; root < STATE_COUNT; root++) {
		bool seen[STATE_COUNT] = {false};
		seen[root] = true;
		for (unsigned round = 0; round < STATE_COUNT; round++)
			for (unsigned from = 0; from < STATE_COUNT; from++)
				for (unsigned event = 0; seen[from] && event < EVENT_COUNT;
				     event++)
					seen[next(from, event)] = true;
		for (unsigned to = 0; root == STATE_LOADED && to < STATE_COUNT; to++)
			assert_true(seen[to]);
		assert_true(seen[STATE_LOADED] || root == STATE_REJECTED);
	}
}

static void quarantine_ends_by_the_operator_or_another_s_blame_alone(void **state)
{
	(void)state;
	for (unsigned event = 0; event < EVENT_COUNT; event++)
		assert_int_equal(next(STATE_QUARANTINED, event) != STATE_QUARANTINED,
				 event == EVENT_CLEAR || event == EVENT_ABSOLVED);
}

static void capabilities_grow_with_the_state(void **state)
{
	(void)state;
	const unsigned at_probe = HOLDS_PROCESS | HOLDS_PIO | HOLDS_MMIO;
	const unsigned at_init = at_probe | HOLDS_IRQ;
	assert_int_equal(lifecycle_holds(STATE_PROBING), at_probe);
	assert_int_equal(lifecycle_holds(STATE_INITIALISING), at_init);
	assert_int_equal(lifecycle_holds(STATE_RUNNING), at_init | HOLDS_IRQ_OPEN);
	assert_int_equal(lifecycle_holds(STATE_QUIESCING), at_init | HOLDS_IRQ_OPEN);
	assert_int_equal(lifecycle_holds(STATE_QUIESCED), at_init | HOLDS_IRQ_OPEN);
	assert_int_equal(lifecycle_holds(STATE_STOPPING), at_init | HOLDS_IRQ_OPEN);
}

static void nothing_is_held_in_any_other_state(void **state)
{
	(void)state;
	static const driver_state_t idle[] = {STATE_LOADED,  STATE_REJECTED,   STATE_WAITING,
					      STATE_ABSENT,  STATE_STOPPED,    STATE_RECOVERING,
					      STATE_BACKOFF, STATE_QUARANTINED};
	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		assert_int_equal(lifecycle_holds(idle[i]), HOLDS_NOTHING);
}

static void limits_come_from_the_manifest(void **state)
{
	(void)state;
	assert_int_equal(lifecycle_limit_ms(STATE_PROBING, &limits, false), 11);
	assert_int_equal(lifecycle_limit_ms(STATE_INITIALISING, &limits, false), 12);
	assert_int_equal(lifecycle_limit_ms(STATE_QUIESCING, &limits, false), 13);
	assert_int_equal(lifecycle_limit_ms(STATE_STOPPING, &limits, false), 14);
	assert_int_equal(lifecycle_limit_ms(STATE_LOADED, &limits, false), LIFECYCLE_NO_LIMIT);
	assert_int_equal(lifecycle_limit_ms(STATE_RECOVERING, &limits, false),
			 LIFECYCLE_NO_LIMIT);
	assert_int_equal(lifecycle_limit_ms(STATE_RUNNING, &limits, false), LIFECYCLE_NO_LIMIT);
	assert_int_equal(lifecycle_limit_ms(STATE_QUIESCED, &limits, false),
			 LIFECYCLE_NO_LIMIT);
	assert_int_equal(lifecycle_limit_ms(STATE_BACKOFF, &limits, false), LIFECYCLE_NO_LIMIT);
}

static void a_restarted_driver_gets_the_time_of_recover_on_top(void **state)
{
	(void)state;
	assert_int_equal(lifecycle_limit_ms(STATE_INITIALISING, &limits, true), 112);
	assert_int_equal(lifecycle_limit_ms(STATE_PROBING, &limits, true), 11);
}

static void nothing_is_left_of_who_is_stopped_or_absent_alone(void **state)
{
	(void)state;
	for (unsigned at = 0; at < STATE_COUNT; at++)
		assert_int_equal(lifecycle_is_over((driver_state_t)at),
				 at == STATE_STOPPED || at == STATE_ABSENT);
}

static void everything_has_a_name_and_nothing_else_has(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STATE_COUNT; i++)
		assert_string_not_equal(lifecycle_state_name((driver_state_t)i), "?");
	for (unsigned i = 0; i < EVENT_COUNT; i++)
		assert_string_not_equal(lifecycle_event_name((lifecycle_event_t)i), "?");
	assert_string_equal(lifecycle_state_name(STATE_RUNNING), "Running");
	assert_string_equal(lifecycle_state_name(STATE_COUNT), "?");
	assert_string_equal(lifecycle_event_name(EVENT_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_state_answers_every_event_as_expected),
	    cmocka_unit_test(a_failure_of_any_live_state_ends_in_recovering),
	    cmocka_unit_test(only_probing_starts_a_process),
	    cmocka_unit_test(a_process_never_outlives_the_live_states),
	    cmocka_unit_test(every_limit_leads_out_of_its_state_and_without_one_nowhere),
	    cmocka_unit_test(limits_alone_always_come_to_rest),
	    cmocka_unit_test(
		every_state_can_be_reached_from_loaded_and_all_but_rejected_get_back),
	    cmocka_unit_test(quarantine_ends_by_the_operator_or_another_s_blame_alone),
	    cmocka_unit_test(capabilities_grow_with_the_state),
	    cmocka_unit_test(nothing_is_held_in_any_other_state),
	    cmocka_unit_test(limits_come_from_the_manifest),
	    cmocka_unit_test(a_restarted_driver_gets_the_time_of_recover_on_top),
	    cmocka_unit_test(nothing_is_left_of_who_is_stopped_or_absent_alone),
	    cmocka_unit_test(everything_has_a_name_and_nothing_else_has),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
