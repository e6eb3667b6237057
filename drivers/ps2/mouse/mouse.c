/* SPDX-License-Identifier: BSD-2-Clause */
/* The mouse of mouse.h. */
#include "ps2/mouse/mouse.h"

#include "ps2/i8042.h"
#include "ps2/mouse/rows.h"

static ps2_kept_device_t *device_of(turn_t *turn)
{
	return &turn_edit(turn)->devices[PS2_MOUSE];
}

static uint8_t state_of(const turn_t *turn)
{
	return turn_state(turn)->devices[PS2_MOUSE].state;
}

/* A click may have been in what is dropped. */
static void lost_some(turn_t *turn)
{
	if (state_of(turn) == DEVICE_LIVE)
		events_gap(turn->page, turn_edit(turn), INPUT_OPEN_MOUSE, turn->now_ms);
}

/* ---- programs ---- */

static void begin(mouse_t *mouse, turn_t *turn, mouse_task_t task)
{
	mouse->task = task;
	mouse->port.ops = &mouse_ops;
	port_begin(&mouse->port, turn, mouse_programs[task].rows, mouse_programs[task].count);
}

void mouse_stop(mouse_t *mouse)
{
	port_end(&mouse->port);
	mouse->task = MOUSE_NOTHING;
}

void mouse_leave(mouse_t *mouse, turn_t *turn)
{
	mouse_stop(mouse);
	lost_some(turn);
	device_of(turn)->state = DEVICE_ABSENT;
	device_of(turn)->setup_due = false;
	mouse->error = DRV_OK;
}

void mouse_setup(mouse_t *mouse, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	ps2_kept_device_t *device = device_of(turn);
	mouse_stop(mouse);
	if (device->state == DEVICE_LIVE)
		events_gap(turn->page, state, INPUT_OPEN_MOUSE, turn->now_ms);
	else
		events_release(state, INPUT_OPEN_MOUSE);
	device->state = DEVICE_SETTING_UP;
	device->setup_due = false;
	device->id = 0;
	packet_init(&state->packet, PACKET_PLAIN);
	mouse->bad = mouse->resyncs = 0;
	mouse->doubt = false;
	turn->stats.inits++;
	begin(mouse, turn, MOUSE_SETUP);
}

static void setup_asked_for(mouse_t *mouse, turn_t *turn)
{
	bool may = port_may_setup(&mouse->port, turn->now_ms);
	device_of(turn)->setup_due = !may;
	if (may)
		mouse_setup(mouse, turn);
}

static void resync(mouse_t *mouse, turn_t *turn)
{
	lost_some(turn);
	turn->stats.resyncs++;
	mouse->bad = mouse->good = 0;
	packet_drop(&turn_edit(turn)->packet);
	device_of(turn)->owes = true;
	if (++mouse->resyncs > MOUSE_RESYNCS_MAX)
		setup_asked_for(mouse, turn);
	else
		begin(mouse, turn, MOUSE_RESYNC);
}

void mouse_resume(mouse_t *mouse, turn_t *turn)
{
	packet_resume(&turn_edit(turn)->packet, turn->now_ms);
	mouse->heard_ms = turn->now_ms;
	if (mouse->task != MOUSE_NOTHING)
		return;
	if (state_of(turn) == DEVICE_SETTING_UP)
		mouse_setup(mouse, turn);
	else if (state_of(turn) == DEVICE_LIVE && device_of(turn)->owes)
		resync(mouse, turn);
}

static void setup_ended(mouse_t *mouse, turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	ps2_kept_device_t *device = device_of(turn);
	bool there = mouse->port.result == MOUSE_READY;
	bool wheel = device->id == MOUSE_ID_WHEEL || device->id == MOUSE_ID_FIVE;
	device->state = there ? DEVICE_LIVE : DEVICE_ABSENT;
	device->owes = false;
	packet_init(&state->packet, there && wheel ? (uint8_t)device->id : PACKET_PLAIN);
	turn->ready |= INPUT_OPEN_MOUSE;
	turn->repair = true;
	mouse->error = there ? DRV_OK : mouse->port.error;
	mouse->doubt = !there;
	mouse->heard_ms = turn->now_ms;
}

