/* SPDX-License-Identifier: BSD-2-Clause */
/* The mouse of mouse.h. */
#include "ps2/mouse/mouse.h"

#include "ps2/i8042.h"

/* ---- what is said to it ---- */

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
};
enum judge { SELF_TEST = 1, TYPE, WHEEL, FIVE };
enum result { MOUSE_FAILED = 0, MOUSE_READY, MOUSE_GONE };

#define SEND(byte)                                                                             \
	.op = PORT_SEND, .value = (byte), .limit_ms = PORT_ACK_MS, .tries = PORT_TRIES
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

const mouse_program_t mouse_programs[] = {
    [MOUSE_SETUP] = {PROGRAM_ROWS(setup_rows)},
    [MOUSE_RESYNC] = {PROGRAM_ROWS(resync_rows)},
};

/* ---- what counts as an answer ---- */

static ps2_kept_device_t *device_of(turn_t *turn)
{
	return &turn_edit(turn)->devices[PS2_MOUSE];
}

static uint8_t state_of(const turn_t *turn)
{
	return turn_state(turn)->devices[PS2_MOUSE].state;
}

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

/* A mouse that does not say what the knock asks for remains what it was. */
static port_verdict_t judge(turn_t *turn, const program_row_t *row, uint8_t byte)
{
	if (row->mask == SELF_TEST)
		return judge_self_test(turn, byte);
	if ((row->mask == WHEEL && byte != MOUSE_ID_WHEEL) ||
	    (row->mask == FIVE && byte != MOUSE_ID_FIVE))
		return PORT_BAD;
	device_of(turn)->id = byte;
	return PORT_GOOD;
}

static bool refuses(uint8_t byte)
{
	return byte == KBD_RESEND || byte == MOUSE_SELF_TEST_BAD;
}

/* ---- programs ---- */

static void begin(mouse_t *mouse, turn_t *turn, mouse_task_t task)
{
	static const port_ops_t ops = {.judge = judge, .refuses = refuses};
	mouse->task = task;
	mouse->port.ops = &ops;
	port_begin(&mouse->port, turn, mouse_programs[task].rows, mouse_programs[task].count);
}

void mouse_stop(mouse_t *mouse)
{
	port_end(&mouse->port);
	mouse->task = MOUSE_NOTHING;
	mouse->setup_due = false;
}

void mouse_setup(mouse_t *mouse, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	ps2_kept_device_t *device = device_of(turn);
	mouse_stop(mouse);
	if (device->state == DEVICE_LIVE)
		events_gap(turn->page, state, INPUT_OPEN_MOUSE, turn->now_ms);
	else
		events_release(turn->page, state, INPUT_OPEN_MOUSE, turn->now_ms);
	device->state = DEVICE_SETTING_UP;
	device->id = 0;
	packet_init(&state->packet, PACKET_PLAIN);
	mouse->bad = mouse->resyncs = 0;
	turn->stats.inits++;
	begin(mouse, turn, MOUSE_SETUP);
}

static void setup_asked_for(mouse_t *mouse, turn_t *turn)
{
	mouse->setup_due = !port_may_setup(&mouse->port, turn->now_ms);
	if (!mouse->setup_due)
		mouse_setup(mouse, turn);
}

/* A click may have been in what is dropped. */
static void lost_some(turn_t *turn)
{
	if (state_of(turn) == DEVICE_LIVE)
		events_gap(turn->page, turn_edit(turn), INPUT_OPEN_MOUSE, turn->now_ms);
}

static void resync(mouse_t *mouse, turn_t *turn)
{
	lost_some(turn);
	turn->stats.resyncs++;
	mouse->bad = mouse->good = 0;
	packet_drop(&turn_edit(turn)->packet);
	device_of(turn)->asked = true;
	if (++mouse->resyncs > MOUSE_RESYNCS_MAX)
		setup_asked_for(mouse, turn);
	else
		begin(mouse, turn, MOUSE_RESYNC);
}

void mouse_resume(mouse_t *mouse, turn_t *turn)
{
	packet_resume(&turn_edit(turn)->packet, turn->now_ms);
	if (mouse->task != MOUSE_NOTHING)
		return;
	if (state_of(turn) == DEVICE_SETTING_UP)
		mouse_setup(mouse, turn);
	else if (state_of(turn) == DEVICE_LIVE && device_of(turn)->asked)
		resync(mouse, turn);
}

