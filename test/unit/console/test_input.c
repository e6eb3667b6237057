/* SPDX-License-Identifier: BSD-2-Clause */
/* The console reads what is typed and dies, before each store to the page that it keeps and
 * before and behind each line of the trace: the line on the screen has each event once, and so
 * has the trace, gaps and the releases behind them too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cap/driver.h"
#include "servers/console/input.h"
#include "servers/console/kept.h"
#include "test/fake/cut.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define LINES	      128u
#define FIRST	      1000u /* position of the first event */
#define SECOND_DEATHS 12u   /* points of an instance that goes on */
#define BEHIND	      7u    /* so many events are missing at the gap */
#define DOWN(key)                                                                              \
	{                                                                                      \
		.type = INPUT_KEY, .code = key, .value = INPUT_DOWN                            \
	}
#define UP(key)                                                                                \
	{                                                                                      \
		.type = INPUT_KEY, .code = key, .value = INPUT_UP                              \
	}
#define TAP(key) DOWN(key), UP(key)
#define REL(axis, steps)                                                                       \
	{                                                                                      \
		.type = INPUT_REL, .code = axis, .value = steps                                \
	}
#define GAP                                                                                    \
	{                                                                                      \
		0                                                                              \
	}

/* What the driver has; at a gap its position goes on by BEHIND, and LEFTSHIFT is held. */
static const input_event_t stream[] = {
    TAP(KEY_A), DOWN(KEY_LEFTSHIFT), TAP(KEY_B),     DOWN(KEY_C),   DOWN(BTN_LEFT),  GAP,
    TAP(KEY_D), UP(KEY_LEFTSHIFT),   TAP(KEY_ENTER), REL(REL_X, 9), REL(REL_Y, -20), TAP(KEY_E),
    GAP,	TAP(KEY_F),	     TAP(KEY_G),     TAP(KEY_H),    TAP(KEY_I),	     TAP(KEY_J),
    TAP(KEY_K), TAP(KEY_L),	     TAP(KEY_M),     TAP(KEY_N),    TAP(KEY_O),	     TAP(KEY_P),
    TAP(KEY_Q), TAP(KEY_R),	     TAP(KEY_S),     TAP(KEY_T),
};
#define GAPS	   2u
#define BEFORE_GAP 7u /* events before the first one */

/* What outlives the console. */
static DriverContextV2 context;
static struct {
	uint32_t count;
	char text[LINES][DRIVER_LINE_MAX];
} trace;

/* ---- the runtime and the driver ---- */

DriverContextV2 *driver_context(void)
{
	return &context;
}

uint32_t driver_line(void)
{
	return trace.count;
}

void driver_trace(const char *text, ...)
{
	va_list args;
	cut_here();
	assert_true(trace.count < LINES);
	va_start(args, text);
	vsnprintf(trace.text[trace.count++], DRIVER_LINE_MAX, text, args);
	va_end(args);
	cut_here();
}

static bool overwritten; /* of the events before the first gap none is held any more */

static bool is_overwritten(uint32_t position)
{
	return overwritten && position < FIRST + BEFORE_GAP;
}

/* The index of the event at this position, or LENGTH(stream): behind all. */
static uint32_t index_of(uint32_t position)
{
	uint32_t at = FIRST;
	if (position == 0)
		return 0;
	for (uint32_t i = 0; i < LENGTH(stream); i++) {
		if (at == position)
			return i;
		at += stream[i].type ? 1 : BEHIND;
	}
	assert_int_equal(at, position);
	return LENGTH(stream);
}

int32_t link_read_at(link_t *link, uint32_t *position, void *to, uint32_t bytes)
{
	input_event_t *events = to;
	uint32_t i, count = 0;
	(void)link;
	if (is_overwritten(*position))
		return DRV_EOVERFLOW;
	for (i = index_of(*position); i < LENGTH(stream) && stream[i].type; i++)
		if (count < bytes / sizeof(*events))
			events[count++] = stream[i];
		else
			break;
	if (!count && i < LENGTH(stream))
		return DRV_EOVERFLOW;
	*position += count;
	return (int32_t)(count * sizeof(*events));
}

err_t link_ioctl(link_t *link, uint32_t code, uint32_t argument, uint32_t *value, void *data,
		 uint32_t *bytes, uint32_t room)
{
	input_state_t held = {0};
	(void)link;
	assert_int_equal(code, INPUT_IOCTL_GET_STATE);
	assert_int_equal(room, sizeof(held));
	bool begins = argument == 0; /* it knows no place yet */
	uint32_t gap = is_overwritten(argument) ? FIRST + BEFORE_GAP : argument;
	*value = begins ? FIRST : gap + BEHIND;
	held.keys[KEY_LEFTSHIFT / 8] = begins ? 0 : 1u << KEY_LEFTSHIFT % 8;
	memcpy(data, &held, sizeof(held));
	*bytes = sizeof(held);
	return DRV_OK;
}

/* ---- */

