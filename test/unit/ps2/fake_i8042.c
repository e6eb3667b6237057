/* SPDX-License-Identifier: BSD-2-Clause */
/* The device of fake_i8042.h. */
#include "fake_i8042.h"

#include "ps2/i8042.h"

#define CONFIG_AT_BOOT 0x61u
#define OUTPUT_PORT    0xd1u
#define PULSE_FIRST    0xf0u

static void put(fake_t *fake, fake_queue_t *queue, uint8_t byte, uint8_t status)
{
	if (queue->head - queue->tail < FAKE_QUEUE)
		queue->items[queue->head++ % FAKE_QUEUE] =
		    (struct fake_byte){byte, status, fake->now_ms + fake->latency_ms};
}

static bool take(fake_t *fake, fake_queue_t *queue)
{
	if (queue->head == queue->tail)
		return false;
	struct fake_byte first = queue->items[queue->tail % FAKE_QUEUE];
	if ((int32_t)(fake->now_ms - first.at_ms) < 0)
		return false;
	queue->tail++;
	fake->latch = first;
	fake->latched = true;
	return true;
}

static uint32_t next_random(fake_t *fake)
{
	fake->seed ^= fake->seed << 13;
	fake->seed ^= fake->seed >> 17;
	fake->seed ^= fake->seed << 5;
	return fake->seed;
}

void fake_init(fake_t *fake)
{
	*fake = (fake_t){.config = CONFIG_AT_BOOT, .nak = KBD_RESEND, .scanning = true};
}

/* Mostly the right thing, sometimes none, sometimes anything. */
static void disturb(fake_t *fake)
{
	static const uint8_t likely[] = {0xfa, 0xfe, 0xaa, 0xfc, 0x55, 0x00, 0xff, 0xe0, 0xe1};
	uint32_t dice = next_random(fake);
	if (dice % 8 == 0)
		put(fake, &fake->device, (uint8_t)(dice >> 8), (dice >> 16) & 0xe0);
	if (dice % 8 == 1)
		put(fake, &fake->device, likely[(dice >> 8) % sizeof(likely)], 0);
	if (dice % 64 == 2)
		fake->dead_keyboard = !fake->dead_keyboard;
	if (dice % 256 == 3)
		fake->endless = !fake->endless;
	if (dice % 256 == 5)
		fake->never_ready = !fake->never_ready;
	if (dice % 32 == 6)
		fake->config = (uint8_t)(dice >> 8);
	if (dice % 128 == 7)
		fake->mute_controller = !fake->mute_controller;
	fake->endless_byte = (uint8_t)(dice >> 24);
}

uint8_t fake_status(fake_t *fake)
{
	fake->status_reads++;
	if (fake->random)
		disturb(fake);
	if (fake->absent)
		return I8042_STATUS_ABSENT;
	uint8_t status = fake->never_ready ? I8042_STATUS_INPUT_FULL : 0;
	if (!fake->latched && !take(fake, &fake->controller) &&
	    !(fake->config & I8042_CONFIG_KBD_OFF))
		take(fake, &fake->device);
	if (fake->latched)
		return status | I8042_STATUS_OUTPUT_FULL | fake->latch.status;
	if (fake->endless)
		return status | I8042_STATUS_OUTPUT_FULL | fake->endless_status;
	return status;
}

uint8_t fake_data(fake_t *fake)
{
	fake->data_reads++;
	if (fake->absent)
		return 0xff;
	if (!fake->latched && fake->endless)
		return fake->endless_byte;
	fake->latched = false;
	return fake->latch.byte;
}

static void note(fake_t *fake, uint16_t entry)
{
	if (fake->log_count < FAKE_LOG)
		fake->log[fake->log_count++] = entry;
}

static void answer(fake_t *fake, uint8_t byte)
{
	if (!fake->mute_controller)
		put(fake, &fake->controller, byte, 0);
}

static void answer_config(fake_t *fake)
{
	int16_t config = fake->config;
	if (fake->config_answers)
		config = fake->config_answers[fake->config_reads % fake->config_answer_count];
	fake->config_reads++;
	if (config >= 0)
		answer(fake, (uint8_t)config);
}

static bool spend(unsigned *budget)
{
	if (*budget == 0)
		return false;
	--*budget;
	return true;
}

