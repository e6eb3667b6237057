/* SPDX-License-Identifier: BSD-2-Clause */
/* core/world.h exhaustively: a driver in every state, with everything that can be wanted of it
 * and everything that it can lack, meets every event; then whatever follows is done. What
 * hands_check() says of all drivers has to be so each time, and the rest is here. */
#include "hands.h"

enum { SUBJECT, REQUIRED, RIVAL, MATE, OTHERS };

/* What the subject lacks, as bits. */
enum lacks { NO_PROVIDER = 1, NO_REQUIRED = 2, NO_HARDWARE = 4, NO_MATE = 8, LACKS = 16 };

static void put(uint32_t i, driver_state_t state)
{
	units[i].state = state;
	hands[i].alive = units[i].holds = hands_live(state);
	hands[i].has_lines = (lifecycle_holds(state) & HOLDS_IRQ) != 0;
	hands[i].generation = units[i].generation = hands[i].alive;
	hands[i].commands = units[i].command_seq = hands[i].alive;
	units[i].history.running = state == STATE_RUNNING;
}

/* It has another image, from the start on. False: not in that state. */
static bool put_second(unit_swap_t swap, driver_state_t state)
{
	bool ends = state == STATE_RUNNING || state == STATE_QUIESCING ||
		    state == STATE_STOPPING || state == STATE_RECOVERING;
	units[SUBJECT].swap = (uint8_t)swap;
	units[SUBJECT].anew = swap == SWAP_DUE && state != STATE_RECOVERING;
	hands[SUBJECT].second = swap != SWAP_NONE;
	return swap != SWAP_DUE || ends;
}

/* A world in which the subject is in that state. False: there is none. */
static bool make(driver_state_t at, wanted_t wanted, unsigned lacks, bool refused)
{
	rules_t *rules = &world.rules[SUBJECT];
	if ((lacks & NO_HARDWARE) && hands_live(at))
		return false; /* it has it itself */
	hands_clear(OTHERS);
	rules->refusal = refused ? DRV_EFORMAT : DRV_OK;
	rules->rank = RIVAL; /* behind its rival */
	rules->requires[rules->requires_count++] = REQUIRED;
	if (lacks & NO_PROVIDER)
	rules->requires[rules->requires_count++] = UNITS_MAX;
	world.rules[RIVAL].rank = SUBJECT;
	world.order[SUBJECT] = RIVAL;
	world.order[RIVAL] = SUBJECT;
	rules->rivals = 1u << RIVAL;
	world.rules[RIVAL].rivals = 1u << SUBJECT;
	rules->group = world.rules[MATE].group = 1;
	world.rules[MATE].strategy = GROUP_ALL;
	put(SUBJECT, at);
	put(REQUIRED, lacks & NO_REQUIRED ? STATE_ABSENT : STATE_RUNNING);
	put(RIVAL, lacks & NO_HARDWARE ? STATE_RUNNING : STATE_ABSENT);
	put(MATE, lacks & NO_MATE ? STATE_QUARANTINED : STATE_RUNNING);
	units[SUBJECT].wanted = wanted;
	units[SUBJECT].until_ms = 500;
	units[SUBJECT].ends = at == STATE_RECOVERING;
	return true;
}

/* Whoever is not at work for good, and not at rest, has something that ends it. */
static void check_end(void)
{
	const unit_t *unit = &units[SUBJECT];
	bool is_wanted = unit_is_wanted(unit);
	uint32_t limit = lifecycle_limit_ms(unit->state, &world.rules[SUBJECT].limits, false);
	switch (unit->state) {
	case STATE_WAITING:
		assert_int_not_equal(core_lack(&world, SUBJECT).kind, LACK_NOTHING);
		assert_true(is_wanted);
		break;
	case STATE_BACKOFF:
		assert_true(core_wait_ms(&world, UINT32_MAX) <= 60000);
		break;
	case STATE_STOPPED:
		assert_false(is_wanted);
		break;
	case STATE_RUNNING:
		assert_true(is_wanted && units[REQUIRED].state == STATE_RUNNING);
		assert_int_not_equal(unit->wanted, WANTED_QUIESCED);
		break;
	case STATE_QUIESCED:
		assert_true(units[REQUIRED].state == STATE_RUNNING);
		assert_int_equal(unit->wanted, WANTED_QUIESCED);
		break;
	case STATE_ABSENT:
	case STATE_QUARANTINED:
	case STATE_REJECTED:
		break;
	default:
		assert_int_not_equal(limit, LIFECYCLE_NO_LIMIT);
		assert_true(hands_live(unit->state)); /* the manager's own states do not last */
	}
}

