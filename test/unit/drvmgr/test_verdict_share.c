/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is judged for interrupts, and for taking more than its share. */
#include "verdict_bench.h"

static void an_interrupt_that_is_never_acknowledged_is_noticed(void **state)
{
	(void)state;
	look();
	sights[1].line_count = 2;
	sights[1].lines[1] = (line_sight_t){.owed = true, .since_ms = clock_ms};
	assert_between(until(1, VERDICT_NO_ACK, IDLE, 5000), 750, 750 + 2 * LOOK_MS);
	assert_int_equal(verdicts[1].value, 1);
}

/* The line is asked behind the thread, and has another time then. */
static void an_interrupt_that_comes_amid_a_look_is_owed_from_it_on(void **state)
{
	(void)state;
	look();
	sights[1].line_count = 1;
	sights[1].lines[0] = (line_sight_t){.owed = true, .since_ms = clock_ms + LOOK_MS + 15};
	assert_between(until(1, VERDICT_NO_ACK, IDLE, 5000), 750, 750 + 2 * LOOK_MS);
}

/* Each interrupt is 70 ms late, one every 200 or 600 ms. */
static bool is_judged_when_late_every(uint32_t ms)
{
	sights[1].line_count = 1;
	for (uint32_t t = 0; t < 4000; t += STEP_MS) {
		if (t % ms == 0)
			sights[1].lines[0] = (line_sight_t){.owed = true, .since_ms = clock_ms};
		else if (t % ms == 130)
			sights[1].lines[0].owed = false;
		step(IDLE);
		if (verdicts[1].kind == VERDICT_NO_ACK)
			return true;
	}
	return false;
}

static void three_late_acknowledgements_in_a_second_are_too_many(void **state)
{
	assert_false(is_judged_when_late_every(600));
	fresh(state);
	assert_true(is_judged_when_late_every(200));
}

/* A new one that is owed takes the place of the one before, which was late. */
static void each_late_interrupt_counts_though_one_follows_the_other(void **state)
{
	uint32_t ms = 0;
	(void)state;
	sights[1].line_count = 1;
	for (; verdicts[1].kind != VERDICT_NO_ACK; ms += STEP_MS) {
		assert_true(ms < VERDICT_LATES_MS);
		if (ms % 200 == 0)
			sights[1].lines[0] = (line_sight_t){.owed = true, .since_ms = clock_ms};
		step(IDLE);
	}
	assert_true(ms > 2 * 200);
}

/* Each interrupt is owed for 40 ms, in the midst of which is a look; the driver runs, or others
 * do. */
static bool is_judged_between_looks(bool runs)
{
	sights[1].line_count = 1;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t t = 0; t < VERDICT_LATES_MS; t += STEP_MS) {
		uint32_t phase = (clock_ms + STEP_MS) % 100;
		if (phase / STEP_MS == 7)
			sights[1].lines[0] = (line_sight_t){.owed = true, .since_ms = clock_ms};
		else if (phase / STEP_MS == 1)
			sights[1].lines[0].owed = false;
		step(runs ? 1 : 2);
		sights[1].thread.received_ms = clock_ms;
		if (verdicts[1].kind == VERDICT_NO_ACK)
			return true;
	}
	return false;
}

static void an_interrupt_is_late_by_what_passed_before_the_look(void **state)
{
	assert_false(is_judged_between_looks(false));
	fresh(state);
	assert_true(is_judged_between_looks(true));
}

static void a_storm_is_its_owners(void **state)
{
	(void)state;
	sights[2].line_count = 2;
	for (uint32_t t = 0; t < 1000; t += STEP_MS) {
		sights[2].lines[1].count += 190;
		step(IDLE);
		assert_well(2);
	}
	for (uint32_t t = 0; t < 2 * VERDICT_WINDOW_MS + LOOK_MS; t += STEP_MS) {
		sights[2].lines[1].count += 210;
		step(IDLE);
	}
	assert_int_equal(verdicts[2].kind, VERDICT_STORM);
	assert_int_equal(verdicts[2].value, 1);
}

static void what_exceeds_its_share_is_named_and_in_the_end_judged(void **state)
{
	(void)state;
	uint32_t ms = 0, named = 0;
	for (; verdicts[1].kind != VERDICT_PERSISTS && ms < 20000; ms += STEP_MS) {
		sights[1].over++;
		step(IDLE);
		if (!named && verdicts[1].kind == VERDICT_FLOODS)
			named = ms;
	}
	assert_between(named, 1, 3 * VERDICT_WINDOW_MS);
	assert_between(ms, VERDICT_PERSISTS_MS, VERDICT_PERSISTS_MS + 3 * VERDICT_WINDOW_MS);
}

