/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is judged, for what and when. A small machine of made-up threads stands for the kernel:
 * a step of 10 ms belongs to one thread or to nobody, and the evidence follows from that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/verdict.h"

#define COUNT	4u
#define STEP_MS 10u
#define LOOK_MS 50u
#define TICKS	1000u /* a millisecond */
#define SILENCE 750u
#define MANAGER 900u
#define REPLY	901u
#define IDLE	VERDICT_NOBODY

static sight_t sights[COUNT];
static watch_t watches[COUNT];
static watch_t plain[COUNT]; /* the same without a short way for who rests */
static uint32_t rested;	     /* looks that went it */
static verdict_limits_t limits[COUNT];
static verdict_t verdicts[COUNT];
static uint32_t clock_ms;

static int fresh(void **state)
{
	(void)state;
	memset(sights, 0, sizeof(sights));
	memset(watches, 0, sizeof(watches));
	memset(plain, 0, sizeof(plain));
	rested = 0;
	memset(verdicts, 0, sizeof(verdicts));
	clock_ms = 0xffffff00u; /* the clock wraps in the middle */
	for (uint32_t i = 0; i < COUNT; i++) {
		limits[i] = (verdict_limits_t){.silence_ms = SILENCE,
					       .progress_ms = 750,
					       .budget_ms = 25,
					       .period_ms = 100};
		for (uint32_t n = 0; n < DRIVER_CAPS_MAX; n++)
			limits[i].ack_ms[n] = 20;
		sights[i] = (sight_t){.alive = true, .endpoint = 10 + i, .reply = 20 + i};
		sights[i].thread = (inspect_thread_t){.state = INSPECT_RECEIVING,
						      .ticks_per_ms = TICKS,
						      .since_ms = clock_ms,
						      .received_ms = clock_ms};
	}
	return 0;
}

static void set_state(uint32_t i, uint32_t state, uint32_t waits_for)
{
	sights[i].thread.state = state;
	sights[i].thread.waits_for = waits_for;
	sights[i].thread.since_ms = clock_ms;
}

static const bench_t bench = {COUNT, sights, watches, limits, MANAGER, (uint32_t[]){REPLY}, 1};

static const bench_t all_plain = {COUNT, sights, plain, limits, MANAGER, (uint32_t[]){REPLY},
				  1};

static void look_plainly(uint32_t i)
{
	verdict_look(&plain[i], &sights[i], &limits[i]);
	plain[i].rests = false;
}

/* The short way leads to the same verdicts. */
static void look(void)
{
	verdict_t expected[COUNT];
	for (uint32_t i = 0; i < COUNT; i++) {
		if (!sights[i].alive)
			continue;
		look_plainly(i);
		if (verdict_rests(&watches[i], &sights[i]))
			rested++;
		else
			verdict_look(&watches[i], &sights[i], &limits[i]);
	}
	verdict_judge(&all_plain, expected);
	verdict_judge(&bench, verdicts);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(verdicts[i].kind, expected[i].kind);
		assert_int_equal(watches[i].run_ms, plain[i].run_ms);
		if (verdicts[i].kind != VERDICT_WELL)
			assert_memory_equal(&verdicts[i], &expected[i], sizeof(expected[i]));
	}
}

static void run(uint32_t i, uint32_t ms)
{
	uint64_t ticks = (uint64_t)sights[i].thread.run_high << 32 | sights[i].thread.run_low;
	ticks += (uint64_t)ms * TICKS;
	sights[i].thread.run_low = (uint32_t)ticks;
	sights[i].thread.run_high = (uint32_t)(ticks >> 32);
}

/* One step of time, for one thread. Who is ready and does not run waits. */
static void step(uint32_t runs)
{
	clock_ms += STEP_MS;
	for (uint32_t i = 0; i < COUNT; i++) {
		inspect_thread_t *thread = &sights[i].thread;
		thread->now_ms = clock_ms;
		if (thread->state == INSPECT_READY && i != runs)
			thread->ready_ms += STEP_MS;
		if (thread->state == INSPECT_READY)
			thread->since_ms = clock_ms;
	}
	if (runs != IDLE)
		run(runs, STEP_MS);
	if (clock_ms % LOOK_MS < STEP_MS)
		look();
}

/* Lets time pass until somebody is judged so; how long that took, or UINT32_MAX. */
static uint32_t until(uint32_t i, verdict_kind_t kind, uint32_t runs, uint32_t most_ms)
{
	for (uint32_t ms = 0; ms < most_ms; ms += STEP_MS) {
		step(runs);
		if (verdicts[i].kind == kind)
			return ms + STEP_MS;
	}
	return UINT32_MAX;
}

static void assert_well(uint32_t i)
{
	assert_string_equal(verdict_name(verdicts[i].kind), "well");
}

#define assert_between(value, low, high)                                                       \
	do {                                                                                   \
		uint32_t value_ = (value);                                                     \
		assert_true(value_ >= (low) && value_ <= (high));                              \
	} while (0)

