/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole serial driver, glue included, on a runtime that is played here: what the lifecycle
 * steps answer and when, what clients get, what outlives a restart. */
#include "serial_process.h"

static int fresh(void **state)
{
	(void)state;
	new_machine();
	start_process();
	return 0;
}

static int32_t write_text(const char *text)
{
	return ops->write(&session, text, (uint32_t)strlen(text));
}

/* ---- tests ---- */

static void the_probe_tells_a_port_from_none(void **state)
{
	assert_int_equal(step(ops->probe()), DRV_OK);
	assert_int_equal(health, DRV_OK);
	fresh(state);
	port.absent = true;
	assert_int_equal(step(ops->probe()), DRV_ENODEV);
	assert_int_equal(health, DRV_ENODEV);
}

static void a_port_that_takes_its_time_is_waited_for_without_blocking(void **state)
{
	(void)state;
	port.busy_ms = 17;
	assert_int_equal(ops->probe(), DRV_EAGAIN);
	assert_int_equal(health, NOT_DONE);
	assert_int_equal(step(DRV_EAGAIN), DRV_OK);
	assert_int_equal(health, DRV_OK);
	assert_true(port.now_ms >= 17);
}

static void what_is_typed_wakes_its_reader(void **state)
{
	char text[8] = "";
	(void)state;
	run_it();
	notified = 0;
	type("typed");
	ops->irq(1); /* of another line */
	assert_int_equal(notified, 0);
	ops->irq(0);
	assert_int_equal(notified, 1);
	assert_int_equal(ops->read(&session, text, 3), 3);
	assert_int_equal(ops->read(&session, text + 3, sizeof(text) - 3), 2);
	assert_string_equal(text, "typed");
	assert_int_equal(ops->read(&session, text, sizeof(text)), 0);
}

static void read_at(uint32_t position, int32_t result, const char *wanted)
{
	char text[8] = "";
	uint32_t next = position;
	assert_int_equal(ops->read_at(&session, &next, text, 4), result);
	if (result >= 0) {
		assert_int_equal(next, position + (uint32_t)result);
		assert_string_equal(text, wanted);
	}
}

static uint32_t place_of_the_line(void)
{
	ioctl_t place = {.code = SERIAL_IOCTL_GET_PLACE};
	assert_int_equal(ops->ioctl(&session, &place), DRV_OK);
	return place.value;
}

static void what_is_read_by_position_is_held_until_it_is_asked_behind_it(void **state)
{
	(void)state;
	run_it();
	type("typed");
	ops->irq(0);
	read_at(0, 4, "type");
	read_at(0, 4, "type");
	assert_int_equal(place_of_the_line(), 0);
	read_at(3, 2, "ed");
	assert_int_equal(place_of_the_line(), 3);
	read_at(2, DRV_EOVERFLOW, NULL); /* that was read */
	read_at(6, DRV_EOVERFLOW, NULL); /* that was not there yet */
	read_at(5, 0, "");
	type("on");
	ops->irq(0);
	read_at(5, 2, "on");
}

static void what_was_received_is_there_in_the_next_instance(void **state)
{
	(void)state;
	for (unsigned frames = 0; frames < 2; frames++) {
		fresh(state);
		no_frame = !frames;
		run_it();
		type("typed");
		ops->irq(0);
		read_at(0, 4, "type");
		start_process();
		assert_int_equal(ops->recover(), DRV_OK);
		assert_int_equal(forgot, 0);
		run_it();
		read_at(0, 4, "type");
		read_at(4, 1, "d");
	}
}

/* The kernel had it, and nobody else. */
static void the_byte_over_which_it_died_is_there_once(void **state)
{
	kept_t *left;
	(void)state;
	run_it();
	type("ab");
	ops->irq(0);
	left = (kept_t *)(void *)page;
	left->taken = (pio_kept_t){.value = 'c', .count = 3};
	for (unsigned i = 0; i < 2; i++) {
		start_process();
		assert_int_equal(ops->recover(), DRV_OK);
		run_it();
		read_at(0, 3, "abc");
	}
}

