/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial driver against a serial port that is played here, healthy and not. */
#include "played_uart.h"

static void an_absent_port_is_no_device_and_is_asked_nothing_more(void **state)
{
	(void)state;
	port.absent = true;
	uart_action_t action = run(UART_EV_PROBE, NULL);
	assert_int_equal(action.type, UART_ACT_FAIL);
	assert_int_equal(action.error, DRV_ENODEV);
	assert_int_equal(port.registers[NS16550_MODEM], 0);
}

static void a_register_that_remembers_is_not_yet_a_port(void **state)
{
	(void)state;
	port.no_loop = true;
	assert_int_equal(run(UART_EV_PROBE, NULL).error, DRV_ENODEV);
}

static void a_register_that_holds_one_value_is_no_port(void **state)
{
	for (unsigned value = 0; value <= 0xff; value++) {
		fresh(state);
		port.stuck_scratch = true;
		port.registers[NS16550_SCRATCH] = (uint8_t)value;
		assert_int_equal(run(UART_EV_PROBE, NULL).error, DRV_ENODEV);
		assert_int_equal(port.registers[NS16550_LINE], 0);
	}
}

static void what_the_kernel_said_last_is_out_before_loop_mode(void **state)
{
	(void)state;
	port.busy_ms = 17;
	start();
	assert_int_equal(port.lost, 0);
	assert_true(port.now_ms >= 17);
	assert_int_equal(port.registers[NS16550_MODEM] & NS16550_MODEM_LOOP, 0);
}

static void a_line_that_is_held_back_costs_the_loop_test_but_not_the_driver(void **state)
{
	(void)state;
	port.stuck_sender = true;
	start();
	assert_in_range(port.now_ms, 2 * UART_EMPTY_MS, 2 * UART_EMPTY_MS + 4);
	assert_int_equal(port.lost, 0);
	uart_write(&uart, "later", 5);
	run(UART_EV_WAKE, NULL);
	assert_int_equal(port.wire_count, 0);
	port.stuck_sender = false;
	run(UART_EV_WAKE, NULL);
	assert_string_equal(port.wire, "later");
}

static void input_that_came_before_the_start_is_there(void **state)
{
	(void)state;
	char text[8] = "";
	type("early");
	start();
	assert_true(uart.notify);
	assert_int_equal(uart_read(&uart, text, sizeof(text)), 5);
	assert_string_equal(text, "early");
	assert_int_equal(port.flushed, 0);
	assert_true(port_has_fifo());
}

/* What came in between is in the FIFO, and costs the next instance no time. */
static void a_fifo_that_is_on_stays_on_and_is_not_waited_for(void **state)
{
	(void)state;
	char text[8] = "";
	start();
	uart_init(&uart, tx_data, rx_data); /* it died */
	type("while");
	uint32_t began_ms = port.now_ms;
	start();
	assert_int_equal(port.now_ms, began_ms);
	assert_int_equal(port.flushed, 0);
	assert_int_equal(uart_read(&uart, text, sizeof(text)), 5);
	assert_string_equal(text, "while");
	assert_int_equal(uart.depth, NS16550_FIFO_DEPTH);
}

static void input_that_waits_for_a_read_comes_in_full(void **state)
{
	(void)state;
	char text[64] = "";
	port.aloof = true;
	type("p");
	type("s\nand thirty-two bytes held back\n");
	start();
	assert_int_equal(uart_read(&uart, text, sizeof(text)), port.input_count);
	assert_memory_equal(text, port.input, port.input_count);
	assert_true(port_has_fifo());
}

static void a_byte_that_the_fifo_swallowed_does_not_block_those_after_it(void **state)
{
	(void)state;
	char text[8] = "";
	port.aloof = true;
	memcpy(port.input, "xyz", 3);
	port.late = 3;
	start();
	assert_int_equal(port.flushed, 1);
	assert_int_equal(uart_read(&uart, text, sizeof(text)), 2);
	assert_string_equal(text, "yz");
}

static void a_pasted_text_that_does_not_end_is_not_cut_by_the_fifo(void **state)
{
	(void)state;
	paste(5000);
	start();
	assert_int_equal(port.flushed, 0);
	assert_false(port_has_fifo());
	expect_pasted(5000);
	uart_write(&uart, "one at a time", 13);
	run(UART_EV_WAKE, NULL);
	assert_string_equal(port.wire, "one at a time");
}

static void a_break_without_end_does_not_hold_up_the_start(void **state)
{
	(void)state;
	port.broken = true;
	start();
	assert_in_range(port.now_ms, UART_EMPTY_MS, UART_EMPTY_MS + 4);
	assert_int_equal(uart_stats(&uart).received, 0);
}