static void setup_ended(mouse_t *mouse, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	ps2_kept_device_t *device = device_of(turn);
	bool there = mouse->port.result == MOUSE_READY;
	bool wheel = device->id == MOUSE_ID_WHEEL || device->id == MOUSE_ID_FIVE;
	device->state = there ? DEVICE_LIVE : DEVICE_ABSENT;
	device->asked = false;
	packet_init(&state->packet, there && wheel ? (uint8_t)device->id : PACKET_PLAIN);
	turn->ready = turn->repair = true;
	mouse->error = there ? DRV_OK : mouse->port.error;
}

static void follow(mouse_t *mouse, turn_t *turn)
{
	mouse_task_t task = mouse->task;
	if (task == MOUSE_NOTHING || mouse->port.phase != PORT_IDLE)
		return;
	mouse->task = MOUSE_NOTHING;
	if (task == MOUSE_SETUP)
		setup_ended(mouse, turn);
	else if (mouse->port.result != MOUSE_READY)
		setup_asked_for(mouse, turn);
	else
		device_of(turn)->asked = false;
}

/* ---- bytes ---- */

static void lost_bytes(mouse_t *mouse, turn_t *turn, const packet_result_t *found)
{
	bool bad = found->kind == PACKET_BAD;
	turn->stats.mouse_sync_errors += bad + found->expired;
	turn->stats.mouse_discarded += found->lost;
	if (found->expired)
		lost_some(turn);
	if (bad && state_of(turn) == DEVICE_LIVE && ++mouse->bad >= MOUSE_BAD_MAX)
		resync(mouse, turn);
}

static void motion(mouse_t *mouse, turn_t *turn, const packet_result_t *found)
{
	ps2_state_t *state = turn_edit(turn);
	mouse->bad = 0;
	if (mouse->good < MOUSE_GOOD_ENOUGH && ++mouse->good == MOUSE_GOOD_ENOUGH)
		mouse->resyncs = 0;
	turn->stats.mouse_overflows += found->overflow;
	events_motion(turn->page, state, REL_X, found->dx, turn->now_ms);
	events_motion(turn->page, state, REL_Y, found->dy, turn->now_ms);
	events_motion(turn->page, state, REL_HWHEEL, found->hwheel, turn->now_ms);
	events_motion(turn->page, state, REL_WHEEL, found->wheel, turn->now_ms);
	events_buttons(turn->page, state, found->buttons, turn->now_ms);
}

static void live_byte(mouse_t *mouse, turn_t *turn, uint8_t byte)
{
	packet_result_t found = packet_byte(&turn_edit(turn)->packet, byte, turn->now_ms);
	if (found.lost)
		lost_bytes(mouse, turn, &found);
	if (found.kind == PACKET_PLUGGED) {
		turn->stats.hotplugs++;
		setup_asked_for(mouse, turn);
	} else if (found.kind == PACKET_MOTION && state_of(turn) == DEVICE_LIVE) {
		motion(mouse, turn, &found);
	}
}

void mouse_byte(mouse_t *mouse, turn_t *turn, uint8_t byte)
{
	if (mouse->task == MOUSE_NOTHING) {
		live_byte(mouse, turn, byte);
		return;
	}
	port_take(&mouse->port, turn, byte);
	follow(mouse, turn);
}

void mouse_damaged(mouse_t *mouse, turn_t *turn)
{
	turn->stats.mouse_discarded += 1u + packet_drop(&turn_edit(turn)->packet);
	lost_some(turn);
	if (mouse->port.phase == PORT_TO_ANSWER)
		port_fail(&mouse->port, turn, DRV_EIO);
	follow(mouse, turn);
}

void mouse_unwritten(mouse_t *mouse, turn_t *turn)
{
	port_fail(&mouse->port, turn, DRV_ETIMEDOUT);
	follow(mouse, turn);
}

/* ---- time ---- */

void mouse_time(mouse_t *mouse, turn_t *turn)
{
	port_time(&mouse->port, turn);
	follow(mouse, turn);
	if (mouse->setup_due && mouse->task == MOUSE_NOTHING)
		setup_asked_for(mouse, turn);
}

uint32_t mouse_left_ms(const mouse_t *mouse, const turn_t *turn)
{
	return port_left_ms(&mouse->port, turn);
}

bool mouse_is_asked(const mouse_t *mouse)
{
	return mouse->port.phase != PORT_IDLE;
}
