/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard of keyboard.h. */
#include "ps2/keyboard/keyboard.h"

#include "ps2/i8042.h"
#include "ps2/keyboard/rows.h"

#define UNKNOWN 0xffu /* of lamps and repeat rate: what the keyboard has is not known */

static ps2_kept_device_t *edit(const keyboard_t *keyboard, turn_t *turn)
{
	return device_edit(&keyboard->device, turn);
}

static uint8_t state_of(const keyboard_t *keyboard, const turn_t *turn)
{
	return device_kept(&keyboard->device, turn)->state;
}

void keyboard_stop(keyboard_t *keyboard)
{
	device_stop(&keyboard->device);
	keyboard->echo_due = false;
}

/* ---- set-up ---- */

void keyboard_setup(keyboard_t *keyboard, turn_t *turn)
{
	scan_t *scan = &turn_edit(turn)->scan;
	scan_init(scan, scan->set);
	keyboard->echo_due = false;
	device_setup(&keyboard->device, turn);
}

/* A set-up that the keyboard itself asked for: not too often. */
static void setup_asked_for(keyboard_t *keyboard, turn_t *turn)
{
	if (device_ask_setup(&keyboard->device, turn))
		keyboard_setup(keyboard, turn);
}

void keyboard_resume(keyboard_t *keyboard, turn_t *turn)
{
	scan_resume(&turn_edit(turn)->scan, turn->now_ms);
	keyboard->device.heard_ms = turn->now_ms;
	keyboard->echo_due = false;
	if (keyboard->device.task != DEVICE_NOTHING) /* of the byte that the death left */
		return;
	if (state_of(keyboard, turn) == DEVICE_SETTING_UP)
		keyboard_setup(keyboard, turn);
	else if (device_kept(&keyboard->device, turn)->setup_due)
		device_begin(&keyboard->device, turn, KEYBOARD_CONFIRM);
	else if (device_kept(&keyboard->device, turn)->owes)
		device_begin(&keyboard->device, turn, KEYBOARD_ECHO);
	else
		keyboard->echo_due = state_of(keyboard, turn) == DEVICE_LIVE;
}

/* It works from now on; a reset has set its lamps and rate. */
static void become_live(keyboard_t *keyboard, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	edit(keyboard, turn)->state = DEVICE_LIVE;
	state->leds_sent = 0;
	state->repeat_sent = KBD_REPEAT_BEGINS;
	turn->ready |= INPUT_OPEN_KEYBOARD;
	turn->repair = true; /* a reset may have changed it, on some machines */
	keyboard->device.error = DRV_OK;
}

static void become_absent(keyboard_t *keyboard, turn_t *turn, err_t error)
{
	ps2_state_t *state = turn_edit(turn);
	events_release(state, INPUT_OPEN_KEYBOARD);
	edit(keyboard, turn)->state = DEVICE_ABSENT;
	scan_init(&state->scan, state->scan.set);
	turn->ready |= INPUT_OPEN_KEYBOARD;
	keyboard->device.error = error;
}

static void look(keyboard_t *keyboard, turn_t *turn)
{
	bool enable =
	    state_of(keyboard, turn) == DEVICE_LIVE && ++keyboard->looks >= KEYBOARD_LOOKS;
	keyboard->device.heard_ms = turn->now_ms;
	if (enable)
		keyboard->looks = 0;
	device_begin(&keyboard->device, turn, enable ? KEYBOARD_ENABLE : KEYBOARD_LOOK);
}

/* ---- after a program ---- */

static void setup_ended(keyboard_t *keyboard, turn_t *turn)
{
	switch (keyboard->device.port.result) {
	case KEYBOARD_READY:
		become_live(keyboard, turn);
		break;
	case KEYBOARD_DEAF:
		device_begin(&keyboard->device, turn, KEYBOARD_SETUP_AGAIN);
		break;
	default:
		become_absent(keyboard, turn, keyboard->device.port.error);
		break;
	}
}