/* ---- a look after it ---- */

static void look(mouse_t *mouse, turn_t *turn)
{
	mouse->heard_ms = turn->now_ms;
	mouse->doubt = false;
	device_of(turn)->owes = true;
	turn->repair = true; /* its port may be off */
	begin(mouse, turn, MOUSE_LOOK);
}

/* One that is not what it was is set up; so is one that has come unseen. */
static void look_ended(mouse_t *mouse, turn_t *turn)
{
	bool live = state_of(turn) == DEVICE_LIVE;
	device_of(turn)->owes = false;
	if (mouse->port.result != (live ? MOUSE_READY : MOUSE_GONE))
		setup_asked_for(mouse, turn);
}

static void follow(mouse_t *mouse, turn_t *turn)
{
	mouse_task_t task = mouse->task;
	if (task == MOUSE_NOTHING || mouse->port.phase != PORT_IDLE)
		return;
	mouse->task = MOUSE_NOTHING;
	if (task == MOUSE_SETUP)
		setup_ended(mouse, turn);
	else if (task == MOUSE_LOOK)
		look_ended(mouse, turn);
	else if (mouse->port.result != MOUSE_READY)
		setup_asked_for(mouse, turn);
	else
		device_of(turn)->owes = false;
}

/* ---- bytes ---- */

static void bad_byte(mouse_t *mouse, turn_t *turn)
{
	turn->stats.mouse_sync_errors++;
	turn->stats.mouse_discarded++;
	if (state_of(turn) == DEVICE_LIVE && ++mouse->bad >= MOUSE_BAD_MAX)
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
	mouse->doubt |= report || found->kind == PACKET_BAD || state_of(turn) != DEVICE_LIVE;
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
	} else if (found.kind == PACKET_MOTION && state_of(turn) == DEVICE_LIVE) {
		motion(mouse, turn, &found);
	}
}

/* While it is only looked after, what it reports counts: packets may stand before the answer,
 * but not inside. */
static bool is_report(const mouse_t *mouse, const turn_t *turn, uint8_t byte)
{
	const port_t *port = &mouse->port;
	if (mouse->task != MOUSE_LOOK)
		return mouse->task == MOUSE_NOTHING;
	return port->phase == PORT_TO_WRITE || turn_state(turn)->packet.count ||
	       (port->program.row->op == PORT_SEND && byte != PS2_ACK && !mouse_refuses(byte));
}

void mouse_byte(mouse_t *mouse, turn_t *turn, uint8_t byte)
{
	mouse->heard_ms = turn->now_ms;
	if (is_report(mouse, turn, byte)) {
		live_byte(mouse, turn, byte);
		return;
	}
	port_take(&mouse->port, turn, byte);
	follow(mouse, turn);
}

void mouse_drop_half(mouse_t *mouse, turn_t *turn)
{
	turn->stats.mouse_sync_errors++;
	turn->stats.mouse_discarded += packet_drop(&turn_edit(turn)->packet);
	lost_some(turn);
	mouse->doubt = true;
}

void mouse_damaged(mouse_t *mouse, turn_t *turn)
{
	turn->stats.mouse_discarded += 1u + packet_drop(&turn_edit(turn)->packet);
	lost_some(turn);
	mouse->doubt |= mouse->task == MOUSE_NOTHING;
	mouse->heard_ms = turn->now_ms;
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
	if (mouse->task != MOUSE_NOTHING)
		return;
	if (turn_state(turn)->devices[PS2_MOUSE].setup_due)
		setup_asked_for(mouse, turn);
	else if (turn->now_ms - mouse->heard_ms >=
		 (mouse->doubt ? MOUSE_DOUBT_MS : MOUSE_LOOK_MS))
		look(mouse, turn);
}

uint32_t mouse_left_ms(const mouse_t *mouse, const turn_t *turn)
{
	return port_left_ms(&mouse->port, turn);
}

bool mouse_is_asked(const mouse_t *mouse)
{
	return mouse->port.phase != PORT_IDLE;
}
