/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen: table, typed text, and what has changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/layout.h"

static desk_t desk;
static char history[DESK_HISTORY];
static uint32_t line;
static uint16_t cells[SCREEN_CELLS], shown[SCREEN_CELLS];
static manager_status_t drivers[LAYOUT_DRIVERS + 5];
static char row_text[SCREEN_COLUMNS + 1];

static int fresh(void **state)
{
	(void)state;
	memset(&desk, 0, sizeof(desk));
	memset(cells, 0, sizeof(cells));
	memset(shown, LAYOUT_UNKNOWN, sizeof(shown));
	memset(drivers, 0, sizeof(drivers));
	for (unsigned i = 0; i < LAYOUT_DRIVERS + 5; i++) {
		memcpy(drivers[i].name, "driver", 6);
		drivers[i].name[6] = (char)('a' + i);
		drivers[i].state = STATE_RUNNING;
	}
	return 0;
}

static void type(const char *text)
{
	while (*text)
		desk.line[desk.length++] = *text++;
	desk.at = desk.length;
}

static uint32_t draw(uint32_t count)
{
	return layout_draw(drivers, count, &desk, history, cells, &line);
}

/* A row's characters without the blanks at its end. */
static const char *row(const uint16_t *from, uint32_t number)
{
	uint32_t length = 0;
	for (uint32_t i = 0; i < SCREEN_COLUMNS; i++) {
		row_text[i] = (char)(from[number * SCREEN_COLUMNS + i] & 0xff);
		if (row_text[i] != ' ')
			length = i + 1;
	}
	row_text[length] = '\0';
	return row_text;
}

static void the_table_stands_above_what_is_typed(void **state)
{
	(void)state;
	type("Hello");
	uint32_t cursor = draw(2);
	assert_string_equal(row(cells, 0), " Castellan");
	assert_non_null(strstr(row(cells, 1), "NAME"));
	assert_non_null(strstr(row(cells, 2), "drivera"));
	assert_non_null(strstr(row(cells, 3), "driverb"));
	assert_string_equal(row(cells, 6), "Hello");
	assert_int_equal(cursor, 6 * SCREEN_COLUMNS + 5);
}

static void a_state_is_seen_by_its_colour(void **state)
{
	(void)state;
	drivers[1].state = STATE_BACKOFF;
	draw(2);
	assert_int_equal(cells[2 * SCREEN_COLUMNS + 1] >> 8, SCREEN_GOOD);
	assert_int_equal(cells[3 * SCREEN_COLUMNS + 1] >> 8, SCREEN_BAD);
	static const uint8_t colours[STATE_COUNT] = {
	    [STATE_LOADED] = SCREEN_CHANGING,	[STATE_REJECTED] = SCREEN_BAD,
	    [STATE_WAITING] = SCREEN_CHANGING,	[STATE_PROBING] = SCREEN_CHANGING,
	    [STATE_ABSENT] = SCREEN_PLAIN,	[STATE_INITIALISING] = SCREEN_CHANGING,
	    [STATE_RUNNING] = SCREEN_GOOD,	[STATE_QUIESCING] = SCREEN_CHANGING,
	    [STATE_STOPPING] = SCREEN_CHANGING, [STATE_STOPPED] = SCREEN_PLAIN,
	    [STATE_QUIESCED] = SCREEN_PLAIN,	[STATE_RECOVERING] = SCREEN_BAD,
	    [STATE_BACKOFF] = SCREEN_BAD,	[STATE_QUARANTINED] = SCREEN_BAD};
	for (uint32_t in = 0; in < STATE_COUNT; in++) {
		drivers[1].state = in;
		draw(2);
		assert_int_equal(cells[3 * SCREEN_COLUMNS + 1] >> 8, colours[in]);
	}
}

static void more_drivers_than_rows_are_counted(void **state)
{
	(void)state;
	type("text");
	draw(LAYOUT_DRIVERS + 5);
	assert_string_equal(row(cells, 2 + LAYOUT_DRIVERS), " and 5 more");
	assert_string_equal(row(cells, 5 + LAYOUT_DRIVERS), "text");
}

static void every_cell_is_set(void **state)
{
	(void)state;
	draw(0);
	for (unsigned i = 0; i < SCREEN_CELLS; i++)
		assert_int_not_equal(cells[i], LAYOUT_UNKNOWN);
}

static void long_names_and_numbers_stay_in_their_row(void **state)
{
	(void)state;
	memset(drivers[0].name, 'n', MANAGER_NAME_MAX);
	drivers[0].generation = drivers[0].restarts = drivers[0].beat_age_ms = UINT32_MAX;
	draw(1);
	assert_string_equal(row(cells, 3), "");
}

