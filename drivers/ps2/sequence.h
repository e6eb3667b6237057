/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of operations as tables: what is sent to the controller and the keyboard, in
 * which order, and what counts as an answer. Who performs a row is controller.c. */
#ifndef PS2_SEQUENCE_H
#define PS2_SEQUENCE_H

#include "ps2/controller.h"

typedef enum ps2_op {
	OP_COMMAND, /* `byte` to the command port */
	OP_CONFIG,  /* ps2->wanted to the data port, after I8042_CMD_WRITE_CONFIG */
	OP_DEVICE,  /* `byte` to the keyboard, then its ACK within `limit_ms` */
	OP_REPLY,   /* one byte within `limit_ms`, judged by `check` */
	OP_FLUSH,   /* throw away what waits; an endless stream fails with `error` */
	OP_END,
} ps2_op_t;

typedef enum ps2_verdict {
	ANSWER_GOOD,  /* on to the next row */
	ANSWER_OTHER, /* not the answer: wait on */
	ANSWER_BAD,   /* try again, `back` rows before */
} ps2_verdict_t;

typedef struct ps2_row {
	ps2_op_t op;
	uint8_t state; /* PS2_… that begins here; 0: no change, but at OP_END PS2_OFF */
	uint8_t byte;
	uint8_t back;  /* OP_REPLY: rows back to the command that is repeated */
	uint8_t tries; /* OP_REPLY, OP_DEVICE: at most so often */
	uint8_t skip;  /* rows to go forward after failure; 0: failure ends the program */
	uint16_t limit_ms;
	err_t error; /* OP_FLUSH */
	ps2_verdict_t (*check)(ps2_t *ps2, uint8_t byte);
	void (*before)(ps2_t *ps2); /* sets ps2->wanted, or null */
} ps2_row_t;

extern const ps2_row_t ps2_probe_rows[];
extern const ps2_row_t ps2_setup_rows[];
extern const ps2_row_t ps2_quiesce_rows[];
extern const ps2_row_t ps2_stop_rows[];
extern const ps2_row_t ps2_stop_unknown_rows[]; /* no configuration was ever read */

/* Whether `byte` acknowledges what was sent to the keyboard. */
ps2_verdict_t ps2_check_ack(ps2_t *ps2, uint8_t byte);

#endif
