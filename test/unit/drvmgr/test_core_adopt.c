/* SPDX-License-Identifier: BSD-2-Clause */
/* What a new incarnation of the manager does with a driver, core_adopt() of core/world.h, in
 * every state that the one before it can have left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/protocol/driver.h"
#include "core/world.h"

#define NUMBER 7u

static world_t world;
static unit_t unit;
static uint32_t count[EFFECT_KILL + 1];
static effect_t last[EFFECT_KILL + 1];
static bool ends;   /* the unit's last instance was being taken apart */
static bool resets; /* it was being reset */

static void adopt(driver_state_t state, bool lives, bool has_lines)
{
	memset(&world, 0, sizeof(world));
	memset(count, 0, sizeof(count));
	memset(last, 0, sizeof(last));
	world.count = 1;
	world.units[0] = &unit;
	world.rules[0].keeps_calls = true;
	unit =
	    (unit_t){.state = state, .command_seq = NUMBER, .generation = 3, .forgets = true};
	unit.ends = ends;
	unit.resets = resets;
	unit.end_from = STATE_STOPPING;
	unit.end_event = EVENT_EXIT;
	unit_t before = unit;
	core_adopt(&world, 0, lives, has_lines);
	for (uint32_t i = 0; i < world.held; i++)
		before.ends |= world.effects[i].kind == EFFECT_END;
	assert_memory_equal(&unit, &before, sizeof(unit));
	assert_true(world.dirty);
	for (uint32_t i = 0; i < world.held; i++) {
		count[world.effects[i].kind]++;
		last[world.effects[i].kind] = world.effects[i];
	}
}

static bool should_live(driver_state_t state)
{
	return lifecycle_holds(state) & HOLDS_PROCESS;
}

#define FOR_ALL(state, lives, lines)                                                           \
	for (driver_state_t state = 0; state < STATE_COUNT; state++)                           \
		for (int lives = 0; lives < 2; lives++)                                        \
			for (int lines = 0; lines < 2; lines++)

static void nobody_who_lives_and_should_is_made_or_ended(void **state)
{
	(void)state;
	FOR_ALL(of, lives, lines)
	{
		adopt(of, lives, lines);
		if (!lives || !should_live(of))
			continue;
		assert_int_equal(count[EFFECT_SPAWN] + count[EFFECT_END] + count[EFFECT_KILL],
				 0);
		assert_int_equal(count[EFFECT_STATE], 0);
	}
}

/* The same instance under the same number: that it begins without what the one before kept is
 * part of what was decided. */
static void who_was_being_made_is_made_again(void **state)
{
	(void)state;
	FOR_ALL(of, lives, lines)
	{
		adopt(of, lives, lines);
		bool made = should_live(of) && !lives;
		assert_int_equal(count[EFFECT_SPAWN], made);
		assert_int_equal(last[EFFECT_SPAWN].a, made);
	}
}

static void who_was_being_ended_is_ended(void **state)
{
	(void)state;
	FOR_ALL(of, lives, lines)
	{
		adopt(of, lives, lines);
		assert_int_equal(count[EFFECT_END],
				 !should_live(of) && (lives || of == STATE_RECOVERING));
		/* and told, since the one that began it may not have been */
		assert_int_equal(count[EFFECT_STATE], of == STATE_RECOVERING);
		assert_int_equal(last[EFFECT_END].a, 0); /* its manifest keeps calls */
		assert_int_equal(count[EFFECT_TELL], !should_live(of));
	}
}

