/* SPDX-License-Identifier: BSD-2-Clause */
/* A scriptable 8042 with a keyboard behind it, for tests: it answers port accesses, keeps a
 * log of what was written, and can be told to misbehave. Its time moves only by fake_pass. */
#ifndef TEST_FAKE_I8042_H
#define TEST_FAKE_I8042_H

#include "ps2/controller.h"

#define FAKE_QUEUE   256u
#define FAKE_LOG     512u
#define FAKE_FOREVER 1000000u

typedef struct fake_queue {
	struct fake_byte {
		uint8_t byte, status;
		uint32_t at_ms;
	} items[FAKE_QUEUE];
	unsigned head, tail;
} fake_queue_t;

typedef struct fake {
	uint32_t now_ms;
	uint8_t config;
	bool latched; /* a byte is in the output buffer */
	struct fake_byte latch;
	uint8_t expects; /* the command whose parameter comes next, or 0 */
	fake_queue_t controller, device;
	bool scanning;
	unsigned keyboard_resets;

	/* What is wrong with it. Counts say how often. */
	bool absent;	  /* reads all ones */
	bool never_ready; /* input buffer full for ever */
	bool endless;	  /* a byte waits at every look */
	uint8_t endless_byte, endless_status;
	bool dead_keyboard;
	bool mute_controller; /* takes commands, answers none */
	unsigned naks;	      /* bytes to the keyboard that are answered with nak */
	uint8_t nak;	      /* FE unless set */
	uint8_t nak_only;     /* only this byte is refused; 0: any */
	unsigned bad_self_tests, bad_resets, lost_configs;
	uint8_t config_fixed; /* bits that cannot be set */
	const int16_t
	    *config_answers; /* to reading the configuration, over and over; -1: none */
	unsigned config_answer_count, config_reads;
	bool no_report; /* reset is acknowledged, its self-test never reported */
	bool no_id;
	uint8_t line_test;
	uint32_t latency_ms;
	uint8_t before_ack[80], before_ack_status; /* sent before each ACK */
	unsigned before_ack_count;
	bool random; /* anything may be answered, from `seed` */
	uint32_t seed;

	/* What was done to it. Commands are logged as 0x100 | byte. */
	uint16_t log[FAKE_LOG];
	unsigned log_count;
	unsigned data_reads, status_reads;
} fake_t;

/* A healthy machine as the boot loader leaves it. */
void fake_init(fake_t *fake);

uint8_t fake_status(fake_t *fake);
uint8_t fake_data(fake_t *fake);
void fake_command(fake_t *fake, uint8_t byte);
void fake_write(fake_t *fake, uint8_t byte);
void fake_pass(fake_t *fake, uint32_t ms);

/* Bytes that arrive from a device; status is 0 or I8042_STATUS_AUX and so on. */
void fake_send(fake_t *fake, const uint8_t *bytes, unsigned count, uint8_t status);

/* True if a written command could pulse output lines or write the output port. */
bool fake_was_endangered(const fake_t *fake);

/* Runs `ps2` from `first` until an operation ends or, while streaming, until it waits. The
 * action that ended it; the steps taken are added to *steps unless null. Gives up with
 * PS2_ACT_READ_STATUS after FAKE_FOREVER steps. */
ps2_action_t fake_run(fake_t *fake, ps2_t *ps2, ps2_event_type_t first, unsigned *steps);

#endif
