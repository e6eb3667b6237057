/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said to the controller itself, as programs for cap/program.h, and what counts as an
 * answer. Who performs them is controller.c. */
#ifndef PS2_ROWS_H
#define PS2_ROWS_H

#include "ps2/controller.h"

enum ps2_op {
	OP_COMMAND = 1, /* `value` to the command port */
	OP_DATA,	/* `value` to the data port */
	OP_CONFIG,	/* the configuration of `where`, after I8042_CMD_WRITE_CONFIG */
	OP_REPLY,	/* one byte within `limit_ms`, judged by `mask` */
	OP_FLUSH,	/* throw away what waits; an endless stream fails with `error` */
	OP_IF_MOUSE,	/* at `otherwise` without a mouse port */
};

extern const program_table_t ps2_probe, ps2_cold, ps2_quiesce, ps2_stop, ps2_stop_unknown;

/* The configuration that a row writes. */
uint8_t ps2_config(const ps2_t *ps2, const program_row_t *row);

/* That of the driver while it runs. */
uint8_t ps2_live_config(const ps2_state_t *state);

/* Whether `byte`, which came with `status`, answers the row. */
port_verdict_t ps2_judge(ps2_t *ps2, const program_row_t *row, uint8_t status, uint8_t byte);

#endif
