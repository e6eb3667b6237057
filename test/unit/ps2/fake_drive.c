/* SPDX-License-Identifier: BSD-2-Clause */
/* The bench of fake_drive.h. */
#define _GNU_SOURCE /* MAP_32BIT */
#include "fake_drive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static uint32_t now_ms(const drive_t *drive)
{
	return (uint32_t)(drive->pc.now_us / FAKE_MS);
}

/* Events of each instance that found nothing have numbers of their own. */
static void open_driver(drive_t *drive)
{
	bool kept;
	memset(&drive->ps2, 0xa5, sizeof(drive->ps2));
	ps2_init(&drive->ps2);
	drive->context =
	    (DriverContextV2){.shared_cfg = (driver_address_t)(uintptr_t)drive->page,
			      .shared_cfg_size = PAGE_SIZE};
	if (ps2_open(&drive->ps2, &drive->context, drive->before << 20, drive->before > 0,
		     now_ms(drive), &kept) != DRV_OK)
		abort();
	drive->ps2.mouse_given = drive->mouse;
	drive->wake_us = FAKE_NEVER;
	drive->failed = false;
}

void drive_begin(drive_t *drive, const fake_pc_t *pc, bool mouse)
{
	ps2_page_t *page = drive->page;
	*drive = (drive_t){.pc = *pc, .mouse = mouse, .page = page};
	if (!page)
		drive->page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if ((void *)drive->page == MAP_FAILED)
		abort();
	memset(drive->page, 0, PAGE_SIZE);
	open_driver(drive);
}

void drive_again(drive_t *drive, bool kept)
{
	if (!kept)
		memset(drive->page, 0, PAGE_SIZE);
	drive->before++;
	open_driver(drive);
}

/* As SYS_CAP_PIO_KEEP does. */
static uint8_t take_data(drive_t *drive)
{
	uint8_t byte = pc_data(&drive->pc);
	drive->page->taken.value = byte;
	drive->page->taken.count++;
	return byte;
}

static ps2_event_t perform(drive_t *drive, ps2_action_t action)
{
	ps2_event_t event = {.type = PS2_EV_WRITTEN};
	pc_pass(&drive->pc, 1);
	if (action.type == PS2_ACT_READ_STATUS)
		event = (ps2_event_t){.type = PS2_EV_STATUS, .byte = pc_status(&drive->pc)};
	else if (action.type == PS2_ACT_READ_DATA)
		event = (ps2_event_t){.type = PS2_EV_DATA, .byte = take_data(drive)};
	else if (action.type == PS2_ACT_WRITE_COMMAND)
		pc_command(&drive->pc, action.byte);
	else
		pc_write(&drive->pc, action.byte);
	event.now_ms = now_ms(drive);
	return event;
}

static bool is_access(ps2_action_type_t type)
{
	return type == PS2_ACT_READ_STATUS || type == PS2_ACT_READ_DATA ||
	       type == PS2_ACT_WRITE_COMMAND || type == PS2_ACT_WRITE_DATA;
}

/* One event and all port accesses that follow from it. */
static ps2_action_t feed(drive_t *drive, ps2_event_t event)
{
	ps2_action_t action;
	event.now_ms = now_ms(drive);
	for (unsigned spins = 0;; spins++) {
		action = ps2_step(&drive->ps2, event);
		if (!is_access(action.type))
			break;
		drive->endless |= spins > DRIVE_SPINS;
		if (drive->endless)
			return (ps2_action_t){.type = PS2_ACT_FAIL, .error = DRV_EIO};
		event = perform(drive, action);
	}
	drive->wake_us = action.type != PS2_ACT_WAIT
			     ? FAKE_NEVER
			     : drive->pc.now_us + action.wait_ms * (uint64_t)FAKE_MS;
	return action;
}