static void begin(void)
{
	memset(&trace, 0, sizeof(trace));
	overwritten = false;
	context = (DriverContextV2){.shared_cfg = (driver_address_t)(uintptr_t)cut_page(),
				    .shared_cfg_size = PAGE_SIZE};
}

/* An instance, which reads all that there is. */
static void run(void *unused)
{
	(void)unused;
	desk_change_t change = {0};
	bool more = true;
	assert_int_equal(kept_open(), DRV_OK);
	while (more || index_of(kept_desk()->position) < LENGTH(stream))
		assert_true(input_move(NULL, true, &change, &more) >= 0);
}

/* One that reads once, and so much of a batch as that gives. */
static void begin_to_run(void *unused)
{
	(void)unused;
	desk_change_t change = {0};
	bool more;
	assert_int_equal(kept_open(), DRV_OK);
	assert_true(input_move(NULL, true, &change, &more) >= 0);
}

static uint32_t count_lines(const char *text)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < trace.count; i++)
		count += strcmp(trace.text[i], text) == 0;
	return count;
}

/* More than a batch waits: `more` is true until less than one is read. */
static void all_comes_without_a_death(void **state)
{
	(void)state;
	begin();
	run(NULL);
	assert_int_equal(count_lines("input: lost"), GAPS);
	assert_int_equal(count_lines("input: key c up"), 1);
	assert_int_equal(count_lines("input: key btn_left up"), 1);
	assert_int_equal(count_lines("input: key leftshift up"), 1); /* its own event */
	assert_int_equal(count_lines("input: rel y -20"), 1);
	const desk_t *desk = kept_desk();
	assert_int_equal(desk->line.length, 16);
	assert_memory_equal(desk->line.text, "efghijklmnopqrst", 16);
	assert_memory_equal(kept_side()->text, "castellan> abcd\n", 16);
	assert_memory_equal(kept_side()->queue, "abcd\n", 5);
	assert_int_equal(desk->queued, 5);
}

/* Whatever point it dies at, all is as without that death. */
static void die_everywhere(const cut_t *cut)
{
	static char lines[LINES][DRIVER_LINE_MAX];
	uint32_t count = trace.count;
	desk_t wanted = *kept_desk();
	memcpy(lines, trace.text, sizeof(lines));
	assert_true(cut->points > 4 * LENGTH(stream));
	for (uint32_t point = 0; point < cut->points; point++) {
		cut_back(cut, point);
		run(NULL);
		if (trace.count != count || memcmp(trace.text, lines, sizeof(lines)) != 0)
			fail_msg("death at point %u of %u: %u lines, not %u", point,
				 cut->points, trace.count, count);
		assert_memory_equal(kept_desk(), &wanted, sizeof(wanted));
	}
}

static void each_death_leaves_every_event_once(void **state)
{
	cut_t cut;
	(void)state;
	begin();
	cut_record(&cut, run, NULL);
	die_everywhere(&cut);
	assert_memory_equal(kept_side()->text, "castellan> abcd\n", 16);
	cut_free(&cut);
}

/* The next instance dies too, before it has written much. */
static void two_deaths_in_a_row_leave_every_event_once(void **state)
{
	static char lines[LINES][DRIVER_LINE_MAX];
	cut_t first, second;
	(void)state;
	begin();
	cut_record(&first, run, NULL);
	uint32_t count = trace.count;
	memcpy(lines, trace.text, sizeof(lines));
	for (uint32_t point = 0; point < first.points; point++) {
		cut_back(&first, point);
		cut_record_some(&second, SECOND_DEATHS, begin_to_run, NULL);
		for (uint32_t then = 0; then < second.points; then++) {
			cut_back(&second, then);
			run(NULL);
			if (trace.count != count ||
			    memcmp(trace.text, lines, sizeof(lines)) != 0)
				fail_msg("deaths at points %u and %u: %u lines, not %u", point,
					 then, trace.count, count);
		}
		cut_free(&second);
	}
	cut_free(&first);
}

/* The first instance told of three events that the next one does not get any more. */
static void a_gap_behind_a_death_has_lines_of_its_own(void **state)
{
	cut_t first, second;
	uint32_t point = 0;
	(void)state;
	begin();
	cut_record(&first, run, NULL);
	do
		cut_back(&first, point++);
	while (trace.count < 3);
	overwritten = true;
	cut_record(&second, run, NULL);
	assert_int_equal(count_lines("input: lost"), GAPS);
	assert_string_equal(trace.text[3], "input: lost");
	die_everywhere(&second);
	assert_memory_equal(kept_side()->text, "castellan> d\n", 13);
	cut_free(&second);
	cut_free(&first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_comes_without_a_death),
	    cmocka_unit_test(each_death_leaves_every_event_once),
	    cmocka_unit_test(two_deaths_in_a_row_leave_every_event_once),
	    cmocka_unit_test(a_gap_behind_a_death_has_lines_of_its_own),
	};
	cut_page();
	cut_world(&trace, sizeof(trace));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