static void messages_are_counted_by_the_window(void **state)
{
	(void)state;
	for (uint32_t ms = 0; ms < 3 * VERDICT_WINDOW_MS; ms += STEP_MS) {
		sights[0].thread.messages += 4;
		sights[0].thread.signals += 5;
		step(IDLE);
	}
	assert_int_equal(watches[0].sent, 4 * VERDICT_WINDOW_MS / STEP_MS);
	assert_int_equal(watches[0].signalled, 5 * VERDICT_WINDOW_MS / STEP_MS);
	assert_int_equal(watches[1].sent, 0);
	assert_between(watches[0].ended, 2, 3);
}

/* Whoever waits for windows to end need not wait for ever. */
static void windows_of_one_who_rests_end_as_well(void **state)
{
	(void)state;
	sights[0].thread.messages += 100;
	for (uint32_t ms = 0; ms < 50 * VERDICT_WINDOW_MS; ms += STEP_MS)
		step(IDLE);
	assert_true(rested > 0);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_between(watches[i].ended, 48, 50);
		assert_int_equal(watches[i].ended, plain[i].ended);
		assert_int_equal(watches[i].sent, 0);
	}
}

/* A look comes late, and the window is half as long again. */
static void a_long_window_counts_by_its_length(void **state)
{
	(void)state;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < 5 * VERDICT_WINDOW_MS && !watches[1].ended; ms += STEP_MS)
		step(IDLE);
	assert_int_equal(watches[1].ended, 1);
	sights[1].thread.messages += 150;
	sights[1].thread.signals += 30;
	run(1, 30); /* more than a quarter of a short one */
	clock_ms += VERDICT_WINDOW_MS + VERDICT_WINDOW_MS / 2;
	for (uint32_t i = 0; i < COUNT; i++)
		sights[i].thread.now_ms = clock_ms;
	look();
	assert_int_equal(watches[1].sent, 100);
	assert_int_equal(watches[1].signalled, 20);
	assert_false(watches[1].runs);
}

static void the_trouble_began_when_the_one_who_starves_others_began_to_run(void **state)
{
	(void)state;
	uint32_t begun = clock_ms + STEP_MS;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t t = 0; t < 500; t += STEP_MS) {
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	set_state(2, INSPECT_READY, 0);
	for (uint32_t t = 0; verdicts[1].kind != VERDICT_STARVES; t += STEP_MS) {
		assert_true(t < 2 * SILENCE);
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdicts[1].harms, 2);
	assert_true(verdicts[1].since_ms - begun <= LOOK_MS);
}

static void an_essential_driver_is_not_judged_for_what_it_sends_and_uses(void **state)
{
	(void)state;
	limits[1].essential = true;
	sights[1].reaches = 1;
	set_state(1, INSPECT_READY, 0);
	sights[0].senders = 1;
	set_state(2, INSPECT_READY, 0); /* starves */
	for (uint32_t ms = 0; ms < 2000; ms += STEP_MS) {
		sights[1].thread.messages += 100;
		sights[1].over++;
		step(1);
		sights[1].thread.received_ms = clock_ms;
		assert_well(1);
	}
	assert_int_not_equal(until(1, VERDICT_SPINS, 1, 2000), UINT32_MAX);
}

static void who_uses_all_its_share_for_long_is_named(void **state)
{
	(void)state;
	uint32_t ms = 0;
	set_state(1, INSPECT_READY, 0);
	for (; verdicts[1].kind == VERDICT_WELL && ms < 20000; ms += STEP_MS) {
		step(ms % 30 == 0 ? 1 : IDLE);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdicts[1].kind, VERDICT_BUSY);
	assert_between(ms, VERDICT_BUSY_MS, VERDICT_BUSY_MS + 3 * VERDICT_WINDOW_MS);
	for (; verdicts[1].kind == VERDICT_BUSY && ms < 20000; ms += STEP_MS) {
		step(ms % 30 == 0 ? 1 : IDLE);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdicts[1].kind, VERDICT_HOGS);
	assert_between(ms, VERDICT_PERSISTS_MS, VERDICT_PERSISTS_MS + 3 * VERDICT_WINDOW_MS);
}

/* Does a driver that runs so long in each half of a window use all of its 25 ms in 100? */
static bool is_busy_with(uint32_t ms)
{
	fresh(NULL);
	for (uint32_t t = 0; t < 2 * VERDICT_BUSY_MS; t += STEP_MS) {
		if (t % LOOK_MS == 0)
			run(1, ms);
		step(IDLE);
	}
	return verdicts[1].kind == VERDICT_BUSY;
}

