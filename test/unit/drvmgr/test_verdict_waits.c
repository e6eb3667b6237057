/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is judged for waiting, and whom those excuse that it waits for. */
#include "verdict_bench.h"

static void who_waits_for_a_hung_driver_is_excused(void **state)
{
	for (uint32_t server = 0; server < 2; server++) {
		fresh(state);
		look();
		set_state(server, INSPECT_READY, 0);
		calls(1 - server, server);
		assert_between(until(server, VERDICT_SPINS, server, 5000), SILENCE,
			       SILENCE + 2 * LOOK_MS);
		assert_well(1 - server);
	}
}

static void a_server_may_take_its_time_before_its_client_is_judged(void **state)
{
	(void)state;
	look();
	limits[0].silence_ms = 20000;
	limits[0].call_ms = 5000;
	set_state(0, INSPECT_READY, 0);
	calls(1, 0);
	assert_between(until(0, VERDICT_NO_WORK, 0, 20000), 5000, 5000 + 2 * LOOK_MS);
	assert_well(1);
}

static void without_anybody_to_answer_for_it_the_waiting_one_is_judged(void **state)
{
	(void)state;
	look();
	limits[0].silence_ms = 0;
	limits[0].call_ms = 0;
	set_state(0, INSPECT_READY, 0);
	calls(1, 0);
	assert_between(until(1, VERDICT_WAITS, 0, 20000), SILENCE, SILENCE + 2 * LOOK_MS);
	assert_int_equal(verdicts[1].waits_for, 0);
}

static void in_a_circle_the_eldest_is_judged_alone(void **state)
{
	(void)state;
	look();
	calls(2, 1);
	step(IDLE);
	for (uint32_t i = 0; i < 10; i++)
		step(IDLE);
	calls(1, 3);
	calls(3, 2);
	assert_true(until(2, VERDICT_WAITS, IDLE, 5000) != UINT32_MAX);
	assert_int_equal(verdicts[2].waits_for, 1);
	assert_int_equal(verdict_culprit(&verdicts[2]), NOBODY); /* nor is the next one's it */
	assert_well(1);
	assert_well(3);
}

/* Nobody else can end that. */
static void who_sends_to_itself_waits_for_itself(void **state)
{
	(void)state;
	look();
	set_state(1, INSPECT_SENDING, 11);
	calls(2, 1);
	assert_between(until(1, VERDICT_WAITS, IDLE, 5000), SILENCE, SILENCE + 2 * LOOK_MS);
	assert_int_equal(verdicts[1].waits_for, 1);
	assert_int_equal(verdict_culprit(&verdicts[1]), NOBODY);
	assert_well(2);
}

static void who_waits_for_the_manager_is_excused(void **state)
{
	(void)state;
	set_state(1, INSPECT_SENDING, MANAGER);
	set_state(2, INSPECT_CALLING, REPLY);
	assert_int_equal(until(1, VERDICT_WAITS, IDLE, 5000), UINT32_MAX);
	assert_well(1);
	assert_well(2);
}

/* At the look its call's time is over, and it has not run yet. */
static void who_comes_back_from_waiting_is_judged_for_its_own_time(void **state)
{
	(void)state;
	look();
	limits[2].call_ms = 0;
	set_state(1, INSPECT_CALLING, 12);
	sights[2].reply = 12;
	until(1, VERDICT_WAITS, IDLE, SILENCE - LOOK_MS);
	set_state(1, INSPECT_READY, 0);
	assert_int_equal(until(1, VERDICT_SPINS, 1, SILENCE - 2 * LOOK_MS), UINT32_MAX);
	assert_int_not_equal(until(1, VERDICT_SPINS, 1, 4 * LOOK_MS), UINT32_MAX);
}

static void who_waits_for_a_dead_driver_is_excused(void **state)
{
	(void)state;
	sights[0].alive = false;
	set_state(1, INSPECT_SENDING, 10);
	assert_int_equal(until(1, VERDICT_WAITS, IDLE, 5000), UINT32_MAX);
}