/* What it has of lamps and rate is what was sent, though another may be asked for since; or it
 * will not have it. One that does not answer at all may have been switched off behind the
 * driver: it is looked after, and told once more. */
static void setting_ended(keyboard_t *keyboard, turn_t *turn, uint8_t wanted, uint8_t *has)
{
	const port_t *port = &keyboard->device.port;
	uint8_t sent = port->byte; /* the parameter, which came last */
	edit(keyboard, turn)->owes = false;
	keyboard->unheard = port->result == KEYBOARD_GONE && !keyboard->unheard;
	turn->repair |= keyboard->unheard;
	if (keyboard->unheard)
		look(keyboard, turn);
	else
		*has = port->result == KEYBOARD_READY ? sent : wanted;
}

static void leds_ended(keyboard_t *keyboard, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	setting_ended(keyboard, turn, keyboard_leds(state), &state->leds_sent);
}

static void repeat_ended(keyboard_t *keyboard, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	setting_ended(keyboard, turn, state->repeat, &state->repeat_sent);
}

/* What was under way at the death is sent again. */
static void echo_ended(keyboard_t *keyboard, turn_t *turn)
{
	if (keyboard->device.port.result != KEYBOARD_READY) {
		keyboard_setup(keyboard, turn);
		return;
	}
	if (!device_kept(&keyboard->device, turn)->owes)
		return;
	edit(keyboard, turn)->owes = false;
	turn_edit(turn)->leds_sent = turn_edit(turn)->repeat_sent = UNKNOWN;
}

static void look_ended(keyboard_t *keyboard, turn_t *turn)
{
	bool there = keyboard->device.port.result == KEYBOARD_READY;
	bool absent = state_of(keyboard, turn) == DEVICE_ABSENT;
	if (!there && !absent)
		become_absent(keyboard, turn, DRV_OK);
	else if (there && absent && keyboard->device.error == DRV_OK)
		keyboard_setup(keyboard, turn);
	else if (there && absent) /* it fails its self-test, and works all the same */
		become_live(keyboard, turn);
}

static void confirm_ended(keyboard_t *keyboard, turn_t *turn)
{
	if (keyboard->device.port.result == KEYBOARD_READY)
		setup_asked_for(keyboard, turn);
	else
		edit(keyboard, turn)->setup_due = false;
}

/* Some scan and never say so. */
static void enable_ended(keyboard_t *keyboard, turn_t *turn)
{
	(void)keyboard;
	(void)turn;
}

/* If the program has come to its end. */
static void follow(keyboard_t *keyboard, turn_t *turn)
{
	static void (*const ends[])(keyboard_t *, turn_t *) = {
	    [DEVICE_SETUP] = setup_ended,	[KEYBOARD_SETUP_AGAIN] = setup_ended,
	    [KEYBOARD_CONFIRM] = confirm_ended, [KEYBOARD_ECHO] = echo_ended,
	    [KEYBOARD_LEDS] = leds_ended,	[KEYBOARD_REPEAT] = repeat_ended,
	    [KEYBOARD_LOOK] = look_ended,	[KEYBOARD_ENABLE] = enable_ended,
	};
	uint8_t task = device_take_ended(&keyboard->device);
	if (task != DEVICE_NOTHING)
		ends[task](keyboard, turn);
}

/* Lamps and rate, if they are not as asked for, and nothing else is under way. */
static void settle(keyboard_t *keyboard, turn_t *turn)
{
	const ps2_state_t *state = turn_state(turn);
	if (keyboard->device.task != DEVICE_NOTHING || keyboard->echo_due ||
	    state_of(keyboard, turn) != DEVICE_LIVE)
		return;
	bool leds = state->leds_sent != keyboard_leds(state);
	if (!leds && state->repeat_sent == state->repeat)
		return;
	edit(keyboard, turn)->owes = true;
	device_begin(&keyboard->device, turn, leds ? KEYBOARD_LEDS : KEYBOARD_REPEAT);
}

/* ---- bytes ---- */

