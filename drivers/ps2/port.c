/* SPDX-License-Identifier: BSD-2-Clause */
/* The talk of port.h. */
#include "ps2/port.h"

#include "ps2/i8042.h"

/* Begins with the program's row, or ends where that is the end. */
static void enter_row(port_t *port, turn_t *turn)
{
	const program_row_t *row = port->program.row;
	port->strays = 0;
	if (row->op == PROGRAM_END) {
		port->result = row->value;
		port->error = DRV_OK;
		port_end(port);
		return;
	}
	port->phase = row->op == PORT_REPLY ? PORT_TO_ANSWER : PORT_TO_WRITE;
	port->byte = row->op == PORT_SEND_OWN ? port->ops->own(turn, row) : row->value;
}

void port_begin(port_t *port, turn_t *turn, const program_table_t *program)
{
	program_begin(&port->program, program->rows, program->count, turn->now_ms);
	enter_row(port, turn);
}

void port_end(port_t *port)
{
	program_end(&port->program);
	port->phase = PORT_IDLE;
}

void port_written(port_t *port, turn_t *turn)
{
	if (port->phase != PORT_TO_WRITE)
		return;
	port->phase = PORT_TO_ANSWER;
	program_wait(&port->program, turn->now_ms);
}

void port_fail(port_t *port, turn_t *turn, err_t error)
{
	bool retried = false;
	err_t failed = program_fail(&port->program, error, turn->now_ms, &retried);
	turn->stats.retries += retried;
	turn->stats.failed_commands += !retried;
	if (failed == DRV_OK) {
		enter_row(port, turn);
		return;
	}
	port->result = 0;
	port->error = failed;
	port_end(port);
}

/* Whether `byte` acknowledges what was sent. */
static port_verdict_t judge_ack(const port_t *port, turn_t *turn, uint8_t byte)
{
	if (byte == PS2_ACK)
		return PORT_GOOD;
	if (!port->ops->refuses(byte))
		return PORT_OTHER;
	turn->stats.naks++;
	return PORT_BAD;
}

/* An echo is no command for a keyboard that waits for a parameter: it takes that for it. */
static port_verdict_t judge_echo(turn_t *turn, const program_row_t *row, uint8_t byte)
{
	if (byte == row->value)
		return PORT_GOOD;
	turn->stats.naks += byte == PS2_RESEND;
	return byte == PS2_ACK || byte == PS2_RESEND ? PORT_BAD : PORT_OTHER;
}

static port_verdict_t judge(port_t *port, turn_t *turn, uint8_t byte)
{
	const program_row_t *row = port->program.row;
	if (row->op == PORT_REPLY)
		return port->ops->judge(turn, row, byte);
	return row->op == PORT_ECHO ? judge_echo(turn, row, byte) : judge_ack(port, turn, byte);
}

static void go_on(port_t *port, turn_t *turn)
{
	program_next(&port->program, turn->now_ms);
	enter_row(port, turn);
}

/* Some devices report their self-test and forget to acknowledge the reset. */
static bool is_hasty_report(const port_t *port, uint8_t byte)
{
	return port->program.row->op == PORT_SEND &&
	       port->program.row->value == PS2_CMD_RESET && byte == PS2_SELF_TEST_GOOD;
}

bool port_take(port_t *port, turn_t *turn, uint8_t byte)
{
	if (port->phase != PORT_TO_ANSWER)
		return false;
	if (is_hasty_report(port, byte))
		go_on(port, turn);
	switch (judge(port, turn, byte)) {
	case PORT_GOOD:
		go_on(port, turn);
		return true;
	case PORT_BAD:
		port_fail(port, turn, DRV_EIO);
		return true;
	default:
		if (++port->strays >= PORT_STRAY_MAX)
			port_fail(port, turn, DRV_EIO);
		return false;
	}
}

void port_time(port_t *port, turn_t *turn)
{
	if (port->phase != PORT_TO_ANSWER || !program_is_late(&port->program, turn->now_ms))
		return;
	turn->stats.read_timeouts++;
	port_fail(port, turn, DRV_ETIMEDOUT);
}

uint32_t port_left_ms(const port_t *port, const turn_t *turn)
{
	if (port->phase != PORT_TO_ANSWER)
		return UINT32_MAX;
	uint32_t passed = turn->now_ms - port->program.since_ms;
	uint32_t limit = port->program.row->limit_ms;
	return passed < limit ? limit - passed : 0;
}