/* Whatever is left: what it was to be made of may be there, and nobody knows how much of it. */
static void who_was_being_ended_and_has_no_instance_any_more_is_ended(void **state)
{
	(void)state;
	ends = true;
	FOR_ALL(of, lives, lines)
	{
		adopt(of, lives, lines);
		assert_int_equal(count[EFFECT_END], !should_live(of));
		assert_int_equal(unit.ends, true);
		/* The log has its line when it is over, or as it begins; in any other state it
		 * had it before, and what the driver did since is no change from there. */
		bool tells =
		    of == STATE_STOPPED || of == STATE_ABSENT || of == STATE_RECOVERING;
		assert_int_equal(count[EFFECT_STATE], tells);
		assert_int_equal(last[EFFECT_STATE].a, tells ? STATE_STOPPING : 0);
		assert_int_equal(last[EFFECT_STATE].b, tells ? of : 0);
		assert_int_equal(last[EFFECT_STATE].c, tells ? EVENT_EXIT : 0);
		assert_true(!tells || world.effects[0].kind == EFFECT_STATE);
	}
	ends = false;
}

static void a_command_is_given_again_under_its_number(void **state)
{
	(void)state;
	static const struct {
		driver_state_t state;
		uint32_t command;
	} rows[] = {{STATE_PROBING, DRIVER_PROBE},    {STATE_INITIALISING, DRIVER_INIT},
		    {STATE_RUNNING, DRIVER_RUN},      {STATE_QUIESCING, DRIVER_QUIESCE},
		    {STATE_QUIESCED, DRIVER_QUIESCE}, {STATE_STOPPING, DRIVER_STOP}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		adopt(rows[i].state, true, true);
		assert_int_equal(count[EFFECT_COMMAND], 1);
		assert_int_equal(last[EFFECT_COMMAND].a, rows[i].command);
		assert_int_equal(last[EFFECT_COMMAND].b, NUMBER);
	}
	FOR_ALL(of, lives, lines)
	{
		adopt(of, lives, lines);
		assert_int_equal(count[EFFECT_COMMAND], should_live(of));
	}
}

static void lines_are_given_to_who_should_have_them_and_has_none(void **state)
{
	(void)state;
	FOR_ALL(of, lives, lines)
	{
		adopt(of, lives, lines);
		assert_int_equal(count[EFFECT_LINES],
				 !lines && (lifecycle_holds(of) & HOLDS_IRQ) != 0);
	}
}

static void a_reset_that_was_under_way_goes_on(void **state)
{
	static const driver_state_t states[] = {STATE_RUNNING, STATE_QUIESCING,
						STATE_INITIALISING};
	(void)state;
	resets = true;
	for (size_t i = 0; i < 3; i++) {
		adopt(states[i], true, true);
		assert_int_equal(world.held, 1);
		assert_int_equal(count[EFFECT_COMMAND], 1);
		assert_int_equal(last[EFFECT_COMMAND].b, NUMBER);
		assert_true(unit.resets);
	}
	assert_int_equal(last[EFFECT_COMMAND].a, DRIVER_INIT);
	resets = false;
}

static void who_calls_one_that_is_gone_is_told_why(void **state)
{
	(void)state;
	adopt(STATE_QUARANTINED, false, false);
	assert_int_equal(last[EFFECT_TELL].a, (uint32_t)DRV_EQUARANTINED);
	adopt(STATE_STOPPED, true, true);
	assert_int_equal(last[EFFECT_TELL].a, (uint32_t)DRV_EGONE);
	adopt(STATE_BACKOFF, false, false);
	assert_int_equal(last[EFFECT_TELL].a, DRV_OK); /* they wait for the next instance */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_who_lives_and_should_is_made_or_ended),
	    cmocka_unit_test(who_was_being_made_is_made_again),
	    cmocka_unit_test(who_was_being_ended_is_ended),
	    cmocka_unit_test(who_was_being_ended_and_has_no_instance_any_more_is_ended),
	    cmocka_unit_test(a_command_is_given_again_under_its_number),
	    cmocka_unit_test(lines_are_given_to_who_should_have_them_and_has_none),
	    cmocka_unit_test(a_reset_that_was_under_way_goes_on),
	    cmocka_unit_test(who_calls_one_that_is_gone_is_told_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
