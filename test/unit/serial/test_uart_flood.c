/* SPDX-License-Identifier: BSD-2-Clause */
/* More comes than a line can bring: the driver lets the device's interrupt be and reads it by
 * its timer, loses nothing that the device holds, and goes back to the interrupt when nothing
 * comes. */
#include "played_uart.h"

#define LINE_BYTES 12u /* in a millisecond, of 115,200 bit/s */

/* One turn, to the wait that ends it: how long that is. */
static uint32_t turn(void)
{
	uart_event_t event = {.type = UART_EV_WAKE, .now_ms = port.now_ms};
	for (unsigned i = 0; i < STEPS_MAX; i++) {
		uart_action_t action = uart_step(&uart, event);
		if (action.type == UART_ACT_WAIT)
			return action.wait_ms;
		event = (uart_event_t){.type = UART_EV_WRITTEN, .now_ms = port.now_ms};
		if (action.type == UART_ACT_WRITE) {
			port_write(action.reg, action.value);
		} else {
			event.type = UART_EV_VALUE;
			event.value = port_read(action.reg);
		}
	}
	fail_msg("a turn does not end");
	return 0;
}

static bool interrupts(void)
{
	return port.registers[NS16550_ENABLE] & NS16550_ENABLE_RECEIVED;
}

/* Turns of one byte each. */
static void bring(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		type("x");
		turn();
	}
}

/* A started driver, and so many turns. */
static void start_and_bring(uint32_t count)
{
	start();
	port.now_ms += 1000;
	bring(count);
}

static void take_all(uint32_t *taken)
{
	uint8_t bytes[256];
	uint32_t count;
	while ((count = uart_read(&uart, bytes, sizeof(bytes))) > 0)
		for (uint32_t i = 0; i < count; i++, ++*taken)
			assert_int_equal(bytes[i], (uint8_t)(*taken * 7));
}

static void a_line_brings_all_that_it_can_by_interrupts(void **state)
{
	(void)state;
	start();
	for (uint32_t ms = 0; ms < WIRE_BYTES / LINE_BYTES; ms++, port.now_ms++) {
		uint32_t taken = 0;
		bring(LINE_BYTES);
		assert_true(interrupts());
		uint8_t bytes[LINE_BYTES];
		taken = uart_read(&uart, bytes, sizeof(bytes));
		assert_int_equal(taken, LINE_BYTES);
	}
	assert_int_equal(uart.stats.floods, 0);
}

static void beyond_that_it_reads_by_the_timer_until_nothing_comes(void **state)
{
	(void)state;
	start_and_bring(UART_FLOOD_TURNS);
	assert_true(interrupts());
	type("x");
	assert_int_equal(turn(), 1);
	assert_false(interrupts());
	assert_int_equal(uart.stats.floods, 1);
	for (uint32_t i = 0; i < 20; i++) {
		port.now_ms++;
		type("x");
		assert_int_equal(turn(), 1);
		assert_false(interrupts());
	}
	port.now_ms++;
	assert_int_equal(turn(), 1);
	assert_false(interrupts());
	port.now_ms += UART_SILENCE_MS - 1;
	assert_int_equal(turn(), UART_POLL_MS);
	assert_true(interrupts());
	assert_int_equal(uart.stats.floods, 1);
	assert_int_equal(uart.stats.received, UART_FLOOD_TURNS + 21);
	assert_int_equal(port.registers[NS16550_MODEM] & NS16550_MODEM_RTS, NS16550_MODEM_RTS);
}

/* The device is full again whenever it is read. */
static void a_flood_interrupts_seldom_and_nothing_of_it_is_lost(void **state)
{
	(void)state;
	uint32_t taken = 0, in_stretch = 0, most = 0, waits = 1;
	start();
	port.now_ms += 1000;
	paste(WIRE_BYTES);
	for (uint32_t ms = 0; taken < WIRE_BYTES; ms++, port.now_ms++) {
		assert_true(ms < 10 * WIRE_BYTES);
		in_stretch = ms % UART_FLOOD_MS ? in_stretch : 0;
		/* 40 interrupts a millisecond, if they are let through, or the timer. */
		for (uint32_t i = 0; i < 40; i++) {
			if (!interrupts() && (i || waits > 1))
				continue;
			in_stretch += interrupts();
			port.input_in +=
			    port.input_in < WIRE_BYTES && port.input_in == port.input_at;
			waits = turn();
			take_all(&taken);
		}
		most = in_stretch > most ? in_stretch : most;
	}
	assert_in_range(most, 1, 2 * UART_FLOOD_TURNS);
	assert_int_equal(uart.stats.received, WIRE_BYTES);
	assert_true(uart.stats.floods > 0);
}

static void a_turn_in_a_flood_has_a_bound(void **state)
{
	(void)state;
	start_and_bring(UART_FLOOD_TURNS + 1);
	paste(1000);
	port.input_at = port.input_in = 0;
	port_receive();
	uint32_t before = uart.stats.received;
	assert_int_equal(turn(), 1);
	assert_int_equal(uart.stats.received - before, UART_FLOOD_BYTES);
}

