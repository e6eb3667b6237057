/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is judged for time: that it spins, or takes too long for a caller. */
#include "verdict_bench.h"

static void a_driver_that_spins_is_judged_within_its_silence(void **state)
{
	(void)state;
	look();
	set_state(1, INSPECT_READY, 0);
	assert_between(until(1, VERDICT_SPINS, 1, 5000), SILENCE, SILENCE + 2 * LOOK_MS);
	assert_well(0);
	assert_int_equal(verdicts[1].waits_for, NOBODY);
	assert_int_equal(verdicts[1].harms, NOBODY);
	assert_true(verdicts[1].own_ms >= SILENCE);
}

static void a_driver_that_waits_in_its_event_loop_is_well_for_ever(void **state)
{
	(void)state;
	assert_int_equal(until(1, VERDICT_WAITS, IDLE, 100000), UINT32_MAX);
	for (uint32_t i = 0; i < COUNT; i++)
		assert_well(i);
	assert_true(rested > COUNT * (100000 / LOOK_MS) - 5 * COUNT); /* and costs little */
}

static uint32_t pick(uint32_t count)
{
	static uint32_t state = 7;
	state = state * 1664525u + 1013904223u;
	return (state >> 16) % count;
}

/* What comes from others, or was done while it ran. */
static void happen_to(uint32_t i)
{
	sight_t *sight = &sights[i];
	switch (pick(8)) {
	case 0:
		set_state(i, pick(INSPECT_STATE_COUNT), 10 + pick(2 * COUNT + 4));
		run(i, 1);
		break;
	case 1:
		sight->thread.messages += pick(1000);
		run(i, pick(100));
		break;
	case 2:
		sight->tied = pick(2);
		sight->tied_ms = clock_ms;
		break;
	case 3:
		sight->senders = pick(2);
		sight->oldest_ms = clock_ms;
		break;
	case 4:
		sight->over += pick(2);
		break;
	case 5:
		sight->line_count = 1;
		sight->lines[0].owed = pick(2);
		sight->lines[0].since_ms = clock_ms;
		sight->lines[0].count += pick(3000);
		run(i, 1);
		break;
	case 6:
		limits[i].state_ms = pick(4) ? 0 : 500;
		verdict_begin(&watches[i]);
		verdict_begin(&plain[i]);
		break;
	default:
		set_state(i, INSPECT_RECEIVING, 10 + i);
		sight->tied = sight->lines[0].owed = false;
		sight->senders = 0;
		sight->thread.received_ms = clock_ms;
		run(i, 1);
	}
}

static void whatever_happens_who_rests_is_judged_as_if_it_were_looked_at(void **state)
{
	(void)state;
	for (uint32_t turn = 0; turn < 50000; turn++) {
		if (!pick(20))
			happen_to(pick(COUNT));
		step(pick(3) ? IDLE : pick(COUNT));
	}
	assert_in_range(rested, 1000, COUNT * (50000 / (LOOK_MS / STEP_MS)));
}

static void a_receive_begins_the_silence_anew(void **state)
{
	(void)state;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t turn = 0; turn < 20; turn++) {
		assert_int_equal(until(1, VERDICT_SPINS, 1, SILENCE - LOOK_MS), UINT32_MAX);
		sights[1].thread.received_ms = clock_ms; /* and goes on at once */
	}
}

static void who_does_not_run_is_excused_and_who_ran_is_named(void **state)
{
	(void)state;
	limits[2].silence_ms = 100000;
	limits[2].cpu.period_ms = 0;
	set_state(1, INSPECT_READY, 0);
	set_state(2, INSPECT_READY, 0);
	assert_between(until(2, VERDICT_STARVES, 2, 5000), SILENCE, SILENCE + 2 * LOOK_MS);
	assert_well(1);
	assert_int_equal(verdicts[2].harms, 1);
	assert_int_equal(verdicts[2].waits_for, NOBODY);
}

/* Its limit is over, and another one keeps it from running; then a message ends its wait, and
 * the kernel has not added that time up. */
static void time_told_as_ready_that_is_not_added_up_is_not_its_own(void **state)
{
	(void)state;
	limits[2].silence_ms = 0;
	limits[2].cpu.period_ms = 0;
	set_state(2, INSPECT_READY, 0);
	uint32_t before = sights[1].thread.ready_ms;
	set_state(1, INSPECT_READY, 0);
	assert_int_equal(until(1, VERDICT_SPINS, 2, SILENCE - LOOK_MS), UINT32_MAX);
	sights[1].thread.ready_ms = before;
	assert_int_equal(until(1, VERDICT_SPINS, 2, 5000), UINT32_MAX);
	assert_between(until(1, VERDICT_SPINS, 1, 5000), SILENCE - 2 * LOOK_MS,
		       SILENCE + 2 * LOOK_MS);
}

