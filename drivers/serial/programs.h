/* SPDX-License-Identifier: BSD-2-Clause */
/* What the serial driver does with the device once, in order, as tables of cap/program.h. Who
 * performs a row is uart.c. */
#ifndef SERIAL_PROGRAMS_H
#define SERIAL_PROGRAMS_H

#include "cap/program.h"
#include "uart.h"

/* Arguments of a row: `where` is a register, `value` and `mask` are bytes.
 *
 * OP_END     `state`: are bytes moved from now on?
 * OP_WRITE   `value`
 * OP_EXPECT  `value` under `mask`, or the row's error
 * OP_EMPTY   until the last bit is out; later than the limit, go on otherwise, or fail if there
 *            is an error
 * OP_TAKE    what was received, until nothing came for UART_SILENCE_MS; where the ring is full
 *            or the limit over first, go on otherwise
 * OP_SKIP    go on otherwise if there is a bit of `mask`
 * OP_DEPTH   is there a FIFO? */
typedef enum uart_op {
	OP_END = PROGRAM_END,
	OP_WRITE,
	OP_EXPECT,
	OP_EMPTY,
	OP_TAKE,
	OP_SKIP,
	OP_DEPTH,
} uart_op_t;

typedef enum uart_program {
	UART_PROBE,
	UART_START,
	UART_QUIESCE,
	UART_STOP,
	UART_PROGRAMS
} uart_program_t;

extern const program_table_t uart_programs[UART_PROGRAMS];

#endif
