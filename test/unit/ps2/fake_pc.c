/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of fake_pc.h, its wires and its time. */
#include "fake_parts.h"

const fake_personality_t fake_emulator = {
    .config = 0x61,
    .one_slot = true,
    .one_queue = true,
    .early_translation = true,
    .write_opens = true,
    .swallows = true,
};

const fake_personality_t fake_8042 = {
    .take_us = 50,
    .answer_us = 300,
    .controller_us = 20 * FAKE_MS,
    .wire_us = FAKE_MS,
    .ack_us = 3 * FAKE_MS,
    .test_us = {500 * FAKE_MS, 400 * FAKE_MS},
    .config = 0x47,
    .overrun_marks = true,
    .typematic = true,
    .says_timeout = true,
};

void pc_init(fake_pc_t *pc, const fake_personality_t *is)
{
	*pc = (fake_pc_t){.is = *is, .config = is->config};
	for (unsigned port = 0; port < FAKE_PORTS; port++)
		pc->devices[port] = (fake_device_t){
		    .plugged = true, .enabled = true, .testing_until = FAKE_NEVER};
	fake_keyboard_defaults(pc);
	fake_mouse_defaults(pc);
	pc->devices[FAKE_MOUSE].enabled = false;
}

static bool port_on(const fake_pc_t *pc, fake_target_t port)
{
	return !(pc->config & (port == FAKE_MOUSE ? CONFIG_PORT2_OFF : CONFIG_PORT1_OFF));
}

static void sent(fake_pc_t *pc)
{
	fake_target_t port = pc->sends.port;
	pc->sends.busy = false;
	pc->input_full = false;
	if (pc->devices[port].plugged) {
		fake_device_take(pc, port, pc->sends.byte);
		return;
	}
	pc->written[port][pc->sends.byte]++;
	if (pc->is.says_timeout)
		fake_controller_answer(pc, BYTE_RESEND,
				       STATUS_TIMEOUT | (port == FAKE_MOUSE ? STATUS_AUX : 0),
				       pc->is.answer_us);
}

static void begin_receiving(fake_pc_t *pc)
{
	if (pc->output_full || pc->receives.busy || pc->sends.busy || pc->answer_count)
		return;
	for (unsigned port = 0; port < FAKE_PORTS; port++) {
		fake_device_t *device = &pc->devices[port];
		if (!port_on(pc, port) || !fake_device_ready(pc, port))
			continue;
		pc->receives.busy = true;
		pc->receives.port = port;
		pc->receives.from_stream =
		    !device->answer_count || pc->now_us < device->answer_at;
		pc->receives.until = pc->now_us + pc->is.wire_us;
		return;
	}
}

static uint8_t take_first(uint8_t *bytes, unsigned *count)
{
	uint8_t first = bytes[0];
	--*count;
	for (unsigned i = 0; i < *count; i++)
		bytes[i] = bytes[i + 1];
	return first;
}

static void received(fake_pc_t *pc)
{
	fake_target_t port = pc->receives.port;
	fake_device_t *device = &pc->devices[port];
	uint8_t status = port == FAKE_MOUSE ? STATUS_AUX : 0, byte;
	pc->receives.busy = false;
	if (pc->receives.from_stream) {
		byte = take_first(device->stream, &device->stream_count);
		device->overrun = false;
	} else {
		byte = take_first(device->answers, &device->answer_count);
		status |= device->damage;
		device->damage = 0;
	}
	device->last = byte;
	if (port == FAKE_MOUSE && pc->multiplexing)
		status |= STATUS_PARITY; /* the third of its four ports */
	if (port == FAKE_KEYBOARD && (pc->config & CONFIG_TRANSLATE) &&
	    !pc->is.early_translation) {
		if (byte == BYTE_RELEASED) {
			pc->keys.late_release = true;
			return;
		}
		byte = fake_translation[byte] | (pc->keys.late_release ? 0x80 : 0);
		pc->keys.late_release = false;
	}
	fake_controller_output(pc, byte, status);
}

/* All that is due now. */
static void settle(fake_pc_t *pc)
{
	for (;;) {
		fake_device_happen(pc);
		fake_device_live(pc, FAKE_KEYBOARD);
		fake_device_live(pc, FAKE_MOUSE);
		begin_receiving(pc);
		if (pc->input_full && pc->input_at <= pc->now_us) {
			fake_controller_take(pc);
		} else if (pc->sends.busy && pc->sends.until <= pc->now_us) {
			sent(pc);
		} else if (pc->answer_count && (!pc->output_full || pc->faults.overtakes) &&
			   pc->answer_at <= pc->now_us) {
			uint8_t status = pc->answer_status[0];
			unsigned rest = pc->answer_count;
			take_first(pc->answer_status, &rest);
			fake_controller_output(pc, take_first(pc->answers, &pc->answer_count),
					       status);
		} else if (pc->receives.busy && !port_on(pc, pc->receives.port)) {
			pc->receives.busy = false;
		} else if (pc->receives.busy && pc->receives.until <= pc->now_us &&
			   !pc->output_full) {
			received(pc);
		} else {
			return;
		}
	}
}