static void check_told(void)
{
	const hand_t *hand = &hands[SUBJECT];
	driver_state_t state = units[SUBJECT].state;
	if (state == STATE_QUARANTINED && hand->count[EFFECT_STATE])
		assert_int_equal(hand->told, DRV_EQUARANTINED);
	if (state == STATE_WAITING && hand->count[EFFECT_STATE])
		assert_int_equal(hand->told, DRV_OK);
	if (state == STATE_WAITING && hand->count[EFFECT_STATE])
		assert_int_equal(hand->last[EFFECT_WAIT].a, core_lack(&world, SUBJECT).kind);
}

/* Everything that can be done to it: all events of the table, and what else comes in. */
enum {
	FAIL = EVENT_COUNT,
	ANSWER_OK,
	ANSWER_NO_DEVICE,
	KILL,
	START,
	STOP,
	HOLD,
	RELEASE,
	QUIESCE,
	RESET,
	ANSWER_ERROR,
	ABSOLVE,
	PASS,
	NO_MEMORY,
	REPLACE,
	PROGRESS,
	DEEDS
};

static void replace(void)
{
	if (core_may_replace(&world, SUBJECT))
		return;
	core_replace(&world, SUBJECT);
	hands[SUBJECT].second = true;
}

static void act(unsigned deed)
{
	uint32_t seq = units[SUBJECT].command_seq;
	switch (deed) {
	case FAIL:
		core_fail(&world, SUBJECT, DRV_EFAULT, NOBODY);
		break;
	case ANSWER_OK:
	case ANSWER_NO_DEVICE:
		core_answer(&world, SUBJECT, seq, deed == ANSWER_OK ? DRV_OK : DRV_ENODEV);
		break;
	case KILL:
		core_kill(&world, SUBJECT);
		break;
	case START:
		core_start(&world, SUBJECT);
		break;
	case STOP:
		core_stop(&world, SUBJECT);
		break;
	case HOLD:
		core_hold(&world, SUBJECT);
		break;
	case RELEASE:
		core_release(&world, SUBJECT);
		break;
	case QUIESCE:
		core_quiesce(&world, SUBJECT);
		break;
	case RESET:
		core_reset(&world, SUBJECT);
		break;
	case ANSWER_ERROR:
		if (core_answer(&world, SUBJECT, seq, DRV_EIO))
			core_fail(&world, SUBJECT, DRV_EIO, NOBODY);
		break;
	case ABSOLVE:
		core_absolve(&world, SUBJECT, 0);
		break;
	case PASS:
		core_tick(&world, world.now_ms + 100000);
		break;
	case NO_MEMORY:
		no_memory = true;
		break;
	case REPLACE:
		replace();
		break;
	case PROGRESS:
		core_tick(&world, world.now_ms + 100000);
		core_progress(&world, SUBJECT);
		break;
	case EVENT_LIMIT:
		if (units[SUBJECT].state == STATE_RECOVERING)
			core_overdue(&world, SUBJECT);
		else
			core_event(&world, SUBJECT, EVENT_LIMIT);
		break;
	default:
		core_event(&world, SUBJECT, (lifecycle_event_t)deed);
	}
}

/* Events that core raises itself when it has made sure of something: from outside they would
 * say what is not so. */
static bool is_own(unsigned deed)
{
	return deed == EVENT_COMPLETE || deed == EVENT_TIMER || deed == EVENT_MISSING ||
	       deed == EVENT_REFUSED || deed == EVENT_STOP || deed == EVENT_DEPENDENCY_LOST ||
	       deed == EVENT_GROUP || deed == EVENT_QUIESCE || deed == EVENT_RESET ||
	       deed == EVENT_RESTART || deed == EVENT_DRAINED_STAYS ||
	       deed == EVENT_DRAINED_RESET || deed == EVENT_TORN_DOWN_RETRY ||
	       deed == EVENT_TORN_DOWN_SPENT || deed == EVENT_TORN_DOWN_STOP;
}

static void try(driver_state_t at, wanted_t wanted, unsigned lacks, unsigned deed,
		unit_swap_t swap, bool essential)
{
	effect_t effect;
	if (!make(at, wanted, lacks, at == STATE_REJECTED) || !put_second(swap, at))
		return;
	world.rules[SUBJECT].essential = essential;
	if (at == STATE_RECOVERING) /* its instance has just been ended */
		core_emit(&world, (effect_t){.kind = EFFECT_END, .unit = SUBJECT});
	act(deed);
	hands_settle();
	check_end();
	check_told();
	if (essential && at != STATE_QUARANTINED)
		assert_int_not_equal(units[SUBJECT].state, STATE_QUARANTINED);
	assert_false(core_next(&world, &effect));
	core_tick(&world, world.now_ms); /* nothing is due any more */
	world.dirty = true;
	assert_false(core_next(&world, &effect));
}

