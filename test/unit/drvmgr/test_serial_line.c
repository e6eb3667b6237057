/* SPDX-License-Identifier: BSD-2-Clause */
/* Who has the serial line when nobody reads the log: the driver that has it, which is stopped
 * if it has it for nobody and started again for the first that uses it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/wire.h"
#include "supervisor/terminal.h"

enum { SERIAL, CONSOLE, OTHER, COUNT };

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static log_t log_;
static bool holds; /* "serial" lives, has the port, and the manager has to write */

const driver_t *wire_holder(const manager_t *of)
{
	return holds ? &of->drivers[SERIAL] : NULL;
}

/* "console" uses "serial" and lives, "other" lives and does not use it. */
static int fresh(void **state)
{
	static const char *const names[COUNT] = {"serial", "console", "other"};
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	memset(&log_, 0, sizeof(log_));
	manager = (manager_t){.drivers = drivers, .count = COUNT, .log = &log_};
	manager.world.count = COUNT;
	for (uint32_t i = 0; i < COUNT; i++) {
		drivers[i].index = i;
		drivers[i].unit.state = STATE_RUNNING;
		drivers[i].unit.wanted = WANTED_UP;
		manager.world.units[i] = &drivers[i].unit;
		strcpy(drivers[i].manifest.name, names[i]);
	}
	strcpy(drivers[CONSOLE].manifest.uses.items[0], "serial");
	drivers[CONSOLE].manifest.uses.count = 1;
	holds = true;
	return 0;
}

static const char *logged(void)
{
	static char text[1024];
	uint32_t position = 0;
	int32_t count = log_read(&log_, &position, text, sizeof(text) - 1);
	text[count] = '\0';
	return text;
}

static void who_has_it_for_somebody_keeps_it(void **state)
{
	(void)state;
	terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_UP);
	strcpy(drivers[SERIAL].manifest.provides.items[0], "tty"); /* by a service of it */
	drivers[SERIAL].manifest.provides.count = 1;
	strcpy(drivers[CONSOLE].manifest.uses.items[0], "tty");
	terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_UP);
	drivers[CONSOLE].manifest.uses.count = 0;
	strcpy(drivers[CONSOLE].manifest.needs.items[0], "serial");
	drivers[CONSOLE].manifest.needs.count = 1;
	terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_UP);
	assert_string_equal(logged(), "");
}

static void who_has_it_for_nobody_is_stopped_and_the_log_says_so(void **state)
{
	static const wanted_t wanted[] = {WANTED_UP, WANTED_HELD, WANTED_QUIESCED};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		fresh(state);
		drivers[SERIAL].unit.wanted = wanted[i];
		drivers[CONSOLE].unit.state = STATE_QUARANTINED;
		terminal_tick(&manager);
		assert_int_equal(drivers[SERIAL].unit.wanted,
				 wanted[i] == WANTED_HELD ? WANTED_HELD_AWAY : WANTED_AWAY);
		assert_true(manager.world.dirty);
		assert_non_null(strstr(logged(), "drvmgr: serial: is stopped: it has the "));
		assert_non_null(strstr(logged(), "drvmgr: serial: starts again with the "));
	}
}

/* It can carry text for who is just being made, and not for who is to be. */
static void who_lives_or_is_being_made_is_somebody(void **state)
{
	for (uint32_t in = 0; in < STATE_COUNT; in++) {
		bool live = in == STATE_PROBING || in == STATE_INITIALISING ||
			    in == STATE_RUNNING || in == STATE_QUIESCING ||
			    in == STATE_QUIESCED || in == STATE_STOPPING;
		fresh(state);
		drivers[CONSOLE].unit.state = (driver_state_t)in;
		terminal_tick(&manager);
		assert_int_equal(drivers[SERIAL].unit.wanted, live ? WANTED_UP : WANTED_AWAY);
	}
}

static void a_driver_is_nobody_to_itself(void **state)
{
	(void)state;
	drivers[CONSOLE].manifest.uses.count = 0;
	strcpy(drivers[SERIAL].manifest.uses.items[0], "serial");
	drivers[SERIAL].manifest.uses.count = 1;
	terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_AWAY);
}