static void what_floods_the_line_does_not_keep_it_from_sending(void **state)
{
	(void)state;
	start_and_bring(UART_FLOOD_TURNS + 1);
	port.now_ms++;
	uart_write(&uart, "heard", 5);
	paste(1000);
	port.input_at = port.input_in = 0;
	port_receive();
	assert_int_equal(turn(), 1);
	assert_string_equal(port.wire, "heard");
	assert_true(port.input_at < port.input_in);
}

static bool may_be_sent_to(void)
{
	return port.registers[NS16550_MODEM] & NS16550_MODEM_RTS;
}

static void who_heeds_rts_is_held_back_in_a_flood_and_let_go_behind_it(void **state)
{
	(void)state;
	start_and_bring(UART_FLOOD_TURNS);
	assert_true(may_be_sent_to());
	bring(1);
	assert_false(may_be_sent_to());
	assert_int_equal(uart.stats.throttles, 0); /* the ring has room */
	port.now_ms++;
	bring(1); /* it was under way */
	assert_false(may_be_sent_to());
	port.now_ms += UART_SILENCE_MS;
	turn();
	assert_true(may_be_sent_to() && interrupts());
	assert_int_equal(uart.stats.received, UART_FLOOD_TURNS + 2);
}

/* Turns alone, of what a client writes, in a driver to which nobody has typed for half of the
 * clock's range: it hears the next byte all the same. */
static void a_flood_of_turns_ends_though_nothing_came_for_weeks(void **state)
{
	(void)state;
	start();
	bring(1);
	port.now_ms += 0x90000000u;
	for (uint32_t i = 0; i <= UART_FLOOD_TURNS; i++)
		turn();
	assert_int_equal(uart.stats.floods, 1);
	port.now_ms += UART_SILENCE_MS;
	assert_int_equal(turn(), UART_POLL_MS);
	assert_true(interrupts());
}

/* Between two looks of the timer it would lose more than it could hold. */
static void a_device_without_fifo_is_read_by_interrupts_however_much_comes(void **state)
{
	(void)state;
	port.no_fifo = true;
	start_and_bring(2 * UART_FLOOD_TURNS);
	assert_true(interrupts());
	assert_int_equal(uart.stats.floods, 0);
}

/* One that always asks for something is not looked at all the time. */
static void a_device_that_asks_for_ever_lets_others_run_in_a_flood(void **state)
{
	(void)state;
	start();
	port.now_ms += 1000;
	port.stuck_identity = true;
	bring(UART_FLOOD_TURNS);
	type("x");
	assert_int_equal(turn(), 1);
}

static void a_flood_into_a_full_ring_goes_on_when_there_is_room(void **state)
{
	(void)state;
	uint32_t taken = 0;
	start_and_bring(UART_FLOOD_TURNS + 1);
	uint8_t bytes[256];
	while (uart_read(&uart, bytes, sizeof(bytes)))
		;
	paste(3 * UART_RX_BYTES);
	port.input_at = port.input_in = 0;
	port_receive();
	for (uint32_t i = 0; i < 100; i++, port.now_ms++)
		turn();
	assert_int_equal(ring_used(&uart.rx), UART_RX_BYTES);
	assert_int_equal(port.registers[NS16550_MODEM] & NS16550_MODEM_RTS, 0);
	for (uint32_t i = 0; i < 1000; i++, port.now_ms++) {
		take_all(&taken);
		turn();
	}
	assert_int_equal(taken, 3 * UART_RX_BYTES);
	assert_true(interrupts());
}

static void a_driver_quiesces_and_starts_out_of_a_flood(void **state)
{
	(void)state;
	start_and_bring(UART_FLOOD_TURNS + 1);
	unsigned done = 0;
	assert_int_equal(run(UART_EV_QUIESCE, &done).type, UART_ACT_NONE);
	assert_int_equal(run(UART_EV_START, &done).type, UART_ACT_WAIT);
	assert_int_equal(done, 2);
	assert_true(interrupts());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_line_brings_all_that_it_can_by_interrupts, fresh),
	    cmocka_unit_test_setup(beyond_that_it_reads_by_the_timer_until_nothing_comes,
				   fresh),
	    cmocka_unit_test_setup(a_flood_interrupts_seldom_and_nothing_of_it_is_lost, fresh),
	    cmocka_unit_test_setup(a_turn_in_a_flood_has_a_bound, fresh),
	    cmocka_unit_test_setup(what_floods_the_line_does_not_keep_it_from_sending, fresh),
	    cmocka_unit_test_setup(who_heeds_rts_is_held_back_in_a_flood_and_let_go_behind_it,
				   fresh),
	    cmocka_unit_test_setup(a_device_that_asks_for_ever_lets_others_run_in_a_flood,
				   fresh),
	    cmocka_unit_test_setup(a_flood_into_a_full_ring_goes_on_when_there_is_room, fresh),
	    cmocka_unit_test_setup(a_flood_of_turns_ends_though_nothing_came_for_weeks, fresh),
	    cmocka_unit_test_setup(a_driver_quiesces_and_starts_out_of_a_flood, fresh),
	    cmocka_unit_test_setup(
		a_device_without_fifo_is_read_by_interrupts_however_much_comes, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
