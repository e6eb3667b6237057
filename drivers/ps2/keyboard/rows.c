/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of rows.h and what counts as an answer. */
#include "ps2/keyboard/rows.h"

#include "ps2/i8042.h"
#include "ps2/keyboard/keyboard.h"

enum label {
	RESET = 1,
	IDENTIFY,
	ENABLE,
	COMMAND,
	RESUME,
	SILENT,
	GONE,
	DEAF,
	READY,
};
enum judge { SELF_TEST = 1, ID, SECOND_ID };
enum own { LEDS = 1, REPEAT };

#define SEND(byte)                                                                             \
	.op = PORT_SEND, .value = (byte), .limit_ms = PORT_ACK_MS, .tries = PORT_TRIES
#define OWN(what)                                                                              \
	.op = PORT_SEND_OWN, .where = (what), .limit_ms = PORT_ACK_MS, .tries = PORT_TRIES
#define ECHO(times)                                                                            \
	.op = PORT_ECHO, .value = KBD_CMD_ECHO, .limit_ms = PORT_ACK_MS, .tries = (times)
#define REPLY(who, ms, times)                                                                  \
	.op = PORT_REPLY, .mask = (who), .limit_ms = (ms), .tries = (times)
#define END(result) .op = PROGRAM_END, .value = (result)

/* Old keyboards give no identification, or refuse to; that is all right. Some enable scanning
 * and never say so: the second set-up believes it. */
#define RESET_ROWS                                                                             \
	{.label = RESET,                                                                       \
	 .op = PORT_SEND,                                                                      \
	 .value = KBD_CMD_RESET,                                                               \
	 .limit_ms = PORT_RESET_ACK_MS,                                                        \
	 .tries = PORT_TRIES,                                                                  \
	 .otherwise = GONE},                                                                   \
	{                                                                                      \
		REPLY(SELF_TEST, PORT_SELF_TEST_MS, PORT_TRIES), .again = RESET                \
	}
#define IDENTIFY_ROWS                                                                          \
	{SEND(KBD_CMD_IDENTIFY), .otherwise = ENABLE},                                         \
	    {REPLY(ID, PORT_REPLY_MS, 1), .otherwise = ENABLE},                                \
	{                                                                                      \
		REPLY(SECOND_ID, PORT_REPLY_MS, 1), .otherwise = ENABLE                        \
	}

static const program_row_t setup_rows[] = {
    RESET_ROWS,
    {SEND(KBD_CMD_DISABLE), .otherwise = IDENTIFY},
    {.label = IDENTIFY, SEND(KBD_CMD_IDENTIFY), .otherwise = ENABLE},
    {REPLY(ID, PORT_REPLY_MS, 1), .otherwise = ENABLE},
    {REPLY(SECOND_ID, PORT_REPLY_MS, 1), .otherwise = ENABLE},
    {.label = ENABLE, SEND(KBD_CMD_ENABLE), .otherwise = DEAF},
    {END(KEYBOARD_READY)},
    {.label = GONE, END(KEYBOARD_GONE)},
    {.label = DEAF, END(KEYBOARD_DEAF)},
};

static const program_row_t again_rows[] = {
    RESET_ROWS,
    IDENTIFY_ROWS,
    {.label = ENABLE, SEND(KBD_CMD_ENABLE), .otherwise = READY},
    {.label = READY, END(KEYBOARD_READY)},
    {.label = GONE, END(KEYBOARD_GONE)},
};

static const program_row_t echo_rows[] = {
    {ECHO(PORT_TRIES), .otherwise = GONE},
    {END(KEYBOARD_READY)},
    {.label = GONE, END(KEYBOARD_GONE)},
};

/* If it refuses, an echo ends what it may wait for: it clears no keys, as other commands do. */
static const program_row_t leds_rows[] = {
    {.label = COMMAND, SEND(KBD_CMD_LEDS), .otherwise = RESUME},
    {OWN(LEDS), .again = COMMAND, .otherwise = RESUME},
    {END(KEYBOARD_READY)},
    {.label = RESUME, ECHO(PORT_TRIES), .otherwise = GONE},
    {END(KEYBOARD_REFUSED)},
    {.label = GONE, END(KEYBOARD_GONE)},
};

static const program_row_t repeat_rows[] = {
    {.label = COMMAND, SEND(KBD_CMD_REPEAT), .otherwise = RESUME},
    {OWN(REPEAT), .again = COMMAND, .otherwise = RESUME},
    {END(KEYBOARD_READY)},
    {.label = RESUME, ECHO(PORT_TRIES), .otherwise = GONE},
    {END(KEYBOARD_REFUSED)},
    {.label = GONE, END(KEYBOARD_GONE)},
};

/* An echo loses no key. Some do not know it, but acknowledge what they know. */
static const program_row_t look_rows[] = {
    {ECHO(PORT_TRIES), .otherwise = SILENT},
    {END(KEYBOARD_READY)},
    {.label = SILENT, SEND(KBD_CMD_ENABLE), .otherwise = GONE},
    {END(KEYBOARD_READY)},
    {.label = GONE, END(KEYBOARD_GONE)},
};

