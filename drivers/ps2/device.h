/* SPDX-License-Identifier: BSD-2-Clause */
/* A device behind a port, what keyboard and mouse have in common: for what a program is at the
 * port, how far the device is, how often it may ask to be set up. Pure. What must outlive the
 * driver is in the kept state; what is here is lost at a death. */
#ifndef PS2_DEVICE_H
#define PS2_DEVICE_H

#include "ps2/port.h"

#define DEVICE_SETUPS	 3u /* set-ups that a device may ask for in DEVICE_SETUPS_MS */
#define DEVICE_SETUPS_MS 10000u

/* What a program is for. Further tasks are the device's own. */
enum device_task { DEVICE_NOTHING = 0, DEVICE_SETUP = 1, DEVICE_TASKS };

/* What tells one device from another, and never changes. */
typedef struct device_kind {
	uint8_t place; /* enum ps2_port */
	uint8_t bit;   /* INPUT_OPEN_… */
	port_ops_t ops;
	const program_table_t *programs; /* by task */
} device_kind_t;

/* Invariant PS8: `task` is DEVICE_NOTHING exactly if the port is idle. */
typedef struct device {
	const device_kind_t *kind;
	port_t port;
	uint8_t task;
	err_t error;	   /* why a device that is there does not work, or DRV_OK */
	uint32_t heard_ms; /* its last byte, or the last look after it */
	uint32_t setups[DEVICE_SETUPS]; /* when the last ones began that it asked for */
	uint32_t setup_count;
} device_t;

void device_init(device_t *device, const device_kind_t *kind);

/* As it is kept: to look at, and to change. */
static inline const ps2_kept_device_t *device_kept(const device_t *device, const turn_t *turn)
{
	return &turn_state(turn)->devices[device->kind->place];
}

static inline ps2_kept_device_t *device_edit(const device_t *device, turn_t *turn)
{
	return &turn_edit(turn)->devices[device->kind->place];
}

/* Is a byte of it to be expected, without a key or a motion? */
static inline bool device_is_busy(const device_t *device)
{
	return device->port.phase != PORT_IDLE;
}

/* The program of a task begins; what was under way is abandoned. */
void device_begin(device_t *device, turn_t *turn, uint8_t task);

/* No more programs. */
void device_stop(device_t *device);

/* The task whose program has come to its end, once; or DEVICE_NOTHING. */
static inline uint8_t device_take_ended(device_t *device)
{
	uint8_t task = device->task;
	if (task == DEVICE_NOTHING || device_is_busy(device))
		return DEVICE_NOTHING;
	device->task = DEVICE_NOTHING;
	return task;
}

/* A set-up from the beginning. What it was before is not believed. */
void device_setup(device_t *device, turn_t *turn);

/* May a set-up begin that the device asked for? If so it is counted. */
bool device_may_setup(device_t *device, uint32_t now_ms);

/* It asks for one. True: it is to begin now; else it is due later. */
bool device_ask_setup(device_t *device, turn_t *turn);

/* Some of what it sent is missing here; it matters if it is in use. */
void device_lose_some(const device_t *device, turn_t *turn);

#endif
