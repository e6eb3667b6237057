/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake_ns16550.h"

#include "cap/syscall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hw/ns16550.h"

fake_ns16550_t port;

bool port_has_fifo(void)
{
	return !port.no_fifo && port.registers[NS16550_FIFO] & NS16550_FIFO_ON;
}

void port_receive(void)
{
	uint32_t depth = port_has_fifo() ? NS16550_FIFO_DEPTH : 1;
	while (port.input_in < port.input_count && port.input_in - port.input_at < depth)
		port.input_in++;
}

static uint8_t read_data(void)
{
	uint8_t byte = port.input_at < port.input_in ? port.input[port.input_at++] : 0;
	port_receive();
	return byte;
}

static void turn_fifo(void)
{
	port.input_count += port.late;
	port.late = 0;
	port_receive();
	port.flushed += port.input_in - port.input_at;
	port.input_at = port.input_in;
}

static uint8_t read_line_status(void)
{
	uint8_t status = port.status;
	port.status = 0;
	if (!port.aloof)
		port_receive();
	if (port.broken && !(port.registers[NS16550_MODEM] & NS16550_MODEM_OUT2))
		status |= NS16550_STATUS_RECEIVED | NS16550_STATUS_BREAK;
	if (port.input_at < port.input_in)
		status |= NS16550_STATUS_RECEIVED;
	if (!port.stuck_sender && !port.held)
		status |= NS16550_STATUS_ROOM;
	if (!port.stuck_sender && !port.held && port.now_ms >= port.busy_ms)
		status |= NS16550_STATUS_IDLE;
	return status;
}

static uint8_t read_identity(void)
{
	uint8_t fifo = port_has_fifo() ? NS16550_IDENTITY_FIFO : 0;
	uint8_t enable = port.registers[NS16550_ENABLE];
	if (port.stuck_identity)
		return fifo;
	if ((enable & NS16550_ENABLE_RECEIVED) && port.input_at < port.input_in)
		return fifo | 0x04;
	if ((enable & NS16550_ENABLE_EMPTY) && !port.held && !port.stuck_sender)
		return fifo | 0x02;
	return fifo | NS16550_IDENTITY_NONE;
}

uint8_t port_read(uint8_t reg)
{
	uint8_t modem = port.registers[NS16550_MODEM];
	if (port.absent)
		return 0xff;
	switch (reg) {
	case NS16550_DATA:
		return read_data();
	case NS16550_IDENTITY:
		return read_identity();
	case NS16550_LINE_STATUS:
		return read_line_status();
	case NS16550_MODEM_STATUS:
		if (port.no_loop || !(modem & NS16550_MODEM_LOOP))
			return 0xb0;
		return (uint8_t)((modem & NS16550_MODEM_OUT2 ? 0x80 : 0) |
				 (modem & NS16550_MODEM_RTS ? 0x10 : 0));
	default:
		return port.registers[reg];
	}
}

void port_write(uint8_t reg, uint8_t value)
{
	if (reg == NS16550_FIFO && (value ^ port.registers[reg]) & NS16550_FIFO_ON)
		turn_fifo();
	if (reg != NS16550_SCRATCH || !port.stuck_scratch)
		port.registers[reg] = value;
	if (reg == NS16550_MODEM && (value & NS16550_MODEM_LOOP))
		port.lost += port.stuck_sender || port.now_ms < port.busy_ms;
	if (reg != NS16550_DATA)
		return;
	assert_true(port.wire_count < WIRE_BYTES);
	assert_true(port.held < (port_has_fifo() ? NS16550_FIFO_DEPTH : 1));
	port.wire[port.wire_count++] = (char)value;
	if (port.room)
		port.held++;
}

/* It is the first one. */
err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	(void)cap;
	*info = (cap_info_t){.type = CAP_PIO, .scope0 = PIO_SCOPE(NS16550_BASE, NS16550_LAST)};
	return DRV_OK;
}
