/* SPDX-License-Identifier: BSD-2-Clause */
/* What the log says of a driver that fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "log/log.h"
#include "claims/claims.h"
#include "hands/evidence.h"
#include "log/tell.h"
#include "log/why.h"

static manager_t manager;
static driver_page_t page;
static told_t told;
static char said[512];
static log_level_t level; /* of the last line */

static void say(const manager_t *to, const driver_t *driver, const char *text, va_list args)
{
	assert_ptr_equal(to, &manager);
	strcat(strcat(strcat(said, "drvmgr: "), driver->manifest.name), ": ");
	size_t length = strlen(said);
	vsnprintf(said + length, sizeof(said) - length, text, args);
	strcat(said, "\n");
}

void driver_log_line(manager_t *to, const driver_t *driver, const char *text, ...)
{
	va_list args;
	level = LOG_INFO;
	va_start(args, text);
	say(to, driver, text, args);
	va_end(args);
}

void driver_log_at(manager_t *to, const driver_t *driver, log_level_t at, const char *text, ...)
{
	va_list args;
	level = at;
	va_start(args, text);
	say(to, driver, text, args);
	va_end(args);
}

static uint32_t server, waits_ms;
uint32_t evidence_server(const manager_t *of, const driver_t *client, uint32_t *for_ms)
{
	assert_ptr_equal(client, of->drivers);
	*for_ms = waits_ms;
	return server;
}

static driver_t *fresh(int32_t last_error)
{
	static driver_t disk, *const driver = &disk;
	memset(driver, 0, sizeof(*driver));
	strcpy(driver->manifest.name, "disk");
	driver->unit.state = STATE_RUNNING;
	driver->unit.generation = 3;
	driver->instance.page = &page;
	manager.told = &told;
	manager.now_ms = 5000;
	manager.drivers = driver;
	told = (told_t){0};
	page.context.last_error = last_error;
	said[0] = '\0';
	return driver;
}

static void a_failure_tells_why_and_what_the_last_failing_call_answered(void **state)
{
	(void)state;
	tell_failure(&manager, fresh(DRV_EPERM), "it spins");
	assert_string_equal(said,
			    "drvmgr: disk: failed in Running, generation 3: it spins\n"
			    "drvmgr: disk: says that its last failing call answered DRV_EPERM "
			    "(not permitted: a right, range or grant is missing)\n");
	tell_failure(&manager, fresh(DRV_ERROR_LAST), "x");
	assert_non_null(strstr(said, "answered DRV_EOVERFLOW"));
}

/* Whatever the driver wrote there. */
static void where_no_call_failed_nothing_is_said_of_one(void **state)
{
	static const int32_t words[] = {DRV_OK, 1, INT32_MAX, INT32_MIN, DRV_ERROR_LAST - 1};
	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		tell_failure(&manager, fresh(words[i]), "it exits");
		assert_string_equal(
		    said, "drvmgr: disk: failed in Running, generation 3: it exits\n");
	}
	driver_t *driver = fresh(DRV_EIO);
	driver->instance.page = NULL; /* it never had one */
	tell_failure(&manager, driver, "it exits");
	assert_null(strstr(said, "DRV_EIO"));
}

