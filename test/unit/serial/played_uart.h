/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the serial driver against the port of fake_ns16550.h, and types to it. */
#ifndef TEST_PLAYED_UART_H
#define TEST_PLAYED_UART_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_ns16550.h"
#include "hw/ns16550.h"
#include "serial/uart.h"

#define STEPS_MAX 200000u

static uart_t uart;
static uint8_t tx_data[UART_TX_BYTES], rx_data[UART_RX_BYTES];

/* Runs the driver until it waits for longer than a moment, fails or has nothing to do. Time
 * passes in its short waits alone. `done` counts ended operations. */
static inline uart_action_t run(uart_event_type_t first, unsigned *done)
{
	uart_event_t event = {.type = first, .now_ms = port.now_ms};
	for (unsigned i = 0; i < STEPS_MAX; i++) {
		uart_action_t action = uart_step(&uart, event);
		event = (uart_event_t){.type = UART_EV_WAKE};
		if (action.type == UART_ACT_TAKE) {
			assert_int_equal(action.reg, NS16550_DATA);
			assert_true(ring_free(&uart.rx) > 0);
		}
		if (action.type == UART_ACT_READ || action.type == UART_ACT_TAKE)
			event = (uart_event_t){UART_EV_VALUE, port_read(action.reg), 0};
		else if (action.type == UART_ACT_WRITE)
			event.type = UART_EV_WRITTEN;
		else if (action.type == UART_ACT_DONE && done)
			++*done;
		else if (action.type == UART_ACT_WAIT && action.wait_ms < UART_PAUSE_MS)
			port.now_ms += action.wait_ms;
		else if (action.type != UART_ACT_DONE)
			return action;
		if (action.type == UART_ACT_WRITE)
			port_write(action.reg, action.value);
		event.now_ms = port.now_ms;
	}
	fail_msg("the driver never waits");
	return (uart_action_t){.type = UART_ACT_NONE};
}

static inline int fresh(void **state)
{
	(void)state;
	memset(&port, 0, sizeof(port));
	uart_init(&uart, tx_data, rx_data);
	return 0;
}

static inline void start(void)
{
	unsigned done = 0;
	assert_int_equal(run(UART_EV_PROBE, &done).type, UART_ACT_NONE);
	assert_int_equal(run(UART_EV_START, &done).type, UART_ACT_WAIT);
	assert_int_equal(done, 2);
}

static inline void type(const char *text)
{
	memcpy(port.input + port.input_count, text, strlen(text));
	port.input_count += (uint32_t)strlen(text);
	if (port.input_in == port.input_count - (uint32_t)strlen(text))
		port_receive();
}

/* `count` bytes, each of which tells its place. */
static inline void paste(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		port.input[i] = (uint8_t)(i * 7);
	port.input_count = count;
}

static inline void expect_pasted(uint32_t count)
{
	uint8_t chunk[64];
	uint32_t got = 0, taken;
	while ((taken = uart_read(&uart, chunk, sizeof(chunk))) > 0) {
		for (uint32_t i = 0; i < taken; i++)
			assert_int_equal(chunk[i], (uint8_t)((got + i) * 7));
		got += taken;
		run(UART_EV_WAKE, NULL);
	}
	assert_int_equal(got, count);
}

#endif
