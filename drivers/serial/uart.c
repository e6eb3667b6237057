/* SPDX-License-Identifier: BSD-2-Clause */
/* The step function of uart.h: the programs of programs.h for what happens once, phases for
 * moving bytes. */
#include "uart.h"

#include "hw/ns16550.h"
#include "programs.h"

#define ON_LINE	      (NS16550_MODEM_DTR | NS16550_MODEM_RTS)
#define INPUT_ENABLED (NS16550_ENABLE_RECEIVED | NS16550_ENABLE_ERROR)

typedef enum uart_phase {
	PHASE_STATUS,
	PHASE_RECEIVE,
	PHASE_SEND,
	PHASE_ENABLE,
	PHASE_MODEM,
	PHASE_IDENTITY,
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
	program_end(&uart->program);
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
	uart->silent_at = uart->now_ms + UART_SILENCE_MS;
	if (!uart->drop)
		uart_put(uart, byte);
}

/* A break's byte is none. */
static uart_action_t take(uart_t *uart, uint8_t status)
{
	uart->drop = status & NS16550_STATUS_BREAK;
	if (uart->drop)
		return read_register(NS16550_DATA);
	return (uart_action_t){.type = UART_ACT_TAKE, .reg = NS16550_DATA};
}

/* ---- operations ---- */

static uart_action_t perform_row(uart_t *uart)
{
	const program_row_t *row = uart->program.row;
	if (row->op == OP_WRITE)
		return write_register(row->where, row->value);
	if (row->op != OP_END)
		return read_register(row->where);
	program_end(&uart->program);
	uart->running = row->state;
	uart->draining = false;
	uart->enable = 0;
	uart->modem = ON_LINE | NS16550_MODEM_OUT2;
	return (uart_action_t){.type = UART_ACT_DONE};
}

/* Each row has a silence of its own. */
static uart_action_t enter_row(uart_t *uart)
{
	uart->silent_at = uart->now_ms + UART_SILENCE_MS;
	uart->rounds = 0;
	return perform_row(uart);
}

static uart_action_t begin(uart_t *uart, uart_program_t program)
{
	uart->running = uart->taking = uart->flooded = false;
	program_begin(&uart->program, uart_programs[program].rows, uart_programs[program].count,
		      uart->now_ms);
	return enter_row(uart);
}

static uart_action_t next_row(uart_t *uart)
{
	program_next(&uart->program, uart->now_ms);
	return enter_row(uart);
}

static uart_action_t go_otherwise(uart_t *uart)
{
	program_skip(&uart->program, uart->now_ms);
	return enter_row(uart);
}

/* OP_TAKE: `value` is the line status, or a received byte. */
static uart_action_t take_received(uart_t *uart, uint8_t value)
{
	if (uart->taking) {
		uart->taking = false;
		take_byte(uart, value);
		return ++uart->rounds % UART_ROUNDS ? perform_row(uart) : wait_for(1);
	}
	count_errors(uart, value);
	bool received = value & NS16550_STATUS_RECEIVED;
	if (!received && is_past(uart, uart->silent_at))
		return next_row(uart);
	if (program_is_late(&uart->program, uart->now_ms) ||
	    (received && !ring_free(&uart->rx)))
		return go_otherwise(uart);
	if (!received)
		return wait_for(1);
	uart->taking = true;
	return take(uart, value);
}

/* OP_EMPTY */
static uart_action_t wait_until_sent(uart_t *uart, uint8_t status)
{
	count_errors(uart, status);
	if (status & NS16550_STATUS_IDLE)
		return next_row(uart);
	if (!program_is_late(&uart->program, uart->now_ms))
		return wait_for(1);
	err_t error = uart->program.row->error;
	return error ? fail(uart, error) : go_otherwise(uart);
}

static uart_action_t judge_row(uart_t *uart, uint8_t value)
{
	const program_row_t *row = uart->program.row;
	switch (row->op) {
	case OP_TAKE:
		return take_received(uart, value);
	case OP_EMPTY:
		return wait_until_sent(uart, value);
	case OP_EXPECT:
		if ((value & row->mask) != row->value)
			return fail(uart, row->error);
		break;
	case OP_SKIP:
		if (value & row->mask)
			return go_otherwise(uart);
		break;
	case OP_DEPTH:
		uart->depth = (value & NS16550_IDENTITY_FIFO) == NS16550_IDENTITY_FIFO
				  ? NS16550_FIFO_DEPTH
				  : 1;
		break;
	default:
		break;
	}
	return next_row(uart);
}

/* ---- moving bytes ---- */

static uart_action_t look(uart_t *uart, uart_phase_t phase, uint8_t reg)
{
	uart->phase = phase;
	return read_register(reg);
}

/* Interrupts and RTS as the rings want them: while the receive ring is full, or in a flood, the
 * device keeps its bytes and the sender is told to hold back. */
