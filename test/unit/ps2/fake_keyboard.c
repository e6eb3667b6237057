/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard of fake_pc.h ([KBD]). It knows sets 1 and 2; it refuses set 3, as many do. */
#include "abi/protocol/input.h"
#include "fake_parts.h"

/* Commands and what belongs to them. */
enum keyboard_command {
	COMMAND_LEDS = 0xed,
	COMMAND_ECHO = 0xee,
	COMMAND_SET = 0xf0,
	COMMAND_IDENTIFY = 0xf2,
	COMMAND_TYPEMATIC = 0xf3,
	COMMAND_ENABLE = 0xf4,
	COMMAND_DISABLE = 0xf5,
	COMMAND_DEFAULTS = 0xf6,
};
#define LED_NUM		  0x02u
#define DEFAULT_TYPEMATIC 0x2bu /* 500 ms, 10.9 a second */
#define OVERRUN1	  0xffu
#define OVERRUN2	  0x00u

void fake_keyboard_defaults(fake_pc_t *pc)
{
	pc->keys.set = 2;
	pc->keys.leds = 0;
	pc->keys.typematic = DEFAULT_TYPEMATIC;
	pc->keys.repeats = 0;
}

static bool is_held(const fake_pc_t *pc, uint16_t key)
{
	return pc->keys.held[key / 8] >> (key % 8) & 1;
}

static void mark(fake_pc_t *pc, uint16_t key, bool down)
{
	uint8_t bit = (uint8_t)(1u << (key % 8));
	pc->keys.held[key / 8] =
	    (uint8_t)(down ? pc->keys.held[key / 8] | bit : pc->keys.held[key / 8] & ~bit);
}

static uint64_t delay_us(const fake_pc_t *pc)
{
	return ((pc->keys.typematic >> 5 & 3) + 1) * 250ull * FAKE_MS;
}

/* ([KBD] "Set typematic rate/delay"): (8 + A) * 2^B / 240 s. */
static uint64_t period_us(const fake_pc_t *pc)
{
	uint64_t a = pc->keys.typematic & 7, b = pc->keys.typematic >> 3 & 3;
	return (8 + a) * (1u << b) * 1000000ull / 240;
}

static void overrun(fake_pc_t *pc)
{
	fake_device_t *device = &pc->devices[FAKE_KEYBOARD];
	pc->overruns++;
	if (!pc->is.overrun_marks || device->overrun || device->stream_count > FAKE_FIFO)
		return;
	device->overrun = true; /* the mark has the seventeenth place */
	device->stream[device->stream_count++] = pc->keys.set == 1 ? OVERRUN1 : OVERRUN2;
}

static void scan(fake_pc_t *pc, uint16_t key, bool down)
{
	fake_device_t *device = &pc->devices[FAKE_KEYBOARD];
	fake_shifts_t shifts = {
	    .left_shift = is_held(pc, KEY_LEFTSHIFT),
	    .right_shift = is_held(pc, KEY_RIGHTSHIFT),
	    .ctrl = is_held(pc, KEY_LEFTCTRL) || is_held(pc, KEY_RIGHTCTRL),
	    .alt = is_held(pc, KEY_LEFTALT) || is_held(pc, KEY_RIGHTALT),
	    .num_lock = pc->keys.leds & LED_NUM,
	};
	bool translated = pc->is.early_translation && pc->config & 0x40;
	uint8_t bytes[FAKE_KEY_BYTES];
	unsigned count =
	    fake_key_bytes(key, down, translated ? 1 : pc->keys.set, shifts, bytes);
	unsigned each =
	    pc->is.one_queue ? 1 : count; /* there a code goes in as far as it fits */
	for (unsigned i = 0; i < count; i += each)
		if (device->overrun ||
		    !fake_device_stream(pc, FAKE_KEYBOARD, bytes + i, each)) {
			overrun(pc);
			return;
		}
}

static bool scans(const fake_pc_t *pc)
{
	const fake_device_t *device = &pc->devices[FAKE_KEYBOARD];
	return device->plugged && device->enabled && !device->dead && !device->gone &&
	       device->testing_until == FAKE_NEVER;
}

