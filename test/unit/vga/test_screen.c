/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole driver of the screen, glue included, on a runtime and a CRT controller that are
 * played here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

int screen_main(void);
#define main screen_main
#include "vga/main.c"
#undef main

#define BLANK	  SCREEN_CELL(' ', SCREEN_PLAIN)
#define REGISTERS 32u

static const driver_ops_t *ops;
static uint16_t screen[SCREEN_CELLS]; /* the sanitizer watches both ends */
static uint8_t registers[REGISTERS], chosen;
static bool forgets; /* there is no such controller */
static err_t ports, mapping;
static uint32_t mapped;

int driver_main(const driver_ops_t *given)
{
	ops = given;
	return 0;
}

err_t driver_out8(unsigned index, uint16_t port, uint8_t value)
{
	assert_int_equal(index, PIO_CRTC);
	if (ports)
		return ports;
	if (port == CRTC_INDEX) {
		assert_in_range(value, 0, REGISTERS - 1);
		chosen = value;
	} else {
		assert_int_equal(port, CRTC_DATA);
		registers[chosen] = forgets ? 0xff : value;
	}
	return DRV_OK;
}

err_t driver_in8(unsigned index, uint16_t port, uint8_t *value)
{
	assert_int_equal(index, PIO_CRTC);
	assert_int_equal(port, CRTC_DATA);
	*value = registers[chosen];
	return ports;
}

err_t driver_map(unsigned index, volatile void **address)
{
	assert_int_equal(index, MMIO_CELLS);
	mapped++;
	*address = screen;
	return mapping;
}

static char names[256];
static uint32_t values[16], rows_made;

void driver_stat(driver_stats_t *rows, const char *name, uint32_t value)
{
	(void)rows;
	assert_in_range(strlen(name), 1, sizeof(((driver_stat_t *)0)->name) - 1);
	strcat(strcat(names, name), " ");
	values[rows_made++] = value;
}

static int fresh(void **state)
{
	(void)state;
	cells = NULL;
	cursor = SCREEN_NO_CURSOR;
	counts = (screen_stats_t){0};
	memset(screen, 0x55, sizeof(screen));
	memset(registers, 0, sizeof(registers));
	forgets = false;
	ports = mapping = DRV_OK;
	mapped = 0;
	return screen_main();
}

static uint32_t cursor_told(void)
{
	ioctl_t request = {.code = SCREEN_IOCTL_GET_CURSOR};
	assert_int_equal(ops->ioctl(NULL, &request), DRV_OK);
	return request.value;
}

static err_t put_cursor(uint32_t cell)
{
	ioctl_t request = {.code = SCREEN_IOCTL_SET_CURSOR, .argument = cell};
	return ops->ioctl(NULL, &request);
}

static void a_controller_that_does_not_remember_is_no_device(void **state)
{
	(void)state;
	assert_int_equal(ops->probe(), DRV_OK);
	forgets = true;
	assert_int_equal(ops->probe(), DRV_ENODEV);
	ports = DRV_EPERM;
	assert_int_equal(ops->probe(), DRV_EPERM);
}

static void init_blanks_the_screen_and_hides_the_cursor(void **state)
{
	(void)state;
	registers[CRTC_START_LOW] = registers[CRTC_START_HIGH] = 3;
	assert_int_equal(ops->init(), DRV_OK);
	for (uint32_t i = 0; i < SCREEN_CELLS; i++)
		assert_int_equal(screen[i], BLANK);
	assert_int_equal(registers[CRTC_START_LOW] | registers[CRTC_START_HIGH], 0);
	assert_int_equal(registers[CRTC_CURSOR_START], CRTC_CURSOR_OFF);
	assert_int_equal(cursor_told(), SCREEN_NO_CURSOR);
	assert_int_equal(ops->init(), DRV_OK); /* a reset: what is mapped stays */
	assert_int_equal(mapped, 1);
}

static void a_reset_leaves_cells_and_cursor_to_the_clients(void **state)
{
	(void)state;
	assert_int_equal(ops->init(), DRV_OK);
	screen[7] = 0x0741;
	assert_int_equal(put_cursor(7), DRV_OK);
	memset(registers, 3, sizeof(registers));
	assert_int_equal(ops->init(), DRV_OK);
	assert_int_equal(screen[7], 0x0741);
	assert_int_equal(cursor_told(), 7);
	assert_int_equal(registers[CRTC_LOCATION_LOW], 7);
	assert_int_equal(registers[CRTC_CURSOR_START], CRTC_CURSOR_LINE);
	assert_int_equal(registers[CRTC_START_LOW] | registers[CRTC_START_HIGH], 0);
}

