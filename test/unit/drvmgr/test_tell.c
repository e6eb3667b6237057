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
#include "log/tell.h"

static manager_t manager;
static driver_page_t page;
static char said[512];

void manager_log_line(manager_t *to, const char *text, ...)
{
	va_list args;
	size_t length = strlen(said);
	assert_ptr_equal(to, &manager);
	va_start(args, text);
	vsnprintf(said + length, sizeof(said) - length, text, args);
	va_end(args);
	strcat(said, "\n");
}

static driver_t *fresh(int32_t last_error)
{
	static driver_t disk, *const driver = &disk;
	memset(driver, 0, sizeof(*driver));
	strcpy(driver->manifest.name, "disk");
	driver->unit.state = STATE_RUNNING;
	driver->unit.generation = 3;
	driver->instance.page = &page;
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
	assert_non_null(strstr(said, "answered DRV_ECANCELED"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_failure_tells_why_and_what_the_last_failing_call_answered),
	    cmocka_unit_test(where_no_call_failed_nothing_is_said_of_one),
	    cmocka_unit_test(who_is_given_up_before_its_end_is_over_still_has_something),
	    cmocka_unit_test(of_who_was_killed_nothing_more_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
