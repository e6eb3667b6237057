/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said to a mouse, as programs for port.h. */
#ifndef PS2_MOUSE_ROWS_H
#define PS2_MOUSE_ROWS_H

#include "ps2/port.h"

/* How a program ends: `value` of its PROGRAM_END. */
enum mouse_result {
	MOUSE_FAILED = 0,
	MOUSE_READY,
	MOUSE_GONE, /* nothing answers */
	MOUSE_DEAF, /* it is there, and reports nothing */
};

typedef struct mouse_program {
	const program_row_t *rows;
	uint32_t count;
} mouse_program_t;

extern const mouse_program_t mouse_programs[]; /* by mouse_task_t */
extern const port_ops_t mouse_ops;

/* Does it say so in place of an acknowledgement? */
bool mouse_refuses(uint8_t byte);

#endif
