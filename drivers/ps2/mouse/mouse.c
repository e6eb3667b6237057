/* SPDX-License-Identifier: BSD-2-Clause */
/* The mouse of mouse.h. */
#include "ps2/mouse/mouse.h"

#include "ps2/i8042.h"
#include "ps2/mouse/rows.h"

static ps2_kept_device_t *edit(const mouse_t *mouse, turn_t *turn)
{
	return device_edit(&mouse->device, turn);
}

static uint8_t state_of(const mouse_t *mouse, const turn_t *turn)
{
	return device_kept(&mouse->device, turn)->state;
}

/* ---- programs ---- */

void mouse_stop(mouse_t *mouse)
{
	device_stop(&mouse->device);
}

void mouse_leave(mouse_t *mouse, turn_t *turn)
{
	mouse_stop(mouse);
	device_lose_some(&mouse->device, turn);
	edit(mouse, turn)->state = DEVICE_ABSENT;
	edit(mouse, turn)->setup_due = false;
	mouse->device.error = DRV_OK;
}

void mouse_setup(mouse_t *mouse, turn_t *turn)
{
	packet_init(&turn_edit(turn)->packet, PACKET_PLAIN);
	mouse->bad = mouse->resyncs = 0;
	mouse->doubt = false;
	device_setup(&mouse->device, turn);
}

static void setup_asked_for(mouse_t *mouse, turn_t *turn)
{
	if (device_ask_setup(&mouse->device, turn))
		mouse_setup(mouse, turn);
}

static void resync(mouse_t *mouse, turn_t *turn)
{
	device_lose_some(&mouse->device, turn);
	turn->stats.resyncs++;
	mouse->bad = mouse->good = 0;
	packet_drop(&turn_edit(turn)->packet);
	edit(mouse, turn)->owes = true;
	if (++mouse->resyncs > MOUSE_RESYNCS_MAX)
		setup_asked_for(mouse, turn);
	else
		device_begin(&mouse->device, turn, MOUSE_RESYNC);
}

void mouse_resume(mouse_t *mouse, turn_t *turn)
{
	packet_resume(&turn_edit(turn)->packet, turn->now_ms);
	mouse->device.heard_ms = turn->now_ms;
	if (mouse->device.task != DEVICE_NOTHING)
		return;
	if (state_of(mouse, turn) == DEVICE_SETTING_UP)
		mouse_setup(mouse, turn);
	else if (state_of(mouse, turn) == DEVICE_LIVE && edit(mouse, turn)->owes)
		resync(mouse, turn);
}

static void setup_ended(mouse_t *mouse, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	ps2_kept_device_t *device = edit(mouse, turn);
	bool there = mouse->device.port.result == MOUSE_READY;
	bool wheel = device->id == MOUSE_ID_WHEEL || device->id == MOUSE_ID_FIVE;
	device->state = there ? DEVICE_LIVE : DEVICE_ABSENT;
	device->owes = false;
	packet_init(&state->packet, there && wheel ? (uint8_t)device->id : PACKET_PLAIN);
	turn->ready |= INPUT_OPEN_MOUSE;
	turn->repair = true;
	mouse->device.error = there ? DRV_OK : mouse->device.port.error;
	mouse->doubt = !there;
	mouse->device.heard_ms = turn->now_ms;
}

/* ---- a look after it ---- */

static void look(mouse_t *mouse, turn_t *turn)
{
	mouse->device.heard_ms = turn->now_ms;
	mouse->doubt = false;
	edit(mouse, turn)->owes = true;
	turn->repair = true; /* its port may be off */
	device_begin(&mouse->device, turn, MOUSE_LOOK);
}

/* One that is not what it was is set up; so is one that has come unseen. */
static void look_ended(mouse_t *mouse, turn_t *turn)
{
	bool live = state_of(mouse, turn) == DEVICE_LIVE;
	edit(mouse, turn)->owes = false;
	if (mouse->device.port.result != (live ? MOUSE_READY : MOUSE_GONE))
		setup_asked_for(mouse, turn);
}

static void resync_ended(mouse_t *mouse, turn_t *turn)
{
	if (mouse->device.port.result == MOUSE_READY)
		edit(mouse, turn)->owes = false;
	else
		setup_asked_for(mouse, turn);
}

