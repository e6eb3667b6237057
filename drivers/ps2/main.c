/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard driver's glue: performs the actions of controller.c on the two ports of the
 * manifest and turns what the runtime calls into its events. All port access of the driver
 * is in access_port() below. Nothing here waits, decides or knows the protocol. */
#include "abi/protocol/ps2.h"
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/keep.h"
#include "cap/string.h"
#include "ps2/controller.h"
#include "ps2/i8042.h"

/* Positions in the manifest's caps.pio and caps.irq. */
#define PIO_DATA     0u
#define PIO_COMMAND  1u
#define IRQ_KEYBOARD 0u

/* What outlives a restart: the configuration that the very first instance found. */
typedef struct kept {
	uint32_t found;
} kept_t;
#define KEPT_VERSION 1u

static ps2_t ps2;
static bool step_open; /* a lifecycle step answered DRV_EAGAIN */

static void load_found(void)
{
	kept_t kept;
	if (ps2.config_known)
		return;
	if (keep_load(driver_context(), KEPT_VERSION, &kept, sizeof(kept)) != DRV_OK) {
		if (driver_context()->flags & DRIVER_FLAG_RESTARTED)
			driver_forget();
		return;
	}
	ps2.found = (uint8_t)kept.found;
	ps2.config_known = true;
}

/* Once: a second instance finds what the first one has set up. */
static void save_found(void)
{
	kept_t kept;
	if (!ps2.config_known ||
	    keep_load(driver_context(), KEPT_VERSION, &kept, sizeof(kept)) == DRV_OK)
		return;
	kept.found = ps2.found;
	keep_save(driver_context(), KEPT_VERSION, &kept, sizeof(kept));
}

/* Performs one port access and makes the event of it. DRV_OK or what the kernel refused
 * it with. */
static err_t access_port(ps2_action_t action, ps2_event_t *event)
{
	err_t error = DRV_OK;
	switch (action.type) {
	case PS2_ACT_READ_STATUS:
		event->type = PS2_EV_STATUS;
		error = driver_in8(PIO_COMMAND, I8042_STATUS, &event->byte);
		break;
	case PS2_ACT_READ_DATA:
		event->type = PS2_EV_DATA;
		error = driver_in8(PIO_DATA, I8042_DATA, &event->byte);
		break;
	case PS2_ACT_WRITE_COMMAND:
		event->type = PS2_EV_WRITTEN;
		error = driver_out8(PIO_COMMAND, I8042_CMD, action.byte);
		break;
	default: /* PS2_ACT_WRITE_DATA */
		event->type = PS2_EV_WRITTEN;
		error = driver_out8(PIO_DATA, I8042_DATA, action.byte);
		break;
	}
	event->now_ms = driver_now_ms();
	return error;
}

/* Runs the machine from one event to the next wait. DRV_OK: an operation has ended well;
 * DRV_EAGAIN: it waits; else why it failed. */
static err_t run_machine(ps2_event_type_t first)
{
	ps2_event_t event = {.type = first, .now_ms = driver_now_ms()};
	err_t result = DRV_EAGAIN;
	for (;;) {
		ps2_action_t action = ps2_step(&ps2, event);
		switch (action.type) {
		case PS2_ACT_NONE:
			return result;
		case PS2_ACT_FAIL:
			return action.error;
		case PS2_ACT_WAIT:
			driver_set_timer(action.wait_ms);
			return result;
		case PS2_ACT_DONE:
			result = DRV_OK;
			event.type = PS2_EV_TIMER; /* keys may wait already */
			break;
		default: {
			err_t refused = access_port(action, &event);
			if (refused != DRV_OK)
				return refused;
		}
		}
		save_found();
	}
}

static void announce_events(void)
{
	if (ps2.notify)
		driver_notify();
	ps2.notify = false;
}

static void report(err_t result)
{
	if (result == DRV_EAGAIN)
		return;
	driver_set_health(result);
	if (result != DRV_OK)
		driver_log("controller or keyboard: %s", error_text(result));
	else if (ps2.stats.state == PS2_STREAMING)
		driver_log("keyboard %04x, scan-code set %u", ps2.stats.device_id,
			   (unsigned)ps2.scan.set);
}

/* A lifecycle step. */
static err_t operate(ps2_event_type_t operation)
{
	driver_set_timer(DRIVER_NO_TIMER);
	err_t result = run_machine(operation);
	step_open = result == DRV_EAGAIN;
	report(result);
	announce_events();
	return result;
}

/* An interrupt or the timer. */
static void wake(ps2_event_type_t type)
{
	err_t result = run_machine(type);
	report(result);
	announce_events();
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

static err_t ps2kbd_init(void)
{
	load_found();
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
	if (index == IRQ_KEYBOARD)
		wake(PS2_EV_IRQ);
}

static void ps2kbd_timer(void)
{
	wake(PS2_EV_TIMER);
}

static int32_t ps2kbd_read(session_t *session, void *to, uint32_t bytes)
{
	if (driver_is_reserved(session))
		return DRV_EPERM;
	if (bytes < sizeof(input_event_t))
		return DRV_EINVAL;
	uint32_t taken = keys_read(&ps2.keys, to, bytes);
	announce_events();
	return (int32_t)taken;
}

static void ps2kbd_stats(driver_stats_t *rows)
{
	ps2_stats_t stats = ps2_stats(&ps2);
#define PS2_X_ROW(name) driver_stat(rows, #name, stats.name);
	PS2_STATS(PS2_X_ROW)
#undef PS2_X_ROW
}

int main(void)
{
	static const driver_ops_t ops = {
	    .probe = ps2kbd_probe,
	    .init = ps2kbd_init,
	    .quiesce = ps2kbd_quiesce,
	    .stop = ps2kbd_stop,
	    .irq = ps2kbd_irq,
	    .timer = ps2kbd_timer,
	    .read = ps2kbd_read,
	    .stats = ps2kbd_stats,
	};
	ps2_init(&ps2);
	return driver_main(&ops);
}