/* It does not look at its endpoint before it runs, and has a limit for that. */
static void who_waits_for_a_driver_that_starts_is_excused(void **state)
{
	(void)state;
	limits[0] = (verdict_limits_t){.state_ms = 3000};
	set_state(0, INSPECT_READY, 0);
	set_state(1, INSPECT_SENDING, 10);
	assert_int_equal(until(1, VERDICT_WAITS, 0, 2500), UINT32_MAX);
	assert_true(until(0, VERDICT_LIMIT, 0, 1000) != UINT32_MAX);
}

/* 1 calls 2, which has work and does it, again and again: what it is seen to wait is short. */
static void who_makes_one_short_call_after_the_other_is_not_excused(void **state)
{
	(void)state;
	sights[2].senders = 1;
	uint32_t ms = 0;
	for (; verdicts[1].kind == VERDICT_WELL && ms < 5000; ms += STEP_MS) {
		set_state(1, INSPECT_CALLING, 20 + 2);
		sights[2].oldest_ms = clock_ms;
		sights[2].thread.received_ms = clock_ms;
		step(IDLE);
	}
	assert_int_equal(verdicts[1].kind, VERDICT_WAITS);
	assert_int_equal(verdicts[1].waits_for, 2);
	assert_between(ms, SILENCE, 2 * SILENCE);
	assert_well(2);
}

/* The same with calls that take long: 2 is judged for each, or is as slow as it may be. */
static void who_makes_one_long_call_after_the_other_is_excused(void **state)
{
	(void)state;
	sights[2].senders = 1;
	for (uint32_t ms = 0; ms < 3 * SILENCE; ms += STEP_MS) {
		if (ms % 700 == 0) {
			set_state(1, INSPECT_CALLING, 20 + 2);
			sights[2].oldest_ms = clock_ms;
			sights[2].thread.received_ms = clock_ms;
		}
		step(IDLE);
		assert_well(1);
	}
}

/* Each of its calls is answered in time; it owes an answer and does not come back. If
 * `short_ones`, a short call that no look sees follows each long one. */
static void wait_again_and_again(bool short_ones)
{
	uint32_t ms = 0;
	sights[1].tied = true;
	sights[1].tied_ms = clock_ms;
	calls(1, 2);
	for (; verdicts[1].kind == VERDICT_WELL && ms < 20000; ms += STEP_MS) {
		bool begins = ms % 400 == 360, answered = short_ones && ms % 400 == 350;
		sights[1].thread.messages += begins || answered;
		if (begins)
			calls(1, 2);
		if (answered)
			set_state(1, INSPECT_READY, 0);
		sights[2].thread.received_ms = clock_ms;
		step(answered ? 1 : IDLE);
		assert_well(2);
	}
	assert_int_equal(verdicts[1].kind, VERDICT_WAITS);
	assert_between(ms, VERDICT_EXCUSED * SILENCE, (VERDICT_EXCUSED + 1) * SILENCE + 400);
}

static void who_makes_one_long_call_after_the_other_is_excused_for_a_time(void **state)
{
	(void)state;
	wait_again_and_again(false);
	assert_int_equal(verdicts[1].waits_for, 2);
	assert_int_equal(verdict_culprit(&verdicts[1]), 2); /* if that turns out to be */
}

/* The same of one that owes something else than an answer. */
static void who_owes_an_acknowledgement_is_excused_for_a_time_too(void **state)
{
	uint32_t ms = 0;
	(void)state;
	sights[1].line_count = 1;
	sights[1].lines[0] = (line_sight_t){.owed = true, .since_ms = clock_ms};
	limits[1].progress_ms = 0; /* it is not judged for the interrupt itself */
	calls(1, 2);
	for (; verdicts[1].kind == VERDICT_WELL && ms < 20000; ms += STEP_MS) {
		if (ms % 400 == 360) {
			sights[1].thread.messages++;
			calls(1, 2);
		}
		sights[2].thread.received_ms = clock_ms;
		step(IDLE);
	}
	assert_int_equal(verdicts[1].kind, VERDICT_WAITS);
	assert_between(ms, VERDICT_EXCUSED * SILENCE, (VERDICT_EXCUSED + 1) * SILENCE + 400);
}

