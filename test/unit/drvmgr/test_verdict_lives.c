/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is judged for what it does in one life after the other, and for how long a state takes.
 */
#include "verdict_bench.h"

/* The driver's instance ends, and another begins. */
static void reborn(uint32_t i)
{
	sight_t *sight = &sights[i];
	sight->thread.now_ms = clock_ms;
	verdict_end(&watches[i], &sight->thread, limits[i].cpu, limits[i].share);
	verdict_end(&plain[i], &sight->thread, limits[i].cpu, limits[i].share);
	verdict_live(&watches[i]);
	verdict_live(&plain[i]);
	sight->thread = (inspect_thread_t){.now_ms = clock_ms,
					   .state = INSPECT_READY,
					   .ticks_per_ms = TICKS,
					   .since_ms = clock_ms};
	sight->line_count = 0;
}

/* Of each 30 ms so many, in lives of 30. */
static uint32_t named_after(uint32_t ms, verdict_kind_t kind)
{
	uint32_t passed = 0;
	for (; verdicts[1].kind != kind && passed < 20000; passed += STEP_MS) {
		if (passed % 30 == 0) {
			reborn(1);
			run(1, ms);
		}
		step(IDLE);
		sights[1].thread.received_ms = clock_ms;
	}
	return passed;
}

static void who_uses_all_its_share_in_one_life_after_the_other_is_named(void **state)
{
	assert_between(named_after(10, VERDICT_BUSY), VERDICT_BUSY_MS,
		       VERDICT_BUSY_MS + 3 * VERDICT_WINDOW_MS);
	fresh(state);
	assert_between(named_after(10, VERDICT_HOGS), VERDICT_PERSISTS_MS,
		       VERDICT_PERSISTS_MS + 3 * VERDICT_WINDOW_MS);
	fresh(state);
	assert_int_equal(named_after(4, VERDICT_BUSY), 20000);
}

/* It is told at once of the next instance, too, which fails only for what it goes on with. */
static void an_instance_does_not_fail_for_what_the_last_one_used(void **state)
{
	(void)state;
	named_after(10, VERDICT_BUSY);
	while (clock_ms - watches[1].busy.since_ms < VERDICT_PERSISTS_MS - LOOK_MS) {
		run(1, STEP_MS / 2);
		step(IDLE);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdicts[1].kind, VERDICT_BUSY);
	reborn(1);
	clock_ms += LOOK_MS;
	sights[1].thread.now_ms = clock_ms;
	look();
	assert_int_equal(verdicts[1].kind, VERDICT_BUSY);
}

/* What the kernel and the manager do with a budget, a millisecond a turn: a driver that spins
 * for 34 ms of the clock, fails and is begun anew 16 ms later, with what is left of its 35 ms
 * in 100. One that has none left runs if nobody else does, which is so in `idle` of ten turns.
 */
typedef struct burst {
	used_t used;
	uint32_t left_ms, began_ms, dead_ms;
	bool dead;
} burst_t;

static void begin_burst(burst_t *burst)
{
	reborn(1);
	burst->dead = false;
	sights[1].alive = true;
	burst->began_ms = clock_ms;
	burst->left_ms = used_leaves_ms(&watches[1].used, clock_ms, limits[1].share);
	if (verdict_busy(&watches[1], clock_ms))
		look();
}

static void turn_burst(burst_t *burst, bool idle)
{
	sight_t *sight = &sights[1];
	clock_ms++;
	for (uint32_t i = 0; i < COUNT; i++)
		sights[i].thread.now_ms = clock_ms;
	if (burst->dead) {
		if (clock_ms - burst->dead_ms >= 16)
			begin_burst(burst);
		return;
	}
	if (clock_ms - burst->began_ms == limits[1].share.period_ms)
		burst->left_ms = limits[1].share.budget_ms;
	sight->thread.spent = burst->left_ms == 0;
	if (burst->left_ms || idle)
		run(1, 1);
	else
		sight->thread.ready_ms++;
	burst->left_ms -= burst->left_ms != 0;
	sight->thread.since_ms = sight->thread.received_ms = clock_ms;
	if (clock_ms - burst->began_ms >= 34 && (burst->left_ms || idle)) {
		burst->dead = true;
		sights[1].alive = false;
		burst->dead_ms = clock_ms;
	}
}

/* After how long is it named, if the first look is so late behind its birth, and the others
 * follow each other so? */
static uint32_t burst_named_after(uint32_t idle, uint32_t late, uint32_t each_ms)
{
	burst_t burst = {0};
	fresh(NULL);
	limits[1].cpu = limits[1].share = (budget_t){35, 100};
	begin_burst(&burst);
	for (uint32_t ms = 1; ms < 2 * VERDICT_BUSY_MS; ms++) {
		turn_burst(&burst, ms % 10 < idle);
		if (ms % each_ms == late)
			look();
		if (verdicts[1].kind == VERDICT_BUSY)
			return ms;
	}
	return UINT32_MAX;
}

