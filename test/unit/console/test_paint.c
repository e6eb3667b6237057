/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours by state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/protocol/screen.h"
#include "servers/console/paint.h"

static paint_t of(const char *line)
{
	return paint_of_line(line, strlen(line));
}

static void a_row_of_drivers_is_as_its_state(void **state)
{
	(void)state;
	assert_int_equal(of("serial           Running               1        0       100"),
			 PAINT_GOOD);
	assert_int_equal(of("serial           Quarantined           1        0         -"),
			 PAINT_BAD);
	assert_int_equal(of("x  Waiting  0  0  -  requires serial, which is Stopped"),
			 PAINT_CHANGING);
	assert_int_equal(of("x                Stopped               1        0         -"),
			 PAINT_PLAIN);
	assert_int_equal(of("Runningx xRunning running"), PAINT_PLAIN);
	assert_int_equal(of(""), PAINT_PLAIN);
}

static void a_step_is_as_what_it_leads_to_and_a_failure_is_bad(void **state)
{
	(void)state;
	assert_int_equal(of("drvmgr: a: Running -> Recovering (it failed)"), PAINT_BAD);
	assert_int_equal(of("drvmgr: a: Probing -> Initialising (step succeeded)"),
			 PAINT_CHANGING);
	assert_int_equal(of("drvmgr: a: Initialising -> Running (step succeeded)"), PAINT_GOOD);
	assert_int_equal(of("drvmgr: a: Backoff -> Probing (Running)"), PAINT_CHANGING);
	assert_int_equal(of("drvmgr: a: failed in Running, generation 3"), PAINT_BAD);
	assert_int_equal(of("a: a step unfailed"), PAINT_PLAIN);
}

static void a_line_with_a_time_is_as_its_level(void **state)
{
	(void)state;
	assert_int_equal(of("    0.012 error drvmgr: a: Running"), PAINT_BAD);
	assert_int_equal(of("    0.012 warn  drvmgr: a: Running"), PAINT_CHANGING);
	assert_int_equal(of("    0.012 info  drvmgr: a: Probing -> Running"), PAINT_GOOD);
	assert_int_equal(of("error warn of something else"), PAINT_PLAIN);
	assert_int_equal(paint_of_level(LOG_DEBUG), PAINT_PLAIN);
}

static void the_line_ends_where_it_ends(void **state)
{
	(void)state;
	assert_int_equal(paint_of_line("a Running", 8), PAINT_PLAIN);
	assert_int_equal(paint_of_line("a Running", 9), PAINT_GOOD);
}

static void each_colour_has_an_attribute_and_a_sequence(void **state)
{
	(void)state;
	assert_int_equal(paint_attribute(PAINT_PLAIN), SCREEN_PLAIN);
	assert_int_equal(paint_attribute(PAINT_GOOD), SCREEN_GOOD);
	assert_int_equal(paint_attribute(PAINT_BAD), SCREEN_BAD);
	assert_int_equal(paint_attribute(PAINT_CHANGING), SCREEN_CHANGING);
	assert_string_equal(paint_sequence(PAINT_PLAIN), "");
	assert_string_equal(paint_sequence(PAINT_GOOD), "\x1b[32m");
	assert_string_equal(paint_sequence(PAINT_BAD), "\x1b[31m");
	assert_string_equal(paint_sequence(PAINT_CHANGING), "\x1b[33m");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_row_of_drivers_is_as_its_state),
	    cmocka_unit_test(a_step_is_as_what_it_leads_to_and_a_failure_is_bad),
	    cmocka_unit_test(a_line_with_a_time_is_as_its_level),
	    cmocka_unit_test(the_line_ends_where_it_ends),
	    cmocka_unit_test(each_colour_has_an_attribute_and_a_sequence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
