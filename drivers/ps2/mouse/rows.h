/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said to a mouse, as programs for port.h. */
#ifndef PS2_MOUSE_ROWS_H
#define PS2_MOUSE_ROWS_H

#include "ps2/device.h"

/* How a program ends: `value` of its PROGRAM_END. */
enum mouse_result {
	MOUSE_FAILED = 0,
	MOUSE_READY,
	MOUSE_GONE, /* nothing answers */
	MOUSE_DEAF, /* it is there, and reports nothing */
};

extern const program_table_t mouse_programs[]; /* by enum mouse_task */
extern const device_kind_t mouse_kind;

/* Does it say so in place of an acknowledgement? */
bool mouse_refuses(uint8_t byte);

#endif