/* Lets time pass until the driver has something to do or `end`; false: it has nothing. */
static bool await(drive_t *drive, uint64_t end, ps2_event_t *event)
{
	fake_pc_t *pc = &drive->pc;
	for (;;) {
		for (unsigned port = 0; port < FAKE_PORTS; port++) {
			if (!pc_irq(pc, port) || (port && !drive->mouse))
				continue;
			*event = (ps2_event_t){.type = PS2_EV_IRQ, .byte = (uint8_t)port};
			return true;
		}
		if (drive->wake_us <= pc->now_us) {
			*event = (ps2_event_t){.type = PS2_EV_TIMER};
			return true;
		}
		uint64_t next = pc_next(pc);
		next = next < drive->wake_us ? next : drive->wake_us;
		if (next > end) {
			pc_pass(pc, end - pc->now_us);
			return false;
		}
		pc_pass(pc, next > pc->now_us ? next - pc->now_us : 0);
	}
}

ps2_action_t drive_do(drive_t *drive, ps2_event_type_t operation)
{
	ps2_action_t action = feed(drive, (ps2_event_t){.type = operation});
	while (action.type == PS2_ACT_WAIT) {
		ps2_event_t event;
		if (!await(drive, FAKE_NEVER - 1, &event))
			break;
		action = feed(drive, event);
	}
	drive->failed = false;
	if (action.type == PS2_ACT_DONE && operation == PS2_EV_START)
		feed(drive, (ps2_event_t){.type = PS2_EV_TIMER});
	return action;
}

void drive_run(drive_t *drive, uint32_t ms)
{
	uint64_t end = drive->pc.now_us + ms * (uint64_t)FAKE_MS;
	ps2_event_t event;
	while (!drive->endless && !drive->failed && await(drive, end, &event))
		drive->failed = feed(drive, event).type == PS2_ACT_FAIL;
	if (end > drive->pc.now_us)
		pc_pass(&drive->pc, end - drive->pc.now_us);
	drive_read(drive);
}

static void believe(drive_t *drive, const input_event_t *event)
{
	uint8_t *of = &drive->held.buttons;
	unsigned bit = event->code - (unsigned)BTN_LEFT;
	if (event->type != INPUT_KEY)
		return;
	if (event->code < INPUT_KEYS_MAX) {
		of = &drive->held.keys[event->code / 8];
		bit = event->code % 8;
	}
	*of = (uint8_t)(event->value == INPUT_UP ? *of & ~(1u << bit) : *of | 1u << bit);
}

void drive_read(drive_t *drive)
{
	const ps2_state_t *state = turn_state(&drive->ps2.turn);
	input_event_t event;
	for (;;) {
		int32_t got = events_read(drive->page, state, INPUT_OPEN_ALL, &drive->position,
					  &event, sizeof(event));
		if (got == DRV_EOVERFLOW) {
			drive->gaps++;
			drive->position =
			    events_resume(drive->page, state, INPUT_OPEN_ALL, drive->position);
			events_state_at(drive->page, state, drive->position, &drive->held);
			continue;
		}
		if (got != sizeof(event))
			return;
		believe(drive, &event);
		if (drive->count < DRIVE_EVENTS)
			drive->events[drive->count] = event;
		drive->count++;
	}
}

bool drive_keys_are(const drive_t *drive, unsigned from, const drive_key_t *keys,
		    unsigned count)
{
	unsigned found = 0;
	for (unsigned i = from; i < drive->count && i < DRIVE_EVENTS; i++) {
		const input_event_t *event = &drive->events[i];
		if (event->type != INPUT_KEY)
			continue;
		if (found == count || event->code != keys[found].code ||
		    event->value != keys[found].value)
			return false;
		found++;
	}
	return found == count;
}

int32_t drive_motion(const drive_t *drive, unsigned from, uint16_t axis)
{
	int32_t sum = 0;
	for (unsigned i = from; i < drive->count && i < DRIVE_EVENTS; i++)
		if (drive->events[i].type == INPUT_REL && drive->events[i].code == axis)
			sum += drive->events[i].value;
	return sum;
}
