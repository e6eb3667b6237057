/* SPDX-License-Identifier: BSD-2-Clause */
/* Hands for tests of core/: they do what an effect says, only in a few flags, and fail the test
 * when it makes no sense. */
#ifndef TEST_HANDS_H
#define TEST_HANDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/world.h"

typedef struct hand {
	bool alive, has_lines;
	bool ending, making;		/* begun, and not done: only slow hands know this */
	uint32_t commands;		/* the number of the last one */
	uint32_t command;		/* and what it was */
	uint32_t generation;		/* instances made */
	bool forgot;			/* the last one was made without what was kept */
	bool told_calls;		/* at the last end, calls that waited were told */
	err_t told;			/* what clients are told without an instance */
	effect_t last[EFFECT_SWAP + 1]; /* of each kind */
	uint32_t count[EFFECT_SWAP + 1];
	bool second;   /* there is another image than the one in force */
	int32_t image; /* which one is, by how often it was exchanged */
} hand_t;

static world_t world;
static unit_t units[UNITS_MAX];
static hand_t hands[UNITS_MAX];
static bool no_memory; /* each instance fails to be made */
static bool slow;      /* what begins is done when the test says so */

static inline bool hands_live(driver_state_t state)
{
	return (lifecycle_holds(state) & HOLDS_PROCESS) != 0;
}

static inline void hands_do(const effect_t *effect)
{
	uint32_t i = effect->unit;
	hand_t *hand = &hands[i];
	hand->last[effect->kind] = *effect;
	hand->count[effect->kind]++;
	switch ((effect_kind_t)effect->kind) {
	case EFFECT_END:
		hand->told_calls = effect->a != 0;
		hand->alive = hand->has_lines = hand->making = false;
		hand->ending = slow;
		if (!slow)
			core_ended(&world, i);
		break;
	case EFFECT_TELL:
		assert_false(hand->alive); /* who lives answers for itself */
		hand->told = (err_t)effect->a;
		break;
	case EFFECT_SWAP:
		if (!unit_is_between(&units[i]) && units[i].swap != SWAP_CONFIRMING)
			break; /* it was asked for twice */
		assert_true(hand->second);
		assert_false((hand->alive || hand->ending || hand->making) &&
			     units[i].swap != SWAP_CONFIRMING);
		hand->image += (units[i].swap == SWAP_DUE) - (units[i].swap == SWAP_BACK);
		hand->second = units[i].swap == SWAP_DUE;
		core_swapped(&world, i, hand->second);
		break;
	case EFFECT_SPAWN:
		assert_false(unit_is_between(&units[i]));
		assert_false(hand->alive || hand->ending || hand->making);
		for (uint32_t j = 0; j < world.count; j++)
			assert_false((world.rules[i].rivals >> j & 1) &&
				     (hands[j].alive || hands[j].ending || hands[j].making));
		hand->generation++;
		hand->commands = 0;
		hand->forgot = effect->a != 0;
		hand->alive = !no_memory && !slow;
		hand->making = slow;
		hand->told = DRV_OK;
		if (no_memory)
			core_fail(&world, i, DRV_ENOMEM, NOBODY);
		break;
	case EFFECT_LINES:
		assert_false(hand->has_lines);
		hand->has_lines = hand->alive;
		break;
	case EFFECT_COMMAND:
		if (!hand->alive && !hand->making)
			break; /* too late */
		assert_int_equal(effect->b, hand->commands + 1);
		hand->commands = effect->b;
		hand->command = effect->a;
		break;
	case EFFECT_STATE:
	case EFFECT_RESTART:
	case EFFECT_GIVE_UP:
	case EFFECT_WAIT:
	case EFFECT_KILL:
		break;
	}
}