static void follow(mouse_t *mouse, turn_t *turn)
{
	static void (*const ends[])(mouse_t *, turn_t *) = {
	    [DEVICE_SETUP] = setup_ended,
	    [MOUSE_RESYNC] = resync_ended,
	    [MOUSE_LOOK] = look_ended,
	};
	uint8_t task = device_take_ended(&mouse->device);
	if (task != DEVICE_NOTHING)
		ends[task](mouse, turn);
}

/* ---- bytes ---- */

static void bad_byte(mouse_t *mouse, turn_t *turn)
{
	turn->stats.mouse_sync_errors++;
	turn->stats.mouse_discarded++;
	if (state_of(mouse, turn) == DEVICE_LIVE && ++mouse->bad >= MOUSE_BAD_MAX)
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

/* Bytes that fit nowhere; and AA 00 inside a packet: that may be a mouse that was plugged in
 * behind a stray byte. A packet later shows that all is well. */
static void doubt(mouse_t *mouse, const turn_t *turn, uint8_t byte,
		  const packet_result_t *found)
{
	bool report = mouse->before == MOUSE_SELF_TEST_GOOD && byte == MOUSE_ID_PLAIN;
	if (found->kind == PACKET_MOTION)
		mouse->doubt = false;
	mouse->doubt |=
	    report || found->kind == PACKET_BAD || state_of(mouse, turn) != DEVICE_LIVE;
	mouse->before = byte;
}

static void live_byte(mouse_t *mouse, turn_t *turn, uint8_t byte)
{
	packet_result_t found = packet_byte(&turn_edit(turn)->packet, byte, turn->now_ms);
	doubt(mouse, turn, byte, &found);
	if (found.kind == PACKET_BAD) {
		bad_byte(mouse, turn);
	} else if (found.kind == PACKET_PLUGGED) {
		turn->stats.hotplugs++;
		setup_asked_for(mouse, turn);
	} else if (found.kind == PACKET_MOTION && state_of(mouse, turn) == DEVICE_LIVE) {
		motion(mouse, turn, &found);
	}
}

/* While it is only looked after, what it reports counts: packets may stand before the answer,
 * but not inside. */
static bool is_report(const mouse_t *mouse, const turn_t *turn, uint8_t byte)
{
	const port_t *port = &mouse->device.port;
	if (mouse->device.task != MOUSE_LOOK)
		return mouse->device.task == DEVICE_NOTHING;
	return port->phase == PORT_TO_WRITE || turn_state(turn)->packet.count ||
	       (port->program.row->op == PORT_SEND && byte != PS2_ACK && !mouse_refuses(byte));
}

void mouse_byte(mouse_t *mouse, turn_t *turn, uint8_t byte)
{
	mouse->device.heard_ms = turn->now_ms;
	if (is_report(mouse, turn, byte)) {
		live_byte(mouse, turn, byte);
		return;
	}
	port_take(&mouse->device.port, turn, byte);
	follow(mouse, turn);
}

void mouse_drop_half(mouse_t *mouse, turn_t *turn)
{
	turn->stats.mouse_sync_errors++;
	turn->stats.mouse_discarded += packet_drop(&turn_edit(turn)->packet);
	device_lose_some(&mouse->device, turn);
	mouse->doubt = true;
}

void mouse_damaged(mouse_t *mouse, turn_t *turn)
{
	turn->stats.mouse_discarded += 1u + packet_drop(&turn_edit(turn)->packet);
	device_lose_some(&mouse->device, turn);
	mouse->doubt |= mouse->device.task == DEVICE_NOTHING;
	mouse->device.heard_ms = turn->now_ms;
	if (mouse->device.port.phase == PORT_TO_ANSWER)
		port_fail(&mouse->device.port, turn, DRV_EIO);
	follow(mouse, turn);
}

void mouse_unwritten(mouse_t *mouse, turn_t *turn)
{
	port_fail(&mouse->device.port, turn, DRV_ETIMEDOUT);
	follow(mouse, turn);
}

/* ---- time ---- */

void mouse_time(mouse_t *mouse, turn_t *turn)
{
	port_time(&mouse->device.port, turn);
	follow(mouse, turn);
	if (mouse->device.task != DEVICE_NOTHING)
		return;
	if (device_kept(&mouse->device, turn)->setup_due)
		setup_asked_for(mouse, turn);
	else if (turn->now_ms - mouse->device.heard_ms >=
		 (mouse->doubt ? MOUSE_DOUBT_MS : MOUSE_LOOK_MS))
		look(mouse, turn);
}