/* It is silent for longer than it may be, but half of that it ran. */
static void who_runs_half_of_the_time_is_not_starved_for_all_of_it(void **state)
{
	(void)state;
	limits[2].silence_ms = 100000;
	limits[2].cpu.period_ms = 0;
	set_state(1, INSPECT_READY, 0);
	set_state(2, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < 2 * SILENCE - LOOK_MS; ms += STEP_MS) {
		step(ms % (2 * STEP_MS) == 0 ? 1 : 2);
		assert_int_not_equal(verdicts[2].kind, VERDICT_STARVES);
	}
}

static void only_own_time_counts(void **state)
{
	(void)state;
	uint32_t ms = 0;
	set_state(1, INSPECT_READY, 0);
	set_state(2, INSPECT_READY, 0);
	limits[2].silence_ms = 0;
	for (; verdicts[1].kind != VERDICT_SPINS && ms < 20000; ms += STEP_MS)
		step(ms % (4 * STEP_MS) == 0 ? 1 : 2);
	assert_between(ms, 4 * SILENCE, 4 * (SILENCE + 2 * LOOK_MS));
}

static void who_waits_for_something_of_its_own_is_judged(void **state)
{
	(void)state;
	look();
	set_state(3, INSPECT_WAITING, 77);
	assert_between(until(3, VERDICT_WAITS, IDLE, 5000), SILENCE, SILENCE + 2 * LOOK_MS);
}

/* One takes the first's call and waits at the endpoint for the others', of whom each gives up
 * before the limit; the last one does not. */
static void its_trouble_began_with_the_first_that_gave_up(void **state)
{
	(void)state;
	look();
	limits[0].silence_ms = 20000;
	limits[0].cpu.period_ms = 0;
	uint32_t begun = clock_ms;
	set_state(0, INSPECT_READY, 0);
	calls(1, 0);
	for (uint32_t client = 0; client < 4; client++) {
		assert_int_equal(until(0, VERDICT_NO_WORK, 0, 500), UINT32_MAX);
		sights[0].tied = false;
		sights[0].senders = 1;
		sights[0].oldest_ms = clock_ms;
	}
	assert_between(until(0, VERDICT_NO_WORK, 0, 2000), 750, 750 + 2 * LOOK_MS);
	assert_between(verdicts[0].since_ms, begun, begun + LOOK_MS);
	/* Whom it has received is not of those. */
	set_state(0, INSPECT_RECEIVING, 0);
	sights[0].thread.received_ms = clock_ms;
	sights[0].senders = 0;
	assert_int_not_equal(until(0, VERDICT_WELL, IDLE, 500), UINT32_MAX);
	begun = clock_ms;
	set_state(0, INSPECT_READY, 0);
	calls(1, 0);
	assert_int_not_equal(until(0, VERDICT_NO_WORK, 0, 2000), UINT32_MAX);
	assert_between(verdicts[0].since_ms, begun, begun + 2 * LOOK_MS);
}

/* One that is less urgent may wait for long at a driver that serves others. */
static void who_receives_is_not_judged_for_who_is_not_received_yet(void **state)
{
	(void)state;
	sights[1].senders = 2;
	sights[1].oldest_ms = clock_ms;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < 3 * SILENCE; ms += STEP_MS) {
		step(ms % 50 == 0 ? 1 : IDLE);
		sights[1].thread.received_ms = clock_ms;
		assert_well(1);
	}
	assert_between(until(1, VERDICT_SPINS, 1, 5000), SILENCE - LOOK_MS,
		       SILENCE + 2 * LOOK_MS);
}

static void each_verdict_is_told_and_says_what_is_done(void **state)
{
	(void)state;
	for (uint32_t kind = 0; kind < VERDICT_COUNT; kind++) {
		assert_string_not_equal(verdict_text(kind), "?");
		bool fails = verdict_action(kind) == VERDICT_FAILS;
		assert_int_equal(fails, verdict_error(kind) != DRV_OK);
	}
	assert_string_equal(verdict_text(VERDICT_COUNT), "?");
	assert_int_equal(verdict_action(VERDICT_COUNT), VERDICT_NOTHING);
	assert_int_equal(verdict_error(VERDICT_COUNT), DRV_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_verdict_is_told_and_says_what_is_done),
	    TEST(a_driver_that_spins_is_judged_within_its_silence),
	    TEST(a_driver_that_waits_in_its_event_loop_is_well_for_ever),
	    TEST(whatever_happens_who_rests_is_judged_as_if_it_were_looked_at),
	    TEST(a_receive_begins_the_silence_anew),
	    TEST(who_does_not_run_is_excused_and_who_ran_is_named),
	    TEST(time_told_as_ready_that_is_not_added_up_is_not_its_own),
	    TEST(who_runs_half_of_the_time_is_not_starved_for_all_of_it),
	    TEST(only_own_time_counts),
	    TEST(who_waits_for_something_of_its_own_is_judged),
	    TEST(its_trouble_began_with_the_first_that_gave_up),
	    TEST(who_receives_is_not_judged_for_who_is_not_received_yet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