/* Whatever happened, this is so when all is done that follows. */
static inline void hands_check(void)
{
	for (uint32_t i = 0; i < world.count; i++) {
		const unit_t *unit = &units[i];
		unsigned may = lifecycle_holds(unit->state);
		assert_int_equal(hands[i].alive || hands[i].making, (may & HOLDS_PROCESS) != 0);
		assert_int_equal(unit->ends, hands[i].ending);
		assert_true(!hands[i].has_lines || (may & HOLDS_IRQ));
		assert_true(!(hands[i].alive || hands[i].making) || unit->holds);
		assert_int_equal(unit_has_second(unit), hands[i].second);
		assert_true(unit->swap != SWAP_BACK && unit->swap != SWAP_CONFIRMING);
		assert_true(unit->swap != SWAP_DUE || hands[i].alive || hands[i].making ||
			    hands[i].ending);
		assert_true(!(unit->leaves || unit->resets) || hands[i].alive ||
			    hands[i].making);
		for (uint32_t j = 0; j < world.count; j++)
			assert_false(unit->holds && units[j].holds &&
				     (world.rules[i].rivals >> j & 1));
		assert_int_equal(core_derive(&world, i), EVENT_COUNT);
	}
}

/* Performs all effects, and what follows from them. */
static inline void hands_settle(void)
{
	effect_t effect;
	for (uint32_t steps = 0; core_next(&world, &effect); steps++) {
		assert_in_range(steps, 0, 100 * EFFECTS_MAX);
		assert_in_range(world.held, 0, EFFECTS_MAX - 1);
		hands_do(&effect);
	}
	hands_check();
}

static inline void hands_clear(uint32_t count)
{
	memset(&world, 0, sizeof(world));
	memset(units, 0, sizeof(units));
	memset(hands, 0, sizeof(hands));
	no_memory = slow = false;
	world.count = count;
	for (uint32_t i = 0; i < count; i++) {
		world.units[i] = &units[i];
		world.order[i] = i;
		world.rules[i] = (rules_t){
		    .rank = i,
		    .policy = {POLICY_ON_FAILURE, 0, 100, 200, 30000, 5, 60000, 10000},
		    .limits = {500, 2000, 500, 500, 1000}};
	}
	core_begin(&world, 1);
}

/* Slow hands finish what they began with the unit. */
static inline void hands_finish(uint32_t i)
{
	hand_t *hand = &hands[i];
	bool ended = hand->ending;
	assert_true(hand->ending || hand->making);
	hand->alive = hand->making;
	hand->ending = hand->making = false;
	if (ended)
		core_ended(&world, i);
	hands_settle();
}

static inline void hands_pass(uint32_t ms)
{
	core_tick(&world, world.now_ms + ms);
	hands_settle();
}

/* The unit's instance answers its last command. */
static inline void hands_answer(uint32_t i, err_t result)
{
	err_t err = core_answer(&world, i, units[i].command_seq, result);
	if (err)
		core_fail(&world, i, err, NOBODY);
	hands_settle();
}

static inline void hands_event(uint32_t i, lifecycle_event_t event)
{
	core_event(&world, i, event);
	hands_settle();
}

/* Answers until the unit runs. */
static inline void hands_run(uint32_t i)
{
	assert_int_equal(units[i].state, STATE_PROBING);
	hands_answer(i, DRV_OK);
	hands_answer(i, DRV_OK);
	assert_int_equal(units[i].state, STATE_RUNNING);
}

static inline void hands_fail(uint32_t i)
{
	core_fail(&world, i, DRV_EFAULT, NOBODY);
	hands_settle();
}

/* Lets a unit that is to go, go. */
static inline void hands_leave(uint32_t i)
{
	assert_int_equal(units[i].state, STATE_QUIESCING);
	hands_answer(i, DRV_OK);
	assert_int_equal(units[i].state, STATE_STOPPING);
	hands_event(i, EVENT_EXIT);
}

/* The unit waits, and this is why. */
static inline void hands_lacks(uint32_t i, lack_t kind, uint32_t other)
{
	reason_t reason = core_lack(&world, i);
	assert_int_equal(units[i].state, STATE_WAITING);
	assert_int_equal(reason.kind, kind);
	assert_int_equal(reason.other, other);
	assert_int_equal(hands[i].last[EFFECT_WAIT].a, kind);
	assert_int_equal(hands[i].last[EFFECT_WAIT].b, other);
}

#endif