static void init_fails_without_its_cells_or_ports(void **state)
{
	(void)state;
	mapping = DRV_EPERM;
	assert_int_equal(ops->init(), DRV_EPERM);
	assert_null(cells);
	mapping = DRV_OK;
	ports = DRV_EBADCAP;
	assert_int_equal(ops->init(), DRV_EBADCAP);
}

static void stop_leaves_the_cells_and_hides_the_cursor(void **state)
{
	(void)state;
	ops->init();
	screen[7] = 0x0741;
	assert_int_equal(put_cursor(7), DRV_OK);
	assert_int_equal(ops->stop(), DRV_OK);
	assert_int_equal(registers[CRTC_CURSOR_START], CRTC_CURSOR_OFF);
	assert_int_equal(screen[7], 0x0741);
}

static void a_transfer_goes_on_where_the_one_before_it_ended(void **state)
{
	(void)state;
	session_t session = {.position = 0};
	uint16_t back[2] = {0};
	ops->init();
	assert_int_equal(ops->write(&session, "a\7b\7", 4), 4);
	assert_int_equal(ops->write(&session, "c\7d", 3), DRV_EINVAL);
	assert_int_equal(ops->write(&session, "c\7", 2), 2);
	assert_int_equal(session.position, 6);
	assert_int_equal(screen[2], 0x0763);
	assert_int_equal(screen[3], BLANK);
	session.position = 2;
	assert_int_equal(ops->read(&session, back, 4), 4);
	assert_int_equal(session.position, 6);
	assert_true(back[0] == 0x0762 && back[1] == 0x0763);
}

static void a_cursor_that_is_refused_stays_where_it_was(void **state)
{
	(void)state;
	ops->init();
	assert_int_equal(put_cursor(0x123), DRV_OK);
	assert_int_equal(put_cursor(SCREEN_CELLS), DRV_EINVAL);
	assert_int_equal(cursor_told(), 0x123);
	ports = DRV_EBADCAP;
	assert_int_equal(put_cursor(0x124), DRV_EBADCAP);
	assert_int_equal(cursor_told(), 0x123);
	assert_true(registers[CRTC_LOCATION_HIGH] == 1 && registers[CRTC_LOCATION_LOW] == 0x23);
}

static void its_size_is_told_and_no_other_request_is_known(void **state)
{
	(void)state;
	ioctl_t request = {.code = SCREEN_IOCTL_GET_SIZE};
	assert_int_equal(ops->ioctl(NULL, &request), DRV_OK);
	assert_int_equal(request.value, SCREEN_ROWS << 16 | SCREEN_COLUMNS);
	request.code = SCREEN_IOCTL_GET_CURSOR + 1;
	assert_int_equal(ops->ioctl(NULL, &request), DRV_ENOTSUP);
}

static void what_is_done_and_what_is_refused_is_counted(void **state)
{
	(void)state;
	session_t session = {.position = 0};
	uint8_t room[8] = {0};
	ops->init();
	ops->write(&session, "a\7b\7c\7", 6);
	ops->read(&session, room, 4);
	session.position = SCREEN_BYTES - 2;
	ops->write(&session, "a\7b\7", 4);
	ops->read(&session, room, 2); /* at the end */
	for (uint32_t i = 0; i < 3; i++)
		ops->write(&session, "abc", 3);
	for (uint32_t position = 0; position < 11; position++)
		ops->seek(&session, position);
	for (uint32_t cell = SCREEN_CELLS - 7; cell < SCREEN_CELLS + 8; cell++)
		put_cursor(cell);
	put_cursor(SCREEN_NO_CURSOR);
	ops->stop(); /* no client's */
	driver_stats_t rows = {0};
	names[0] = '\0';
	rows_made = 0;
	ops->stats(&rows);
	assert_string_equal(names, "cells_written cells_read cut half_cells seeks bad_seeks "
				   "cursor_moves bad_cursors ");
	const uint32_t expected[] = {4, 2, 2, 3, 6, 5, 8, 8};
	assert_int_equal(rows_made, sizeof(expected) / sizeof(expected[0]));
	assert_memory_equal(values, expected, sizeof(expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	    TEST(a_controller_that_does_not_remember_is_no_device),
	    TEST(init_blanks_the_screen_and_hides_the_cursor),
	    TEST(a_reset_leaves_cells_and_cursor_to_the_clients),
	    TEST(init_fails_without_its_cells_or_ports),
	    TEST(stop_leaves_the_cells_and_hides_the_cursor),
	    TEST(a_transfer_goes_on_where_the_one_before_it_ended),
	    TEST(a_cursor_that_is_refused_stays_where_it_was),
	    TEST(its_size_is_told_and_no_other_request_is_known),
	    TEST(what_is_done_and_what_is_refused_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
