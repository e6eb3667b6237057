/* SPDX-License-Identifier: BSD-2-Clause */
/* The step function of uart.h: tables for what happens once, phases for moving bytes. */
#include "uart.h"

#include "hw/ns16550.h"

#define SCRATCH_FIRST  0x5au
#define SCRATCH_SECOND 0xa5u
#define ANYTHING       0u
#define ON_LINE	       (NS16550_MODEM_DTR | NS16550_MODEM_RTS)
#define LOOPED	       (NS16550_MODEM_LOOP | NS16550_MODEM_OUT2 | NS16550_MODEM_RTS)
#define INPUT_ENABLED  (NS16550_ENABLE_RECEIVED | NS16550_ENABLE_ERROR)

typedef enum uart_op {
	OP_WRITE,  /* `value` into `reg` */
	OP_EXPECT, /* `reg` must read `value` under `mask`, or `error` */
	OP_EMPTY,  /* until the last bit is out; after UART_EMPTY_MS `error`, or go on
		      `value` rows behind the next where that is DRV_OK */
	OP_TAKE,   /* what was received, until nothing came for UART_SILENCE_MS; where the
		      ring is full or UART_EMPTY_MS are over first, go on `value` rows
		      behind the next */
	OP_SKIP,   /* `value` rows if `reg` has a bit of `mask` */
	OP_DEPTH,  /* is there a FIFO? */
	OP_END,	   /* `value`: bytes are moved from now on */
} uart_op_t;

typedef struct uart_row {
	uart_op_t op;
	uint8_t reg, value, mask;
	err_t error;
} uart_row_t;

/* The scratch register goes first: where there is no device nothing else is touched. Loop
 * mode cuts the line, so what the kernel has just said must be out before; where the other
 * side holds the line back, there is no loop mode. The data register is never used: it may
 * hold what was typed. */
#define LOOP_ROWS 3u
static const uart_row_t probe_rows[] = {
    {OP_WRITE, NS16550_SCRATCH, SCRATCH_FIRST, 0, DRV_OK},
    {OP_EXPECT, NS16550_SCRATCH, SCRATCH_FIRST, 0xff, DRV_ENODEV},
    {OP_WRITE, NS16550_SCRATCH, SCRATCH_SECOND, 0, DRV_OK},
    {OP_EXPECT, NS16550_SCRATCH, SCRATCH_SECOND, 0xff, DRV_ENODEV},
    {OP_WRITE, NS16550_LINE, NS16550_LINE_8N1, 0, DRV_OK},
    {OP_WRITE, NS16550_ENABLE, 0, 0, DRV_OK},
    {OP_EMPTY, NS16550_LINE_STATUS, LOOP_ROWS, 0, DRV_OK},
    {OP_WRITE, NS16550_MODEM, LOOPED, 0, DRV_OK},
    {OP_EXPECT, NS16550_MODEM_STATUS, NS16550_INPUTS_LOOP, NS16550_INPUTS, DRV_ENODEV},
    {OP_WRITE, NS16550_MODEM, ON_LINE, 0, DRV_OK},
    {OP_END, 0, false, 0, DRV_OK},
};

/* Turning the FIFO on throws away what was received (8.5), so that is taken before, and the
 * FIFO stays as it is while more keeps coming. QEMU then still takes the device for full: it
 * delivers nothing more until the data register is read, which is empty. Where the FIFO is on,
 * as the instance before left it, nothing has to be waited for. */
#define FIFO_ROWS 3u
static const uart_row_t start_rows[] = {
    {OP_EMPTY, NS16550_LINE_STATUS, 0, 0, DRV_OK},
    {OP_WRITE, NS16550_LINE, NS16550_LINE_8N1, 0, DRV_OK},
    {OP_WRITE, NS16550_ENABLE, 0, 0, DRV_OK},
    {OP_SKIP, NS16550_IDENTITY, FIFO_ROWS + 1, NS16550_IDENTITY_ON, DRV_OK},
    {OP_TAKE, NS16550_LINE_STATUS, FIFO_ROWS, 0, DRV_OK},
    {OP_WRITE, NS16550_FIFO, NS16550_FIFO_ON | NS16550_FIFO_TRIGGER_8, 0, DRV_OK},
    {OP_SKIP, NS16550_LINE_STATUS, 1, NS16550_STATUS_RECEIVED, DRV_OK},
    {OP_EXPECT, NS16550_DATA, 0, ANYTHING, DRV_OK},
    {OP_DEPTH, NS16550_IDENTITY, 0, 0, DRV_OK},
    {OP_EXPECT, NS16550_MODEM_STATUS, 0, ANYTHING, DRV_OK}, /* reading clears it */
    {OP_WRITE, NS16550_MODEM, ON_LINE | NS16550_MODEM_OUT2, 0, DRV_OK},
    {OP_END, 0, true, 0, DRV_OK},
};

