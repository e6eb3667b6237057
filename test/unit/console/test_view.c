/* SPDX-License-Identifier: BSD-2-Clause */
/* What the screen tells of drivers and log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/view.h"

static view_t view;
static manager_status_t drivers[VIEW_DRIVERS + 2];
static char text[SCREEN_COLUMNS + 1];

static int fresh(void **state)
{
	(void)state;
	memset(&view, 0, sizeof(view));
	memset(drivers, 0, sizeof(drivers));
	for (unsigned i = 0; i < VIEW_DRIVERS + 2; i++) {
		drivers[i].name[0] = (char)('a' + i);
		drivers[i].state = STATE_RUNNING;
		drivers[i].generation = 1;
	}
	return 0;
}

static const char *row(uint32_t number)
{
	view_row(&view, number, text, sizeof(text));
	return text;
}

static void what_is_the_same_is_no_change(void **state)
{
	(void)state;
	assert_int_equal(view_drivers(&view, drivers, 3), 0);
	uint32_t changes = view.changes;
	drivers[1].beat_age_ms = 300; /* is not shown */
	drivers[1].index = 7;
	assert_int_equal(view_drivers(&view, drivers, 3), 0);
	assert_int_equal(view.changes, changes);
	drivers[2].state = STATE_STOPPED;
	assert_int_equal(view_drivers(&view, drivers, 3), 0);
	assert_int_not_equal(view.changes, changes);
	changes = view.changes;
	view_drivers(&view, drivers, 2);
	assert_int_not_equal(view.changes, changes);
}

static void who_may_have_died_is_to_be_asked_once(void **state)
{
	(void)state;
	view_drivers(&view, drivers, VIEW_DRIVERS + 2);
	drivers[1].restarts = 1;
	drivers[3].state = STATE_QUARANTINED;
	drivers[3].last_error = DRV_EIO;
	drivers[VIEW_DRIVERS].restarts = 9; /* has no row */
	assert_int_equal(view_drivers(&view, drivers, VIEW_DRIVERS + 2), 1u << 1 | 1u << 3);
	assert_int_equal(view_drivers(&view, drivers, VIEW_DRIVERS + 2), 0);
}

static void a_share_is_told_when_it_is_known_and_another(void **state)
{
	(void)state;
	view_drivers(&view, drivers, 1);
	assert_string_equal(row(0), "a                Running             1        0    -  ");
	view_share(&view, 0, 0);
	assert_string_equal(row(0), "a                Running             1        0    0  ");
	uint32_t changes = view.changes;
	view_share(&view, 0, 0);
	view_share(&view, VIEW_DRIVERS, 50);
	assert_int_equal(view.changes, changes);
	view_share(&view, 0, 100);
	assert_string_equal(row(0), "a                Running             1        0  100  ");
	drivers[0].name[0] = 'z'; /* another driver has another share */
	view_drivers(&view, drivers, 1);
	assert_non_null(strstr(row(0), " - "));
}

static void deaths_are_told_the_newest_first_each_whole(void **state)
{
	death_line_t deaths[DEATH_LINES] = {{.number = 9, .kind = DEATH_NULL, .at_ms = 12345},
					    {.number = 4, .kind = DEATH_KILLED, .at_ms = 999},
					    {.number = 3, .kind = DEATH_STACK, .at_ms = 50}};
	(void)state;
	view_drivers(&view, drivers, 2);
	assert_true(view_deaths(&view, 0, deaths, DEATH_LINES));
	assert_string_equal(view.rows[0].deaths, "null-pointer 12.3, killed 0.9");
	uint32_t changes = view.changes;
	view_deaths(&view, 0, deaths, DEATH_LINES);
	assert_int_equal(view.changes, changes);
	view_cause(&view, 0, &deaths[0], "read of 0x0\x1b[2J");
	assert_string_equal(view.last, "Last death: a, instance 0, at 12.3 s: read of 0x0?[2J");
	assert_false(view_deaths(&view, 1, &deaths[1], 1)); /* is not the newest of all */
	deaths[0] = (death_line_t){.number = 10, .kind = 1000, .at_ms = UINT32_MAX};
	assert_true(view_deaths(&view, 1, deaths, 1));
	assert_string_equal(view.rows[1].deaths, "? 4294967.2");
	assert_false(view_deaths(&view, VIEW_DRIVERS, deaths, 1));
	assert_false(view_deaths(&view, 1, deaths, 0));
	assert_string_equal(view.rows[1].deaths, "");
}

static void of_the_log_the_newest_are_held_and_none_that_is_raw(void **state)
{
	manager_log_record_t record = {.level = LOG_WARN, .time_ms = 61001};
	(void)state;
	view_log(&view, &record, "a\x07 b");
	assert_string_equal(view.log[0].text, "   61.001 a? b");
	assert_int_equal(view.log[0].paint, PAINT_CHANGING);
	record.source = MANAGER_LOG_RAW;
	uint32_t changes = view.changes;
	view_log(&view, &record, "input: key a down");
	assert_int_equal(view.lines, 1);
	assert_int_equal(view.changes, changes);
	record.source = MANAGER_LOG_OF_MANAGER;
	char line[MANAGER_LOG_LINE_MAX + 1];
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	for (unsigned i = 0; i < 3 * VIEW_LINES; i++)
		view_log(&view, &record, line);
	assert_int_equal(strlen(view.log[0].text), VIEW_WIDTH);
}

static void the_heading_counts_who_does_not_run(void **state)
{
	(void)state;
	view_drivers(&view, drivers, 3);
	view_heading(&view, text, sizeof(text));
	assert_non_null(strstr(text, "3 drivers, all Running"));
	drivers[0].state = STATE_ABSENT;
	view_drivers(&view, drivers, VIEW_DRIVERS + 2);
	view_heading(&view, text, sizeof(text));
	assert_non_null(strstr(text, "10 drivers, 1 not Running"));
	assert_true(strlen(text) <= VIEW_WIDTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_the_same_is_no_change, fresh),
	    cmocka_unit_test_setup(who_may_have_died_is_to_be_asked_once, fresh),
	    cmocka_unit_test_setup(a_share_is_told_when_it_is_known_and_another, fresh),
	    cmocka_unit_test_setup(deaths_are_told_the_newest_first_each_whole, fresh),
	    cmocka_unit_test_setup(of_the_log_the_newest_are_held_and_none_that_is_raw, fresh),
	    cmocka_unit_test_setup(the_heading_counts_who_does_not_run, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