static uart_action_t settle(uart_t *uart)
{
	bool full = !ring_free(&uart->rx), room = !full && !uart->flooded;
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
		uart->stats.throttles += full;
		uart->modem = modem;
		uart->phase = PHASE_MODEM;
		return write_register(NS16550_MODEM, modem);
	}
	return look(uart, PHASE_IDENTITY, NS16550_IDENTITY);
}

/* Ends the turn: all is done that can be. */
static uart_action_t finish(uart_t *uart)
{
	if (uart->flooded && is_past(uart, uart->silent_at) && ring_free(&uart->rx)) {
		uart->flooded = false;
		return settle(uart);
	}
	if (uart->tx_short && ring_used(&uart->tx) <= uart->ahead / 2) {
		uart->tx_short = false;
		uart->notify = true;
	}
	if (!uart->draining)
		return wait_for(uart->flooded ? 1 : UART_POLL_MS);
	if (!ring_used(&uart->tx))
		return begin(uart, UART_QUIESCE);
	return is_past(uart, uart->limit_at) ? fail(uart, DRV_ETIMEDOUT) : wait_for(1);
}

/* Looks again, or lets others run first. */
static uart_action_t look_again(uart_t *uart)
{
	if (uart->draining && is_past(uart, uart->limit_at))
		return fail(uart, DRV_ETIMEDOUT);
	if (++uart->rounds > UART_ROUNDS)
		return wait_for(!uart->moved ? UART_PAUSE_MS : uart->flooded ? 1 : 0);
	return look(uart, PHASE_STATUS, NS16550_LINE_STATUS);
}

/* Too many turns in a while are a flood, which goes on as long as bytes come. */
static void note_turn(uart_t *uart)
{
	bool anew = uart->now_ms - uart->turns_ms >= UART_FLOOD_MS;
	uart->turns_ms = anew ? uart->now_ms : uart->turns_ms;
	uart->turns = anew ? 1 : uart->turns + 1;
	if (uart->turns > UART_FLOOD_TURNS && uart->depth > 1 && !uart->flooded) {
		uart->flooded = true;
		uart->stats.floods++;
		/* The last byte may have come weeks ago. */
		uart->silent_at = uart->now_ms + UART_SILENCE_MS;
	}
}

static uart_action_t begin_turn(uart_t *uart)
{
	if (!uart->running)
		return (uart_action_t){.type = UART_ACT_NONE};
	note_turn(uart);
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

static uart_action_t take_status(uart_t *uart, uint8_t status)
{
	count_errors(uart, status);
	bool enough = uart->flooded && uart->rounds >= UART_FLOOD_BYTES;
	if ((status & NS16550_STATUS_RECEIVED) && ring_free(&uart->rx) && !enough) {
		uart->phase = PHASE_RECEIVE;
		return take(uart, status);
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
		return begin(uart, UART_PROBE);
	case UART_EV_START:
		return begin(uart, UART_START);
	case UART_EV_QUIESCE:
		uart->draining = true;
		uart->limit_at = uart->now_ms + UART_DRAIN_MS;
		return uart->running ? begin_turn(uart) : begin(uart, UART_QUIESCE);
	case UART_EV_STOP:
		return begin(uart, UART_STOP);
	case UART_EV_WAKE:
		return uart->program.row ? perform_row(uart) : begin_turn(uart);
	default:
		return uart->program.row ? judge_row(uart, event.value)
					 : continue_turn(uart, event.value);
	}
}

void uart_init(uart_t *uart, void *tx_data, void *rx_data)
{
	*uart = (uart_t){.depth = 1, .ahead = UART_TX_BYTES};
	ring_init(&uart->rx, rx_data, UART_RX_BYTES);
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

int32_t uart_read_at(uart_t *uart, uint32_t *position, void *to, uint32_t bytes)
{
	if (*position - uart->rx.tail > ring_used(&uart->rx))
		return DRV_EOVERFLOW;
	uart->rx.tail = *position;
	ring_t copy = uart->rx; /* what is given is held until it is asked behind it */
	uint32_t given = ring_get(&copy, to, bytes);
	*position += given;
	return (int32_t)given;
}

uart_stats_t uart_stats(const uart_t *uart)
{
	uart_stats_t stats = uart->stats;
	stats.rx_high_water = uart->rx.high_water;
	stats.tx_high_water = uart->tx.high_water;
	return stats;
}

static bool restore(ring_t *ring, uint32_t head, uint32_t tail)
{
	if (head - tail > ring->size)
		return false;
	ring->head = head;
	ring->tail = tail;
	return true;
}

bool uart_restore(uart_t *uart, uint32_t head, uint32_t tail)
{
	return restore(&uart->tx, head, tail);
}

bool uart_restore_received(uart_t *uart, uint32_t head, uint32_t tail)
{
	return restore(&uart->rx, head, tail);
}

void uart_put(uart_t *uart, uint8_t byte)
{
	ring_put(&uart->rx, &byte, 1);
	uart->stats.received++;
	uart->notify = true;
}