/* It is on its way out by itself. */
static void who_is_to_stop_in_any_case_is_left_alone(void **state)
{
	static const wanted_t wanted[] = {WANTED_STOPPED, WANTED_ENDED, WANTED_AWAY,
					  WANTED_HELD_AWAY};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		fresh(state);
		drivers[SERIAL].unit.wanted = wanted[i];
		drivers[CONSOLE].unit.state = STATE_STOPPED;
		terminal_tick(&manager);
		assert_int_equal(drivers[SERIAL].unit.wanted, wanted[i]);
		assert_string_equal(logged(), "");
	}
}

static void where_nobody_has_it_or_somebody_reads_nobody_is_stopped(void **state)
{
	(void)state;
	holds = false;
	drivers[CONSOLE].unit.state = STATE_STOPPED;
	terminal_tick(&manager);
	for (uint32_t i = 0; i < COUNT; i++)
		assert_int_equal(drivers[i].unit.wanted, WANTED_UP);
}

static void it_is_given_back_with_the_first_that_uses_it(void **state)
{
	(void)state;
	holds = false;
	drivers[SERIAL].unit.state = STATE_STOPPED;
	drivers[SERIAL].unit.wanted = WANTED_AWAY;
	drivers[CONSOLE].unit.state = STATE_BACKOFF;
	terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_AWAY);
	drivers[CONSOLE].unit.state = STATE_PROBING;
	terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_UP);
}

/* It was told that the driver stays away until `release`. */
static void what_the_operator_holds_is_held_when_it_is_given_back(void **state)
{
	(void)state;
	holds = false;
	for (int released = 0; released < 2; released++) {
		drivers[SERIAL].unit.state = STATE_STOPPED;
		drivers[SERIAL].unit.wanted = WANTED_AWAY; /* it can be held meanwhile */
		manager.none_away = false;
		assert_int_equal(core_hold(&manager.world, SERIAL), DRV_OK);
		assert_int_equal(core_hold(&manager.world, SERIAL), DRV_EEXIST);
		drivers[CONSOLE].unit.state = STATE_BACKOFF;
		terminal_tick(&manager);
		assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_HELD_AWAY);
		if (released)
			assert_int_equal(core_release(&manager.world, SERIAL), DRV_OK);
		drivers[CONSOLE].unit.state = STATE_PROBING;
		terminal_tick(&manager);
		assert_int_equal(drivers[SERIAL].unit.wanted,
				 released ? WANTED_UP : WANTED_HELD);
	}
}

/* Turns in which nobody was away change nothing of that, nor do turns in which it had to wait.
 */
static void what_is_taken_away_is_given_back_however_many_turns_later(void **state)
{
	(void)state;
	terminal_tick(&manager);
	terminal_tick(&manager);
	drivers[CONSOLE].unit.state = STATE_BACKOFF;
	for (uint32_t i = 0; i < 3; i++)
		terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_AWAY);
	drivers[CONSOLE].unit.state = STATE_PROBING;
	terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_UP);
}

static void what_the_operator_stopped_is_not_given_back(void **state)
{
	(void)state;
	holds = false;
	drivers[SERIAL].unit.state = STATE_STOPPED;
	drivers[SERIAL].unit.wanted = WANTED_STOPPED;
	terminal_tick(&manager);
	assert_int_equal(drivers[SERIAL].unit.wanted, WANTED_STOPPED);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_has_it_for_somebody_keeps_it),
	    TEST(who_has_it_for_nobody_is_stopped_and_the_log_says_so),
	    TEST(who_lives_or_is_being_made_is_somebody),
	    TEST(a_driver_is_nobody_to_itself),
	    TEST(who_is_to_stop_in_any_case_is_left_alone),
	    TEST(where_nobody_has_it_or_somebody_reads_nobody_is_stopped),
	    TEST(it_is_given_back_with_the_first_that_uses_it),
	    TEST(what_the_operator_holds_is_held_when_it_is_given_back),
	    TEST(what_is_taken_away_is_given_back_however_many_turns_later),
	    TEST(what_the_operator_stopped_is_not_given_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
