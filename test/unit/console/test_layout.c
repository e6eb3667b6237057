/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen: table, typed text, and what has changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "screen_row.h"
#include "servers/console/layout.h"

static view_t view;
static desk_t desk;
static desk_side_t side;
static recall_t recall;
static uint32_t line;
static uint16_t cells[SCREEN_CELLS], shown[SCREEN_CELLS];
static manager_status_t drivers[VIEW_DRIVERS + 5];
static const desk_around_t around = {&side, {&recall, side.drafts, 0, drivers, 2}};

static int fresh(void **state)
{
	(void)state;
	memset(&view, 0, sizeof(view));
	memset(&desk, 0, sizeof(desk));
	memset(&side, 0, sizeof(side));
	memset(cells, 0, sizeof(cells));
	memset(shown, LAYOUT_UNKNOWN, sizeof(shown));
	memset(drivers, 0, sizeof(drivers));
	for (unsigned i = 0; i < VIEW_DRIVERS + 5; i++) {
		memcpy(drivers[i].name, "driver", 6);
		drivers[i].name[6] = (char)('a' + i);
		drivers[i].state = STATE_RUNNING;
	}
	return 0;
}

static void type(const char *text)
{
	while (*text)
		desk.line.text[desk.line.length++] = *text++;
	desk.line.at = desk.line.length;
}

static uint32_t draw(uint32_t count)
{
	view_drivers(&view, drivers, count);
	return layout_draw(&view, &desk, &around, cells, &line);
}

/* Two drivers: heading, columns, two rows, the last death, and below them the log. */
#define LOG_AT	  5u
#define LOG_ROWS  7u
#define HELP_AT	  (LOG_AT + 1 + LOG_ROWS)
#define PROMPT_AT (HELP_AT + 1)

static void log_line(uint8_t level, const char *text)
{
	manager_log_record_t record = {.level = level, .time_ms = 12345};
	view_log(&view, &record, text);
}

static void table_death_log_help_and_prompt_stand_one_below_the_other(void **state)
{
	(void)state;
	type("Hello");
	uint32_t cursor = draw(2);
	assert_string_equal(
	    row_of(cells, 0),
	    " Castellan                                               2 drivers, all Running");
	assert_string_equal(
	    row_of(cells, 1),
	    " NAME             STATE        INSTANCE RESTARTS CPU%  LAST DEATHS, SECONDS");
	assert_non_null(strstr(row_of(cells, 2), "drivera"));
	assert_non_null(strstr(row_of(cells, 3), "driverb"));
	assert_string_equal(row_of(cells, 4), " No driver has died.");
	assert_string_equal(row_of(cells, LOG_AT), " Log");
	assert_string_equal(row_of(cells, HELP_AT), " " LAYOUT_HELP);
	assert_string_equal(row_of(cells, PROMPT_AT), "castellan> Hello");
	assert_int_equal(cursor, PROMPT_AT * SCREEN_COLUMNS + 16);
}

static void the_newest_lines_of_the_log_are_at_its_bottom_in_their_colours(void **state)
{
	(void)state;
	log_line(LOG_INFO, "drvmgr: a: Probing -> Running (well)");
	log_line(LOG_ERROR, "a: too bad");
	draw(2);
	assert_string_equal(row_of(cells, HELP_AT - 3), "");
	assert_string_equal(row_of(cells, HELP_AT - 2),
			    "    12.345 drvmgr: a: Probing -> Running (well)");
	assert_string_equal(row_of(cells, HELP_AT - 1), "    12.345 a: too bad");
	assert_int_equal(cells[(HELP_AT - 2) * SCREEN_COLUMNS + 9] >> 8, SCREEN_GOOD);
	assert_int_equal(cells[(HELP_AT - 1) * SCREEN_COLUMNS + 9] >> 8, SCREEN_BAD);
	for (unsigned i = 0; i < 20; i++)
		log_line(LOG_INFO, (char[]){(char)('a' + i), '\0'});
	draw(2);
	for (unsigned i = 0; i < LOG_ROWS; i++)
		assert_int_equal(row_of(cells, HELP_AT - 1 - i)[11], 't' - i);
}