static void written_bytes_go_out_in_order_and_the_interrupt_goes_off(void **state)
{
	(void)state;
	start();
	for (int i = 0; i < 100; i++)
		assert_int_equal(uart_write(&uart, "0123456789", 10), 10);
	assert_int_equal(run(UART_EV_WAKE, NULL).wait_ms, UART_POLL_MS);
	assert_int_equal(port.wire_count, 1000);
	assert_memory_equal(port.wire + 990, "0123456789", 10);
	assert_int_equal(port.registers[NS16550_ENABLE] & NS16550_ENABLE_EMPTY, 0);
}

static void a_full_fifo_is_refilled_on_its_interrupt(void **state)
{
	(void)state;
	port.room = NS16550_FIFO_DEPTH;
	start();
	uart_write(&uart, "0123456789abcdefghij", 20);
	run(UART_EV_WAKE, NULL);
	assert_int_equal(port.wire_count, 16);
	assert_int_equal(port.registers[NS16550_ENABLE] & NS16550_ENABLE_EMPTY,
			 NS16550_ENABLE_EMPTY);
	port.held = 0;
	run(UART_EV_WAKE, NULL);
	assert_string_equal(port.wire, "0123456789abcdefghij");
}

static void a_port_without_fifo_gets_one_byte_at_a_time(void **state)
{
	(void)state;
	port.no_fifo = true;
	port.room = 1;
	start();
	uart_write(&uart, "ab", 2);
	run(UART_EV_WAKE, NULL);
	assert_int_equal(port.wire_count, 1);
	port.held = 0;
	run(UART_EV_WAKE, NULL);
	assert_string_equal(port.wire, "ab");
}

static void a_full_ring_takes_a_part_and_says_when_there_is_room(void **state)
{
	(void)state;
	static uint8_t much[UART_TX_BYTES + 100];
	port.room = NS16550_FIFO_DEPTH;
	start();
	assert_int_equal(uart_write(&uart, much, sizeof(much)), UART_TX_BYTES);
	assert_int_equal(uart_write(&uart, much, 1), 0);
	assert_int_equal(uart_stats(&uart).refused, 2);
	uart.notify = false;
	run(UART_EV_WAKE, NULL);
	assert_false(uart.notify);
	for (unsigned i = 0; i < UART_TX_BYTES / 2 / NS16550_FIFO_DEPTH; i++) {
		port.held = 0;
		run(UART_EV_WAKE, NULL);
	}
	assert_true(uart.notify);
	assert_true(uart_write(&uart, much, 100) == 100);
}

static void less_than_the_ring_may_wait_where_a_client_says_so(void **state)
{
	(void)state;
	static uint8_t much[UART_TX_BYTES];
	port.room = NS16550_FIFO_DEPTH;
	start();
	assert_false(uart_set_ahead(&uart, 0));
	assert_false(uart_set_ahead(&uart, UART_TX_BYTES + 1));
	assert_int_equal(uart_write(&uart, much, 200), 200);
	assert_true(uart_set_ahead(&uart, 128));
	assert_int_equal(uart_write(&uart, much, 1), 0); /* more waits already */
	uart.notify = false;
	while (ring_used(&uart.tx) > 64) {
		assert_false(uart.notify);
		port.held = 0;
		run(UART_EV_WAKE, NULL);
	}
	assert_true(uart.notify);
	uint32_t room = 128 - ring_used(&uart.tx);
	assert_int_equal(uart_write(&uart, much, 200), room);
}

static void pasted_input_waits_in_the_device_while_the_ring_is_full(void **state)
{
	(void)state;
	start();
	paste(5000);
	run(UART_EV_WAKE, NULL);
	assert_int_equal(port.input_at, UART_RX_BYTES);
	assert_int_equal(port.registers[NS16550_ENABLE] & NS16550_ENABLE_RECEIVED, 0);
	assert_int_equal(port.registers[NS16550_MODEM] & NS16550_MODEM_RTS, 0);
	expect_pasted(5000);
	assert_int_equal(port.registers[NS16550_MODEM] & NS16550_MODEM_RTS, NS16550_MODEM_RTS);
	assert_int_equal(port.registers[NS16550_ENABLE] & NS16550_ENABLE_RECEIVED,
			 NS16550_ENABLE_RECEIVED);
}

static void errors_are_counted_and_a_break_is_no_byte(void **state)
{
	(void)state;
	char text[4] = "";
	start();
	port.status = NS16550_STATUS_OVERRUN | NS16550_STATUS_PARITY;
	run(UART_EV_WAKE, NULL);
	port.status = NS16550_STATUS_BREAK | NS16550_STATUS_FRAMING;
	port.input[0] = 0;
	port.input[1] = 'a';
	port.input_count = 2;
	run(UART_EV_WAKE, NULL);
	uart_stats_t stats = uart_stats(&uart);
	assert_int_equal(stats.overruns, 1);
	assert_int_equal(stats.parity_errors, 1);
	assert_int_equal(stats.breaks, 1);
	assert_int_equal(stats.framing_errors, 0);
	assert_int_equal(uart_read(&uart, text, sizeof(text)), 1);
	assert_string_equal(text, "a");
}

