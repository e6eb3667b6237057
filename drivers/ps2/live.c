/* SPDX-License-Identifier: BSD-2-Clause */
/* The running controller of live.h. */
#include "ps2/live.h"

#include "ps2/i8042.h"
#include "ps2/rows.h"

#define EAGER_MS 20u /* of a wait for an answer: so long it is looked for often */

static uint8_t port_of(uint8_t status)
{
	return status & I8042_STATUS_AUX ? PS2_MOUSE : PS2_KEYBOARD;
}

static bool is_busy(const ps2_t *ps2)
{
	return device_is_busy(&ps2->keyboard.device) || device_is_busy(&ps2->mouse.device);
}

/* ---- taking bytes ---- */

static void damaged(ps2_t *ps2, uint8_t status)
{
	ps2->turn.stats.parity_errors += (status & I8042_STATUS_PARITY) != 0;
	ps2->turn.stats.controller_timeouts += (status & I8042_STATUS_TIMEOUT) != 0;
	if (port_of(status) == PS2_MOUSE)
		mouse_damaged(&ps2->mouse, &ps2->turn);
	else
		keyboard_damaged(&ps2->keyboard, &ps2->turn);
}

/* A device's queue may have been full behind this byte: what came then is missing here. */
static void judge_overrun(turn_t *turn, unsigned port)
{
	static const uint8_t full[PS2_PORTS] = {PS2_KEYBOARD_FULL, PS2_MOUSE_FULL};
	const ps2_state_t *state = turn->next;
	const ps2_kept_device_t *device = &state->devices[port];
	if (device->received - turn->page->empty[port] < full[port] ||
	    device->state != DEVICE_LIVE || (port == PS2_MOUSE && state->packet.count))
		return;
	turn->stats.overruns++;
	events_gap(turn->page, turn->next,
		   port == PS2_MOUSE ? INPUT_OPEN_MOUSE : INPUT_OPEN_KEYBOARD, turn->now_ms);
}

/* Begins the step of a byte: it is in the next state, whatever comes of it. */
static ps2_state_t *count(ps2_t *ps2, uint8_t status)
{
	turn_t *turn = &ps2->turn;
	ps2_state_t *state = turn_edit(turn);
	state->taken = turn->page->taken.count;
	state->devices[port_of(status)].received++;
	if (port_of(status) == PS2_MOUSE)
		turn->stats.rx_mouse++;
	else
		turn->stats.rx_keyboard++;
	return state;
}

void live_take(ps2_t *ps2, uint8_t status, uint8_t byte)
{
	turn_t *turn = &ps2->turn;
	const ps2_state_t *state = count(ps2, status);
	if (port_of(status) == PS2_MOUSE && !state->aux)
		turn->stats.wrong_port++;
	else if (live_is_damaged(status, byte))
		damaged(ps2, status);
	else if (port_of(status) == PS2_MOUSE)
		mouse_byte(&ps2->mouse, turn, byte);
	else
		keyboard_byte(&ps2->keyboard, turn, byte);
	judge_overrun(turn, port_of(status));
}

void live_drop(ps2_t *ps2, uint8_t status)
{
	turn_t *turn = &ps2->turn;
	ps2_state_t *state = count(ps2, status);
	turn->stats.poisoned++;
	events_forget(state); /* what it wrote may be anywhere before */
	scan_drop_prefix(&state->scan);
	packet_drop(&state->packet);
	events_gap(turn->page, state, PS2_BOTH, turn->now_ms);
}

ps2_action_t live_data(ps2_t *ps2, uint8_t byte)
{
	uint8_t port = port_of(ps2->status);
	ps2->elsewhere[port] |= ps2->woken != PS2_WOKEN_IRQ || ps2->irq_port != port;
	live_take(ps2, ps2->status, byte);
	return act(PS2_ACT_READ_STATUS);
}

/* ---- when nothing waits any more ---- */

static void note_empty(const turn_t *turn, const ps2_state_t *state)
{
	for (unsigned port = 0; port < PS2_PORTS; port++)
		turn->page->empty[port] = state->devices[port].received;
}

/* Is a code or a packet begun? */
static bool is_inside(const ps2_state_t *state)
{
	return scan_is_inside(&state->scan) || state->packet.count;
}

/* Is a code begun of which the rest will not come? It is late; or its first byte was the last
 * one for which there was room, for the queue takes a code at once, as far as it can. */
static bool is_half_a_code(const turn_t *turn, const ps2_state_t *state)
{
	uint32_t waited =
	    state->devices[PS2_KEYBOARD].received - turn->page->empty[PS2_KEYBOARD];
	return scan_is_late(&state->scan, turn->now_ms) ||
	       (waited >= PS2_KEYBOARD_FULL && scan_is_inside(&state->scan));
}

/* Nothing waits: what is unfinished may be so for ever. True: this step forgets it. */
static bool forget_halves(ps2_t *ps2, const ps2_state_t *state)
{
	if (is_half_a_code(&ps2->turn, state))
		keyboard_drop_half(&ps2->turn);
	else if (packet_is_late(&state->packet, ps2->turn.now_ms))
		mouse_drop_half(&ps2->mouse, &ps2->turn);
	else
		return false;
	return true;
}

