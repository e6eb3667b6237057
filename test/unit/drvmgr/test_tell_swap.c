/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a driver that is replaced, or was; and of one that another incarnation of the
 * manager left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "claims/claims.h"
#include "hands/evidence.h"
#include "log/tell.h"
#include "log/why.h"

#define RESET_MS 1000u

static manager_t manager;
static driver_t driver;

/* ---- what is not called here ---- */

void driver_log_line(manager_t *to, const driver_t *about, const char *text, ...)
{
	(void)to, (void)about, (void)text;
}

void driver_log_at(manager_t *to, const driver_t *about, log_level_t at, const char *text, ...)
{
	(void)to, (void)about, (void)at, (void)text;
}

uint32_t evidence_server(const manager_t *of, const driver_t *client, uint32_t *for_ms)
{
	(void)of, (void)client, (void)for_ms;
	return NOBODY;
}

/* ---- */

static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(&driver, 0, sizeof(driver));
	strcpy(driver.manifest.name, "disk");
	driver.manifest.restart.policy.reset_ms = RESET_MS;
	driver.unit.state = STATE_RUNNING;
	driver.unit.history.running = true;
	driver.unit.history.running_since = 5000;
	manager.drivers = &driver;
	manager.count = 1;
	manager.now_ms = 5300;
	manager.world = (world_t){.count = 1, .units = {&driver.unit}, .now_ms = 5300};
	manager.world.rules[0].policy.reset_ms = RESET_MS;
	return 0;
}

static void is_said(const char *text)
{
	static char said[WHY_TEXT_MAX];
	size_t length = why_text(&manager, &driver, said, sizeof(said));
	assert_int_equal(length, strlen(said));
	assert_string_equal(said, text);
}

static void each_step_of_a_replacement_is_said(void **state)
{
	(void)state;
	is_said("");
	driver.unit.swap = SWAP_DUE;
	is_said("gives way to another image");
	driver.unit.swap = SWAP_RETURNED;
	is_said("has its image back: the one that replaced it failed on probation");
	driver.unit.swap = SWAP_CONFIRMED;
	is_said("replaced another image, and is confirmed");
}

static void how_long_a_probation_lasts_is_said(void **state)
{
	(void)state;
	driver.unit.swap = SWAP_PROBATION;
	is_said("is on probation for 700 ms more: if it fails, the image before it comes back");
	manager.now_ms = 5000 + RESET_MS + 1; /* it is judged at the next look */
	is_said("is on probation for 0 ms more: if it fails, the image before it comes back");
	driver.unit.state = STATE_PROBING; /* all of it is to come */
	is_said(
	    "is on probation for 1000 ms more: if it fails, the image before it comes back");
}

static void who_waits_on_probation_is_said_when_that_ends(void **state)
{
	static char said[WHY_TEXT_MAX];
	(void)state;
	driver.unit.swap = SWAP_PROBATION;
	driver.unit.state = STATE_WAITING;
	driver.unit.since_ms = 5100;
	why_text(&manager, &driver, said, sizeof(said));
	assert_non_null(strstr(said,
			       "on probation for 800 ms more: if it still waits then, the "
			       "image before it comes back"));
	driver.unit.wanted = WANTED_HELD; /* for the operator, and as long as that one wants */
	why_text(&manager, &driver, said, sizeof(said));
	assert_non_null(strstr(said, "on probation for 1000 ms more: if it fails"));
}

/* The manager dies between what it decides and the word of it. */
static void what_was_decided_and_not_told_is_seen_by_the_next_incarnation(void **state)
{
	static const struct {
		driver_state_t state;
		uint8_t swap;
		manager_decision_t decided;
	} rows[] = {{STATE_RECOVERING, SWAP_NONE, DECIDED_NOTHING},
		    {STATE_QUARANTINED, SWAP_NONE, DECIDED_GIVE_UP},
		    {STATE_STOPPED, SWAP_NONE, DECIDED_STOP},
		    {STATE_BACKOFF, SWAP_NONE, DECIDED_RESTART},
		    {STATE_BACKOFF, SWAP_BACK, DECIDED_RETURN},
		    {STATE_RUNNING, SWAP_NONE, DECIDED_RESTART}};
	told_t told;
	(void)state;
	manager.told = &told;
	driver.unit.history.restarts = 4;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool restarts = rows[i].decided == DECIDED_RESTART;
		told = (told_t){.undecided = 1, .at_ms = 5000};
		driver.unit.state = rows[i].state;
		driver.unit.swap = rows[i].swap;
		driver.unit.until_ms = 5640;
		tell_adopt(&manager, &driver);
		assert_int_equal(told.decided, rows[i].decided);
		assert_int_equal(told.number == 4 && told.delay_ms == 640,
				 restarts || rows[i].swap == SWAP_BACK);
		const told_t before = told; /* once is enough */
		driver.unit.until_ms++;
		tell_adopt(&manager, &driver);
		assert_memory_equal(&told, &before, sizeof(told));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(each_step_of_a_replacement_is_said, fresh),
	    cmocka_unit_test_setup(how_long_a_probation_lasts_is_said, fresh),
	    cmocka_unit_test_setup(who_waits_on_probation_is_said_when_that_ends, fresh),
	    cmocka_unit_test_setup(
		what_was_decided_and_not_told_is_seen_by_the_next_incarnation, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