/* Who read of it is elsewhere, so it asks for the place. */
static void what_cannot_be_is_thrown_away_and_told(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		fresh(state);
		kept_t *left = (kept_t *)(void *)page;
		run_it();
		type("typed");
		ops->irq(0);
		if (i == 0)
			left->taken.count += 2;
		else if (i == 1)
			left->rx_tail = left->rx_head + 1;
		else if (i == 2)
			left->rx_tail = left->rx_head - UART_RX_BYTES - 1;
		else
			left->rx_tail = left->rx_head - UART_RX_BYTES, left->taken.count++;
		start_process();
		assert_int_equal(ops->recover(), DRV_OK);
		assert_int_equal(forgot, 1);
		run_it();
		read_at(5, DRV_EOVERFLOW, NULL);
		assert_int_equal(place_of_the_line(), 1u << NUMBERS_SHIFT);
		type("on");
		ops->irq(0);
		read_at(1u << NUMBERS_SHIFT, 2, "on");
	}
}

static void a_reset_keeps_what_was_received(void **state)
{
	(void)state;
	run_it();
	type("typed");
	ops->irq(0);
	assert_int_equal(step(ops->quiesce()), DRV_OK);
	read_at(0, 4, "type"); /* it is still answered */
	assert_int_equal(step(ops->init()), DRV_OK);
	read_at(4, 1, "d");
}

#define MORE_THAN_FITS (UART_RX_BYTES + 64u)

static void receive_more_than_fits(void)
{
	run_it();
	memset(port.input, 'x', MORE_THAN_FITS);
	port.input_count = MORE_THAN_FITS;
	port_receive();
	for (unsigned i = 0; i < 200; i++)
		ops->irq(0);
}

/* A read makes room, and says so to the device at once. */
static void a_full_ring_takes_more_once_it_was_read(void **state)
{
	static char text[MORE_THAN_FITS];
	(void)state;
	receive_more_than_fits();
	assert_int_equal(ops->read(&session, text, UART_RX_BYTES), UART_RX_BYTES);
	assert_true(ops->read(&session, text, sizeof(text)) > 0);
}

static void a_read_by_position_makes_room_for_more(void **state)
{
	static char text[MORE_THAN_FITS];
	uint32_t position = 0;
	(void)state;
	receive_more_than_fits();
	assert_int_equal(ops->read_at(&session, &position, text, sizeof(text)), UART_RX_BYTES);
	assert_int_equal(ops->read_at(&session, &position, text, sizeof(text)), 0);
	assert_true(ops->read_at(&session, &position, text, sizeof(text)) > 0);
}

static void what_is_written_is_sent_at_once(void **state)
{
	(void)state;
	run_it();
	assert_int_equal(write_text("sent"), 4);
	assert_string_equal(port.wire, "sent");
}

static void nobody_types_or_reads_in_the_operators_place(void **state)
{
	char text[8];
	uint32_t position = 0;
	ioctl_t ahead = {.code = SERIAL_IOCTL_SET_AHEAD, .argument = 1};
	ioctl_t place = {.code = SERIAL_IOCTL_GET_PLACE};
	(void)state;
	run_it();
	type("secret");
	ops->irq(0);
	reserved = true;
	assert_int_equal(ops->read(&session, text, sizeof(text)), DRV_EPERM);
	assert_int_equal(write_text("forged"), DRV_EPERM);
	assert_int_equal(ops->ioctl(&session, &ahead), DRV_EPERM);
	assert_int_equal(ops->ioctl(&session, &place), DRV_EPERM);
	assert_int_equal(ops->read_at(&session, &position, text, sizeof(text)), DRV_EPERM);
	assert_string_equal(port.wire, "");
	reserved = false;
	assert_int_equal(ops->read(&session, text, sizeof(text)), 6);
}

static void how_much_may_wait_is_set_within_bounds(void **state)
{
	ioctl_t ahead = {.code = SERIAL_IOCTL_SET_AHEAD, .argument = 2};
	ioctl_t none = {.code = SERIAL_IOCTL_SET_AHEAD, .argument = 0};
	ioctl_t other = {.code = SERIAL_IOCTL_GET_PLACE + 1, .argument = 2};
	(void)state;
	run_it();
	port.stuck_sender = true;
	assert_int_equal(ops->ioctl(&session, &none), DRV_EINVAL);
	assert_int_equal(ops->ioctl(&session, &other), DRV_ENOTSUP);
	assert_int_equal(ops->ioctl(&session, &ahead), DRV_OK);
	assert_int_equal(write_text("abc"), 2);
}

static void what_was_not_sent_is_sent_by_the_next_instance(void **state)
{
	(void)state;
	run_it();
	port.stuck_sender = true;
	assert_int_equal(write_text("later"), 5);
	start_process();
	assert_int_equal(step(ops->probe()), DRV_OK);
	assert_int_equal(ops->recover(), DRV_OK);
	assert_string_equal(line, "5 bytes were still to be sent");
	assert_int_equal(forgot, 0);
	port.stuck_sender = false;
	assert_int_equal(step(ops->init()), DRV_OK);
	ops->timer();
	assert_string_equal(port.wire, "later");
}