/* An interrupt without a byte; unless its byte was taken with another's. */
static void judge_wake(ps2_t *ps2)
{
	uint8_t port = ps2->irq_port;
	if (ps2->woken != PS2_WOKEN_IRQ)
		return;
	if (ps2->drained == 0 && !ps2->elsewhere[port])
		ps2->turn.stats.spurious++;
	ps2->elsewhere[port] = false;
	ps2->lost_in_row = 0;
	ps2->woken = PS2_WOKEN_NOT;
}

/* A byte was there and no interrupt told. */
static void note_lost(ps2_t *ps2)
{
	if (ps2->woken != PS2_WOKEN_TIMER || ps2->more || ps2->drained > 0)
		return;
	ps2->turn.stats.lost++;
	if (++ps2->lost_in_row >= PS2_LOST_MAX)
		ps2->turn.repair = true;
}

/* ---- writing ---- */

static ps2_write_t next_write(const ps2_t *ps2)
{
	if (ps2->second != PS2_WRITE_NOTHING)
		return ps2->second;
	if (ps2->turn.repair)
		return PS2_WRITE_CONFIG;
	if (ps2->keyboard.device.port.phase == PORT_TO_WRITE)
		return PS2_WRITE_KEYBOARD;
	return ps2->mouse.device.port.phase == PORT_TO_WRITE ? PS2_WRITE_MOUSE
							     : PS2_WRITE_NOTHING;
}

static ps2_action_t write(ps2_t *ps2, ps2_write_t what)
{
	ps2_action_t write = {.type = PS2_ACT_WRITE_DATA};
	ps2->writing = what;
	if (what == PS2_WRITE_KEYBOARD) {
		write.byte = ps2->keyboard.device.port.byte;
	} else if (ps2->second == PS2_WRITE_NOTHING) {
		write.type = PS2_ACT_WRITE_COMMAND;
		write.byte =
		    what == PS2_WRITE_CONFIG ? I8042_CMD_WRITE_CONFIG : I8042_CMD_WRITE_AUX;
	} else {
		write.byte = what == PS2_WRITE_CONFIG ? ps2_live_config(turn_state(&ps2->turn))
						      : ps2->mouse.device.port.byte;
	}
	return write;
}

/* The controller takes nothing: what was to be written has failed. */
static ps2_action_t unwritten(ps2_t *ps2, ps2_write_t what)
{
	ps2->turn.stats.write_timeouts++;
	ps2->stuck = false;
	ps2->second = PS2_WRITE_NOTHING;
	if (ps2->phase == PS2_OPEN || ps2->absent)
		return act_fail(ps2->absent ? DRV_EIO : DRV_ETIMEDOUT);
	if (what == PS2_WRITE_CONFIG)
		ps2->turn.repair = false;
	else if (what == PS2_WRITE_KEYBOARD)
		keyboard_unwritten(&ps2->keyboard, &ps2->turn);
	else
		mouse_unwritten(&ps2->mouse, &ps2->turn);
	return act(PS2_ACT_READ_STATUS);
}

static ps2_action_t try_to_write(ps2_t *ps2, uint8_t status, ps2_write_t what)
{
	if (!(status & I8042_STATUS_INPUT_FULL)) {
		ps2->stuck = false;
		return write(ps2, what);
	}
	if (!ps2->stuck)
		ps2->stuck_ms = ps2->turn.now_ms;
	ps2->stuck = true;
	if (ps2->turn.now_ms - ps2->stuck_ms >= PS2_READY_MS)
		return unwritten(ps2, what);
	return act_look_again(ps2);
}

/* The command or the byte behind it; a word is over with the latter. */
static void word_written(ps2_t *ps2)
{
	if (ps2->second == PS2_WRITE_NOTHING && ps2->writing != PS2_WRITE_KEYBOARD) {
		ps2->second = ps2->writing;
		return;
	}
	ps2->second = PS2_WRITE_NOTHING;
	if (ps2->writing == PS2_WRITE_CONFIG) {
		ps2->turn.repair = false;
		ps2->turn.stats.repairs++;
	} else if (ps2->writing == PS2_WRITE_KEYBOARD) {
		ps2->turn.stats.tx_keyboard++;
		port_written(&ps2->keyboard.device.port, &ps2->turn);
	} else {
		ps2->turn.stats.tx_mouse++;
		port_written(&ps2->mouse.device.port, &ps2->turn);
	}
}

ps2_action_t live_written(ps2_t *ps2)
{
	word_written(ps2);
	ps2->since_ms = ps2->turn.now_ms;
	ps2->spins = 0;
	if (ps2->phase != PS2_OPEN || ps2->turn.repair)
		return act(PS2_ACT_READ_STATUS);
	ps2->phase = PS2_LIVE;
	return act(PS2_ACT_DONE);
}

/* ---- waiting ---- */

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Waits so long for the devices, or until they are due already: interrupts put nothing off. */
static ps2_action_t wait_or_due(ps2_t *ps2, uint32_t ms)
{
	uint32_t due_ms = ps2->due_ms - ps2->turn.now_ms;
	if (due_ms < ms)
		return act_wait(due_ms);
	ps2->due_ms = ps2->turn.now_ms + ms;
	return act_wait(ms);
}