static const uart_row_t quiesce_rows[] = {
    {OP_EMPTY, NS16550_LINE_STATUS, 0, 0, DRV_ETIMEDOUT},
    {OP_WRITE, NS16550_ENABLE, 0, 0, DRV_OK},
    {OP_END, 0, false, 0, DRV_OK},
};

static const uart_row_t stop_rows[] = {
    {OP_WRITE, NS16550_ENABLE, 0, 0, DRV_OK},
    {OP_WRITE, NS16550_MODEM, ON_LINE, 0, DRV_OK},
    {OP_END, 0, false, 0, DRV_OK},
};

typedef enum uart_phase {
	PHASE_STATUS,
	PHASE_RECEIVE,
	PHASE_SEND,
	PHASE_ENABLE,
	PHASE_MODEM,
	PHASE_IDENTITY,
	PHASE_MODEM_STATUS,
} uart_phase_t;

static uart_action_t read_register(uint8_t reg)
{
	return (uart_action_t){.type = UART_ACT_READ, .reg = reg};
}

static uart_action_t write_register(uint8_t reg, uint8_t value)
{
	return (uart_action_t){.type = UART_ACT_WRITE, .reg = reg, .value = value};
}

static uart_action_t wait_for(uint32_t ms)
{
	return (uart_action_t){.type = UART_ACT_WAIT, .wait_ms = ms};
}

static uart_action_t fail(uart_t *uart, err_t error)
{
	uart->row = NULL;
	uart->running = uart->draining = false;
	return (uart_action_t){.type = UART_ACT_FAIL, .error = error};
}

static bool is_past(const uart_t *uart, uint32_t time)
{
	return (int32_t)(uart->now_ms - time) >= 0;
}

static void count_errors(uart_t *uart, uint8_t status)
{
	uart->stats.overruns += (status & NS16550_STATUS_OVERRUN) != 0;
	uart->stats.parity_errors += (status & NS16550_STATUS_PARITY) != 0;
	uart->stats.framing_errors +=
	    (status & (NS16550_STATUS_FRAMING | NS16550_STATUS_BREAK)) ==
	    NS16550_STATUS_FRAMING;
	uart->stats.breaks += (status & NS16550_STATUS_BREAK) != 0;
}

static void take_byte(uart_t *uart, uint8_t byte)
{
	uart->moved = true;
	if (uart->drop)
		return;
	ring_put(&uart->rx, &byte, 1);
	uart->stats.received++;
	uart->notify = true;
}

/* ---- operations ---- */

static uart_action_t perform_row(uart_t *uart)
{
	const uart_row_t *row = uart->row;
	if (row->op == OP_WRITE)
		return write_register(row->reg, row->value);
	if (row->op != OP_END)
		return read_register(row->reg);
	uart->row = NULL;
	uart->running = row->value;
	uart->draining = false;
	uart->enable = 0;
	uart->modem = ON_LINE | NS16550_MODEM_OUT2;
	return (uart_action_t){.type = UART_ACT_DONE};
}

/* Each row has a time limit and a silence of its own. */
static uart_action_t go_to_row(uart_t *uart, const uart_row_t *row)
{
	uart->row = row;
	uart->limit_at = uart->now_ms + UART_EMPTY_MS;
	uart->silent_at = uart->now_ms + UART_SILENCE_MS;
	uart->rounds = 0;
	return perform_row(uart);
}

static uart_action_t begin_rows(uart_t *uart, const uart_row_t *rows)
{
	uart->running = uart->taking = false;
	return go_to_row(uart, rows);
}