static void try_all(driver_state_t at, wanted_t wanted, unsigned lacks, unsigned deed)
{
	for (unsigned swap = SWAP_NONE; swap <= SWAP_PROBATION; swap++)
		for (int essential = 0; essential < 2; essential++)
			try(at, wanted, lacks, deed, (unit_swap_t)swap, essential);
}

static void whatever_happens_ends_where_nothing_more_is_due(void **state)
{
	(void)state;
	for (unsigned at = 0; at < STATE_COUNT; at++)
		for (unsigned wanted = 0; wanted < WANTED_COUNT; wanted++)
			for (unsigned lacks = 0; lacks < LACKS; lacks++)
				for (unsigned deed = 0; deed < DEEDS; deed++)
					if (!is_own(deed))
						try_all((driver_state_t)at, (wanted_t)wanted,
							lacks, deed);
}

/* Only what is wanted, and lacks nothing, begins. */
static void nothing_starts_that_lacks_something(void **state)
{
	(void)state;
	for (unsigned at = 0; at < STATE_COUNT; at++) {
		for (unsigned wanted = 0; wanted < WANTED_COUNT; wanted++) {
			for (unsigned lacks = 0; lacks < LACKS; lacks++) {
				bool may = wanted == WANTED_UP && !lacks;
				if (hands_live((driver_state_t)at) || at == STATE_RECOVERING ||
				    !make((driver_state_t)at, (wanted_t)wanted, lacks, false))
					continue;
				core_tick(&world, 1000);
				hands_settle();
				assert_true(may || !hands[SUBJECT].generation);
				bool waits = at == STATE_LOADED || at == STATE_WAITING ||
					     at == STATE_STOPPED || at == STATE_BACKOFF;
				assert_int_equal(hands[SUBJECT].generation, may && waits);
			}
		}
	}
}

/* Whatever its state, what it lacks, how its last instance ended and what its policy makes of
 * that: who was started is on its way to run, and who was stopped is not. */
static void what_the_operator_was_told_is_so(void **state)
{
	(void)state;
	for (unsigned n = 0; n < STATE_COUNT * WANTED_COUNT * LACKS * ENDING_COUNT * 3 * 2;
	     n++) {
		driver_state_t at = (driver_state_t)(n % STATE_COUNT);
		wanted_t wanted = (wanted_t)(n / STATE_COUNT % WANTED_COUNT);
		unsigned lacks = n / STATE_COUNT / WANTED_COUNT % LACKS;
		unsigned rest = n / STATE_COUNT / WANTED_COUNT / LACKS;
		bool starts = rest / ENDING_COUNT / 3;
		const unit_t *unit = &units[SUBJECT];
		if (!make(at, wanted, lacks, at == STATE_REJECTED))
			continue;
		units[SUBJECT].ending = (policy_ending_t)(rest % ENDING_COUNT);
		world.rules[SUBJECT].policy.kind = rest / ENDING_COUNT % 3;
		if (at == STATE_RECOVERING)
			core_emit(&world, (effect_t){.kind = EFFECT_END, .unit = SUBJECT});
		else
			hands_settle();
		at = unit->state;
		uint32_t made = hands[SUBJECT].generation;
		err_t err = starts ? core_start(&world, SUBJECT) : core_stop(&world, SUBJECT);
		hands_settle();
		if (err)
			continue;
		assert_int_equal(unit->wanted, starts ? WANTED_UP : WANTED_STOPPED);
		bool leaves = unit->state == STATE_QUIESCING || unit->state == STATE_STOPPING;
		if (!starts)
			assert_true(leaves || unit->state == STATE_STOPPED ||
				    (wanted >= WANTED_AWAY && unit->state == at) /* at rest */);
		else if (lacks && !hands_live(at))
			assert_int_equal(unit->state, STATE_WAITING);
		else if (!hands_live(at))
			assert_int_equal(hands[SUBJECT].generation, made + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whatever_happens_ends_where_nothing_more_is_due),
	    cmocka_unit_test(what_the_operator_was_told_is_so),
	    cmocka_unit_test(nothing_starts_that_lacks_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
