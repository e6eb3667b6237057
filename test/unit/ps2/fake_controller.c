/* SPDX-License-Identifier: BSD-2-Clause */
/* What the controller of fake_pc.h does with commands, and its output buffer ([HMC]). */
#include "fake_parts.h"

static void interrupt(fake_pc_t *pc)
{
	fake_target_t port = pc->output_status & STATUS_AUX ? FAKE_MOUSE : FAKE_KEYBOARD;
	if (pc->config & (port == FAKE_MOUSE ? CONFIG_IRQ12 : CONFIG_IRQ1))
		pc->irq[port] |= !pc->faults.no_irq;
}

void fake_controller_output(fake_pc_t *pc, uint8_t byte, uint8_t status)
{
	pc->output_full = true;
	pc->output = byte;
	pc->output_status = status;
	interrupt(pc);
	if (pc->faults.no_mark)
		pc->output_status &= (uint8_t)~STATUS_AUX;
	if (pc->faults.marks_timeout)
		pc->output_status |= STATUS_TIMEOUT;
}

void fake_controller_answer(fake_pc_t *pc, uint8_t byte, uint8_t status, uint32_t us)
{
	if (pc->is.one_slot)
		pc->answer_count = 0;
	if (pc->answer_count == sizeof(pc->answers))
		return;
	if (!pc->answer_count)
		pc->answer_at = pc->now_us + us;
	pc->answers[pc->answer_count] = byte;
	pc->answer_status[pc->answer_count++] = status;
}

static void set_config(fake_pc_t *pc, uint8_t config)
{
	pc->config =
	    (uint8_t)((config & ~pc->faults.fixed) | (pc->faults.fixed_to & pc->faults.fixed));
	if (pc->faults.no_aux)
		pc->config |= CONFIG_PORT2_OFF;
	if (pc->output_full)
		interrupt(pc);
}

/* The multiplexer's sequence is three looped bytes, of which the last comes back changed
 * ([MUX] Synaptics, "Active Multiplexing Protocol", revision 1.1). */
static void loop_aux(fake_pc_t *pc, uint8_t byte)
{
	pc->loop[0] = pc->loop[1];
	pc->loop[1] = pc->loop[2];
	pc->loop[2] = byte;
	if (pc->faults.multiplexer && pc->loop[0] == 0xf0 && pc->loop[1] == 0x56 &&
	    (byte == 0xa4 || byte == 0xa5)) {
		pc->multiplexing = byte == 0xa4;
		byte = pc->faults.multiplexer;
	}
	fake_controller_answer(pc, byte, STATUS_AUX, pc->is.answer_us);
}

static bool is_aux_command(uint8_t byte)
{
	return byte == 0xa7 || byte == 0xa8 || byte == 0xa9 || byte == 0xd3 || byte == 0xd4;
}

static void run_command(fake_pc_t *pc, uint8_t byte)
{
	pc->expects = 0;
	if (pc->faults.no_aux && is_aux_command(byte)) {
		pc->expects = byte >= 0xd3 ? byte : 0;
		return;
	}
	switch (byte) {
	case 0x20:
		fake_controller_answer(pc, pc->config, 0, pc->is.answer_us);
		break;
	case 0xa7:
		set_config(pc, pc->config | CONFIG_PORT2_OFF);
		break;
	case 0xa8:
		set_config(pc, pc->config & (uint8_t)~CONFIG_PORT2_OFF);
		break;
	case 0xaa:
		if (pc->faults.test_sets)
			set_config(pc, pc->faults.test_config);
		fake_controller_answer(pc, 0x55, 0, pc->is.controller_us);
		break;
	case 0xa9:
	case 0xab:
		fake_controller_answer(pc, 0, 0, pc->is.answer_us);
		break;
	case 0xad:
		set_config(pc, pc->config | CONFIG_PORT1_OFF);
		break;
	case 0xae:
		set_config(pc, pc->config & (uint8_t)~CONFIG_PORT1_OFF);
		break;
	case 0xc0:
		fake_controller_answer(pc, 0x80, 0, pc->is.answer_us);
		break;
	case 0xd0:
		fake_controller_answer(pc, 0xcf, 0, pc->is.answer_us);
		break;
	case 0x60:
	case 0xd2:
	case 0xd3:
	case 0xd4:
		pc->expects = byte;
		break;
	default:
		break;
	}
}

static void take_command(fake_pc_t *pc, uint8_t byte)
{
	const fake_rule_t *rule = fake_rule_of(pc, FAKE_CONTROLLER, byte);
	unsigned before = pc->answer_count;
	if (!rule || rule->then != FAKE_REFUSES)
		run_command(pc, byte);
	if (!rule)
		return;
	if (rule->then == FAKE_INSTEAD)
		pc->answer_count = before;
	for (unsigned i = 0; i < rule->count; i++)
		fake_controller_answer(pc, rule->bytes[i], 0, pc->is.answer_us + rule->late_us);
}

/* A byte for a device: false if it is on the wire now, and the input buffer stays full. */
static bool take_data(fake_pc_t *pc, uint8_t byte)
{
	uint8_t expects = pc->expects;
	pc->expects = 0;
	if (expects == 0x60) {
		if (pc->faults.config_lost)
			pc->faults.config_lost--;
		else
			set_config(pc, byte);
	} else if (expects == 0xd2) {
		fake_controller_answer(pc, byte, 0, pc->is.answer_us);
	} else if (expects == 0xd3) {
		if (!pc->faults.no_aux && !pc->faults.no_loop)
			loop_aux(pc, byte);
	} else if (expects == 0xd4 && pc->faults.no_aux) {
		return true;
	} else {
		fake_target_t port = expects == 0xd4 ? FAKE_MOUSE : FAKE_KEYBOARD;
		if (pc->is.write_opens)
			pc->config &= (uint8_t) ~(port == FAKE_MOUSE ? CONFIG_PORT2_OFF
								     : CONFIG_PORT1_OFF);
		pc->receives.busy = false; /* the device repeats what it was sending */
		pc->sends.busy = true;
		pc->sends.port = port;
		pc->sends.byte = byte;
		pc->sends.until = pc->now_us + pc->is.wire_us;
		if (!pc->devices[port].plugged)
			pc->sends.until += pc->faults.stuck_ms * (uint64_t)FAKE_MS;
		return false;
	}
	return true;
}

void fake_controller_take(fake_pc_t *pc)
{
	pc->input_full = false;
	if (pc->input_is_command)
		take_command(pc, pc->input);
	else
		pc->input_full = !take_data(pc, pc->input);
	pc->input_at = FAKE_NEVER;
}
