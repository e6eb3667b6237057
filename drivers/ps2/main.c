/* SPDX-License-Identifier: BSD-2-Clause */
/* The PS/2 driver's glue: turns what the runtime calls into events of controller.c and performs
 * its actions. Nothing here waits, decides or knows the protocol. */
#include "cap/format.h"
#include "ps2/clients.h"
#include "ps2/io.h"

/* Positions in the manifest's caps.irq; without the second the mouse port is not served. */
#define IRQ_KEYBOARD 0u
#define IRQ_MOUSE    1u

/* Who finds nothing kept counts from a number that no instance before came to: a byte takes
 * 0.66 ms on the wire at least, its eleven bits at 16.7 kHz ([KBD]), and makes two events. */
#define NUMBERS_EACH_MS 8u

static ps2_t ps2;
static err_t opened;   /* what ps2_open() said */
static bool kept;      /* it found the state of an instance before */
static bool step_open; /* a lifecycle step answered DRV_EAGAIN */

static void open_page(void)
{
	uint32_t now_ms = driver_now_ms();
	kept = false;
	step_open = false;
	ps2_init(&ps2);
	opened = ps2_open(&ps2, driver_context(), now_ms * NUMBERS_EACH_MS,
			  driver_generation() > 1, now_ms, &kept);
}

/* The machine counts from the time that its event had, and to go on from there spares a look at
 * the clock. The shortest wait is there for others to run: it begins now. */
static void set_timer(uint32_t now_ms, uint32_t wait_ms)
{
	if (wait_ms > PS2_POLL_MS)
		driver_set_timer_at(now_ms + wait_ms);
	else
		driver_set_timer(wait_ms);
}

/* Runs the machine from one event to the next wait. DRV_OK: an operation has ended well;
 * DRV_EAGAIN: it waits; else why it failed. */
static err_t run_machine(ps2_event_t event)
{
	err_t result = DRV_EAGAIN;
	event.now_ms = event.type == PS2_EV_IRQ ? driver_turn_ms() : driver_now_ms();
	for (;;) {
		ps2_action_t action = ps2_step(&ps2, event);
		if (io_is_access(action.type)) { /* most are */
			err_t refused = io_perform(ps2.turn.page, action, &event);
			if (refused != DRV_OK)
				return refused;
			continue;
		}
		switch (action.type) {
		case PS2_ACT_NONE:
			return result;
		case PS2_ACT_FAIL:
			return action.error;
		case PS2_ACT_WAIT:
			set_timer(event.now_ms, action.wait_ms);
			return result;
		default: /* PS2_ACT_DONE */
			result = DRV_OK;
			event.type = PS2_EV_TIMER; /* bytes may wait already */
			break;
		}
	}
}

/* ---- telling ---- */

static void say_keyboard(const ps2_state_t *state)
{
	const ps2_kept_device_t *keyboard = &state->devices[PS2_KEYBOARD];
	if (ps2.keyboard.device.error)
		driver_log("keyboard: %s", error_text(ps2.keyboard.device.error));
	else if (keyboard->state == DEVICE_LIVE)
		driver_log("keyboard %04x, scan-code set %u", keyboard->id,
			   (unsigned)state->scan.set);
	else
		driver_log("no keyboard");
}

static void say_mouse(const ps2_state_t *state)
{
	const ps2_kept_device_t *mouse = &state->devices[PS2_MOUSE];
	if (ps2.mouse.device.error)
		driver_log("mouse: %s", error_text(ps2.mouse.device.error));
	else if (mouse->state == DEVICE_LIVE)
		driver_log("mouse %02x", mouse->id);
	else
		driver_log("no mouse");
}

static void say_devices(uint8_t ready)
{
	const ps2_state_t *state = turn_state(&ps2.turn);
	if (ready & INPUT_OPEN_KEYBOARD)
		say_keyboard(state);
	if (ready & INPUT_OPEN_MOUSE)
		say_mouse(state);
}