static void a_device_that_asks_for_ever_lets_others_run(void **state)
{
	(void)state;
	start();
	port.stuck_identity = true;
	uart_action_t action = run(UART_EV_WAKE, NULL);
	assert_int_equal(action.type, UART_ACT_WAIT);
	assert_int_equal(action.wait_ms, UART_PAUSE_MS);
}

static void quiesce_sends_what_was_taken_and_then_is_done(void **state)
{
	(void)state;
	unsigned done = 0;
	start();
	uart_write(&uart, "last words", 10);
	port.busy_ms = port.now_ms + 5;
	assert_int_equal(run(UART_EV_QUIESCE, &done).type, UART_ACT_NONE);
	assert_int_equal(done, 1);
	assert_string_equal(port.wire, "last words");
	assert_true(port.now_ms >= port.busy_ms);
	assert_int_equal(port.registers[NS16550_ENABLE], 0);
}

static void quiesce_of_a_blocked_line_ends_at_its_limit(void **state)
{
	(void)state;
	start();
	port.stuck_sender = true;
	uart_write(&uart, "last words", 10);
	uint32_t begin = port.now_ms;
	assert_int_equal(run(UART_EV_QUIESCE, NULL).error, DRV_ETIMEDOUT);
	assert_in_range(port.now_ms - begin, UART_DRAIN_MS, UART_DRAIN_MS + 2);
}

static void stop_leaves_no_interrupt_enabled(void **state)
{
	(void)state;
	unsigned done = 0;
	start();
	run(UART_EV_STOP, &done);
	assert_int_equal(done, 1);
	assert_int_equal(port.registers[NS16550_ENABLE], 0);
	assert_int_equal(port.registers[NS16550_MODEM] & NS16550_MODEM_OUT2, 0);
	assert_int_equal(run(UART_EV_WAKE, NULL).type, UART_ACT_NONE);
}

static void an_unsent_rest_is_sent_by_the_next_instance(void **state)
{
	(void)state;
	start();
	uart_write(&uart, "kept", 4);
	uint32_t head = uart.tx.head, tail = uart.tx.tail;
	uart_init(&uart, tx_data, rx_data);
	assert_false(uart_restore(&uart, tail + UART_TX_BYTES + 1, tail));
	assert_true(uart_restore(&uart, head, tail));
	start();
	assert_string_equal(port.wire, "kept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(an_absent_port_is_no_device_and_is_asked_nothing_more,
				   fresh),
	    cmocka_unit_test_setup(a_register_that_remembers_is_not_yet_a_port, fresh),
	    cmocka_unit_test_setup(a_register_that_holds_one_value_is_no_port, fresh),
	    cmocka_unit_test_setup(what_the_kernel_said_last_is_out_before_loop_mode, fresh),
	    cmocka_unit_test_setup(
		a_line_that_is_held_back_costs_the_loop_test_but_not_the_driver, fresh),
	    cmocka_unit_test_setup(input_that_came_before_the_start_is_there, fresh),
	    cmocka_unit_test_setup(a_fifo_that_is_on_stays_on_and_is_not_waited_for, fresh),
	    cmocka_unit_test_setup(input_that_waits_for_a_read_comes_in_full, fresh),
	    cmocka_unit_test_setup(a_byte_that_the_fifo_swallowed_does_not_block_those_after_it,
				   fresh),
	    cmocka_unit_test_setup(a_pasted_text_that_does_not_end_is_not_cut_by_the_fifo,
				   fresh),
	    cmocka_unit_test_setup(a_break_without_end_does_not_hold_up_the_start, fresh),
	    cmocka_unit_test_setup(written_bytes_go_out_in_order_and_the_interrupt_goes_off,
				   fresh),
	    cmocka_unit_test_setup(a_full_fifo_is_refilled_on_its_interrupt, fresh),
	    cmocka_unit_test_setup(a_port_without_fifo_gets_one_byte_at_a_time, fresh),
	    cmocka_unit_test_setup(a_full_ring_takes_a_part_and_says_when_there_is_room, fresh),
	    cmocka_unit_test_setup(pasted_input_waits_in_the_device_while_the_ring_is_full,
				   fresh),
	    cmocka_unit_test_setup(errors_are_counted_and_a_break_is_no_byte, fresh),
	    cmocka_unit_test_setup(less_than_the_ring_may_wait_where_a_client_says_so, fresh),
	    cmocka_unit_test_setup(a_device_that_asks_for_ever_lets_others_run, fresh),
	    cmocka_unit_test_setup(quiesce_sends_what_was_taken_and_then_is_done, fresh),
	    cmocka_unit_test_setup(quiesce_of_a_blocked_line_ends_at_its_limit, fresh),
	    cmocka_unit_test_setup(stop_leaves_no_interrupt_enabled, fresh),
	    cmocka_unit_test_setup(an_unsent_rest_is_sent_by_the_next_instance, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