static void a_driver_that_spins_is_judged_within_its_silence(void **state)
{
	(void)state;
	look();
	set_state(1, INSPECT_READY, 0);
	assert_between(until(1, VERDICT_SPINS, 1, 5000), SILENCE, SILENCE + 2 * LOOK_MS);
	assert_well(0);
	assert_int_equal(verdicts[1].other, VERDICT_NOBODY);
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
	limits[2].period_ms = 0;
	set_state(1, INSPECT_READY, 0);
	set_state(2, INSPECT_READY, 0);
	assert_between(until(2, VERDICT_STARVES, 2, 5000), SILENCE, SILENCE + 2 * LOOK_MS);
	assert_well(1);
	assert_int_equal(verdicts[2].other, 1);
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

static void calls(uint32_t i, uint32_t server)
{
	set_state(i, INSPECT_CALLING, 20 + server);
	sights[server].tied = true;
	sights[server].tied_ms = clock_ms;
}

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
	limits[0].progress_ms = 5000;
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
	limits[0].progress_ms = 0;
	set_state(0, INSPECT_READY, 0);
	calls(1, 0);
	assert_between(until(1, VERDICT_WAITS, 0, 20000), SILENCE, SILENCE + 2 * LOOK_MS);
	assert_int_equal(verdicts[1].other, 0);
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
	assert_well(1);
	assert_well(3);
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

static void an_interrupt_that_is_never_acknowledged_is_noticed(void **state)
{
	(void)state;
	look();
	sights[1].line_count = 2;
	sights[1].lines[1] = (line_sight_t){.owed = true, .since_ms = clock_ms};
	assert_between(until(1, VERDICT_NO_ACK, IDLE, 5000), 750, 750 + 2 * LOOK_MS);
	assert_int_equal(verdicts[1].value, 1);
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
	assert_string_equal(verdict_name(verdicts[2].kind), "storm");
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

static void many_messages_are_a_flood_only_if_somebody_suffers(void **state)
{
	(void)state;
	for (uint32_t t = 0; t < 1000; t += STEP_MS) {
		sights[1].thread.messages += 100;
		step(IDLE);
		assert_well(1);
	}
	sights[0].thread.spent = 1;
	sights[1].thread.messages += 100;
	for (uint32_t t = 0; t < LOOK_MS; t += STEP_MS)
		step(IDLE);
	assert_string_equal(verdict_name(verdicts[1].kind), "floods");
	assert_int_equal(verdicts[1].other, 0);
}

static void an_essential_driver_is_not_judged_for_what_it_sends_and_uses(void **state)
{
	(void)state;
	limits[1].essential = true;
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
	assert_string_equal(verdict_name(verdicts[1].kind), "busy");
	assert_between(ms, VERDICT_BUSY_MS, VERDICT_BUSY_MS + 3 * VERDICT_WINDOW_MS);
	for (; verdicts[1].kind == VERDICT_BUSY && ms < 20000; ms += STEP_MS) {
		step(ms % 30 == 0 ? 1 : IDLE);
		sights[1].thread.received_ms = clock_ms;
	}
	assert_string_equal(verdict_name(verdicts[1].kind), "hogs");
	assert_between(ms, VERDICT_PERSISTS_MS, VERDICT_PERSISTS_MS + 3 * VERDICT_WINDOW_MS);
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

static void a_stopped_thread_is_not_judged(void **state)
{
	(void)state;
	set_state(1, INSPECT_STOPPED, 0);
	assert_int_equal(until(1, VERDICT_WAITS, IDLE, 5000), UINT32_MAX);
	assert_well(1);
}

static void a_run_time_of_days_is_counted(void **state)
{
	(void)state;
	sights[1].thread.run_high = 1000;
	sights[1].thread.run_low = 0xffffff00u;
	who_uses_all_its_share_for_long_is_named(state);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_driver_that_spins_is_judged_within_its_silence),
	    TEST(a_driver_that_waits_in_its_event_loop_is_well_for_ever),
	    TEST(whatever_happens_who_rests_is_judged_as_if_it_were_looked_at),
	    TEST(a_receive_begins_the_silence_anew),
	    TEST(who_does_not_run_is_excused_and_who_ran_is_named),
	    TEST(only_own_time_counts),
	    TEST(who_waits_for_something_of_its_own_is_judged),
	    TEST(who_waits_for_a_hung_driver_is_excused),
	    TEST(a_server_may_take_its_time_before_its_client_is_judged),
	    TEST(without_anybody_to_answer_for_it_the_waiting_one_is_judged),
	    TEST(in_a_circle_the_eldest_is_judged_alone),
	    TEST(who_waits_for_the_manager_is_excused),
	    TEST(who_waits_for_a_dead_driver_is_excused),
	    TEST(who_waits_for_a_driver_that_starts_is_excused),
	    TEST(an_interrupt_that_is_never_acknowledged_is_noticed),
	    TEST(three_late_acknowledgements_in_a_second_are_too_many),
	    TEST(a_storm_is_its_owners),
	    TEST(what_exceeds_its_share_is_named_and_in_the_end_judged),
	    TEST(many_messages_are_a_flood_only_if_somebody_suffers),
	    TEST(an_essential_driver_is_not_judged_for_what_it_sends_and_uses),
	    TEST(who_uses_all_its_share_for_long_is_named),
	    TEST(a_state_has_its_limit_of_own_time),
	    TEST(a_stopped_thread_is_not_judged),
	    TEST(a_run_time_of_days_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
