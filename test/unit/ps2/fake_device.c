/* SPDX-License-Identifier: BSD-2-Clause */
/* What keyboard and mouse of fake_pc.h have in common: answers and their rules, self-tests,
 * being plugged in, and what happens to them at a time. */
#include <string.h>

#include "fake_parts.h"

#define FIRST_COMMAND 0xe6u /* what is below may be a parameter; a mouse's begin here */

const fake_rule_t *fake_rule_of(fake_pc_t *pc, fake_target_t target, uint16_t on)
{
	for (unsigned i = 0; i < FAKE_RULES; i++) {
		const fake_rule_t *rule = &pc->rules[i];
		bool any = rule->on == FAKE_ANY && target != FAKE_CONTROLLER;
		if (!rule->on || rule->target != target || (rule->on != on && !any))
			continue;
		unsigned turn = pc->matched[i]++;
		if (turn >= rule->first && (!rule->times || turn < rule->first + rule->times))
			return rule;
	}
	return NULL;
}

void fake_device_answer(fake_pc_t *pc, fake_target_t port, const uint8_t *bytes, unsigned count,
			uint64_t us)
{
	fake_device_t *device = &pc->devices[port];
	if (port == FAKE_MOUSE && pc->is.one_queue && !us) {
		for (unsigned i = 0; i < count; i++)
			fake_device_stream(pc, port, bytes + i, 1);
		return;
	}
	if (count > FAKE_ANSWERS - device->answer_count)
		count = FAKE_ANSWERS - device->answer_count;
	if (count && (!device->answer_count || device->answer_at < pc->now_us + us))
		device->answer_at = pc->now_us + us;
	memcpy(device->answers + device->answer_count, bytes, count);
	device->answer_count += count;
}

void fake_device_say(fake_pc_t *pc, fake_target_t port, uint8_t byte)
{
	fake_device_answer(pc, port, &byte, 1, pc->is.ack_us);
}

unsigned fake_device_room(const fake_pc_t *pc, fake_target_t port)
{
	unsigned used = pc->devices[port].stream_count; /* may be one more, with the mark */
	used += pc->is.one_queue && pc->output_full && pc->receives.from_stream &&
		pc->receives.port == port;
	return used < FAKE_FIFO ? FAKE_FIFO - used : 0;
}

bool fake_device_stream(fake_pc_t *pc, fake_target_t port, const uint8_t *bytes, unsigned count)
{
	fake_device_t *device = &pc->devices[port];
	if (count > fake_device_room(pc, port))
		return false;
	memcpy(device->stream + device->stream_count, bytes, count);
	device->stream_count += count;
	return true;
}

static bool silent(const fake_device_t *device)
{
	return !device->plugged || device->dead || device->gone;
}

/* The answers that a device still owes are sent although it has died since. */
bool fake_device_ready(const fake_pc_t *pc, fake_target_t port)
{
	const fake_device_t *device = &pc->devices[port];
	if (device->plugged && device->answer_count && device->answer_at <= pc->now_us)
		return true;
	return !silent(device) && device->stream_count &&
	       (!device->expects || pc->is.one_queue);
}

uint64_t fake_device_next(const fake_pc_t *pc, fake_target_t port)
{
	const fake_device_t *device = &pc->devices[port];
	uint64_t next = FAKE_NEVER;
	if (!device->plugged)
		return next;
	if (device->answer_count && device->answer_at > pc->now_us)
		next = device->answer_at;
	if (device->testing_until < next)
		next = device->testing_until;
	if (silent(device))
		return next;
	if (port == FAKE_MOUSE && fake_mouse_next(pc) < next)
		next = fake_mouse_next(pc);
	if (port == FAKE_KEYBOARD && pc->keys.repeats && device->enabled &&
	    pc->keys.repeat_at < next)
		next = pc->keys.repeat_at;
	return next;
}

static void defaults(fake_pc_t *pc, fake_target_t port)
{
	fake_device_t *device = &pc->devices[port];
	device->stream_count = 0;
	device->expects = 0;
	device->overrun = false;
	if (port == FAKE_MOUSE)
		fake_mouse_defaults(pc);
	else
		fake_keyboard_defaults(pc);
}

static void begin_test(fake_pc_t *pc, fake_target_t port)
{
	fake_device_t *device = &pc->devices[port];
	defaults(pc, port);
	device->dead = false;
	device->enabled = false;
	device->testing_until = pc->now_us + pc->is.test_us[port];
}

static void end_test(fake_pc_t *pc, fake_target_t port)
{
	static const uint8_t report[] = {BYTE_TESTED, 0};
	fake_device_t *device = &pc->devices[port];
	device->testing_until = FAKE_NEVER;
	device->enabled = port == FAKE_KEYBOARD;
	fake_device_answer(pc, port, report, port == FAKE_MOUSE ? 2 : 1, 0);
}

