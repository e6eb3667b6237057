/* SPDX-License-Identifier: BSD-2-Clause */
/* A desk, whoever types at it, and what is then to be seen. */
#ifndef DESK_BENCH_H
#define DESK_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/desk.h"
#include "screen_row.h"

static desk_t desk;
static desk_side_t side;
static recall_t recall;
static const manager_status_t drivers[] = {{.name = "serial"}, {.name = "screen"}};
static const desk_around_t around = {&side, {&recall, side.drafts, 0, drivers, 2}};
static desk_change_t change;
static uint16_t cells[SCREEN_CELLS];
static uint32_t line, cursor;

static inline int fresh(void **state)
{
	(void)state;
	memset(&desk, 0, sizeof(desk));
	memset(&side, 0, sizeof(side));
	memset(&recall, 0, sizeof(recall));
	memset(&change, 0, sizeof(change));
	return 0;
}

static inline void take(uint8_t type, uint16_t code, int32_t value, uint8_t modifiers)
{
	input_event_t event = {
	    .type = type, .code = code, .value = value, .modifiers = modifiers};
	change = (desk_change_t){0};
	desk_take(&desk, &around, &event, &change);
	assert_true(desk.line.at <= desk.line.length && desk.line.length <= LINE_MOST);
}

static inline void press(uint16_t code)
{
	take(INPUT_KEY, code, INPUT_DOWN, 0);
}

/* Letters of "qwertyuiop", blanks and line ends. */
static inline void type(const char *text)
{
	static const char row[] = "qwertyuiop";
	for (; *text; text++) {
		const char *found = strchr(row, *text);
		press(*text == '\n'  ? KEY_ENTER
		      : *text == ' ' ? KEY_SPACE
				     : (uint16_t)(KEY_Q + (found - row)));
	}
}

/* Whoever runs commands has taken all of them. */
static inline void all_done(void)
{
	char text[LINE_MOST + 1];
	while (desk_next_command(&desk, &side, text))
		side.under_way = 0;
}

/* Lines whose commands are done at once. */
static inline void enter(const char *text)
{
	for (; *text; text++) {
		type((char[]){*text, '\0'});
		all_done();
	}
}

static inline void press_times(uint16_t code, unsigned times)
{
	while (times--)
		press(code);
}

static inline void draw(uint32_t rows)
{
	memset(cells, 0, sizeof(cells));
	desk_draw(&desk, &side, cells, rows, &line, &cursor);
	for (uint32_t i = 0; i < rows * SCREEN_COLUMNS; i++)
		assert_int_not_equal(cells[i], 0);
}

static inline const char *row(uint32_t number)
{
	return row_of(cells, number);
}

static inline void has_line(const char *text, uint32_t at)
{
	assert_int_equal(desk.line.length, strlen(text));
	assert_memory_equal(desk.line.text, text, desk.line.length);
	assert_int_equal(desk.line.at, at);
}

static inline void changed(uint32_t from, uint32_t to)
{
	assert_true(change.any && !change.all && !change.pointer);
	assert_int_equal(change.from, from);
	assert_int_equal(change.to, to);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

#endif