/* An answer is looked for often at first: interrupts are not bound yet, or may be missing. */
static ps2_action_t await(ps2_t *ps2, const ps2_state_t *state, bool inside)
{
	const turn_t *turn = &ps2->turn;
	bool busy = is_busy(ps2);
	if (busy && ps2->spins < PS2_SPINS)
		return act_look_again(ps2);
	ps2->more = busy;
	uint32_t ms = keyboard_left_ms(&ps2->keyboard, turn);
	if (inside)
		ms = least(ms, least(scan_left_ms(&state->scan, turn->now_ms),
				     packet_left_ms(&state->packet, turn->now_ms)));
	if (busy)
		ms = least(least(ms, port_left_ms(&ps2->mouse.device.port, turn)),
			   turn->now_ms - ps2->since_ms < EAGER_MS ? PS2_POLL_MS
								   : PS2_FAST_POLL_MS);
	return wait_or_due(ps2, least(ms, ps2->lost_in_row >= PS2_LOST_MAX ? PS2_FAST_POLL_MS
									   : PS2_SLOW_POLL_MS));
}

/* Time has passed for the devices once what came before is taken. */
static void pass_time(ps2_t *ps2)
{
	if (ps2->woken != PS2_WOKEN_TIMER && (int32_t)(ps2->turn.now_ms - ps2->due_ms) < 0)
		return;
	ps2->woken = PS2_WOKEN_NOT;
	ps2->due_ms = ps2->turn.now_ms + PS2_SLOW_POLL_MS;
	keyboard_time(&ps2->keyboard, &ps2->turn);
	if (turn_state(&ps2->turn)->aux)
		mouse_time(&ps2->mouse, &ps2->turn);
}

static ps2_action_t nothing_waits(ps2_t *ps2, uint8_t status)
{
	const ps2_state_t *state = turn_state(&ps2->turn);
	bool inside = is_inside(state);
	judge_wake(ps2);
	if (inside && forget_halves(ps2, state))
		return act(PS2_ACT_READ_STATUS);
	note_empty(&ps2->turn, state);
	if (ps2->phase == PS2_CLOSE)
		return act(PS2_ACT_NONE);
	pass_time(ps2);
	if (ps2->turn.next && ps2->turn.next->release)
		return act(PS2_ACT_READ_STATUS);
	ps2_write_t what = next_write(ps2);
	return what == PS2_WRITE_NOTHING ? await(ps2, state, inside)
					 : try_to_write(ps2, status, what);
}

ps2_action_t live_status(ps2_t *ps2, uint8_t status)
{
	if (!(status & I8042_STATUS_OUTPUT_FULL))
		return nothing_waits(ps2, status);
	if (ps2->drained < PS2_DRAIN_MAX) {
		note_lost(ps2);
		ps2->drained++;
		return act(PS2_ACT_READ_DATA);
	}
	if (ps2->phase == PS2_CLOSE)
		return act(PS2_ACT_NONE);
	if (ps2->absent ||
	    (ps2->phase == PS2_OPEN && ps2->turn.now_ms - ps2->since_ms >= PS2_READY_MS))
		return act_fail(DRV_EIO);
	ps2->more = true;
	return act_wait(PS2_POLL_MS);
}

ps2_action_t live_wake(ps2_t *ps2)
{
	ps2->drained = 0;
	ps2->absent = true;
	if (ps2->woken == PS2_WOKEN_IRQ)
		ps2->more = false;
	else
		ps2->spins = PS2_SPINS;
	return act(PS2_ACT_READ_STATUS);
}

/* ---- begin and end ---- */

ps2_action_t live_begin(ps2_t *ps2, bool again)
{
	turn_t *turn = &ps2->turn;
	ps2_state_t *state = turn_edit(turn);
	ps2->phase = again ? PS2_LIVE : PS2_OPEN;
	ps2->woken = PS2_WOKEN_NOT;
	ps2->shown = PS2_STREAMING;
	ps2->since_ms = ps2->due_ms = turn->now_ms;
	ps2->second = PS2_WRITE_NOTHING;
	ps2->drained = ps2->spins = ps2->lost_in_row = 0;
	ps2->more = ps2->absent = true;
	turn->repair = !again;
	state->warm = true;
	state->taken = turn->page->taken.count;
	if (again)
		keyboard_setup(&ps2->keyboard, turn);
	else
		keyboard_resume(&ps2->keyboard, turn);
	if (!state->aux)
		mouse_leave(&ps2->mouse, turn);
	else if (again)
		mouse_setup(&ps2->mouse, turn);
	else
		mouse_resume(&ps2->mouse, turn);
	return act(again ? PS2_ACT_DONE : PS2_ACT_READ_STATUS);
}

void live_end(ps2_t *ps2)
{
	turn_t *turn = &ps2->turn;
	keyboard_stop(&ps2->keyboard);
	mouse_stop(&ps2->mouse);
	turn->repair = false;
	events_release(turn_edit(turn), PS2_BOTH);
}