static void answer_byte(keyboard_t *keyboard, turn_t *turn, uint8_t byte)
{
	if (!port_take(&keyboard->device.port, turn, byte))
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
	edit(keyboard, turn)->owes = false;
	edit(keyboard, turn)->setup_due = true;
	keyboard->echo_due = false;
	device_begin(&keyboard->device, turn, KEYBOARD_CONFIRM);
}

/* Also of one that is taken for absent: it sends something. */
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
	if (device_may_setup(&keyboard->device, turn->now_ms))
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
	if (state_of(keyboard, turn) != DEVICE_LIVE)
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
		if (!found.passed && keyboard->device.port.phase == PORT_TO_ANSWER)
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
	keyboard->device.heard_ms = turn->now_ms;
	if (state_of(keyboard, turn) == DEVICE_SETTING_UP)
		answer_byte(keyboard, turn, byte);
	else
		live_byte(keyboard, turn, byte);
	settle(keyboard, turn);
}

void keyboard_damaged(keyboard_t *keyboard, turn_t *turn)
{
	scan_drop_prefix(&turn_edit(turn)->scan);
	if (keyboard->device.port.phase == PORT_TO_ANSWER)
		port_fail(&keyboard->device.port, turn, DRV_EIO);
	else
		device_lose_some(&keyboard->device, turn);
	follow(keyboard, turn);
}

void keyboard_drop_half(turn_t *turn)
{
	turn->stats.unknown_scancodes++;
	scan_drop_prefix(&turn_edit(turn)->scan);
}

void keyboard_unwritten(keyboard_t *keyboard, turn_t *turn)
{
	port_fail(&keyboard->device.port, turn, DRV_ETIMEDOUT);
	follow(keyboard, turn);
}

/* ---- time ---- */

static void look_after(keyboard_t *keyboard, turn_t *turn)
{
	uint32_t silent = turn->now_ms - keyboard->device.heard_ms;
	if (keyboard->device.task != DEVICE_NOTHING)
		return;
	if (device_kept(&keyboard->device, turn)->setup_due) {
		setup_asked_for(keyboard, turn);
	} else if (keyboard->echo_due && silent >= KEYBOARD_QUIET_MS) {
		keyboard->echo_due = false;
		device_begin(&keyboard->device, turn, KEYBOARD_ECHO);
	} else if (silent >= KEYBOARD_LOOK_MS) {
		look(keyboard, turn);
	} else if (silent >= KEYBOARD_LISTEN_MS &&
		   keyboard->listens_since_ms != keyboard->device.heard_ms) {
		keyboard->listens_since_ms = keyboard->device.heard_ms;
		turn->repair = true; /* its port may be off */
	}
}

void keyboard_time(keyboard_t *keyboard, turn_t *turn)
{
	port_time(&keyboard->device.port, turn);
	follow(keyboard, turn);
	look_after(keyboard, turn);
	settle(keyboard, turn);
}

uint32_t keyboard_left_ms(const keyboard_t *keyboard, const turn_t *turn)
{
	uint32_t silent = turn->now_ms - keyboard->device.heard_ms;
	if (!keyboard->echo_due)
		return port_left_ms(&keyboard->device.port, turn);
	return silent < KEYBOARD_QUIET_MS ? KEYBOARD_QUIET_MS - silent : 0;
}

/* ---- wishes ---- */

err_t keyboard_set_leds(turn_t *turn, uint32_t leds)
{
	if (leds != INPUT_LEDS_FOLLOW && (leds & ~(uint32_t)INPUT_LOCKS))
		return DRV_EINVAL;
	turn_edit(turn)->leds = (uint16_t)leds;
	turn_commit(turn);
	return DRV_OK;
}

err_t keyboard_set_repeat(turn_t *turn, uint32_t delay_ms, uint32_t period_ms)
{
	if (!delay_ms || !period_ms)
		return DRV_EINVAL;
	turn_edit(turn)->repeat = keyboard_rate(delay_ms, period_ms);
	turn_commit(turn);
	return DRV_OK;
}