/* A keyboard that scans empties its buffer at this: so it is sent once, and seldom. */
static const program_row_t enable_rows[] = {
    {.op = PORT_SEND,
     .value = KBD_CMD_ENABLE,
     .limit_ms = PORT_ACK_MS,
     .tries = 1,
     .otherwise = READY},
    {.label = READY, END(KEYBOARD_READY)},
};

const program_table_t keyboard_programs[] = {
    [DEVICE_SETUP] = {PROGRAM_ROWS(setup_rows)},
    [KEYBOARD_SETUP_AGAIN] = {PROGRAM_ROWS(again_rows)},
    [KEYBOARD_CONFIRM] = {PROGRAM_ROWS(echo_rows)},
    [KEYBOARD_ECHO] = {PROGRAM_ROWS(echo_rows)},
    [KEYBOARD_LEDS] = {PROGRAM_ROWS(leds_rows)},
    [KEYBOARD_REPEAT] = {PROGRAM_ROWS(repeat_rows)},
    [KEYBOARD_LOOK] = {PROGRAM_ROWS(look_rows)},
    [KEYBOARD_ENABLE] = {PROGRAM_ROWS(enable_rows)},
};

/* ---- what counts as an answer ---- */

static port_verdict_t judge_self_test(turn_t *turn, uint8_t byte)
{
	if (byte == KBD_SELF_TEST_GOOD) {
		turn->stats.resets++;
		return PORT_GOOD;
	}
	if (byte != KBD_SELF_TEST_BAD && byte != KBD_SELF_TEST_BAD_2)
		return PORT_OTHER;
	turn->stats.self_test_failures++;
	return PORT_BAD;
}

static port_verdict_t judge(turn_t *turn, const program_row_t *row, uint8_t byte)
{
	if (row->mask == SELF_TEST)
		return judge_self_test(turn, byte);
	uint16_t *id = &turn_edit(turn)->devices[PS2_KEYBOARD].id;
	*id = (uint16_t)(row->mask == ID ? byte : *id << 8 | byte);
	return PORT_GOOD;
}

static bool refuses(uint8_t byte)
{
	return byte == PS2_RESEND || byte == KBD_SELF_TEST_BAD || byte == KBD_OVERRUN_SET1 ||
	       byte == KBD_OVERRUN_SET2;
}

/* ---- what is sent ---- */

/* The keyboard has them in the other order. */
#define LAMPS(locks) [(locks) / INPUT_CAPSLOCK]
static const uint8_t lamps[] = {
    LAMPS(INPUT_CAPSLOCK) = KBD_LED_CAPS,
    LAMPS(INPUT_NUMLOCK) = KBD_LED_NUM,
    LAMPS(INPUT_CAPSLOCK | INPUT_NUMLOCK) = KBD_LED_CAPS | KBD_LED_NUM,
    LAMPS(INPUT_SCROLLLOCK) = KBD_LED_SCROLL,
    LAMPS(INPUT_CAPSLOCK | INPUT_SCROLLLOCK) = KBD_LED_CAPS | KBD_LED_SCROLL,
    LAMPS(INPUT_NUMLOCK | INPUT_SCROLLLOCK) = KBD_LED_NUM | KBD_LED_SCROLL,
    LAMPS(INPUT_LOCKS) = KBD_LED_CAPS | KBD_LED_NUM | KBD_LED_SCROLL,
};

uint8_t keyboard_leds(const ps2_state_t *state)
{
	uint32_t lit = state->leds == INPUT_LEDS_FOLLOW ? state->locks : state->leds;
	return lamps[(lit & INPUT_LOCKS) / INPUT_CAPSLOCK];
}

static uint8_t own(const turn_t *turn, const program_row_t *row)
{
	return row->where == LEDS ? keyboard_leds(turn_state(turn)) : turn_state(turn)->repeat;
}

const device_kind_t keyboard_kind = {
    .place = PS2_KEYBOARD,
    .bit = INPUT_OPEN_KEYBOARD,
    .ops = {.own = own, .judge = judge, .refuses = refuses},
    .programs = keyboard_programs,
};

/* [KBD] "Set typematic rate/delay": the period is (8 + A) * 2^B * 4.17 ms; in steps of 1/240 s.
 */
uint8_t keyboard_rate(uint32_t delay_ms, uint32_t period_ms)
{
	uint32_t delay = (delay_ms + KBD_DELAY_MS / 2) / KBD_DELAY_MS, best = 0;
	uint32_t wanted = (period_ms < 10000u ? period_ms : 10000u) * 240u, least = UINT32_MAX;
	delay = delay == 0 ? 0 : delay > KBD_DELAYS ? KBD_DELAYS - 1 : delay - 1;
	for (uint32_t n = 0; n < KBD_PERIODS; n++) {
		uint32_t has =
		    ((8u + (n & KBD_PERIOD_BITS)) << (n >> KBD_PERIOD_SHIFT)) * 1000u;
		uint32_t off = has > wanted ? has - wanted : wanted - has;
		if (off <= least) {
			least = off;
			best = n;
		}
	}
	return (uint8_t)(delay << KBD_DELAY_SHIFT | best);
}