static void obey(fake_pc_t *pc, fake_target_t port, uint8_t byte)
{
	if (byte == COMMAND_RESET) {
		begin_test(pc, port);
		fake_device_say(pc, port, BYTE_ACK);
	} else if (byte == BYTE_RESEND) {
		fake_device_say(pc, port, pc->devices[port].last);
	} else if (port == FAKE_MOUSE) {
		fake_mouse_take(pc, byte);
	} else {
		fake_keyboard_take(pc, byte);
	}
}

/* Does what the byte asks for and says nothing. */
static void obey_mutely(fake_pc_t *pc, fake_target_t port, uint8_t byte)
{
	fake_device_t *device = &pc->devices[port];
	unsigned answers = device->answer_count, stream = device->stream_count;
	obey(pc, port, byte);
	if (device->answer_count > answers)
		device->answer_count = answers;
	if (device->stream_count > stream)
		device->stream_count = stream;
	device->testing_until = FAKE_NEVER;
	if (byte == COMMAND_RESET)
		device->enabled = port == FAKE_KEYBOARD;
}

static void follow(fake_pc_t *pc, fake_target_t port, uint8_t byte, const fake_rule_t *rule)
{
	fake_device_t *device = &pc->devices[port];
	uint64_t us = pc->is.ack_us + rule->late_us;
	if (rule->then == FAKE_INSTEAD)
		obey_mutely(pc, port, byte);
	if (rule->then == FAKE_AFTER)
		obey(pc, port, byte);
	fake_device_answer(pc, port, rule->bytes, rule->count, us);
	if (rule->then == FAKE_BEFORE)
		obey(pc, port, byte);
	device->dead |= rule->then == FAKE_DIES;
	device->gone |= rule->then == FAKE_GONE;
	if (device->dead || device->gone)
		device->stream_count = 0;
}

void fake_device_take(fake_pc_t *pc, fake_target_t port, uint8_t byte)
{
	fake_device_t *device = &pc->devices[port];
	bool parameter = device->expects && (byte < FIRST_COMMAND || pc->is.swallows);
	if (!parameter)
		pc->written[port][byte]++;
	if (device->gone || (device->dead && byte != COMMAND_RESET) ||
	    (device->testing_until != FAKE_NEVER && byte != COMMAND_RESET))
		return;
	if (!parameter)
		device->expects = 0;
	if (!pc->is.one_queue)
		device->answer_count =
		    0; /* who is spoken to says no more of what it was saying */
	uint16_t on = parameter ? FAKE_PARAMETER(device->expects) : byte;
	const fake_rule_t *rule = fake_rule_of(pc, port, on);
	if (rule)
		follow(pc, port, byte, rule);
	else
		obey(pc, port, byte);
}

void fake_device_live(fake_pc_t *pc, fake_target_t port)
{
	fake_device_t *device = &pc->devices[port];
	if (!device->plugged)
		return;
	if (device->testing_until <= pc->now_us)
		end_test(pc, port);
	if (silent(device))
		return;
	if (port == FAKE_MOUSE && fake_mouse_next(pc) <= pc->now_us)
		fake_mouse_sample(pc);
	if (port == FAKE_KEYBOARD && pc->keys.repeats && device->enabled &&
	    pc->keys.repeat_at <= pc->now_us)
		fake_keyboard_repeat(pc);
}

void pc_unplug(fake_pc_t *pc, fake_target_t port)
{
	defaults(pc, port);
	pc->devices[port] = (fake_device_t){.testing_until = FAKE_NEVER};
	if (pc->receives.port == port)
		pc->receives.busy = false;
}

void pc_plug(fake_pc_t *pc, fake_target_t port)
{
	pc_unplug(pc, port);
	if (port == FAKE_KEYBOARD)
		memset(pc->keys.held, 0, sizeof(pc->keys.held));
	pc->devices[port].plugged = true;
	begin_test(pc, port);
}

static void happen(fake_pc_t *pc, const fake_happening_t *now)
{
	fake_device_t *device = &pc->devices[now->target % FAKE_PORTS];
	switch (now->what) {
	case FAKE_DAMAGES:
		device->damage = now->bytes[1];
		fake_device_answer(pc, now->target, now->bytes, 1, 1);
		break;
	case FAKE_SENDS:
		fake_device_stream(pc, now->target, now->bytes, now->count);
		break;
	case FAKE_UNPLUGS:
		pc_unplug(pc, now->target);
		break;
	case FAKE_PLUGS:
		pc_plug(pc, now->target);
		break;
	case FAKE_CONFIG:
		pc->config = now->bytes[0];
		break;
	case FAKE_DEAFENS:
		device->enabled = false;
		break;
	case FAKE_SPURIOUS:
		pc->irq[now->target % FAKE_PORTS] = true;
		break;
	case FAKE_QUIET:
		pc->faults.no_irq = true;
		break;
	default:
		break;
	}
}

void fake_device_happen(fake_pc_t *pc)
{
	for (unsigned i = 0; i < FAKE_HAPPENING; i++) {
		const fake_happening_t *it = &pc->happenings[i];
		bool due = it->what && (uint64_t)it->at_ms * FAKE_MS <= pc->now_us;
		if (!due || (pc->happened & (1u << i)))
			continue;
		pc->happened |= 1u << i;
		happen(pc, it);
	}
}
