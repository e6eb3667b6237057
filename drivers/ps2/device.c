/* SPDX-License-Identifier: BSD-2-Clause */
/* The device of device.h. */
#include "ps2/device.h"

void device_init(device_t *device, const device_kind_t *kind)
{
	*device = (device_t){.kind = kind, .port.ops = &kind->ops};
}

void device_begin(device_t *device, turn_t *turn, uint8_t task)
{
	device->task = task;
	port_begin(&device->port, turn, &device->kind->programs[task]);
}

void device_stop(device_t *device)
{
	port_end(&device->port);
	device->task = DEVICE_NOTHING;
}

void device_setup(device_t *device, turn_t *turn)
{
	ps2_kept_device_t *kept = device_edit(device, turn);
	device_lose_some(device, turn);
	events_release(turn_edit(turn), device->kind->bit);
	*kept = (ps2_kept_device_t){.state = DEVICE_SETTING_UP, .received = kept->received};
	turn->stats.inits++;
	device_begin(device, turn, DEVICE_SETUP);
}

bool device_may_setup(device_t *device, uint32_t now_ms)
{
	uint32_t *oldest = &device->setups[device->setup_count % DEVICE_SETUPS];
	if (device->setup_count >= DEVICE_SETUPS && now_ms - *oldest < DEVICE_SETUPS_MS)
		return false;
	*oldest = now_ms;
	device->setup_count++;
	return true;
}

bool device_ask_setup(device_t *device, turn_t *turn)
{
	bool may = device_may_setup(device, turn->now_ms);
	device_edit(device, turn)->setup_due = !may;
	return may;
}

void device_lose_some(const device_t *device, turn_t *turn)
{
	if (device_kept(device, turn)->state == DEVICE_LIVE)
		events_gap(turn->page, turn_edit(turn), device->kind->bit, turn->now_ms);
}
