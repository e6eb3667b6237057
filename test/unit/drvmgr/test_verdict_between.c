/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of several is named, and what is counted though it could be lost: over the end of an
 * instance, and when the kernel takes ready time back. */
#include "verdict_bench.h"

/* Of each 100 ms the first runs 40 and the second 60. */
static void who_ran_most_is_named_not_the_first_that_ran(void **state)
{
	for (uint32_t turned = 0; turned < 2; turned++) {
		uint32_t less = 1 + turned, most = 2 - turned;
		fresh(state);
		limits[1].cpu.period_ms = limits[2].cpu.period_ms = 0;
		for (uint32_t i = 1; i <= 3; i++)
			set_state(i, INSPECT_READY, 0);
		for (uint32_t ms = 0; verdicts[most].kind != VERDICT_STARVES; ms += STEP_MS) {
			assert_true(ms < 2 * SILENCE);
			step(ms % 100 < 40 ? less : most);
			sights[1].thread.received_ms = sights[2].thread.received_ms = clock_ms;
			assert_well(less);
		}
		assert_int_equal(verdicts[most].harms, 3);
	}
}

/* Of each 100 ms 30, 30 and, the one that waits longest to run, 40. */
static void who_starves_is_not_named_though_it_ran_most(void **state)
{
	(void)state;
	limits[1].cpu.period_ms = limits[2].cpu.period_ms = 0;
	for (uint32_t i = 1; i <= 3; i++)
		set_state(i, INSPECT_READY, 0);
	for (uint32_t ms = 0; verdicts[1].kind != VERDICT_STARVES; ms += STEP_MS) {
		assert_true(ms < 2 * SILENCE);
		step(ms % 100 < 30 ? 1 : ms % 100 < 60 ? 2 : 3);
		sights[1].thread.received_ms = sights[2].thread.received_ms = clock_ms;
		assert_int_not_equal(verdicts[3].kind, VERDICT_STARVES);
	}
	assert_int_equal(verdicts[1].harms, 3);
}

/* A server that runs all the time since it is sent more than a share: whose doing is that? */
static void who_drives_a_server_is_named_for_what_it_runs(void **state)
{
	for (uint32_t reaches = 0; reaches < 2; reaches++) {
		uint32_t named = reaches ? 1 : 2, other = reaches ? 2 : 1;
		fresh(state);
		limits[2].cpu.period_ms = 0;
		sights[1].reaches = reaches << 2;
		set_state(2, INSPECT_READY, 0);
		set_state(3, INSPECT_READY, 0);
		for (uint32_t ms = 0; verdicts[named].kind != VERDICT_STARVES; ms += STEP_MS) {
			assert_true(ms < 2 * SILENCE);
			sights[1].thread.messages += 100;
			step(2);
			sights[2].thread.received_ms = clock_ms;
			assert_well(other);
		}
		assert_int_equal(verdicts[named].harms, 3);
		assert_in_range(verdicts[named].since_ms, 0xffffff00u, 0xffffff00u + 200);
	}
}

/* Driver 1 runs for most of the time that 3 starves. Then 0 begins to send to 2, which runs for
 * it `share` of each 100 ms from then on; whom that names is to be 1 or 0. */
static void begins_to_serve(uint32_t before_ms, uint32_t share)
{
	uint32_t ms = 0;
	limits[1].cpu.period_ms = limits[2].cpu.period_ms = 0;
	sights[0].reaches = 1u << 2;
	set_state(1, INSPECT_READY, 0);
	set_state(3, INSPECT_READY, 0);
	for (; ms < before_ms; ms += STEP_MS)
		step(ms % 100 < 70 ? 1 : IDLE);
	set_state(2, INSPECT_READY, 0);
	for (; ms < 2 * SILENCE; ms += STEP_MS) {
		bool serves = ms % 100 < share;
		sights[0].thread.messages += serves ? 100 : 0;
		step(serves ? 2 : 1);
		sights[1].thread.received_ms = sights[2].thread.received_ms = clock_ms;
		assert_int_not_equal(verdicts[2].kind, VERDICT_STARVES);
	}
}

