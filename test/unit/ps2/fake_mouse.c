/* SPDX-License-Identifier: BSD-2-Clause */
/* The mouse of fake_pc.h ([AUX]; wheels: Microsoft, "IntelliMouse Explorer" data packets). */
#include <string.h>

#include "fake_parts.h"

enum mouse_command {
	COMMAND_SCALE_1 = 0xe6,
	COMMAND_SCALE_2 = 0xe7,
	COMMAND_RESOLUTION = 0xe8,
	COMMAND_STATUS = 0xe9,
	COMMAND_STREAM = 0xea,
	COMMAND_READ = 0xeb,
	COMMAND_UNWRAP = 0xec,
	COMMAND_WRAP = 0xee,
	COMMAND_REMOTE = 0xf0,
	COMMAND_IDENTIFY = 0xf2,
	COMMAND_RATE = 0xf3,
	COMMAND_ENABLE = 0xf4,
	COMMAND_DISABLE = 0xf5,
	COMMAND_DEFAULTS = 0xf6,
};

/* A packet's first byte, and the fourth of an Explorer. */
#define PACKET_ALWAYS 0x08u
#define PACKET_X_SIGN 0x10u
#define PACKET_Y_SIGN 0x20u
#define PACKET_X_OVER 0x40u
#define PACKET_Y_OVER 0x80u
#define FOURTH_ACROSS 0x40u
#define MOTION_MAX    255
#define EMULATED_MAX  127

void fake_mouse_defaults(fake_pc_t *pc)
{
	pc->mouse = (fake_mouse_t){.rate = 100, .resolution = 2};
}

static void set_defaults(fake_pc_t *pc)
{
	uint8_t id = pc->mouse.id;
	fake_mouse_defaults(pc);
	pc->mouse.id = id;
}

static int32_t part(int32_t *of, int32_t most)
{
	int32_t some = *of > most ? most : *of < -most ? -most : *of;
	*of -= some;
	return some;
}

/* The fourth byte of an Explorer: a wheel of four bits and two buttons, or, if only the second
 * wheel moved, that one and no buttons. */
static uint8_t fourth(fake_mouse_t *mouse)
{
	if (mouse->id == 3)
		return (uint8_t)part(&mouse->wheel, 127);
	if (mouse->hwheel && !mouse->wheel)
		return (uint8_t)(FOURTH_ACROSS | (part(&mouse->hwheel, 31) & 0x3f));
	return (uint8_t)((part(&mouse->wheel, 7) & 0x0f) | (mouse->buttons >> 3 & 3) << 4);
}

static unsigned packet(fake_pc_t *pc, uint8_t bytes[4])
{
	fake_mouse_t *mouse = &pc->mouse;
	int32_t most = pc->is.one_queue ? EMULATED_MAX : MOTION_MAX;
	int32_t dx = part(&mouse->dx, most), dy = part(&mouse->dy, most);
	bytes[0] = PACKET_ALWAYS | (mouse->buttons & 7);
	bytes[0] |= dx < 0 ? PACKET_X_SIGN : 0;
	bytes[0] |= dy < 0 ? PACKET_Y_SIGN : 0;
	if (!pc->is.one_queue) { /* a real counter holds no more */
		bytes[0] |= mouse->dx ? PACKET_X_OVER : 0;
		bytes[0] |= mouse->dy ? PACKET_Y_OVER : 0;
		mouse->dx = mouse->dy = 0;
	}
	bytes[1] = (uint8_t)dx;
	bytes[2] = (uint8_t)dy;
	mouse->sent_buttons = mouse->buttons;
	if (mouse->id == 0) {
		mouse->wheel = mouse->hwheel = 0;
		mouse->sent_buttons &= 0x1f;
		return 3;
	}
	if (mouse->id == 3)
		mouse->hwheel = 0;
	bytes[3] = fourth(mouse);
	return 4;
}

static bool moved(const fake_mouse_t *mouse)
{
	return mouse->dx || mouse->dy || mouse->wheel || mouse->hwheel;
}

static bool reports(const fake_pc_t *pc)
{
	const fake_device_t *device = &pc->devices[FAKE_MOUSE];
	return device->plugged && device->enabled && !device->dead && !device->gone &&
	       device->testing_until == FAKE_NEVER && !pc->mouse.remote;
}

uint64_t fake_mouse_next(const fake_pc_t *pc)
{
	const fake_mouse_t *mouse = &pc->mouse;
	if (pc->is.one_queue || !reports(pc) || pc->devices[FAKE_MOUSE].stream_count ||
	    (!moved(mouse) && mouse->buttons == mouse->sent_buttons))
		return FAKE_NEVER;
	return mouse->sample_at;
}

/* A mouse looks at itself at each tick of its sample rate. */
static void await_tick(fake_pc_t *pc)
{
	uint64_t period = 1000000u / pc->mouse.rate;
	if (fake_mouse_next(pc) == FAKE_NEVER)
		pc->mouse.sample_at = pc->now_us - pc->now_us % period + period;
}

void fake_mouse_sample(fake_pc_t *pc)
{
	uint8_t bytes[4];
	unsigned count = packet(pc, bytes);
	fake_device_stream(pc, FAKE_MOUSE, bytes, count);
	pc->mouse.sample_at = 0;
	await_tick(pc);
}