static void sooner(uint64_t *next, uint64_t at)
{
	if (at < *next)
		*next = at;
}

uint64_t pc_next(const fake_pc_t *pc)
{
	uint64_t next = FAKE_NEVER;
	if (pc->input_full)
		sooner(&next, pc->input_at);
	if (pc->sends.busy)
		sooner(&next, pc->sends.until);
	if (pc->answer_count && (!pc->output_full || pc->faults.overtakes))
		sooner(&next, pc->answer_at);
	if (pc->receives.busy && !pc->output_full)
		sooner(&next, pc->receives.until);
	for (unsigned i = 0; i < FAKE_HAPPENING; i++)
		if (pc->happenings[i].what && !(pc->happened & (1u << i)))
			sooner(&next, (uint64_t)pc->happenings[i].at_ms * FAKE_MS);
	bool free =
	    !pc->output_full && !pc->receives.busy && !pc->sends.busy && !pc->answer_count;
	for (unsigned port = 0; port < FAKE_PORTS; port++) {
		sooner(&next, fake_device_next(pc, port));
		if (free && port_on(pc, port) && fake_device_ready(pc, port))
			next = pc->now_us;
	}
	return next;
}

void pc_pass(fake_pc_t *pc, uint64_t us)
{
	uint64_t end = pc->now_us + us;
	settle(pc);
	for (uint64_t next = pc_next(pc); next <= end; next = pc_next(pc)) {
		if (next > pc->now_us)
			pc->now_us = next;
		settle(pc);
	}
	pc->now_us = end;
}

uint8_t pc_status(fake_pc_t *pc)
{
	pc->status_reads++;
	if (pc->faults.absent)
		return 0xff;
	settle(pc);
	uint8_t status = STATUS_SYSTEM | STATUS_UNLOCKED;
	if (pc->input_full || pc->faults.never_ready)
		status |= STATUS_INPUT_FULL;
	if (pc->output_full)
		return status | STATUS_OUTPUT_FULL | pc->output_status;
	if (pc->faults.endless)
		return status | STATUS_OUTPUT_FULL | pc->faults.endless_status;
	return status;
}

uint8_t pc_data(fake_pc_t *pc)
{
	pc->data_reads++;
	if (pc->faults.absent)
		return 0xff;
	settle(pc);
	if (!pc->output_full && pc->faults.endless)
		return pc->faults.endless_byte;
	pc->empty_reads += !pc->output_full;
	pc->output_full = false;
	return pc->output;
}

static void log_byte(fake_pc_t *pc, fake_target_t target, uint8_t byte)
{
	if (pc->log_count < FAKE_LOG)
		pc->log[pc->log_count] = (uint16_t)(target << 8 | byte);
	pc->log_count++;
}

static void take_later(fake_pc_t *pc, uint8_t byte, bool command)
{
	settle(pc);
	if (pc->faults.absent || pc->faults.never_ready)
		return;
	if (pc->input_full) {
		pc->hasty_writes++;
		pc->sends.busy = false;
	}
	pc->input_full = true;
	pc->input = byte;
	pc->input_is_command = command;
	pc->input_at = pc->now_us + pc->is.take_us;
	settle(pc);
}

void pc_command(fake_pc_t *pc, uint8_t byte)
{
	log_byte(pc, FAKE_CONTROLLER, byte);
	pc->written[FAKE_CONTROLLER][byte]++;
	pc->dangerous += byte == 0xd1 || byte >= 0xf0;
	take_later(pc, byte, true);
}

void pc_write(fake_pc_t *pc, uint8_t byte)
{
	settle(pc);
	fake_target_t target = pc->expects == 0xd4 ? FAKE_MOUSE : FAKE_CONTROLLER;
	if (!pc->expects)
		target = FAKE_KEYBOARD;
	log_byte(pc, target, byte);
	take_later(pc, byte, false);
}

bool pc_irq(fake_pc_t *pc, fake_target_t port)
{
	settle(pc);
	bool edge = pc->irq[port];
	pc->irq[port] = false;
	return edge;
}
