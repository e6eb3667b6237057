/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard of keyboard.h. */
#include "ps2/keyboard/keyboard.h"

#include "ps2/i8042.h"
#include "ps2/keyboard/rows.h"

#define UNKNOWN 0xffu /* of lamps and repeat rate: what the keyboard has is not known */

static ps2_kept_device_t *device_of(turn_t *turn)
{
	return &turn_edit(turn)->devices[PS2_KEYBOARD];
}

static uint8_t state_of(const turn_t *turn)
{
	return turn_state(turn)->devices[PS2_KEYBOARD].state;
}

static bool is_setup(keyboard_task_t task)
{
	return task == KEYBOARD_SETUP || task == KEYBOARD_SETUP_AGAIN;
}

static void begin(keyboard_t *keyboard, turn_t *turn, keyboard_task_t task)
{
	const keyboard_program_t *program = &keyboard_programs[task];
	keyboard->task = task;
	keyboard->port.ops = &keyboard_ops;
	port_begin(&keyboard->port, turn, program->rows, program->count);
}

void keyboard_stop(keyboard_t *keyboard)
{
	port_end(&keyboard->port);
	keyboard->task = KEYBOARD_NOTHING;
	keyboard->echo_due = false;
}

/* ---- set-up ---- */

void keyboard_setup(keyboard_t *keyboard, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	ps2_kept_device_t *device = device_of(turn);
	keyboard_stop(keyboard);
	if (device->state == DEVICE_LIVE)
		events_gap(turn->page, state, INPUT_OPEN_KEYBOARD, turn->now_ms);
	else
		events_release(state, INPUT_OPEN_KEYBOARD);
	device->state = DEVICE_SETTING_UP;
	device->owes = device->setup_due = false;
	device->id = 0;
	scan_init(&state->scan, state->scan.set);
	turn->stats.inits++;
	begin(keyboard, turn, KEYBOARD_SETUP);
}

/* A set-up that the keyboard itself asked for: not too often. */
static void setup_asked_for(keyboard_t *keyboard, turn_t *turn)
{
	bool may = port_may_setup(&keyboard->port, turn->now_ms);
	device_of(turn)->setup_due = !may;
	if (may)
		keyboard_setup(keyboard, turn);
}

void keyboard_resume(keyboard_t *keyboard, turn_t *turn)
{
	scan_resume(&turn_edit(turn)->scan, turn->now_ms);
	keyboard->heard_ms = turn->now_ms;
	keyboard->echo_due = false;
	if (keyboard->task != KEYBOARD_NOTHING) /* of the byte that the death left */
		return;
	if (state_of(turn) == DEVICE_SETTING_UP)
		keyboard_setup(keyboard, turn);
	else if (device_of(turn)->setup_due)
		begin(keyboard, turn, KEYBOARD_CONFIRM);
	else if (device_of(turn)->owes)
		begin(keyboard, turn, KEYBOARD_ECHO);
	else
		keyboard->echo_due = state_of(turn) == DEVICE_LIVE;
}

/* It works from now on; a reset has set its lamps and rate. */
static void become_live(keyboard_t *keyboard, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	device_of(turn)->state = DEVICE_LIVE;
	state->leds_sent = 0;
	state->repeat_sent = KBD_REPEAT_BEGINS;
	turn->ready |= INPUT_OPEN_KEYBOARD;
	turn->repair = true; /* a reset may have changed it, on some machines */
	keyboard->error = DRV_OK;
}

static void become_absent(keyboard_t *keyboard, turn_t *turn, err_t error)
{
	ps2_state_t *state = turn_edit(turn);
	events_release(state, INPUT_OPEN_KEYBOARD);
	device_of(turn)->state = DEVICE_ABSENT;
	scan_init(&state->scan, state->scan.set);
	turn->ready |= INPUT_OPEN_KEYBOARD;
	keyboard->error = error;
}

static void look(keyboard_t *keyboard, turn_t *turn)
{
	bool enable = state_of(turn) == DEVICE_LIVE && ++keyboard->looks >= KEYBOARD_LOOKS;
	keyboard->heard_ms = turn->now_ms;
	turn->repair = true;
	if (enable)
		keyboard->looks = 0;
	begin(keyboard, turn, enable ? KEYBOARD_ENABLE : KEYBOARD_LOOK);
}

/* ---- after a program ---- */

static void setup_ended(keyboard_t *keyboard, turn_t *turn)
{
	switch (keyboard->port.result) {
	case KEYBOARD_READY:
		become_live(keyboard, turn);
		break;
	case KEYBOARD_DEAF:
		begin(keyboard, turn, KEYBOARD_SETUP_AGAIN);
		break;
	default:
		become_absent(keyboard, turn, keyboard->port.error);
		break;
	}
}