static void the_line_is_drawn_alone_where_it_stands(void **state)
{
	(void)state;
	type("Hello");
	draw(2);
	assert_int_equal(line, 6 * SCREEN_COLUMNS);
	memcpy(shown, cells, sizeof(cells));
	desk.length = 4;
	desk.line[3] = 'p';
	layout_draw_line(&desk, line, 3, 5, cells);
	assert_string_equal(row(cells, 6), "Help");
	for (unsigned i = 0; i < SCREEN_CELLS; i++)
		assert_true(cells[i] == shown[i] || i == line + 3 || i == line + 4);
	uint16_t last = cells[SCREEN_CELLS - 1];
	layout_draw_line(&desk, SCREEN_CELLS - 1, 0, 4, cells); /* and not beyond the screen */
	assert_int_not_equal(cells[SCREEN_CELLS - 1], last);
}

static void where_the_line_is_not_shown_it_has_no_cell(void **state)
{
	(void)state;
	memset(history, '\n', sizeof(history));
	desk.history = 100;
	desk.scrolled = 50;
	assert_int_equal(draw(2), SCREEN_NO_CURSOR);
	assert_int_equal(line, SCREEN_NO_CURSOR);
}

static void a_cell_that_is_inverted_twice_is_as_before(void **state)
{
	(void)state;
	assert_int_equal(layout_invert(SCREEN_CELL('a', SCREEN_PLAIN)),
			 SCREEN_CELL('a', SCREEN_INVERTED));
	for (uint32_t cell = 0; cell < 0x10000; cell++) {
		uint16_t once = layout_invert((uint16_t)cell);
		assert_int_equal(once & 0xff, cell & 0xff);
		assert_int_equal(layout_invert(once), cell);
	}
}

/* Applies all changes and returns how many spans it took. */
static unsigned update(uint32_t most)
{
	span_t span = {0, 0};
	unsigned spans = 0;
	while (layout_next_change(shown, cells, span.first + span.count, SCREEN_CELLS, most,
				  &span)) {
		assert_in_range(span.count, 1, most);
		assert_true(span.first + span.count <= SCREEN_CELLS);
		memcpy(&shown[span.first], &cells[span.first], span.count * sizeof(cells[0]));
		spans++;
	}
	assert_memory_equal(shown, cells, sizeof(cells));
	return spans;
}

static void only_what_differs_is_written(void **state)
{
	(void)state;
	span_t span;
	draw(2);
	assert_int_equal(update(SCREEN_CELLS), 1); /* rows follow one another */
	assert_int_equal(update(SCREEN_CELLS), 0);
	type("x");
	draw(2);
	assert_true(layout_next_change(shown, cells, 0, SCREEN_CELLS, 236, &span));
	assert_int_equal(span.first, 6 * SCREEN_COLUMNS);
	assert_int_equal(span.count, 1);
	assert_false(layout_next_change(shown, cells, 0, span.first, 236, &span));
	assert_false(
	    layout_next_change(shown, cells, span.first + 1, SCREEN_CELLS, 236, &span));
}

static void near_changes_go_together_and_far_ones_apart(void **state)
{
	(void)state;
	memcpy(cells, shown, sizeof(cells));
	cells[10] = cells[15] = cells[70] = cells[79] = cells[80] = 1;
	assert_int_equal(update(SCREEN_CELLS), 2);
	cells[SCREEN_CELLS - 1] = 2;
	assert_int_equal(update(SCREEN_CELLS), 1);
}

static void a_span_is_never_longer_than_asked_for(void **state)
{
	(void)state;
	draw(3);
	assert_int_equal(update(7), (SCREEN_CELLS + 6) / 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_table_stands_above_what_is_typed, fresh),
	    cmocka_unit_test_setup(a_state_is_seen_by_its_colour, fresh),
	    cmocka_unit_test_setup(more_drivers_than_rows_are_counted, fresh),
	    cmocka_unit_test_setup(every_cell_is_set, fresh),
	    cmocka_unit_test_setup(long_names_and_numbers_stay_in_their_row, fresh),
	    cmocka_unit_test_setup(the_line_is_drawn_alone_where_it_stands, fresh),
	    cmocka_unit_test_setup(where_the_line_is_not_shown_it_has_no_cell, fresh),
	    cmocka_unit_test_setup(a_cell_that_is_inverted_twice_is_as_before, fresh),
	    cmocka_unit_test_setup(only_what_differs_is_written, fresh),
	    cmocka_unit_test_setup(near_changes_go_together_and_far_ones_apart, fresh),
	    cmocka_unit_test_setup(a_span_is_never_longer_than_asked_for, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
