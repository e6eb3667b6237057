/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of programs.h. */
#include "programs.h"

#include "hw/ns16550.h"

#define SCRATCH_FIRST  0x5au
#define SCRATCH_SECOND 0xa5u
#define ON_LINE	       (NS16550_MODEM_DTR | NS16550_MODEM_RTS)
#define LOOPED	       (NS16550_MODEM_LOOP | NS16550_MODEM_OUT2 | NS16550_MODEM_RTS)

enum { WITHOUT_LOOP = 1, AS_FIFO_IS };

#define WRITE(reg, byte)	.op = OP_WRITE, .where = (reg), .value = (byte)
#define EXPECT(reg, byte, bits) .op = OP_EXPECT, .where = (reg), .value = (byte), .mask = (bits)
#define READ(reg)		EXPECT(reg, 0, 0)
#define EMPTY			.op = OP_EMPTY, .where = NS16550_LINE_STATUS, .limit_ms = UART_EMPTY_MS
#define TAKE			.op = OP_TAKE, .where = NS16550_LINE_STATUS, .limit_ms = UART_EMPTY_MS
#define SKIP(reg, bits)		.op = OP_SKIP, .where = (reg), .mask = (bits)

/* The scratch register goes first: where there is no device nothing else is touched. Loop
 * mode cuts the line, so what the kernel has just said must be out before; where the other
 * side holds the line back, there is no loop mode. The data register is never used: it may
 * hold what was typed. */
static const program_row_t probe_rows[] = {
    {WRITE(NS16550_SCRATCH, SCRATCH_FIRST)},
    {EXPECT(NS16550_SCRATCH, SCRATCH_FIRST, 0xff), .error = DRV_ENODEV},
    {WRITE(NS16550_SCRATCH, SCRATCH_SECOND)},
    {EXPECT(NS16550_SCRATCH, SCRATCH_SECOND, 0xff), .error = DRV_ENODEV},
    {WRITE(NS16550_LINE, NS16550_LINE_8N1)},
    {WRITE(NS16550_ENABLE, 0)},
    {EMPTY, .otherwise = WITHOUT_LOOP},
    {WRITE(NS16550_MODEM, LOOPED)},
    {EXPECT(NS16550_MODEM_STATUS, NS16550_INPUTS_LOOP, NS16550_INPUTS), .error = DRV_ENODEV},
    {WRITE(NS16550_MODEM, ON_LINE)},
    {.label = WITHOUT_LOOP, .op = OP_END},
};

/* Turning the FIFO on throws away what was received (8.5), so that is taken before, and the
 * FIFO stays as it is while more keeps coming. QEMU then still takes the device for full: it
 * delivers nothing more until the data register is read, which is empty. Where the FIFO is on,
 * as the instance before left it, nothing has to be waited for. */
static const program_row_t start_rows[] = {
    {EMPTY},
    {WRITE(NS16550_LINE, NS16550_LINE_8N1)},
    {WRITE(NS16550_ENABLE, 0)},
    {SKIP(NS16550_IDENTITY, NS16550_IDENTITY_ON), .otherwise = AS_FIFO_IS},
    {TAKE, .otherwise = AS_FIFO_IS},
    {WRITE(NS16550_FIFO, NS16550_FIFO_ON | NS16550_FIFO_TRIGGER_8)},
    {SKIP(NS16550_LINE_STATUS, NS16550_STATUS_RECEIVED), .otherwise = AS_FIFO_IS},
    {READ(NS16550_DATA)},
    {.label = AS_FIFO_IS, .op = OP_DEPTH, .where = NS16550_IDENTITY},
    {WRITE(NS16550_MODEM, ON_LINE | NS16550_MODEM_OUT2)},
    {.op = OP_END, .state = true},
};

static const program_row_t quiesce_rows[] = {
    {EMPTY, .error = DRV_ETIMEDOUT},
    {WRITE(NS16550_ENABLE, 0)},
    {.op = OP_END},
};

static const program_row_t stop_rows[] = {
    {WRITE(NS16550_ENABLE, 0)},
    {WRITE(NS16550_MODEM, ON_LINE)},
    {.op = OP_END},
};

const program_table_t uart_programs[UART_PROGRAMS] = {
    [UART_PROBE] = {PROGRAM_ROWS(probe_rows)},
    [UART_START] = {PROGRAM_ROWS(start_rows)},
    [UART_QUIESCE] = {PROGRAM_ROWS(quiesce_rows)},
    [UART_STOP] = {PROGRAM_ROWS(stop_rows)},
};