/* What it has of lamps and rate is what was sent, though another may be asked for since; or it
 * will not have it. One that does not answer at all may have been switched off behind the
 * driver: it is looked after, and told once more. */
static void setting_ended(keyboard_t *keyboard, turn_t *turn, keyboard_task_t task)
{
	ps2_state_t *state = turn_edit(turn);
	bool taken = keyboard->port.result == KEYBOARD_READY;
	uint8_t sent = keyboard->port.byte; /* the parameter, which came last */
	device_of(turn)->owes = false;
	keyboard->unheard = keyboard->port.result == KEYBOARD_GONE && !keyboard->unheard;
	if (keyboard->unheard) {
		look(keyboard, turn);
		return;
	}
	if (task == KEYBOARD_LEDS)
		state->leds_sent = taken ? sent : keyboard_leds(state);
	else
		state->repeat_sent = taken ? sent : state->repeat;
}

/* What was under way at the death is sent again. */
static void echo_ended(keyboard_t *keyboard, turn_t *turn)
{
	if (keyboard->port.result != KEYBOARD_READY) {
		keyboard_setup(keyboard, turn);
		return;
	}
	if (!turn_state(turn)->devices[PS2_KEYBOARD].owes)
		return;
	device_of(turn)->owes = false;
	turn_edit(turn)->leds_sent = turn_edit(turn)->repeat_sent = UNKNOWN;
}

static void look_ended(keyboard_t *keyboard, turn_t *turn)
{
	bool there = keyboard->port.result == KEYBOARD_READY;
	if (there && state_of(turn) == DEVICE_ABSENT && keyboard->error != DRV_OK)
		become_live(keyboard,
			    turn); /* it fails its self-test, and works all the same */
	else if (there && state_of(turn) == DEVICE_ABSENT)
		keyboard_setup(keyboard, turn);
	else if (!there && state_of(turn) == DEVICE_LIVE)
		become_absent(keyboard, turn, DRV_OK);
}

/* If the program has come to its end. */
static void follow(keyboard_t *keyboard, turn_t *turn)
{
	keyboard_task_t task = keyboard->task;
	if (task == KEYBOARD_NOTHING || keyboard->port.phase != PORT_IDLE)
		return;
	keyboard->task = KEYBOARD_NOTHING;
	if (is_setup(task))
		setup_ended(keyboard, turn);
	else if (task == KEYBOARD_LEDS || task == KEYBOARD_REPEAT)
		setting_ended(keyboard, turn, task);
	else if (task == KEYBOARD_ECHO)
		echo_ended(keyboard, turn);
	else if (task == KEYBOARD_LOOK)
		look_ended(keyboard, turn);
	else if (task == KEYBOARD_CONFIRM && keyboard->port.result == KEYBOARD_READY)
		setup_asked_for(keyboard, turn);
	else if (task == KEYBOARD_CONFIRM)
		device_of(turn)->setup_due = false;
}

/* Lamps and rate, if they are not as asked for, and nothing else is under way. */
static void settle(keyboard_t *keyboard, turn_t *turn)
{
	const ps2_state_t *state = turn_state(turn);
	if (keyboard->task != KEYBOARD_NOTHING || keyboard->echo_due ||
	    state->devices[PS2_KEYBOARD].state != DEVICE_LIVE)
		return;
	bool leds = state->leds_sent != keyboard_leds(state);
	if (!leds && state->repeat_sent == state->repeat)
		return;
	device_of(turn)->owes = true;
	begin(keyboard, turn, leds ? KEYBOARD_LEDS : KEYBOARD_REPEAT);
}

/* ---- bytes ---- */

static void answer_byte(keyboard_t *keyboard, turn_t *turn, uint8_t byte)
{
	if (!port_take(&keyboard->port, turn, byte))
		turn->stats.stray_acks++;
	follow(keyboard, turn);
}

/* It was plugged in, or bytes look so: an echo tells. */
static void plugged(keyboard_t *keyboard, turn_t *turn, bool passed)
{
	ps2_state_t *state = turn_edit(turn);
	turn->stats.hotplugs++;
	turn->stats.self_test_failures += !passed;
	events_release(state, INPUT_OPEN_KEYBOARD);
	scan_init(&state->scan, state->scan.set);
	device_of(turn)->owes = false;
	device_of(turn)->setup_due = true;
	keyboard->echo_due = false;
	begin(keyboard, turn, KEYBOARD_CONFIRM);
}

static void lost_some(turn_t *turn)
{
	events_gap(turn->page, turn_edit(turn), INPUT_OPEN_KEYBOARD, turn->now_ms);
}

/* Raw codes where translated ones are due. If that is not mended by a set-up, the controller
 * translates no more: then the keyboard's own codes are decoded. */