static void damaged_leftovers_are_thrown_away_and_told(void **state)
{
	kept_t *left = (kept_t *)(void *)page;
	for (unsigned i = 0; i < 4; i++) {
		fresh(state);
		run_it();
		port.stuck_sender = true;
		assert_int_equal(write_text("later"), 5);
		if (i == 0)
			left->magic++;
		else if (i == 1) /* less than nothing waits */
			left->unsent += 6;
		else if (i == 2)
			left->unsent += (UART_TX_BYTES + 1u) << 16;
		else
			left->unsent = UINT32_MAX << 16;
		start_process();
		assert_int_equal(ops->recover(), DRV_OK);
		assert_int_equal(forgot, 1);
		assert_string_equal(line, "");
		port.stuck_sender = false;
		run_it();
		ops->timer();
		assert_string_equal(port.wire, "");
	}
}

/* Without a page that is kept, or with a small one, it works, and keeps nothing. */
static void a_driver_without_a_page_works(void **state)
{
	(void)state;
	context.shared_cfg_size = sizeof(kept_t) - 1;
	assert_int_equal(serial_main(), 0);
	run_it();
	assert_int_equal(write_text("sent"), 4);
	assert_string_equal(port.wire, "sent");
	type("typed");
	ops->irq(0);
	read_at(0, 4, "type");
	for (size_t i = 0; i < sizeof(kept_t); i++)
		assert_int_equal(page[i], 0);
}

static void quiescing_sends_what_waits_and_stopping_silences_the_device(void **state)
{
	(void)state;
	run_it();
	assert_int_not_equal(port.registers[NS16550_ENABLE], 0);
	port.stuck_sender = true;
	assert_int_equal(write_text("rest"), 4);
	assert_int_equal(ops->quiesce(), DRV_EAGAIN);
	port.stuck_sender = false;
	assert_int_equal(step(DRV_EAGAIN), DRV_OK);
	assert_string_equal(port.wire, "rest");
	assert_int_equal(port.registers[NS16550_ENABLE], 0);
	assert_int_not_equal(port.registers[NS16550_MODEM] & NS16550_MODEM_OUT2, 0);
	assert_int_equal(step(ops->stop()), DRV_OK);
	assert_int_equal(port.registers[NS16550_MODEM] & NS16550_MODEM_OUT2, 0);
}

static void a_port_that_is_taken_away_is_a_failure(void **state)
{
	(void)state;
	run_it();
	refuse = DRV_EBADCAP;
	int reason = setjmp(failed);
	if (!reason)
		ops->timer();
	assert_int_equal(reason, DRV_EBADCAP);
	assert_int_equal(health, DRV_EBADCAP);
	refuse = DRV_OK;
}

static void what_it_counts_is_told(void **state)
{
	(void)state;
	run_it();
	type("abc");
	ops->irq(0);
	write_text("sent");
	ops->stats(NULL);
	assert_string_equal(names,
			    "received sent overruns parity_errors framing_errors breaks floods "
			    "throttles refused rx_high_water tx_high_water ");
	assert_int_equal(values[0], 3);
	assert_int_equal(values[1], 4);
	assert_int_equal(values[9], 3);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_probe_tells_a_port_from_none),
	    TEST(a_port_that_takes_its_time_is_waited_for_without_blocking),
	    TEST(what_is_typed_wakes_its_reader),
	    TEST(what_is_read_by_position_is_held_until_it_is_asked_behind_it),
	    TEST(what_was_received_is_there_in_the_next_instance),
	    TEST(the_byte_over_which_it_died_is_there_once),
	    TEST(what_cannot_be_is_thrown_away_and_told),
	    TEST(a_reset_keeps_what_was_received),
	    TEST(a_full_ring_takes_more_once_it_was_read),
	    TEST(a_read_by_position_makes_room_for_more),
	    TEST(what_is_written_is_sent_at_once),
	    TEST(nobody_types_or_reads_in_the_operators_place),
	    TEST(how_much_may_wait_is_set_within_bounds),
	    TEST(what_was_not_sent_is_sent_by_the_next_instance),
	    TEST(damaged_leftovers_are_thrown_away_and_told),
	    TEST(a_driver_without_a_page_works),
	    TEST(quiescing_sends_what_waits_and_stopping_silences_the_device),
	    TEST(a_port_that_is_taken_away_is_a_failure),
	    TEST(what_it_counts_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