static void who_owes_the_manager_its_step_is_excused_for_a_time_too(void **state)
{
	uint32_t ms = 0;
	(void)state;
	limits[1].silence_ms = 0;
	limits[1].state_ms = SILENCE;
	calls(1, 2);
	for (; verdicts[1].kind == VERDICT_WELL && ms < 20000; ms += STEP_MS) {
		if (ms % 400 == 360) {
			sights[1].thread.messages++;
			calls(1, 2);
		}
		sights[2].thread.received_ms = clock_ms;
		step(IDLE);
	}
	assert_int_equal(verdicts[1].kind, VERDICT_LIMIT);
	assert_between(ms, VERDICT_EXCUSED * SILENCE, (VERDICT_EXCUSED + 1) * SILENCE + 400);
}

/* The same of one that nobody waits for: it is not the one that fails, as long as it waits. */
static void who_owes_nothing_is_excused_for_as_long_as_it_waits(void **state)
{
	(void)state;
	calls(1, 2);
	for (uint32_t ms = 0; ms < 20 * SILENCE; ms += STEP_MS) {
		if (ms % 400 == 360) {
			sights[1].thread.messages++;
			calls(1, 2);
		}
		sights[2].thread.received_ms = clock_ms;
		step(IDLE);
		assert_well(1);
		assert_well(2);
	}
	set_state(1, INSPECT_READY, 0); /* and then for its own time */
	assert_between(until(1, VERDICT_SPINS, 1, 5000), SILENCE - 2 * LOOK_MS,
		       SILENCE + 2 * LOOK_MS);
}

static void it_need_not_wait_when_it_is_looked_at(void **state)
{
	(void)state;
	wait_again_and_again(true);
	assert_int_equal(sights[1].thread.state, INSPECT_READY);
	assert_int_equal(verdict_culprit(&verdicts[1]), NOBODY);
}

/* It waits for long to be received, and then for the answer: that is one wait. */
static void a_single_call_is_excused_for_as_long_as_somebody_is_to_blame(void **state)
{
	(void)state;
	sights[0].alive = false;
	sights[1].thread.messages = 7;
	set_state(1, INSPECT_SENDING, 10);
	assert_int_equal(until(1, VERDICT_WAITS, IDLE, 10 * SILENCE), UINT32_MAX);
	sights[0].alive = true;
	sights[0].thread.received_ms = clock_ms;
	calls(1, 0);
	assert_int_equal(until(1, VERDICT_WAITS, IDLE, SILENCE - LOOK_MS), UINT32_MAX);
	assert_well(1);
}

/* What was waited for before it last received is over. */
static void who_receives_between_its_calls_waits_as_often_as_it_likes(void **state)
{
	(void)state;
	for (uint32_t turn = 0; turn < 30; turn++) {
		sights[1].thread.messages++;
		calls(1, 2);
		sights[2].thread.received_ms = clock_ms;
		assert_int_equal(until(1, VERDICT_WAITS, IDLE, 400), UINT32_MAX);
		sights[1].thread.received_ms = clock_ms;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_waits_for_a_hung_driver_is_excused),
	    TEST(a_server_may_take_its_time_before_its_client_is_judged),
	    TEST(without_anybody_to_answer_for_it_the_waiting_one_is_judged),
	    TEST(in_a_circle_the_eldest_is_judged_alone),
	    TEST(who_sends_to_itself_waits_for_itself),
	    TEST(who_waits_for_the_manager_is_excused),
	    TEST(who_comes_back_from_waiting_is_judged_for_its_own_time),
	    TEST(who_waits_for_a_dead_driver_is_excused),
	    TEST(who_waits_for_a_driver_that_starts_is_excused),
	    TEST(who_makes_one_short_call_after_the_other_is_not_excused),
	    TEST(who_makes_one_long_call_after_the_other_is_excused),
	    TEST(who_makes_one_long_call_after_the_other_is_excused_for_a_time),
	    TEST(who_owes_an_acknowledgement_is_excused_for_a_time_too),
	    TEST(who_owes_the_manager_its_step_is_excused_for_a_time_too),
	    TEST(who_owes_nothing_is_excused_for_as_long_as_it_waits),
	    TEST(it_need_not_wait_when_it_is_looked_at),
	    TEST(a_single_call_is_excused_for_as_long_as_somebody_is_to_blame),
	    TEST(who_receives_between_its_calls_waits_as_often_as_it_likes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
