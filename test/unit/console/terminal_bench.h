/* SPDX-License-Identifier: BSD-2-Clause */
/* A terminal, and what it sends, as text. Included once by a test. */
#ifndef TEST_TERMINAL_BENCH_H
#define TEST_TERMINAL_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/terminal.h"

#define BLANK_PROMPT "\r           \r" /* eleven blanks over the prompt */

static terminal_t terminal;
static pump_t pump;
static recall_t recall;
static draft_t draft;
static const manager_status_t drivers[] = {
    {.name = "serial"}, {.name = "screen"}, {.name = "console"}};
static const edit_side_t side = {&recall, &draft, 0, drivers, 3};
static char wire[TERMINAL_BYTES + 1];

static int fresh(void **state)
{
	(void)state;
	terminal_init(&terminal);
	memset(&pump, 0, sizeof(pump));
	memset(&recall, 0, sizeof(recall));
	return 0;
}

/* All that waits, as a text. */
static const char *sent(void)
{
	uint32_t count = terminal_peek(&terminal, wire, TERMINAL_BYTES);
	wire[count] = '\0';
	terminal_sent(&terminal, count);
	return wire;
}

/* Log text that was read at the pump's position. */
static void hold(const char *text)
{
	uint32_t bytes = (uint32_t)strlen(text);
	memcpy(pump.text, text, bytes);
	assert_int_equal(pump_fill(&pump, pump.position + bytes, bytes), 0);
}

static unsigned type(const char *text, char line[LINE_MOST + 1])
{
	unsigned lines = 0;
	for (; *text; text++)
		lines += terminal_feed(&terminal, &side, *text, line);
	return lines;
}

#endif