static void who_runs_in_bursts_is_named_whoever_else_runs(void **state)
{
	uint32_t worst = 0;
	(void)state;
	for (uint32_t idle = 0; idle <= 10; idle++)
		for (uint32_t late = 0; late < 50; late++)
			for (uint32_t each_ms = 50; each_ms <= 100; each_ms += 10) {
				uint32_t ms = burst_named_after(idle, late, each_ms);
				worst = ms > worst ? ms : worst;
			}
	assert_between(worst, VERDICT_BUSY_MS, VERDICT_BUSY_MS + 2 * VERDICT_WINDOW_MS);
}

/* A driver that did its work at once, as nobody else wanted to run, does nothing from then on.
 */
static void what_was_run_beyond_the_share_is_not_held_against_it_for_long(void **state)
{
	(void)state;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t ms = 0; ms < 5000; ms += STEP_MS) {
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdicts[1].kind, VERDICT_BUSY);
	set_state(1, INSPECT_RECEIVING, 0);
	for (uint32_t ms = 0; ms < 8 * VERDICT_WINDOW_MS + 100 + LOOK_MS; ms += STEP_MS)
		step(IDLE);
	assert_well(1);
	for (uint32_t ms = 0; ms < 2 * VERDICT_PERSISTS_MS; ms += STEP_MS) {
		step(IDLE);
		assert_well(1);
	}
}

static void who_floods_in_one_life_after_the_other_is_named(void **state)
{
	(void)state;
	sights[0].senders = 1;
	sights[1].reaches = 1;
	for (uint32_t ms = 0; verdicts[1].kind != VERDICT_FLOODS; ms += STEP_MS) {
		assert_true(ms < 4 * VERDICT_WINDOW_MS);
		if (ms % 30 == 0)
			reborn(1);
		sights[1].thread.messages += 50;
		sights[1].thread.signals += 50;
		sights[0].thread.received_ms = clock_ms;
		step(IDLE);
	}
}

/* Of what it sent in the window in which it ended, so much as falls into a whole one; but of
 * one that was not looked at, all that it sent. */
static void what_an_instance_sent_at_last_is_counted(void **state)
{
	(void)state;
	step(IDLE);
	while (!watches[1].ended) {
		sights[1].thread.messages += 100;
		step(IDLE);
	}
	sights[1].thread.messages += 30;
	step(IDLE);
	reborn(1);
	assert_int_equal(watches[1].sent_last, 30);
	clock_ms += 40 * VERDICT_WINDOW_MS;
	sights[1].thread.messages += 300;
	reborn(1);
	assert_int_equal(watches[1].sent_last, 300);
	look();
	sights[1].thread.messages += 300;
	clock_ms += 2 * VERDICT_WINDOW_MS;
	reborn(1);
	assert_int_equal(watches[1].sent_last, 150);
}

