/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said to a keyboard, as programs for port.h. */
#ifndef PS2_KEYBOARD_ROWS_H
#define PS2_KEYBOARD_ROWS_H

#include "ps2/device.h"

/* How a program ends: `value` of its PROGRAM_END. */
enum keyboard_result {
	KEYBOARD_FAILED = 0,
	KEYBOARD_READY,
	KEYBOARD_GONE,	  /* nothing answers */
	KEYBOARD_DEAF,	  /* it answered, and then no more */
	KEYBOARD_REFUSED, /* it does not know this command */
};

extern const program_table_t keyboard_programs[]; /* by enum keyboard_task */
extern const device_kind_t keyboard_kind;

/* The lamps' bits for INPUT_… locks. */
uint8_t keyboard_leds(const ps2_state_t *state);

#endif