static void who_just_began_to_serve_is_not_named_for_who_starves(void **state)
{
	for (uint32_t before_ms = 0; before_ms < SILENCE + 200; before_ms += STEP_MS)
		for (uint32_t share = 10; share <= 100; share += 30) {
			fresh(state);
			begins_to_serve(before_ms, share);
			assert_true(verdicts[0].kind == VERDICT_STARVES ||
				    verdicts[1].kind == VERDICT_STARVES);
		}
}

/* The same if the one that starves may not be silent for longer than the flood is known to be.
 */
static void who_just_began_to_serve_is_not_named_for_who_is_impatient(void **state)
{
	for (uint32_t begins_ms = 200; begins_ms < 400; begins_ms += STEP_MS) {
		fresh(state);
		limits[2].cpu.period_ms = 0;
		limits[3].silence_ms = 50;
		sights[0].reaches = 1u << 2;
		for (uint32_t ms = 0; ms < SILENCE; ms += STEP_MS) {
			bool floods = ms >= begins_ms;
			if (ms == begins_ms) {
				set_state(2, INSPECT_READY, 0);
				set_state(3, INSPECT_READY, 0);
			}
			sights[0].thread.messages += floods ? 100 : 0;
			step(floods ? 2 : IDLE);
			sights[2].thread.received_ms = clock_ms;
			assert_int_not_equal(verdicts[2].kind, VERDICT_STARVES);
		}
		assert_int_equal(verdicts[0].kind, VERDICT_STARVES);
	}
}

/* Whoever drove the server to run for long is stopped: it ran for that one. */
static void who_served_one_that_ended_is_not_named(void **state)
{
	for (uint32_t after_ms = 0; after_ms < 300; after_ms += STEP_MS) {
		fresh(state);
		limits[2].cpu.period_ms = 0;
		sights[1].reaches = 1u << 2;
		set_state(2, INSPECT_READY, 0);
		set_state(3, INSPECT_READY, 0);
		for (uint32_t ms = 0; ms < SILENCE + 600; ms += STEP_MS) {
			sights[1].alive = ms < SILENCE - 200 + after_ms;
			if (sights[1].alive)
				sights[1].thread.messages += 100;
			step(sights[1].alive ? 2 : IDLE);
			sights[2].thread.received_ms = clock_ms;
			assert_int_not_equal(verdicts[2].kind, VERDICT_STARVES);
		}
	}
}

/* Two by turns: neither runs much of each window. */
static void who_takes_turns_with_another_is_named(void **state)
{
	(void)state;
	limits[1].cpu.period_ms = limits[2].cpu.period_ms = 0;
	for (uint32_t i = 1; i <= 3; i++)
		set_state(i, INSPECT_READY, 0);
	for (uint32_t ms = 0;
	     verdicts[1].kind != VERDICT_STARVES && verdicts[2].kind != VERDICT_STARVES;
	     ms += STEP_MS) {
		assert_true(ms < 2 * SILENCE);
		step(1 + ms / 200 % 2);
		sights[1].thread.received_ms = sights[2].thread.received_ms = clock_ms;
	}
}

/* Driver 3 starves on, because of nobody who is judged. */
static void who_ran_much_and_does_so_no_more_is_not_named(void **state)
{
	(void)state;
	limits[1].cpu.period_ms = 0;
	set_state(1, INSPECT_READY, 0);
	set_state(3, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < 2 * SILENCE; ms += STEP_MS) {
		if (ms == SILENCE - 150)
			set_state(1, INSPECT_RECEIVING, 0);
		step(sights[1].thread.state == INSPECT_READY ? 1 : IDLE);
		sights[1].thread.received_ms = clock_ms;
		assert_well(1);
	}
}