static void translation_lost(keyboard_t *keyboard, turn_t *turn)
{
	lost_some(turn);
	turn->repair = true;
	if (port_may_setup(&keyboard->port, turn->now_ms))
		keyboard_setup(keyboard, turn);
	else
		scan_init(&turn_edit(turn)->scan, SCAN_SET2);
}

/* A keyboard that sends keys is there, whatever it answers. What it has of lamps and rate
 * nobody knows. */
static void appear(keyboard_t *keyboard, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	become_live(keyboard, turn);
	state->leds_sent = state->repeat_sent = UNKNOWN;
}

static void key(keyboard_t *keyboard, turn_t *turn, const scan_result_t *found)
{
	ps2_state_t *state = turn_edit(turn);
	keyboard->looks = 0;
	if (state_of(turn) != DEVICE_LIVE)
		appear(keyboard, turn);
	if (found->kind == SCAN_TAP) {
		events_key(turn->page, state, found->code, true, turn->now_ms);
		events_key(turn->page, state, found->code, false, turn->now_ms);
	} else {
		events_key(turn->page, state, found->code, found->down, turn->now_ms);
	}
}

static void live_byte(keyboard_t *keyboard, turn_t *turn, uint8_t byte)
{
	scan_result_t found = scan_byte(&turn_edit(turn)->scan, byte, turn->now_ms);
	turn->stats.unknown_scancodes += found.kind == SCAN_UNKNOWN;
	switch (found.kind) {
	case SCAN_KEY:
	case SCAN_TAP:
		key(keyboard, turn, &found);
		break;
	case SCAN_OVERRUN:
		turn->stats.overruns++;
		lost_some(turn);
		break;
	case SCAN_SELF_TEST:
		if (!found.passed && keyboard->port.phase == PORT_TO_ANSWER)
			answer_byte(keyboard, turn, byte); /* some refuse a command so */
		else
			plugged(keyboard, turn, found.passed);
		break;
	case SCAN_RAW:
		translation_lost(keyboard, turn);
		break;
	case SCAN_ACK:
	case SCAN_RESEND:
	case SCAN_ECHO:
		answer_byte(keyboard, turn, byte);
		break;
	case SCAN_NOTHING:
	case SCAN_UNKNOWN:
		break;
	}
}

void keyboard_byte(keyboard_t *keyboard, turn_t *turn, uint8_t byte)
{
	keyboard->heard_ms = turn->now_ms;
	if (state_of(turn) == DEVICE_SETTING_UP)
		answer_byte(keyboard, turn, byte);
	else
		live_byte(keyboard, turn, byte);
	settle(keyboard, turn);
}

void keyboard_damaged(keyboard_t *keyboard, turn_t *turn)
{
	scan_drop_prefix(&turn_edit(turn)->scan);
	if (keyboard->port.phase == PORT_TO_ANSWER)
		port_fail(&keyboard->port, turn, DRV_EIO);
	else if (state_of(turn) == DEVICE_LIVE)
		lost_some(turn);
	follow(keyboard, turn);
}

void keyboard_drop_half(turn_t *turn)
{
	turn->stats.unknown_scancodes++;
	scan_drop_prefix(&turn_edit(turn)->scan);
}

void keyboard_unwritten(keyboard_t *keyboard, turn_t *turn)
{
	port_fail(&keyboard->port, turn, DRV_ETIMEDOUT);
	follow(keyboard, turn);
}

/* ---- time ---- */

static void look_after(keyboard_t *keyboard, turn_t *turn)
{
	uint32_t silent = turn->now_ms - keyboard->heard_ms;
	if (keyboard->task != KEYBOARD_NOTHING)
		return;
	if (turn_state(turn)->devices[PS2_KEYBOARD].setup_due) {
		setup_asked_for(keyboard, turn);
	} else if (keyboard->echo_due && silent >= KEYBOARD_QUIET_MS) {
		keyboard->echo_due = false;
		begin(keyboard, turn, KEYBOARD_ECHO);
	} else if (silent >= KEYBOARD_LOOK_MS) {
		look(keyboard, turn);
	}
}

void keyboard_time(keyboard_t *keyboard, turn_t *turn)
{
	port_time(&keyboard->port, turn);
	follow(keyboard, turn);
	look_after(keyboard, turn);
	settle(keyboard, turn);
}

uint32_t keyboard_left_ms(const keyboard_t *keyboard, const turn_t *turn)
{
	uint32_t silent = turn->now_ms - keyboard->heard_ms;
	if (!keyboard->echo_due)
		return port_left_ms(&keyboard->port, turn);
	return silent < KEYBOARD_QUIET_MS ? KEYBOARD_QUIET_MS - silent : 0;
}

bool keyboard_is_asked(const keyboard_t *keyboard)
{
	return keyboard->port.phase != PORT_IDLE;
}