static void an_eighth_of_its_share_may_be_missing(void **state)
{
	(void)state;
	assert_true(is_busy_with(13));
	assert_true(is_busy_with(11));
	assert_false(is_busy_with(10));
}

/* All 25 ms of each period at once, `late` steps behind its beginning, in each second one at
 * its end if it `shifts`. How long after the first of them is it named? */
static uint32_t named_after(uint32_t late, bool shifts)
{
	uint32_t ms = 0;
	fresh(NULL);
	until(1, VERDICT_BUSY, IDLE, LOOK_MS); /* seen at least once */
	for (; verdicts[1].kind == VERDICT_WELL && ms < 2 * VERDICT_BUSY_MS; ms += STEP_MS) {
		uint32_t at = shifts && ms / 100 % 2 ? 90 : late * STEP_MS;
		if (ms % 100 == at)
			run(1, 25);
		step(IDLE);
	}
	return ms - late * STEP_MS;
}

/* Its lives, and so its bursts, do not begin with the manager's looks. */
static void where_in_its_period_it_runs_makes_no_difference(void **state)
{
	(void)state;
	for (uint32_t late = 0; late < 10; late++) {
		assert_between(named_after(late, false), VERDICT_BUSY_MS - LOOK_MS,
			       VERDICT_BUSY_MS + 2 * LOOK_MS);
		assert_between(named_after(late, true), VERDICT_BUSY_MS - LOOK_MS,
			       VERDICT_BUSY_MS + 2 * LOOK_MS);
	}
}

/* It runs for so long of each 100 ms, of which it may have 25, and others keep it from running
 * for most of the rest. */
static void who_is_kept_from_running_by_others_does_not_use_all_of_its_share(void **state)
{
	(void)state;
	for (uint32_t ms = 0; ms < 2 * VERDICT_BUSY_MS; ms += STEP_MS) {
		set_state(1, ms % 100 < 80 ? INSPECT_READY : INSPECT_RECEIVING, 0);
		step(ms % 100 < 20 ? 1 : 2);
		sights[1].thread.received_ms = clock_ms;
		assert_well(1);
	}
}

/* One that waits for its next period is not kept from running by anybody. */
static void who_has_spent_its_share_is_not_starved(void **state)
{
	(void)state;
	set_state(1, INSPECT_READY, 0);
	set_state(2, INSPECT_READY, 0);
	sights[2].thread.spent = 1;
	for (uint32_t ms = 0; ms < 3000; ms += STEP_MS) {
		step(1);
		sights[1].thread.received_ms = clock_ms;
		assert_int_not_equal(verdicts[1].kind, VERDICT_STARVES);
	}
	sights[2].thread.spent = 0;
	step(1);
	for (uint32_t ms = 0; verdicts[1].kind != VERDICT_STARVES; ms += STEP_MS) {
		assert_true(ms < 2 * SILENCE);
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdicts[1].harms, 2);
}

static void a_run_time_of_days_is_counted(void **state)
{
	(void)state;
	sights[1].thread.run_high = 1000;
	sights[1].thread.run_low = 0xffffff00u;
	who_uses_all_its_share_for_long_is_named(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_interrupt_that_is_never_acknowledged_is_noticed),
	    TEST(an_interrupt_that_comes_amid_a_look_is_owed_from_it_on),
	    TEST(three_late_acknowledgements_in_a_second_are_too_many),
	    TEST(each_late_interrupt_counts_though_one_follows_the_other),
	    TEST(an_interrupt_is_late_by_what_passed_before_the_look),
	    TEST(a_storm_is_its_owners),
	    TEST(what_exceeds_its_share_is_named_and_in_the_end_judged),
	    TEST(messages_are_counted_by_the_window),
	    TEST(windows_of_one_who_rests_end_as_well),
	    TEST(a_long_window_counts_by_its_length),
	    TEST(the_trouble_began_when_the_one_who_starves_others_began_to_run),
	    TEST(an_essential_driver_is_not_judged_for_what_it_sends_and_uses),
	    TEST(who_uses_all_its_share_for_long_is_named),
	    TEST(an_eighth_of_its_share_may_be_missing),
	    TEST(where_in_its_period_it_runs_makes_no_difference),
	    TEST(who_is_kept_from_running_by_others_does_not_use_all_of_its_share),
	    TEST(who_has_spent_its_share_is_not_starved),
	    TEST(a_run_time_of_days_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
