/* SPDX-License-Identifier: BSD-2-Clause */
/* The log's last resort, log/wire.h, on a chip that sends so many characters before it is busy.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "log/wire.c"

enum { PORT = 5, MASTER = 6 }; /* handles */

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static log_t log_;
static ledger_t ledger;
static struct {
	uint32_t room;	/* characters until it is busy */
	uint32_t looks; /* at a chip that is busy */
	bool absent;
	char sent[4096];
	size_t count;
} chip;

cap_t grant_master_port(const manager_t *of, uint16_t port)
{
	(void)of;
	assert_int_equal(port, NS16550_BASE);
	return MASTER;
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)rights, (void)scope0, (void)scope1;
	assert_int_equal(cap, MASTER);
	return PORT;
}

static uint32_t released;

err_t cap_release(cap_t cap)
{
	assert_int_equal(cap, PORT);
	released++;
	return DRV_OK;
}

err_t cap_pio_read8(cap_t cap, uint16_t port, uint8_t *value)
{
	assert_int_equal(cap, PORT);
	assert_int_equal(port, LINE_STATUS);
	*value = chip.room ? NS16550_STATUS_ROOM : 0;
	if (chip.absent)
		*value = NO_DEVICE;
	chip.looks += !chip.room;
	return DRV_OK;
}

err_t cap_pio_write8(cap_t cap, uint16_t port, uint8_t value)
{
	assert_int_equal(cap, PORT);
	assert_int_equal(port, DATA);
	assert_true(chip.room && chip.count < sizeof(chip.sent) - 1);
	chip.room--;
	chip.sent[chip.count++] = (char)value;
	return DRV_OK;
}

/* Nobody reads the log, or has the port. */
static int fresh(void **state)
{
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	memset(&log_, 0, sizeof(log_));
	memset(&chip, 0, sizeof(chip));
	memset(&wire, 0, sizeof(wire));
	ledger.written = 0;
	manager = (manager_t){.drivers = drivers, .count = 1, .log = &log_, .ledger = &ledger};
	manager_log_line(&manager, "one");
	manager_log_line(&manager, "two\233"); /* which begins a sequence, too */
	manager.now_ms = WIRE_SILENCE_MS;
	return 0;
}

/* It may be long before it has room again: the manager is above all others. */
static void a_piece_ends_at_the_first_look_at_a_busy_sender(void **state)
{
	static const uint32_t rooms[] = {0, 1, 2, 16};
	(void)state;
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		fresh(NULL);
		for (uint32_t turn = 0; manager.log->head != wire_position() && turn < 200;
		     turn++) {
			size_t before = chip.count;
			chip.room = rooms[i];
			chip.looks = 0;
			wire_tick(&manager);
			assert_in_range(chip.looks, 0, turn ? 1 : 2); /* the first finds it */
			assert_in_range(chip.count - before, 0, rooms[i]);
			assert_int_equal(wire_wait_ms(&manager), TURN_MS);
		}
		static const char text[] = "one\r\ntwo?\r\ndrvmgr: no driver has the serial";
		assert_memory_equal(chip.sent, rooms[i] ? text : "",
				    rooms[i] ? strlen(text) : 0);
	}
}

/* Another incarnation goes on behind it, wherever in a piece the one before died. */
static void each_character_is_kept_as_sent(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= 3; n++) {
		chip.room = 1;
		wire_tick(&manager);
		assert_int_equal(ledger.written, n);
	}
	chip.room = 1; /* the CR alone */
	wire_tick(&manager);
	assert_int_equal(ledger.written, 3);
	memset(&wire, 0, sizeof(wire));
	wire_restore(&manager, ledger.written);
	manager.now_ms += WIRE_SILENCE_MS;
	chip.room = 5;
	wire_tick(&manager);
	assert_memory_equal(chip.sent, "one\r\r\ntwo", 9);
}

static void a_sender_that_is_never_busy_gets_a_piece_in_a_turn(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		manager_log_line(&manager, "something that is long enough for two turns of it");
	chip.room = UINT32_MAX;
	wire_tick(&manager);
	assert_in_range(chip.count, PIECE, PIECE + 5); /* with a CR for each line */
	wire_tick(&manager);
	assert_in_range(chip.count, 2 * PIECE, 2 * PIECE + 6);
}