static void who_was_driven_once_is_named_for_what_it_runs_now(void **state)
{
	(void)state;
	limits[2].cpu.period_ms = 0;
	sights[1].reaches = 1u << 2;
	set_state(2, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < 300; ms += STEP_MS) {
		sights[1].thread.messages += 100;
		step(2);
		sights[2].thread.received_ms = clock_ms;
	}
	set_state(3, INSPECT_READY, 0);
	for (uint32_t ms = 0; verdicts[2].kind != VERDICT_STARVES; ms += STEP_MS) {
		assert_true(ms < 2 * SILENCE);
		step(2);
		sights[2].thread.received_ms = clock_ms;
	}
}

static void a_long_window_counts_for_all_that_it_was(void **state)
{
	(void)state;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < 1000; ms += STEP_MS) {
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdict_ran_ms(&watches[1], clock_ms, VERDICT_RAN), 800);
	clock_ms += 600; /* nobody looks */
	for (uint32_t ended = watches[1].ended; watches[1].ended == ended;)
		step(IDLE);
	assert_in_range(verdict_ran_ms(&watches[1], clock_ms, VERDICT_RAN), 100, 200);
}

/* What it ran before it rested has nothing to do with who starves later. */
static void who_ran_long_ago_is_not_named(void **state)
{
	(void)state;
	limits[1].cpu.period_ms = limits[2].cpu.period_ms = 0;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < 2000; ms += STEP_MS) {
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdict_ran_ms(&watches[1], clock_ms, VERDICT_RAN), 800);
	set_state(1, INSPECT_RECEIVING, 0);
	set_state(2, INSPECT_READY, 0);
	set_state(3, INSPECT_READY, 0);
	for (uint32_t ms = 0; verdicts[2].kind != VERDICT_STARVES; ms += STEP_MS) {
		assert_true(ms < 2 * SILENCE);
		step(2);
		sights[2].thread.received_ms = clock_ms;
		assert_well(1);
	}
	assert_int_equal(verdict_ran_ms(&watches[1], clock_ms, VERDICT_RAN) / 100, 0);
}

static void who_fails_anyway_is_not_named_for_a_flood_instead(void **state)
{
	(void)state;
	sights[0].senders = 1;
	sights[1].reaches = 1;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < SILENCE + 2 * LOOK_MS; ms += STEP_MS) {
		sights[0].thread.received_ms = clock_ms;
		sights[1].thread.messages += 100;
		step(1);
	}
	assert_int_equal(verdicts[1].kind, VERDICT_SPINS);
}

/* Before it runs a driver may be silent for as long as its state may take. */
static void who_is_kept_from_starting_is_starved(void **state)
{
	(void)state;
	limits[1].cpu.period_ms = 0;
	limits[3].silence_ms = 0;
	limits[3].state_ms = 500;
	set_state(1, INSPECT_READY, 0);
	set_state(3, INSPECT_READY, 0);
	for (uint32_t ms = 0; verdicts[1].kind != VERDICT_STARVES; ms += STEP_MS) {
		assert_true(ms < 500 + 2 * LOOK_MS);
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdicts[1].harms, 3);
}

static void reborn(uint32_t i)
{
	verdict_end(&watches[i], &sights[i].thread, limits[i].cpu, limits[i].share);
	verdict_end(&plain[i], &sights[i].thread, limits[i].cpu, limits[i].share);
	verdict_live(&watches[i]);
	verdict_live(&plain[i]);
	sights[i].thread = (inspect_thread_t){.now_ms = clock_ms,
					      .state = INSPECT_RECEIVING,
					      .ticks_per_ms = TICKS,
					      .since_ms = clock_ms,
					      .received_ms = clock_ms};
}