static void what_was_told_is_noted(void **state)
{
	char why[sizeof(told.why) + 1];
	(void)state;
	driver_t *driver = fresh(DRV_EPERM);
	tell_failure(&manager, driver, "it spins");
	assert_string_equal(told.why, "it spins");
	assert_int_equal(told.call_error, DRV_EPERM);
	driver->instance.page->context.last_error = 1; /* is no error */
	memset(why, 'w', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	tell_failure(&manager, driver, why);
	assert_int_equal(strlen(told.why), sizeof(told.why) - 1);
	assert_int_equal(told.call_error, DRV_OK);
}

/* The words were others', as where a limit passed. */
static void an_end_that_was_told_otherwise_tells_the_call_too(void **state)
{
	(void)state;
	driver_t *driver = fresh(DRV_EPERM);
	tell_end(&manager, driver, "took too long");
	assert_non_null(strstr(said, "drvmgr: disk: says that its last failing call answered "
				     "DRV_EPERM"));
	assert_null(strstr(said, "took too long"));
	assert_string_equal(told.why, "took too long");
}

static void enters(uint32_t from, uint32_t to, lifecycle_event_t event)
{
	said[0] = '\0';
	tell_effect(&manager,
		    &(effect_t){.kind = EFFECT_STATE, .a = from, .b = to, .c = event});
}

static void comes(effect_kind_t kind, uint32_t number, uint32_t ms)
{
	said[0] = '\0';
	tell_effect(&manager, &(effect_t){.kind = (uint8_t)kind, .a = number, .b = ms});
}

static void what_a_driver_waits_for_is_told(void **state)
{
	driver_t *driver = fresh(DRV_OK);
	(void)state;
	strcpy(driver->manifest.needs.items[0], "net");
	comes(EFFECT_WAIT, LACK_PROVIDER, 0);
	assert_string_equal(said, "drvmgr: disk: requires net, which nobody provides\n");
	comes(EFFECT_WAIT, LACK_REQUIRED, 0);
	assert_string_equal(
	    said, "drvmgr: disk: waits for disk, which it requires: that one is Running\n");
	comes(EFFECT_WAIT, LACK_RELEASE, 0);
	assert_string_equal(said, "drvmgr: disk: is held until `release disk`\n");
	/* Without a claim that says which: it was refused, or has none any more. */
	comes(EFFECT_WAIT, LACK_HARDWARE, 0);
	assert_string_equal(said, "drvmgr: disk: waits for disk\n");
}

/* Two that claim the same port; the second waits. */
static void whose_hardware_a_driver_waits_for_is_told_with_its_claim(void **state)
{
	static driver_t two[2];
	static const char *const names[] = {"disk", "other"};
	(void)state;
	fresh(DRV_OK);
	registry_clear(&manager.registry);
	for (uint32_t i = 0; i < 2; i++) {
		strcpy(two[i].manifest.name, names[i]);
		two[i].manifest.caps.pio.count = 1;
		two[i].manifest.caps.pio.items[0] = (pio_range_t){.start = 0x300, .end = 0x307};
		manager.registry.entries[manager.registry.count++] = (struct registry_entry){
		    .file = names[i], .manifest = &two[i].manifest, .rivals = 1u << (1 - i)};
	}
	manager.drivers = two;
	two[0].unit.holds = true;
	said[0] = '\0';
	tell_effect(&manager, &(effect_t){.kind = EFFECT_WAIT, .unit = 1, .a = LACK_HARDWARE});
	assert_string_equal(said, "drvmgr: other: waits for disk: ports 768..775 (other:0:0), "
				  "which it has (disk:0:0)\n");
	two[0].unit.holds = false;
	said[0] = '\0';
	tell_effect(&manager, &(effect_t){.kind = EFFECT_WAIT, .unit = 1, .a = LACK_HARDWARE});
	assert_null(strstr(said, "which it has"));
}

static void a_failure_is_noted_with_what_came_of_it(void **state)
{
	(void)state;
	driver_t *driver = fresh(DRV_EPERM);
	tell_failure(&manager, driver, "it spins");
	driver->unit.last_error = DRV_ETIMEDOUT;
	driver->unit.last_culprit = 5;
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_FAILURE);
	assert_int_equal(told.generation, 3);
	assert_int_equal(told.state, STATE_RUNNING);
	assert_int_equal(told.error, DRV_ETIMEDOUT);
	assert_int_equal(told.culprit, 5);
	assert_int_equal(told.at_ms, 5000);
	assert_int_equal(told.killed, 0);
	assert_int_equal(told.decided, DECIDED_NOTHING);
	assert_string_equal(told.why, "it spins");
	comes(EFFECT_RESTART, 4, 300);
	enters(STATE_RECOVERING, STATE_BACKOFF, EVENT_TORN_DOWN_RETRY);
	assert_int_equal(told.decided, DECIDED_RESTART);
	assert_int_equal(told.number, 4);
	assert_int_equal(told.delay_ms, 300);
	manager.now_ms += 5; /* the next incarnation does not know that it is told */
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_FAILURE);
	assert_int_equal(told.at_ms, 5000);
	assert_int_equal(told.decided, DECIDED_RESTART);
}