static void what_tab_has_to_offer_takes_the_place_of_the_help(void **state)
{
	(void)state;
	type("why ");
	desk.line.tabbed = true;
	draw(2);
	assert_string_equal(row_of(cells, HELP_AT), " drivera  driverb");
	desk.line.length = desk.line.at = 0; /* more than a row has room for */
	draw(2);
	assert_ptr_equal(strstr(row_of(cells, HELP_AT), " help  ps  top"), row_text);
	assert_string_equal(row_of(cells, PROMPT_AT), "castellan>");
}

static void the_last_death_is_told_in_red(void **state)
{
	static const death_line_t death = {
	    .number = 3, .generation = 2, .kind = DEATH_NULL, .at_ms = 4500};
	(void)state;
	draw(2);
	assert_true(view_deaths(&view, 1, &death, 1));
	view_cause(&view, 1, &death, "write to 0x10 through a null pointer");
	draw(2);
	assert_string_equal(
	    row_of(cells, 4),
	    " Last death: driverb, instance 2, at 4.5 s: write to 0x10 through a null pointer");
	assert_int_equal(cells[4 * SCREEN_COLUMNS + 1] >> 8, SCREEN_BAD);
	assert_non_null(strstr(row_of(cells, 3), "null-pointer 4.5"));
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
	drivers[VIEW_DRIVERS + 1].state = STATE_STOPPED;
	uint32_t cursor = draw(VIEW_DRIVERS + 5);
	assert_non_null(strstr(row_of(cells, 0), "13 drivers, 1 not Running"));
	assert_string_equal(row_of(cells, 2 + VIEW_DRIVERS), " and 5 more: ps lists them");
	assert_string_equal(row_of(cells, cursor / SCREEN_COLUMNS), "castellan> text");
	assert_true(cursor / SCREEN_COLUMNS <= SCREEN_ROWS - 6); /* an answer has room */
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
	drivers[0].generation = drivers[0].restarts = UINT32_MAX;
	draw(1);
	assert_string_equal(row_of(cells, 3), " No driver has died.");
}

static void the_line_is_drawn_alone_where_it_stands(void **state)
{
	(void)state;
	type("Hello");
	draw(2);
	assert_int_equal(line, PROMPT_AT * SCREEN_COLUMNS + 11);
	memcpy(shown, cells, sizeof(cells));
	desk.line.length = 4;
	desk.line.text[3] = 'p';
	layout_draw_line(&desk, line, 3, 5, cells);
	assert_string_equal(row_of(cells, PROMPT_AT), "castellan> Help");
	for (unsigned i = 0; i < SCREEN_CELLS; i++)
		assert_true(cells[i] == shown[i] || i == line + 3 || i == line + 4);
	uint16_t last = cells[SCREEN_CELLS - 1];
	layout_draw_line(&desk, SCREEN_CELLS - 1, 0, 4, cells); /* and not beyond the screen */
	assert_int_not_equal(cells[SCREEN_CELLS - 1], last);
}

static void where_the_line_is_not_shown_it_has_no_cell(void **state)
{
	(void)state;
	memset(side.text, '\n', sizeof(side.text));
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
	assert_int_equal(span.first, PROMPT_AT * SCREEN_COLUMNS + 11);
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
	    cmocka_unit_test_setup(table_death_log_help_and_prompt_stand_one_below_the_other,
				   fresh),
	    cmocka_unit_test_setup(
		the_newest_lines_of_the_log_are_at_its_bottom_in_their_colours, fresh),
	    cmocka_unit_test_setup(what_tab_has_to_offer_takes_the_place_of_the_help, fresh),
	    cmocka_unit_test_setup(the_last_death_is_told_in_red, fresh),
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