/* What it ran before it began is not held against an instance. */
static void who_is_new_has_starved_nobody(void **state)
{
	(void)state;
	limits[1].cpu.period_ms = 0;
	set_state(1, INSPECT_READY, 0);
	set_state(3, INSPECT_READY, 0);
	while (verdicts[1].kind != VERDICT_STARVES || watches[1].window_ms != clock_ms) {
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	reborn(1);
	assert_true(watches[1].runs);
	look();
	assert_well(1);
}

/* What was seen of it last stays so until the next instance is looked at. */
static void who_has_ended_is_judged_no_more(void **state)
{
	(void)state;
	set_state(1, INSPECT_READY, 0);
	assert_int_not_equal(until(1, VERDICT_SPINS, 1, 2 * SILENCE), UINT32_MAX);
	sights[1].alive = false;
	look();
	assert_well(1);
}

static void of_a_circle_that_began_at_once_one_is_judged(void **state)
{
	(void)state;
	look();
	calls(1, 2);
	calls(2, 1);
	assert_int_not_equal(until(1, VERDICT_WAITS, IDLE, 2 * SILENCE), UINT32_MAX);
	assert_well(2);
}

/* Another one keeps it from running after its time limit is over; then the kernel, which told
 * that time as ready, does not add it up. */
static void assert_not_its_own(verdict_kind_t kind)
{
	set_state(2, INSPECT_READY, 0);
	limits[2] = (verdict_limits_t){.share = {25, 100}};
	uint32_t before = sights[1].thread.ready_ms;
	assert_int_equal(until(1, kind, 2, SILENCE - LOOK_MS), UINT32_MAX);
	sights[1].thread.ready_ms = before;
	assert_int_equal(until(1, kind, 2, 5000), UINT32_MAX);
	assert_between(until(1, kind, 1, 5000), SILENCE - 2 * LOOK_MS, SILENCE + 2 * LOOK_MS);
}

static void no_limit_counts_ready_time_that_is_taken_back(void **state)
{
	const verdict_kind_t kinds[] = {VERDICT_LIMIT, VERDICT_NO_WORK, VERDICT_NO_WORK,
					VERDICT_NO_ACK};
	for (uint32_t i = 0; i < 4; i++) {
		fresh(state);
		limits[1] = (verdict_limits_t){.share = {25, 100}};
		limits[1].state_ms = i == 0 ? SILENCE : 0;
		limits[1].call_ms = limits[1].progress_ms = i == 0 ? 0 : SILENCE;
		set_state(1, INSPECT_READY, 0);
		sights[1].tied = i == 1;
		sights[1].senders = i == 2;
		sights[1].line_count = i == 3;
		sights[1].lines[0] = (line_sight_t){.owed = i == 3, .since_ms = clock_ms};
		sights[1].tied_ms = sights[1].oldest_ms = clock_ms;
		assert_not_its_own(kinds[i]);
	}
}

static void what_was_sent_before_an_end_counts_in_its_window(void **state)
{
	(void)state;
	while (!watches[1].ended) {
		run(1, 1);
		step(IDLE);
	}
	sights[1].thread.messages += 30;
	sights[1].thread.signals += 20;
	step(IDLE);
	reborn(1);
	sights[1].thread.messages += 40;
	sights[1].thread.signals += 5;
	for (uint32_t ended = watches[1].ended; watches[1].ended == ended;)
		step(IDLE);
	assert_int_equal(watches[1].sent, 70);
	assert_int_equal(watches[1].signalled, 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_ran_most_is_named_not_the_first_that_ran),
	    TEST(who_starves_is_not_named_though_it_ran_most),
	    TEST(who_drives_a_server_is_named_for_what_it_runs),
	    TEST(who_just_began_to_serve_is_not_named_for_who_starves),
	    TEST(who_just_began_to_serve_is_not_named_for_who_is_impatient),
	    TEST(who_served_one_that_ended_is_not_named),
	    TEST(who_takes_turns_with_another_is_named),
	    TEST(who_ran_much_and_does_so_no_more_is_not_named),
	    TEST(who_was_driven_once_is_named_for_what_it_runs_now),
	    TEST(a_long_window_counts_for_all_that_it_was),
	    TEST(who_ran_long_ago_is_not_named),
	    TEST(who_fails_anyway_is_not_named_for_a_flood_instead),
	    TEST(who_is_kept_from_starting_is_starved),
	    TEST(who_is_new_has_starved_nobody),
	    TEST(who_has_ended_is_judged_no_more),
	    TEST(of_a_circle_that_began_at_once_one_is_judged),
	    TEST(no_limit_counts_ready_time_that_is_taken_back),
	    TEST(what_was_sent_before_an_end_counts_in_its_window),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