/* From the end to Running, without the delay of its policy; once. */
static void what_a_restart_took_is_noted(void **state)
{
	(void)state;
	driver_t *driver = fresh(DRV_EPERM);
	enters(STATE_INITIALISING, STATE_RUNNING, EVENT_OK); /* of no restart */
	assert_int_equal(told.took_of, 0);
	tell_failure(&manager, driver, "it spins");
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_FAILURE);
	comes(EFFECT_RESTART, 1, 300);
	driver->unit.generation++;
	manager.now_ms += 307;
	enters(STATE_BACKOFF, STATE_PROBING, EVENT_TIMER);
	enters(STATE_INITIALISING, STATE_RUNNING, EVENT_OK);
	assert_int_equal(told.took_of, 3);
	assert_int_equal(told.took_ms, 7);
	manager.now_ms += 1000;
	enters(STATE_INITIALISING, STATE_RUNNING, EVENT_OK); /* of a reset */
	assert_int_equal(told.took_ms, 7);
}

/* It is stopped in its delay, or waits; or is started before its end is over. */
static void what_did_not_begin_in_time_took_no_time_and_is_decided(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		driver_t *driver = fresh(DRV_EPERM);
		enters(STATE_RUNNING, STATE_RECOVERING, EVENT_FAILURE);
		comes(EFFECT_RESTART, 1, 300);
		driver->unit.generation++;
		enters(STATE_BACKOFF, i ? STATE_STOPPED : STATE_WAITING,
		       i ? EVENT_STOP : EVENT_MISSING);
		enters(STATE_INITIALISING, STATE_RUNNING, EVENT_OK);
		assert_int_equal(told.took_of, 0);
	}
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_FAILURE);
	enters(STATE_RECOVERING, STATE_LOADED, EVENT_START);
	assert_int_equal(told.decided, DECIDED_RESTART);
	assert_int_equal(told.undecided, 0);
}

/* Neither a stop nor an exit is a failure, and what was decided of them is not told of one. */
static void another_end_leaves_what_was_noted(void **state)
{
	(void)state;
	driver_t *driver = fresh(DRV_OK);
	tell_failure(&manager, driver, "it spins");
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_FAILURE);
	comes(EFFECT_GIVE_UP, 5, 0);
	const told_t before = told;
	assert_int_equal(before.decided, DECIDED_GIVE_UP);
	assert_int_equal(before.number, 5);
	driver->unit.generation++;
	enters(STATE_RUNNING, STATE_QUIESCING, EVENT_STOP);
	enters(STATE_STOPPING, STATE_STOPPED, EVENT_EXIT);
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_EXIT);
	comes(EFFECT_RESTART, 1, 10);
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_APART);
	enters(STATE_RECOVERING, STATE_STOPPED, EVENT_TORN_DOWN_STOP);
	assert_memory_equal(&told, &before, sizeof(told));
}

static void of_a_kill_nothing_of_an_earlier_failure_is_noted(void **state)
{
	(void)state;
	driver_t *driver = fresh(DRV_EPERM);
	tell_failure(&manager, driver, "it spins");
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_FAILURE);
	driver->unit.generation++;
	enters(STATE_RUNNING, STATE_RECOVERING, EVENT_KILLED);
	assert_int_equal(told.killed, 1);
	assert_string_equal(told.why, "");
	assert_int_equal(told.call_error, DRV_OK);
	enters(STATE_RECOVERING, STATE_STOPPED, EVENT_TORN_DOWN_STOP);
	assert_int_equal(told.decided, DECIDED_STOP);
	driver->unit.generation++; /* of which the log said nothing else */
	strcpy(told.why, "of before");
	enters(STATE_INITIALISING, STATE_RECOVERING, EVENT_LIMIT);
	assert_string_equal(told.why, "");
	assert_int_equal(told.generation, 5);
}

static const char *why(const driver_t *driver)
{
	static char text[WHY_TEXT_MAX];
	size_t length = why_text(&manager, driver, text, sizeof(text));
	assert_int_equal(length, strlen(text));
	return text;
}