static void announce(void)
{
	if (ps2.turn.notify)
		driver_tell();
	ps2.turn.notify = false;
	if (!ps2.turn.ready)
		return;
	driver_set_health(ps2_health(&ps2));
	say_devices(ps2.turn.ready);
	ps2.turn.ready = 0;
}

static void report(err_t result)
{
	announce();
	if (result == DRV_EAGAIN)
		return;
	driver_set_health(result ? result : ps2_health(&ps2));
	if (result != DRV_OK)
		driver_log("controller: %s", error_text(result));
}

/* ---- what the runtime calls ---- */

/* A lifecycle step. */
static err_t operate(ps2_event_type_t operation)
{
	if (opened)
		return opened;
	driver_set_timer(DRIVER_NO_TIMER);
	err_t result = run_machine((ps2_event_t){.type = operation});
	step_open = result == DRV_EAGAIN;
	report(result);
	return result;
}

/* An interrupt or the timer. */
static void wake(ps2_event_type_t type, uint8_t port)
{
	err_t result = run_machine((ps2_event_t){.type = type, .byte = port});
	report(result);
	if (result == DRV_EAGAIN)
		return;
	if (step_open) {
		step_open = false;
		driver_done(result);
	} else if (result != DRV_OK) {
		driver_fail(result);
	}
}

static err_t ps2kbd_probe(void)
{
	return operate(PS2_EV_PROBE);
}

/* Clients are told if what was kept is of no use. */
static err_t ps2kbd_recover(void)
{
	if (!kept)
		driver_forget();
	return DRV_OK;
}

/* Lines are given for this step, and not before. */
static err_t ps2kbd_init(void)
{
	ps2.mouse_given = driver_context()->irq_caps[IRQ_MOUSE] != CAP_NULL;
	return operate(PS2_EV_START);
}

static err_t ps2kbd_quiesce(void)
{
	return operate(PS2_EV_QUIESCE);
}

static err_t ps2kbd_stop(void)
{
	return operate(PS2_EV_STOP);
}

static void ps2kbd_irq(unsigned index)
{
	if (index == IRQ_KEYBOARD || index == IRQ_MOUSE)
		wake(PS2_EV_IRQ, index == IRQ_MOUSE ? PS2_MOUSE : PS2_KEYBOARD);
}

static void ps2kbd_timer(void)
{
	wake(PS2_EV_TIMER, 0);
}

static err_t ps2kbd_open(session_t *session)
{
	return clients_open(&ps2, session);
}

static int32_t ps2kbd_read(session_t *session, void *to, uint32_t bytes)
{
	return clients_read(&ps2, session, to, bytes);
}

static int32_t ps2kbd_read_at(session_t *session, uint32_t *position, void *to, uint32_t bytes)
{
	return clients_read_at(&ps2, session, position, to, bytes);
}

static err_t ps2kbd_ioctl(session_t *session, ioctl_t *request)
{
	bool changed = false;
	err_t err = clients_ioctl(&ps2, session, request, &changed);
	if (!err && changed)
		wake(PS2_EV_TIMER, 0);
	return err;
}

static void ps2kbd_stats(driver_stats_t *rows)
{
	clients_stats(&ps2, rows);
}

int main(void)
{
	static const driver_ops_t ops = {
	    .probe = ps2kbd_probe,
	    .recover = ps2kbd_recover,
	    .init = ps2kbd_init,
	    .quiesce = ps2kbd_quiesce,
	    .stop = ps2kbd_stop,
	    .irq = ps2kbd_irq,
	    .timer = ps2kbd_timer,
	    .open = ps2kbd_open,
	    .read = ps2kbd_read,
	    .read_at = ps2kbd_read_at,
	    .ioctl = ps2kbd_ioctl,
	    .stats = ps2kbd_stats,
	};
	open_page();
	return driver_main(&ops);
}