/* OP_TAKE: `value` is the line status, or a received byte. */
static uart_action_t take_received(uart_t *uart, uint8_t value)
{
	if (uart->taking) {
		uart->taking = false;
		take_byte(uart, value);
		uart->silent_at = uart->now_ms + UART_SILENCE_MS;
		return ++uart->rounds % UART_ROUNDS ? perform_row(uart) : wait_for(1);
	}
	count_errors(uart, value);
	bool received = value & NS16550_STATUS_RECEIVED;
	if (!received && is_past(uart, uart->silent_at))
		return go_to_row(uart, uart->row + 1);
	if (is_past(uart, uart->limit_at) || (received && !ring_free(&uart->rx)))
		return go_to_row(uart, uart->row + 1 + uart->row->value);
	if (!received)
		return wait_for(1);
	uart->taking = true;
	uart->drop = value & NS16550_STATUS_BREAK;
	return read_register(NS16550_DATA);
}

static uart_action_t judge_row(uart_t *uart, uint8_t value)
{
	const uart_row_t *row = uart->row;
	if (row->op == OP_TAKE)
		return take_received(uart, value);
	if (row->op == OP_EXPECT && (value & row->mask) != row->value)
		return fail(uart, row->error);
	if (row->op == OP_EMPTY) {
		count_errors(uart, value);
		bool is_late = !(value & NS16550_STATUS_IDLE);
		if (is_late && !is_past(uart, uart->limit_at))
			return wait_for(1);
		if (is_late && row->error)
			return fail(uart, row->error);
		row += is_late ? row->value : 0;
	}
	if (row->op == OP_SKIP)
		row += value & row->mask ? row->value : 0;
	if (row->op == OP_DEPTH)
		uart->depth = (value & NS16550_IDENTITY_FIFO) == NS16550_IDENTITY_FIFO
				  ? NS16550_FIFO_DEPTH
				  : 1;
	return go_to_row(uart, row + 1);
}

/* ---- moving bytes ---- */

static uart_action_t look(uart_t *uart, uart_phase_t phase, uint8_t reg)
{
	uart->phase = phase;
	return read_register(reg);
}

/* Ends the turn: all is done that can be. */
static uart_action_t finish(uart_t *uart)
{
	if (uart->tx_short && ring_used(&uart->tx) <= uart->ahead / 2) {
		uart->tx_short = false;
		uart->notify = true;
	}
	if (!uart->draining)
		return wait_for(UART_POLL_MS);
	if (!ring_used(&uart->tx))
		return begin_rows(uart, quiesce_rows);
	return is_past(uart, uart->limit_at) ? fail(uart, DRV_ETIMEDOUT) : wait_for(1);
}

/* Looks again, or lets others run first. */
static uart_action_t look_again(uart_t *uart)
{
	if (uart->draining && is_past(uart, uart->limit_at))
		return fail(uart, DRV_ETIMEDOUT);
	if (++uart->rounds > UART_ROUNDS)
		return wait_for(uart->moved ? 0 : UART_PAUSE_MS);
	return look(uart, PHASE_STATUS, NS16550_LINE_STATUS);
}

static uart_action_t begin_turn(uart_t *uart)
{
	if (!uart->running)
		return (uart_action_t){.type = UART_ACT_NONE};
	uart->rounds = 0;
	uart->moved = false;
	return look(uart, PHASE_STATUS, NS16550_LINE_STATUS);
}

static uart_action_t send_byte(uart_t *uart)
{
	uint8_t byte = 0;
	ring_get(&uart->tx, &byte, 1);
	uart->burst--;
	uart->moved = true;
	uart->stats.sent++;
	uart->phase = PHASE_SEND;
	return write_register(NS16550_DATA, byte);
}

/* Interrupts and RTS as the rings want them: while the receive ring is full the device
 * keeps its bytes and the sender is told to hold back. */