/* A short call is nothing to tell, nor what a dead one's thread seems to do. */
static void who_waits_for_another_one_is_said_to(void **state)
{
	driver_t *driver = fresh(DRV_OK);
	(void)state;
	manager.world = (world_t){.count = 1, .units = {&driver->unit}};
	driver->instance.alive = true;
	server = 0;
	waits_ms = EVIDENCE_LOOK_MS;
	assert_string_equal(why(driver), "has waited 100 ms for disk, which is Running");
	driver->unit.wanted = WANTED_HELD;
	assert_string_equal(why(driver), "is held until `release disk`; has waited 100 ms for "
					 "disk, which is Running");
	driver->unit.wanted = WANTED_UP;
	waits_ms--;
	assert_string_equal(why(driver), "");
	waits_ms++;
	server = NOBODY;
	assert_string_equal(why(driver), "");
	server = 0;
	driver->instance.alive = false;
	assert_string_equal(why(driver), "");
}

static void of_who_was_killed_nothing_more_is_said(void **state)
{
	(void)state;
	driver_t *driver = fresh(DRV_EIO);
	driver->unit.killed = true;
	tell_failure(&manager, driver, "a fault");
	assert_string_equal(said,
			    "drvmgr: disk: killed by the operator in Running, generation 3\n");
}

static void who_is_given_up_before_its_end_is_over_still_has_something(void **state)
{
	effect_t effect = {.kind = EFFECT_GIVE_UP, .a = 5, .c = EVENT_TORN_DOWN_SPENT};
	(void)state;
	manager.drivers = fresh(DRV_OK);
	((driver_t *)(uintptr_t)manager.drivers)->manifest.restart.policy.kind =
	    POLICY_ON_FAILURE;
	tell_effect(&manager, &effect);
	assert_string_equal(said, "drvmgr: disk: given up after 5 restarts; no capability is "
				  "left, `start disk` clears it\n");
	effect.c = EVENT_LIMIT;
	said[0] = '\0';
	tell_effect(&manager, &effect);
	assert_non_null(strstr(said, "given up: its end takes too long"));
	assert_null(strstr(said, "no capability"));
}

static void what_failed_is_graver_than_what_goes_on(void **state)
{
	(void)state;
	driver_t *driver = fresh(DRV_OK);
	tell_failure(&manager, driver, "it spins");
	assert_int_equal(level, LOG_ERROR);
	comes(EFFECT_RESTART, 1, 0);
	assert_int_equal(level, LOG_WARN);
	comes(EFFECT_RESTART, 0, 0); /* that does not count */
	assert_int_equal(level, LOG_WARN);
	comes(EFFECT_GIVE_UP, 5, 0);
	assert_int_equal(level, LOG_ERROR);
	comes(EFFECT_WAIT, LACK_RELEASE, 0);
	assert_int_equal(level, LOG_WARN);
	enters(STATE_PROBING, STATE_INITIALISING, EVENT_OK);
	assert_int_equal(level, LOG_INFO);
	driver->unit.killed = true;
	tell_failure(&manager, driver, "");
	assert_int_equal(level, LOG_WARN);
	tell_failure(&manager, fresh(DRV_EIO), "it spins"); /* the call is told last */
	assert_int_equal(level, LOG_ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_failure_tells_why_and_what_the_last_failing_call_answered),
	    cmocka_unit_test(where_no_call_failed_nothing_is_said_of_one),
	    cmocka_unit_test(who_is_given_up_before_its_end_is_over_still_has_something),
	    cmocka_unit_test(who_waits_for_another_one_is_said_to),
	    cmocka_unit_test(of_who_was_killed_nothing_more_is_said),
	    cmocka_unit_test(what_a_driver_waits_for_is_told),
	    cmocka_unit_test(whose_hardware_a_driver_waits_for_is_told_with_its_claim),
	    cmocka_unit_test(what_was_told_is_noted),
	    cmocka_unit_test(what_a_restart_took_is_noted),
	    cmocka_unit_test(what_did_not_begin_in_time_took_no_time_and_is_decided),
	    cmocka_unit_test(a_failure_is_noted_with_what_came_of_it),
	    cmocka_unit_test(another_end_leaves_what_was_noted),
	    cmocka_unit_test(of_a_kill_nothing_of_an_earlier_failure_is_noted),
	    cmocka_unit_test(what_failed_is_graver_than_what_goes_on),
	    cmocka_unit_test(an_end_that_was_told_otherwise_tells_the_call_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
