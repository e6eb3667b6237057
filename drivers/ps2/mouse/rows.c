/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of rows.h and what counts as an answer. */
#include "ps2/mouse/rows.h"

#include "ps2/i8042.h"
#include "ps2/mouse/mouse.h"

enum label {
	RESET = 1,
	KNOCK_1,
	KNOCK_2,
	KNOCK_3,
	KNOCK_4,
	KNOCK_5,
	KNOCK_6,
	RATE,
	RESOLUTION,
	ENABLE,
	GONE,
	READY,
	AGAIN,
	DEAF,
	ASK,
	SILENT,
};
enum judge { SELF_TEST = 1, TYPE, WHEEL, FIVE, REPORTS, ANY };

#define SEND(byte)                                                                             \
	.op = PORT_SEND, .value = (byte), .limit_ms = PORT_ACK_MS, .tries = PORT_TRIES
#define ONCE(byte) .op = PORT_SEND, .value = (byte), .limit_ms = PORT_ACK_MS, .tries = 1
#define REPLY(who, ms, times)                                                                  \
	.op = PORT_REPLY, .mask = (who), .limit_ms = (ms), .tries = (times)
#define END(result) .op = PROGRAM_END, .value = (result)
/* A command with a parameter, from the command on again if one of the two fails. */
#define RATE_OF(name, rate)                                                                    \
	{.label = (name), SEND(MOUSE_CMD_RATE), .otherwise = RATE},                            \
	{                                                                                      \
		SEND(rate), .again = (name), .otherwise = RATE                                 \
	}

/* The rates are the knock: [WHEEL]. Whoever does not know it is a mouse with two or three
 * buttons. */
static const program_row_t setup_rows[] = {
    {.label = RESET,
     .op = PORT_SEND,
     .value = MOUSE_CMD_RESET,
     .limit_ms = PORT_RESET_ACK_MS,
     .tries = PORT_TRIES,
     .otherwise = GONE},
    {REPLY(SELF_TEST, PORT_SELF_TEST_MS, PORT_TRIES), .again = RESET},
    {REPLY(TYPE, PORT_REPLY_MS, 1), .otherwise = KNOCK_1},
    RATE_OF(KNOCK_1, 200),
    RATE_OF(KNOCK_2, 100),
    RATE_OF(KNOCK_3, 80),
    {SEND(MOUSE_CMD_IDENTIFY), .otherwise = RATE},
    {REPLY(WHEEL, PORT_REPLY_MS, 1), .otherwise = RATE},
    RATE_OF(KNOCK_4, 200),
    RATE_OF(KNOCK_5, 200),
    RATE_OF(KNOCK_6, 80),
    {SEND(MOUSE_CMD_IDENTIFY), .otherwise = RATE},
    {REPLY(FIVE, PORT_REPLY_MS, 1), .otherwise = RATE},
    {.label = RATE, SEND(MOUSE_CMD_RATE), .otherwise = RESOLUTION},
    {SEND(100), .again = RATE, .otherwise = RESOLUTION},
    {.label = RESOLUTION, SEND(MOUSE_CMD_RESOLUTION), .otherwise = ENABLE},
    {SEND(MOUSE_RESOLUTION_8), .again = RESOLUTION, .otherwise = ENABLE},
    {.label = ENABLE, SEND(MOUSE_CMD_ENABLE), .otherwise = READY},
    {.label = READY, END(MOUSE_READY)},
    {.label = GONE, END(MOUSE_GONE)},
};

static const program_row_t resync_rows[] = {
    {SEND(MOUSE_CMD_DISABLE), .otherwise = AGAIN},
    {SEND(MOUSE_CMD_ENABLE), .otherwise = AGAIN},
    {END(MOUSE_READY)},
    {.label = AGAIN, END(MOUSE_GONE)},
};

/* One that does not know the first command is there if it answers the second. Each is sent
 * once: where nobody is, some controllers are busy with it for long. */
static const program_row_t look_rows[] = {
    {ONCE(MOUSE_CMD_STATUS), .otherwise = ASK},
    {REPLY(REPORTS, PORT_REPLY_MS, 1), .otherwise = DEAF},
    {REPLY(ANY, PORT_REPLY_MS, 1), .otherwise = READY},
    {REPLY(ANY, PORT_REPLY_MS, 1), .otherwise = READY},
    {.label = READY, END(MOUSE_READY)},
    {.label = DEAF, REPLY(ANY, PORT_REPLY_MS, 1), .otherwise = SILENT},
    {REPLY(ANY, PORT_REPLY_MS, 1), .otherwise = SILENT},
    {.label = SILENT, END(MOUSE_DEAF)},
    {.label = ASK, ONCE(MOUSE_CMD_IDENTIFY), .otherwise = GONE},
    {REPLY(ANY, PORT_REPLY_MS, 1), .otherwise = AGAIN},
    {.label = AGAIN, END(MOUSE_READY)},
    {.label = GONE, END(MOUSE_GONE)},
};

const program_table_t mouse_programs[] = {
    [DEVICE_SETUP] = {PROGRAM_ROWS(setup_rows)},
    [MOUSE_RESYNC] = {PROGRAM_ROWS(resync_rows)},
    [MOUSE_LOOK] = {PROGRAM_ROWS(look_rows)},
};

/* ---- what counts as an answer ---- */

static port_verdict_t judge_self_test(turn_t *turn, uint8_t byte)
{
	if (byte == MOUSE_SELF_TEST_GOOD) {
		turn->stats.resets++;
		return PORT_GOOD;
	}
	if (byte != MOUSE_SELF_TEST_BAD)
		return PORT_OTHER;
	turn->stats.self_test_failures++;
	return PORT_BAD;
}

/* By itself, as long as something moves? */
static bool reports(uint8_t status)
{
	return status & MOUSE_STATUS_ENABLED && !(status & MOUSE_STATUS_REMOTE);
}

/* A mouse that does not say what the knock asks for remains what it was. */
static port_verdict_t judge(turn_t *turn, const program_row_t *row, uint8_t byte)
{
	if (row->mask == SELF_TEST)
		return judge_self_test(turn, byte);
	if (row->mask == REPORTS)
		return reports(byte) ? PORT_GOOD : PORT_BAD;
	if (row->mask == ANY)
		return PORT_GOOD;
	if ((row->mask == WHEEL && byte != MOUSE_ID_WHEEL) ||
	    (row->mask == FIVE && byte != MOUSE_ID_FIVE))
		return PORT_BAD;
	turn_edit(turn)->devices[PS2_MOUSE].id = byte;
	return PORT_GOOD;
}

bool mouse_refuses(uint8_t byte)
{
	return byte == PS2_RESEND || byte == MOUSE_SELF_TEST_BAD;
}

const device_kind_t mouse_kind = {
    .place = PS2_MOUSE,
    .bit = INPUT_OPEN_MOUSE,
    .ops = {.judge = judge, .refuses = mouse_refuses},
    .programs = mouse_programs,
};