static uart_action_t settle(uart_t *uart)
{
	bool room = ring_free(&uart->rx) > 0;
	uint8_t enable = (uint8_t)((room ? INPUT_ENABLED : 0) |
				   (ring_used(&uart->tx) ? NS16550_ENABLE_EMPTY : 0));
	uint8_t modem =
	    (uint8_t)(NS16550_MODEM_DTR | NS16550_MODEM_OUT2 | (room ? NS16550_MODEM_RTS : 0));
	if (enable != uart->enable) {
		uart->enable = enable;
		uart->phase = PHASE_ENABLE;
		return write_register(NS16550_ENABLE, enable);
	}
	if (modem != uart->modem) {
		uart->stats.throttles += !room;
		uart->modem = modem;
		uart->phase = PHASE_MODEM;
		return write_register(NS16550_MODEM, modem);
	}
	return look(uart, PHASE_IDENTITY, NS16550_IDENTITY);
}

static uart_action_t take_status(uart_t *uart, uint8_t status)
{
	count_errors(uart, status);
	if ((status & NS16550_STATUS_RECEIVED) && ring_free(&uart->rx)) {
		uart->drop = status & NS16550_STATUS_BREAK;
		return look(uart, PHASE_RECEIVE, NS16550_DATA);
	}
	if ((status & NS16550_STATUS_ROOM) && ring_used(&uart->tx)) {
		uart->burst = uart->depth;
		return send_byte(uart);
	}
	return settle(uart);
}

static uart_action_t continue_turn(uart_t *uart, uint8_t value)
{
	switch (uart->phase) {
	case PHASE_STATUS:
		return take_status(uart, value);
	case PHASE_RECEIVE:
		take_byte(uart, value);
		return look_again(uart);
	case PHASE_SEND:
		if (uart->burst && ring_used(&uart->tx))
			return send_byte(uart);
		return look_again(uart);
	case PHASE_IDENTITY:
		if (value & NS16550_IDENTITY_NONE)
			return finish(uart);
		if ((value & NS16550_IDENTITY_REASON) == NS16550_IDENTITY_MODEM)
			return look(uart, PHASE_MODEM_STATUS, NS16550_MODEM_STATUS);
		return look_again(uart);
	case PHASE_MODEM_STATUS:
		return look_again(uart);
	default: /* PHASE_ENABLE, PHASE_MODEM */
		return settle(uart);
	}
}

/* ---- the doors ---- */

uart_action_t uart_step(uart_t *uart, uart_event_t event)
{
	uart->now_ms = event.now_ms;
	switch (event.type) {
	case UART_EV_PROBE:
		return begin_rows(uart, probe_rows);
	case UART_EV_START:
		return begin_rows(uart, start_rows);
	case UART_EV_QUIESCE:
		uart->draining = true;
		uart->limit_at = uart->now_ms + UART_DRAIN_MS;
		return uart->running ? begin_turn(uart) : begin_rows(uart, quiesce_rows);
	case UART_EV_STOP:
		return begin_rows(uart, stop_rows);
	case UART_EV_WAKE:
		return uart->row ? perform_row(uart) : begin_turn(uart);
	default:
		return uart->row ? judge_row(uart, event.value)
				 : continue_turn(uart, event.value);
	}
}

void uart_init(uart_t *uart, void *tx_data)
{
	*uart = (uart_t){.depth = 1, .ahead = UART_TX_BYTES};
	ring_init(&uart->rx, uart->rx_data, UART_RX_BYTES);
	ring_init(&uart->tx, tx_data, UART_TX_BYTES);
}

uint32_t uart_write(uart_t *uart, const void *from, uint32_t bytes)
{
	uint32_t used = ring_used(&uart->tx);
	uint32_t room = used < uart->ahead ? uart->ahead - used : 0;
	uint32_t taken = bytes < room ? bytes : room;
	if (taken)
		ring_put(&uart->tx, from, taken);
	if (taken < bytes) {
		uart->tx_short = true;
		uart->stats.refused++;
	}
	return taken;
}

uint32_t uart_read(uart_t *uart, void *to, uint32_t bytes)
{
	return ring_get(&uart->rx, to, bytes);
}

uart_stats_t uart_stats(const uart_t *uart)
{
	uart_stats_t stats = uart->stats;
	stats.rx_high_water = uart->rx.high_water;
	stats.tx_high_water = uart->tx.high_water;
	return stats;
}

bool uart_restore(uart_t *uart, uint32_t head, uint32_t tail)
{
	if (head - tail > UART_TX_BYTES)
		return false;
	uart->tx.head = head;
	uart->tx.tail = tail;
	return true;
}