void pc_key(fake_pc_t *pc, uint16_t key, bool down)
{
	pc_pass(pc, 0);
	if (is_held(pc, key) == down)
		return;
	if (scans(pc))
		scan(pc, key, down);
	mark(pc, key, down);
	if (down && pc->is.typematic && key != KEY_PAUSE) {
		pc->keys.repeats = key;
		pc->keys.repeat_at = pc->now_us + delay_us(pc);
	} else if (pc->keys.repeats == key) {
		pc->keys.repeats = 0;
	}
	pc_pass(pc, 0);
}

void fake_keyboard_repeat(fake_pc_t *pc)
{
	pc->keys.repeat_at = pc->now_us + period_us(pc);
	scan(pc, pc->keys.repeats, true);
}

static void answer_set(fake_pc_t *pc)
{
	fake_device_say(pc, FAKE_KEYBOARD, BYTE_ACK);
	bool translated = pc->is.early_translation && pc->config & 0x40;
	uint8_t set = pc->keys.set;
	fake_device_say(pc, FAKE_KEYBOARD, translated ? fake_translation[set] : set);
}

static void take_parameter(fake_pc_t *pc, uint8_t of, uint8_t byte)
{
	if (of == COMMAND_SET && byte == 0) {
		answer_set(pc);
		return;
	}
	if (of == COMMAND_SET && byte > 2) {
		fake_device_say(pc, FAKE_KEYBOARD, BYTE_RESEND);
		return;
	}
	if (of == COMMAND_SET)
		pc->keys.set = byte;
	if (of == COMMAND_LEDS)
		pc->keys.leds = byte;
	if (of == COMMAND_TYPEMATIC)
		pc->keys.typematic = byte & 0x7f;
	fake_device_say(pc, FAKE_KEYBOARD, BYTE_ACK);
}

static void identify(fake_pc_t *pc)
{
	uint8_t ids[2] = {0xab, 0x83};
	unsigned count = pc->faults.id_count ? pc->faults.id_count : 2;
	fake_device_say(pc, FAKE_KEYBOARD, BYTE_ACK);
	for (unsigned i = 0; i < count; i++) {
		uint8_t id = pc->faults.id_count ? pc->faults.ids[i] : ids[i];
		bool translated = pc->is.early_translation && pc->config & 0x40;
		fake_device_say(pc, FAKE_KEYBOARD, translated ? fake_translation[id] : id);
	}
}

static void set_scanning(fake_pc_t *pc, uint8_t byte)
{
	fake_device_t *device = &pc->devices[FAKE_KEYBOARD];
	if (byte != COMMAND_ENABLE)
		fake_keyboard_defaults(pc);
	device->enabled = byte != COMMAND_DISABLE;
	if (!pc->is.early_translation)
		device->stream_count = 0;
	device->overrun = false;
	fake_device_say(pc, FAKE_KEYBOARD, BYTE_ACK);
}

void fake_keyboard_take(fake_pc_t *pc, uint8_t byte)
{
	fake_device_t *device = &pc->devices[FAKE_KEYBOARD];
	uint8_t of = device->expects;
	device->expects = 0;
	if (of) {
		take_parameter(pc, of, byte);
		return;
	}
	switch (byte) {
	case COMMAND_LEDS:
	case COMMAND_SET:
	case COMMAND_TYPEMATIC:
		device->expects = byte;
		fake_device_say(pc, FAKE_KEYBOARD, BYTE_ACK);
		break;
	case COMMAND_ECHO:
		fake_device_say(pc, FAKE_KEYBOARD, COMMAND_ECHO);
		break;
	case COMMAND_IDENTIFY:
		identify(pc);
		break;
	case COMMAND_ENABLE:
	case COMMAND_DISABLE:
	case COMMAND_DEFAULTS:
		set_scanning(pc, byte);
		break;
	default:
		fake_device_say(pc, FAKE_KEYBOARD, BYTE_RESEND);
		break;
	}
}