/* The emulator puts packets into the queue at once, as long as they fit. */
static void synchronise(fake_pc_t *pc)
{
	while (pc->is.one_queue && reports(pc) &&
	       fake_device_room(pc, FAKE_MOUSE) >= (pc->mouse.id ? 4 : 3)) {
		fake_mouse_sample(pc);
		if (!moved(&pc->mouse))
			break;
	}
	pc_pass(pc, 0);
}

void pc_move(fake_pc_t *pc, int32_t dx, int32_t dy, int32_t wheel, int32_t hwheel)
{
	pc_pass(pc, 0);
	if (!reports(pc))
		return;
	await_tick(pc);
	pc->mouse.dx += dx;
	pc->mouse.dy -= dy;
	pc->mouse.wheel -= wheel;
	pc->mouse.hwheel -= hwheel;
	synchronise(pc);
}

void pc_buttons(fake_pc_t *pc, uint8_t buttons)
{
	pc_pass(pc, 0);
	await_tick(pc);
	pc->mouse.buttons = buttons;
	synchronise(pc);
}

static void knock(fake_pc_t *pc, uint8_t rate)
{
	fake_mouse_t *mouse = &pc->mouse;
	mouse->rate = rate ? rate : 100;
	memmove(mouse->rates, mouse->rates + 1, 2);
	mouse->rates[2] = rate;
	if (mouse->rates[0] != 200 || rate != 80)
		return;
	uint8_t most = pc->faults.mouse_ids ? pc->faults.mouse_ids : 4;
	if (mouse->rates[1] == 100 && most >= 3)
		mouse->id = 3;
	if (mouse->rates[1] == 200 && most >= 4 && mouse->id == 3)
		mouse->id = 4;
}

static void say_status(fake_pc_t *pc)
{
	const fake_mouse_t *mouse = &pc->mouse;
	uint8_t flags = (uint8_t)(mouse->remote << 6 | pc->devices[FAKE_MOUSE].enabled << 5 |
				  mouse->scaling << 4 | (mouse->buttons & 7));
	fake_device_say(pc, FAKE_MOUSE, flags);
	fake_device_say(pc, FAKE_MOUSE, mouse->resolution);
	fake_device_say(pc, FAKE_MOUSE, mouse->rate);
}

static bool is_parameter(fake_pc_t *pc, uint8_t byte)
{
	fake_device_t *device = &pc->devices[FAKE_MOUSE];
	uint8_t of = device->expects;
	device->expects = 0;
	if (of == COMMAND_RATE)
		knock(pc, byte);
	if (of == COMMAND_RESOLUTION)
		pc->mouse.resolution = byte & 3;
	return of;
}

/* What it does, without its answers. False: it knows no such command. */
static bool obey(fake_pc_t *pc, uint8_t byte)
{
	fake_device_t *device = &pc->devices[FAKE_MOUSE];
	if (is_parameter(pc, byte))
		return true;
	if (byte == COMMAND_RATE || byte == COMMAND_RESOLUTION)
		device->expects = byte;
	else if (byte == COMMAND_SCALE_1 || byte == COMMAND_SCALE_2)
		pc->mouse.scaling = byte == COMMAND_SCALE_2;
	else if (byte == COMMAND_STREAM || byte == COMMAND_REMOTE)
		pc->mouse.remote = byte == COMMAND_REMOTE;
	else if (byte == COMMAND_WRAP || byte == COMMAND_UNWRAP)
		pc->mouse.wrap = byte == COMMAND_WRAP;
	else if (byte == COMMAND_ENABLE || byte == COMMAND_DISABLE)
		device->enabled = byte == COMMAND_ENABLE;
	else if (byte == COMMAND_DEFAULTS)
		set_defaults(pc);
	else
		return byte == COMMAND_IDENTIFY || byte == COMMAND_STATUS ||
		       byte == COMMAND_READ;
	if (byte == COMMAND_DISABLE || byte == COMMAND_DEFAULTS)
		pc->mouse.dx = pc->mouse.dy = 0;
	if (byte == COMMAND_DEFAULTS)
		device->enabled = false;
	return true;
}

void fake_mouse_take(fake_pc_t *pc, uint8_t byte)
{
	bool parameter = pc->devices[FAKE_MOUSE].expects;
	uint8_t bytes[4];
	if (!pc->is.one_queue)
		pc->devices[FAKE_MOUSE].stream_count = 0; /* and the packet is dropped */
	if (pc->mouse.wrap && byte != COMMAND_UNWRAP) {
		fake_device_say(pc, FAKE_MOUSE, byte);
		return;
	}
	if (!obey(pc, byte)) {
		if (!pc->is.one_queue)
			fake_device_say(pc, FAKE_MOUSE, BYTE_RESEND);
		return;
	}
	fake_device_say(pc, FAKE_MOUSE, BYTE_ACK);
	if (parameter)
		return;
	if (byte == COMMAND_IDENTIFY)
		fake_device_say(pc, FAKE_MOUSE, pc->mouse.id);
	if (byte == COMMAND_STATUS)
		say_status(pc);
	if (byte == COMMAND_READ)
		for (unsigned i = 0, count = packet(pc, bytes); i < count; i++)
			fake_device_say(pc, FAKE_MOUSE, bytes[i]);
}