void fake_command(fake_t *fake, uint8_t byte)
{
	note(fake, 0x100 | byte);
	fake->expects = 0;
	switch (byte) {
	case I8042_CMD_READ_CONFIG:
		answer_config(fake);
		break;
	case I8042_CMD_SELF_TEST:
		answer(fake, spend(&fake->bad_self_tests) ? 0xfc : I8042_SELF_TEST_GOOD);
		if (spend(&fake->lost_configs))
			fake->config = CONFIG_AT_BOOT;
		break;
	case I8042_CMD_TEST_KEYBOARD:
		answer(fake, fake->line_test);
		break;
	case I8042_CMD_DISABLE_KBD:
		fake->config |= I8042_CONFIG_KBD_OFF;
		break;
	case I8042_CMD_ENABLE_KBD:
		fake->config &= (uint8_t)~I8042_CONFIG_KBD_OFF;
		break;
	case I8042_CMD_DISABLE_AUX:
		fake->config |= I8042_CONFIG_AUX_OFF;
		break;
	default:
		fake->expects = byte;
		break;
	}
}

static void keyboard_write(fake_t *fake, uint8_t byte)
{
	fake->keyboard_resets += byte == KBD_CMD_RESET;
	if (fake->dead_keyboard)
		return;
	for (unsigned i = 0; i < fake->before_ack_count; i++)
		put(fake, &fake->device, fake->before_ack[i], fake->before_ack_status);
	if ((!fake->nak_only || fake->nak_only == byte) && spend(&fake->naks)) {
		put(fake, &fake->device, fake->nak, 0);
		return;
	}
	put(fake, &fake->device, KBD_ACK, 0);
	if (byte == KBD_CMD_RESET && !fake->no_report)
		put(fake, &fake->device,
		    spend(&fake->bad_resets) ? KBD_SELF_TEST_BAD : KBD_SELF_TEST_GOOD, 0);
	if (byte == KBD_CMD_IDENTIFY && !fake->no_id) {
		put(fake, &fake->device, 0xab, 0);
		put(fake, &fake->device, 0x41, 0);
	}
	if (byte == KBD_CMD_ENABLE || byte == KBD_CMD_DISABLE)
		fake->scanning = byte == KBD_CMD_ENABLE;
}

void fake_write(fake_t *fake, uint8_t byte)
{
	note(fake, byte);
	if (fake->expects == I8042_CMD_WRITE_CONFIG)
		fake->config = byte & (uint8_t)~fake->config_fixed;
	else if (!fake->expects)
		keyboard_write(fake, byte);
	fake->expects = 0;
}

void fake_pass(fake_t *fake, uint32_t ms)
{
	fake->now_ms += ms;
}

void fake_send(fake_t *fake, const uint8_t *bytes, unsigned count, uint8_t status)
{
	for (unsigned i = 0; i < count; i++)
		put(fake, &fake->device, bytes[i], status);
}

bool fake_was_endangered(const fake_t *fake)
{
	for (unsigned i = 0; i < fake->log_count; i++) {
		if (fake->log[i] == (0x100 | OUTPUT_PORT) ||
		    fake->log[i] >= (0x100 | PULSE_FIRST))
			return true;
	}
	return false;
}

static ps2_event_t perform(fake_t *fake, ps2_action_t action)
{
	ps2_event_t event = {.type = PS2_EV_WRITTEN};
	if (action.type == PS2_ACT_READ_STATUS)
		event = (ps2_event_t){.type = PS2_EV_STATUS, .byte = fake_status(fake)};
	else if (action.type == PS2_ACT_READ_DATA)
		event = (ps2_event_t){.type = PS2_EV_DATA, .byte = fake_data(fake)};
	else if (action.type == PS2_ACT_WRITE_COMMAND)
		fake_command(fake, action.byte);
	else if (action.type == PS2_ACT_WRITE_DATA)
		fake_write(fake, action.byte);
	else { /* PS2_ACT_WAIT */
		fake_pass(fake, action.wait_ms);
		event.type = PS2_EV_TIMER;
	}
	return event;
}

ps2_action_t fake_run(fake_t *fake, ps2_t *ps2, ps2_event_type_t first, unsigned *steps)
{
	ps2_event_t event = {.type = first, .now_ms = fake->now_ms};
	ps2_action_t action = {.type = PS2_ACT_READ_STATUS};
	for (unsigned i = 0; i < FAKE_FOREVER; i++) {
		action = ps2_step(ps2, event);
		if (steps)
			++*steps;
		if (action.type == PS2_ACT_DONE || action.type == PS2_ACT_FAIL ||
		    action.type == PS2_ACT_NONE)
			return action;
		if (action.type == PS2_ACT_WAIT && ps2->phase == PS2_KEYS)
			return action;
		event = perform(fake, action);
		event.now_ms = fake->now_ms;
	}
	return (ps2_action_t){.type = PS2_ACT_READ_STATUS};
}