static void while_somebody_reads_or_has_the_port_nothing_is_written(void **state)
{
	(void)state;
	chip.room = UINT32_MAX;
	manager.now_ms--;
	wire_tick(&manager);
	assert_int_equal(chip.count, 0);
	manager.now_ms++;
	drivers[0].instance.alive = true;
	drivers[0].manifest.caps.pio.count = 1;
	drivers[0].manifest.caps.pio.items[0] =
	    (pio_range_t){.start = NS16550_BASE, .end = NS16550_LAST};
	wire_tick(&manager);
	assert_int_equal(chip.count, 0);
	assert_int_equal(wire_port(), CAP_NULL);
	drivers[0].instance.alive = false;
	wire_tick(&manager);
	assert_int_not_equal(chip.count, 0);
	assert_int_equal(wire_port(), PORT);
	drivers[0].instance.alive = true;
	released = 0;
	wire_tick(&manager);
	assert_int_equal(released, 1);
	assert_int_equal(wire_port(), CAP_NULL);
}

/* Whoever asked last, or of another incarnation of the manager. */
static void a_reader_has_its_time_before_the_log_goes_on_where_it_was(void **state)
{
	for (uint32_t anew = 0; anew < 2; anew++) {
		fresh(state);
		uint32_t left = manager.log->head - 4;
		assert_int_equal(wire_backlog(&manager), 0); /* nobody reads */
		if (anew)
			wire_restore(&manager, 4);
		else
			wire_taken(&manager, 4);
		chip.room = UINT32_MAX;
		assert_int_equal(wire_wait_ms(&manager), WIRE_SILENCE_MS);
		manager.now_ms += WIRE_SILENCE_MS - 1;
		wire_tick(&manager);
		assert_int_equal(chip.count, 0);
		assert_int_equal(wire_position(), 4);
		assert_int_equal(wire_backlog(&manager), left);
		manager.now_ms++;
		assert_int_equal(wire_backlog(&manager), 0);
		wire_tick(&manager);
		assert_memory_equal(chip.sent, "two?\r\n", 6);
	}
}

static void that_there_is_no_prompt_is_told_again_behind_each_reader(void **state)
{
	(void)state;
	chip.room = UINT32_MAX;
	for (uint32_t readers = 1; readers < 3; readers++) {
		wire_tick(&manager);
		uint32_t head = manager.log->head;
		wire_tick(&manager);
		assert_int_equal(manager.log->head, head);
		wire_taken(&manager, 0);
		manager.now_ms += WIRE_SILENCE_MS;
		wire_tick(&manager);
		assert_int_not_equal(manager.log->head, head);
	}
}

static void who_has_the_port_is_named_while_there_is_something_to_write(void **state)
{
	(void)state;
	drivers[0].manifest.caps.pio.count = 1;
	drivers[0].manifest.caps.pio.items[0] =
	    (pio_range_t){.start = NS16550_LAST, .end = NS16550_LAST + 7};
	assert_null(wire_holder(&manager));
	drivers[0].instance.alive = true;
	assert_ptr_equal(wire_holder(&manager), &drivers[0]);
	drivers[0].manifest.caps.pio.items[0].start++;
	assert_null(wire_holder(&manager));
	drivers[0].manifest.caps.pio.items[0].start--;
	wire_taken(&manager, 0);
	assert_null(wire_holder(&manager));
	wire_taken(&manager, manager.log->head);
	manager.now_ms += WIRE_SILENCE_MS;
	assert_null(wire_holder(&manager));
}

static void where_there_is_no_chip_nothing_is_tried_again(void **state)
{
	(void)state;
	chip.absent = true;
	wire_tick(&manager);
	chip.absent = false;
	chip.room = UINT32_MAX;
	wire_tick(&manager);
	assert_int_equal(chip.count, 0);
	assert_int_equal(wire_wait_ms(&manager), IDLE_MS);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_piece_ends_at_the_first_look_at_a_busy_sender),
	    TEST(each_character_is_kept_as_sent),
	    TEST(a_sender_that_is_never_busy_gets_a_piece_in_a_turn),
	    TEST(while_somebody_reads_or_has_the_port_nothing_is_written),
	    TEST(a_reader_has_its_time_before_the_log_goes_on_where_it_was),
	    TEST(that_there_is_no_prompt_is_told_again_behind_each_reader),
	    TEST(who_has_the_port_is_named_while_there_is_something_to_write),
	    TEST(where_there_is_no_chip_nothing_is_tried_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
