/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of fake_pc.h are to each other. No test includes this. */
#ifndef TEST_FAKE_PARTS_H
#define TEST_FAKE_PARTS_H

#include "fake_pc.h"

/* Names of the fake's own ([HMC], [KBD], [AUX]), for it shares nothing with the driver. */
enum fake_status {
	STATUS_OUTPUT_FULL = 0x01,
	STATUS_INPUT_FULL = 0x02,
	STATUS_SYSTEM = 0x04,
	STATUS_COMMAND = 0x08,
	STATUS_UNLOCKED = 0x10,
	STATUS_AUX = 0x20,
	STATUS_TIMEOUT = 0x40,
	STATUS_PARITY = 0x80,
};

enum fake_config {
	CONFIG_IRQ1 = 0x01,
	CONFIG_IRQ12 = 0x02,
	CONFIG_PORT1_OFF = 0x10,
	CONFIG_PORT2_OFF = 0x20,
	CONFIG_TRANSLATE = 0x40,
};

enum fake_byte {
	BYTE_ACK = 0xfa,
	BYTE_RESEND = 0xfe,
	BYTE_TESTED = 0xaa,
	BYTE_RELEASED = 0xf0,
	COMMAND_RESET = 0xff,
};

/* The first rule that applies to this byte now, or null. */
const fake_rule_t *fake_rule_of(fake_pc_t *pc, fake_target_t target, uint16_t on);

/* A byte comes into the output buffer, with its interrupt. */
void fake_controller_output(fake_pc_t *pc, uint8_t byte, uint8_t status);

/* The controller itself has something to say, `us` from now. */
void fake_controller_answer(fake_pc_t *pc, uint8_t byte, uint8_t status, uint32_t us);

/* Takes what is in the input buffer; a byte for a device stays there until it is sent. */
void fake_controller_take(fake_pc_t *pc);

/* A byte that the controller has sent arrives at its device. */
void fake_device_take(fake_pc_t *pc, fake_target_t port, uint8_t byte);

/* The device answers, `us` from now at the earliest; bytes queue behind earlier ones. */
void fake_device_answer(fake_pc_t *pc, fake_target_t port, const uint8_t *bytes, unsigned count,
			uint64_t us);
void fake_device_say(fake_pc_t *pc, fake_target_t port, uint8_t byte);

/* For how many bytes there is room in the device's queue: the emulator's byte is in it until
 * it is read. */
unsigned fake_device_room(const fake_pc_t *pc, fake_target_t port);

/* Puts all of `bytes` into that queue, or nothing: false. */
bool fake_device_stream(fake_pc_t *pc, fake_target_t port, const uint8_t *bytes,
			unsigned count);

/* Has the device a byte to send now, and from where? */
bool fake_device_ready(const fake_pc_t *pc, fake_target_t port);
/* When it does something by itself, or will have an answer ready; FAKE_NEVER: unknown. */
uint64_t fake_device_next(const fake_pc_t *pc, fake_target_t port);

/* What the device does by itself at this time: ends of self-tests, repeats, samples. */
void fake_device_live(fake_pc_t *pc, fake_target_t port);
void fake_device_happen(fake_pc_t *pc);

/* One byte to a device that works: does what it asks for and answers. */
void fake_keyboard_take(fake_pc_t *pc, uint8_t byte);
void fake_mouse_take(fake_pc_t *pc, uint8_t byte);

/* As after power-on, before the report. */
void fake_keyboard_defaults(fake_pc_t *pc);
void fake_mouse_defaults(fake_pc_t *pc);
void fake_keyboard_repeat(fake_pc_t *pc);
void fake_mouse_sample(fake_pc_t *pc);
uint64_t fake_mouse_next(const fake_pc_t *pc); /* when it is due */

#endif