static void who_starves_others_in_one_life_after_the_other_is_named(void **state)
{
	(void)state;
	set_state(2, INSPECT_READY, 0);
	for (uint32_t ms = 0; verdicts[1].kind != VERDICT_STARVES; ms += STEP_MS) {
		assert_true(ms < 2 * SILENCE);
		if (ms % 30 == 0)
			reborn(1);
		step(1);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_int_equal(verdicts[1].harms, 2);
}

static void a_window_that_ended_before_it_began_is_not_held_against_an_instance(void **state)
{
	(void)state;
	while (verdicts[1].kind != VERDICT_FLOODS) {
		sights[1].over++;
		step(IDLE);
	}
	while (clock_ms - watches[1].window_ms < VERDICT_WINDOW_MS / 2)
		step(IDLE);
	reborn(1);
	assert_true(watches[1].floods); /* as the last window was */
	set_state(1, INSPECT_RECEIVING, 0);
	while (watches[1].floods) {
		look();
		assert_well(1);
		step(IDLE);
	}
}

static void what_is_ones_own_time_begins_anew(void **state)
{
	(void)state;
	set_state(1, INSPECT_READY, 0);
	for (uint32_t lives = 0; lives < 5; lives++) {
		assert_int_equal(until(1, VERDICT_SPINS, 1, SILENCE - LOOK_MS), UINT32_MAX);
		reborn(1);
	}
	assert_between(until(1, VERDICT_SPINS, 1, 5000), SILENCE, SILENCE + 2 * LOOK_MS);
}

/* A line that had interrupts before, which the driver has from Initialising on. */
static void what_a_line_counted_before_a_driver_had_it_is_no_storm(void **state)
{
	(void)state;
	for (uint32_t life = 0; life < 2; life++) {
		for (uint32_t t = 0; t < 1000; t += STEP_MS) {
			sights[1].line_count = t >= 230;
			sights[1].lines[0].count = 50000 + clock_ms;
			step(IDLE);
			assert_int_not_equal(verdicts[1].kind, VERDICT_STORM);
		}
		reborn(1);
	}
}

static void a_state_has_its_limit_of_own_time(void **state)
{
	(void)state;
	limits[1].silence_ms = 0;
	limits[1].state_ms = 500;
	limits[2].silence_ms = 0;
	limits[2].state_ms = 500;
	set_state(1, INSPECT_READY, 0);
	set_state(2, INSPECT_READY, 0);
	assert_between(until(1, VERDICT_LIMIT, 1, 5000), 500, 500 + 2 * LOOK_MS);
	assert_well(2);
	verdict_begin(&watches[1]);
	verdict_begin(&plain[1]);
	look();
	assert_int_not_equal(verdicts[1].kind, VERDICT_LIMIT);
}

/* On its way out a driver may be kept from running, stand still, or wait for others: not for
 * ever. */
static void who_leaves_is_not_waited_for_for_ever(void **state)
{
	(void)state;
	const uint32_t in[] = {INSPECT_READY, INSPECT_STOPPED, INSPECT_SENDING};
	step(IDLE);
	for (uint32_t i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		verdict_begin(&watches[1]);
		verdict_begin(&plain[1]);
		limits[1] = (verdict_limits_t){.state_ms = 500, .leave_ms = 3000};
		set_state(1, in[i], in[i] == INSPECT_SENDING ? 10 : 0);
		sights[0].alive = false;
		look();
		assert_between(until(1, VERDICT_LIMIT, 2, 5000), 3000, 3000 + 2 * LOOK_MS);
	}
	limits[1].leave_ms = 0;
	look();
	assert_int_equal(until(1, VERDICT_LIMIT, 2, 10000), UINT32_MAX);
}

static void a_stopped_thread_is_not_judged(void **state)
{
	(void)state;
	set_state(1, INSPECT_STOPPED, 0);
	assert_int_equal(until(1, VERDICT_WAITS, IDLE, 5000), UINT32_MAX);
	assert_well(1);
}

/* Another incarnation of the manager looks from then on. */
static void look_anew(uint32_t i)
{
	verdict_live(&watches[i]);
	verdict_live(&plain[i]);
}

static void trouble_that_another_incarnation_saw_began_when_the_kernel_says(void **state)
{
	for (uint32_t received = 0; received < 2; received++) {
		fresh(state);
		look();
		uint32_t begun = sights[0].thread.received_ms = received ? clock_ms : 0;
		set_state(0, INSPECT_READY, 0);
		assert_int_equal(until(0, VERDICT_SPINS, 0, 500), UINT32_MAX);
		look_anew(0);
		uint32_t anew = clock_ms;
		assert_between(until(0, VERDICT_SPINS, 0, 5000), SILENCE,
			       SILENCE + 2 * LOOK_MS);
		if (received)
			assert_int_equal(verdicts[0].since_ms, begun);
		else /* it has just begun itself */
			assert_between(verdicts[0].since_ms, anew, anew + LOOK_MS);
	}
}

static void a_call_that_another_incarnation_saw_is_as_old_as_the_kernel_says(void **state)
{
	(void)state;
	uint32_t begun = clock_ms;
	calls(1, 0);
	assert_int_equal(until(0, VERDICT_NO_WORK, IDLE, 500), UINT32_MAX);
	look_anew(0);
	assert_int_not_equal(until(0, VERDICT_NO_WORK, IDLE, 5000), UINT32_MAX);
	assert_int_equal(verdicts[0].since_ms, begun);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(trouble_that_another_incarnation_saw_began_when_the_kernel_says),
	    TEST(a_call_that_another_incarnation_saw_is_as_old_as_the_kernel_says),
	    TEST(who_uses_all_its_share_in_one_life_after_the_other_is_named),
	    TEST(an_instance_does_not_fail_for_what_the_last_one_used),
	    TEST(who_runs_in_bursts_is_named_whoever_else_runs),
	    TEST(what_was_run_beyond_the_share_is_not_held_against_it_for_long),
	    TEST(who_floods_in_one_life_after_the_other_is_named),
	    TEST(what_an_instance_sent_at_last_is_counted),
	    TEST(who_starves_others_in_one_life_after_the_other_is_named),
	    TEST(a_window_that_ended_before_it_began_is_not_held_against_an_instance),
	    TEST(what_is_ones_own_time_begins_anew),
	    TEST(what_a_line_counted_before_a_driver_had_it_is_no_storm),
	    TEST(a_state_has_its_limit_of_own_time),
	    TEST(who_leaves_is_not_waited_for_for_ever),
	    TEST(a_stopped_thread_is_not_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
