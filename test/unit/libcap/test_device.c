/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's ports: which capability an access goes through, at which width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libs/libcap/driver/private.h"

static driver_page_t page;
#define driver_page() (&page)
#define context	      page.context
#include "libs/libcap/driver/device.c"

#define PORT 0x1f0u
#define WORD 0x89abcdefu

static cap_t used;
static uint32_t bits, written;

DriverContextV2 *driver_context(void)
{
	return &context;
}

static err_t note(cap_t cap, uint16_t port, uint32_t width)
{
	assert_int_equal(port, PORT);
	used = cap;
	bits = width;
	return cap ? DRV_OK : DRV_EBADCAP;
}

#define ACCESS(width)                                                                          \
	err_t cap_pio_read##width(cap_t cap, uint16_t port, uint##width##_t *value)            \
	{                                                                                      \
		err_t err = note(cap, port, width);                                            \
		if (!err)                                                                      \
			*value = (uint##width##_t)WORD;                                        \
		return err;                                                                    \
	}                                                                                      \
	err_t cap_pio_write##width(cap_t cap, uint16_t port, uint##width##_t value)            \
	{                                                                                      \
		written = value;                                                               \
		return note(cap, port, width);                                                 \
	}
ACCESS(8)
ACCESS(16)
ACCESS(32)

/* What the kernel says of the ranges, and what was done without it. */
static cap_info_t range;
static uint32_t asked, opened, direct;
static err_t opening;

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	asked++;
	*info = range;
	return cap && range.type ? DRV_OK : cap_failed(DRV_EBADCAP);
}

err_t cap_pio_map(cap_t cap)
{
	opened = cap;
	return cap_noted(opening);
}

/* What was kept last. */
static struct {
	cap_t frame;
	uint32_t offset;
} kept;

err_t cap_pio_keep8(cap_t cap, uint16_t port, cap_t frame, uint32_t offset, uint8_t *value)
{
	kept.frame = frame;
	kept.offset = offset;
	return frame ? cap_pio_read8(cap, port, value) : DRV_EBADCAP;
}

uint8_t port_in8(uint16_t port)
{
	direct = port;
	return 0x5a;
}

void port_out8(uint16_t port, uint8_t value)
{
	direct = port;
	written = value;
}

static uint32_t mapped_at;
static err_t mapping;

err_t cap_mmio_map_all(cap_t cap, uint32_t virt)
{
	used = cap;
	mapped_at = virt;
	return cap_noted(mapping);
}

static void each_width_goes_through_the_range_of_its_index(void **state)
{
	(void)state;
	uint8_t byte = 0;
	uint16_t half = 0;
	uint32_t word = 0;
	for (unsigned i = 0; i < DRIVER_CAPS_MAX; i++)
		context.pio_caps[i] = 100 + i;
	assert_int_equal(driver_in8(0, PORT, &byte), DRV_OK);
	assert_int_equal(byte, WORD & 0xff);
	assert_true(used == 100 && bits == 8);
	assert_int_equal(driver_in16(1, PORT, &half), DRV_OK);
	assert_int_equal(half, WORD & 0xffff);
	assert_true(used == 101 && bits == 16);
	assert_int_equal(driver_in32(7, PORT, &word), DRV_OK);
	assert_int_equal(word, WORD);
	assert_true(used == 107 && bits == 32);
	assert_int_equal(driver_out8(2, PORT, 0x12), DRV_OK);
	assert_true(used == 102 && bits == 8 && written == 0x12);
	assert_int_equal(driver_out16(3, PORT, 0x1234), DRV_OK);
	assert_true(used == 103 && bits == 16 && written == 0x1234);
	assert_int_equal(driver_out32(4, PORT, WORD), DRV_OK);
	assert_true(used == 104 && bits == 32 && written == WORD);
}

static void a_range_that_is_not_there_is_refused_and_no_value_is_touched(void **state)
{
	(void)state;
	uint16_t half = 7;
	uint32_t word = 7;
	context = (DriverContextV2){.pio_caps = {100}};
	assert_int_equal(driver_in16(1, PORT, &half), DRV_EBADCAP);
	assert_int_equal(driver_in32(DRIVER_CAPS_MAX, PORT, &word), DRV_EBADCAP);
	assert_int_equal(driver_out16(UINT32_MAX, PORT, 1), DRV_EBADCAP);
	assert_int_equal(driver_out32(DRIVER_CAPS_MAX, PORT, 1), DRV_EBADCAP);
	assert_int_equal(half, 7);
	assert_int_equal(word, 7);
}

/* Nothing is known of range `index` yet but what the kernel says. */
static void give(unsigned index, uint32_t rights, uint32_t widths, err_t error)
{
	range = (cap_info_t){.type = CAP_PIO,
			     .rights = rights,
			     .scope0 = PIO_SCOPE(PORT, PORT + 7),
			     .scope1 = widths};
	context.pio_caps[index] = 100 + index;
	opening = error;
	asked = opened = used = direct = 0;
	context.last_error = DRV_EIO; /* of an earlier call */
	cap_record_errors(&context.last_error);
}

static void a_whole_range_is_opened_once_and_takes_no_call_from_then_on(void **state)
{
	(void)state;
	uint8_t byte = 0;
	give(4, RIGHT_READ | RIGHT_WRITE | RIGHT_GRANT, PIO_WIDTH_ALL, DRV_OK);
	assert_int_equal(driver_in8(4, PORT + 7, &byte), DRV_OK);
	assert_true(byte == 0x5a && opened == 104 && direct == PORT + 7);
	assert_int_equal(driver_out8(4, PORT, 0x77), DRV_OK);
	assert_true(written == 0x77 && direct == PORT);
	assert_true(asked == 1 && used == 0);
}

/* The kernel is to say so, and no instruction may fault. */
static void a_port_beside_the_open_range_is_asked_for(void **state)
{
	(void)state;
	uint8_t byte = 0;
	give(5, RIGHT_READ | RIGHT_WRITE, PIO_WIDTH_ALL, DRV_OK);
	range.scope0 = PIO_SCOPE(PORT + 1, PORT + 7);
	assert_int_equal(driver_in8(5, PORT, &byte), DRV_OK);
	assert_true(used == 105 && direct == 0);
	give(6, RIGHT_READ | RIGHT_WRITE, PIO_WIDTH_ALL, DRV_OK);
	range.scope0 = PIO_SCOPE(PORT - 7, PORT - 1);
	assert_int_equal(driver_out8(6, PORT, 1), DRV_OK);
	assert_true(used == 106 && direct == 0);
}

static void what_is_not_whole_or_does_not_open_is_asked_for_each_time(void **state)
{
	(void)state;
	static const struct {
		uint32_t rights, widths;
		err_t error;
	} rows[] = {{RIGHT_READ, PIO_WIDTH_ALL, DRV_OK},
		    {RIGHT_WRITE, PIO_WIDTH_ALL, DRV_OK},
		    {RIGHT_READ | RIGHT_WRITE, PIO_WIDTH_ALL - 1, DRV_OK},
		    {RIGHT_READ | RIGHT_WRITE, PIO_WIDTH_ALL, DRV_EEXIST}};

	uint8_t byte = 0;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		give(i, rows[i].rights, rows[i].widths, rows[i].error);
		assert_int_equal(driver_in8(i, PORT, &byte), DRV_OK);
		assert_int_equal(driver_out8(i, PORT, 1), DRV_OK);
		assert_true(used == 100 + i && direct == 0 && asked == 1);
		assert_int_equal(opened != 0, rows[i].error != DRV_OK);
		assert_int_equal(context.last_error, DRV_EIO); /* nothing failed */
	}
}

static void a_byte_is_kept_through_its_range_in_the_frame_that_was_given(void **state)
{
	(void)state;
	uint8_t byte = 0;
	context = (DriverContextV2){.pio_caps = {100, 101}};
	page.kept_frame = 55;
	assert_int_equal(driver_keep8(1, PORT, 8, &byte), DRV_OK);
	assert_int_equal(byte, WORD & 0xff);
	assert_true(used == 101 && bits == 8 && kept.frame == 55 && kept.offset == 8);
}

static void nothing_is_kept_of_a_range_or_in_a_frame_that_is_not_there(void **state)
{
	(void)state;
	uint8_t byte = 7;
	context = (DriverContextV2){.pio_caps = {100}};
	page.kept_frame = 55;
	assert_int_equal(driver_keep8(1, PORT, 8, &byte), DRV_EBADCAP);
	page.kept_frame = CAP_NULL; /* of a manager that has no driver ABI 8 */
	assert_int_equal(driver_keep8(0, PORT, 8, &byte), DRV_EBADCAP);
	assert_int_equal(byte, 7);
}

/* Each lies behind those before it. */
static void memory_is_mapped_in_the_order_of_the_manifest(void **state)
{
	volatile void *address = NULL;
	(void)state;
	context = (DriverContextV2){.mmio_caps = {200, 201, 202}};
	range = (cap_info_t){.type = CAP_MMIO, .scope0 = 0xa0000, .scope1 = 3 * PAGE_SIZE};
	mapping = DRV_OK;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(driver_map(i, &address), DRV_OK);
		assert_int_equal(used, 200 + i);
		assert_int_equal(mapped_at, DRIVER_MMIO_WINDOW + i * 3 * PAGE_SIZE);
		assert_int_equal((uintptr_t)address, mapped_at);
	}
}

static void memory_that_is_not_there_or_not_mapped_gives_no_address(void **state)
{
	volatile void *address = NULL;
	(void)state;
	context = (DriverContextV2){.mmio_caps = {200, 201}};
	range = (cap_info_t){.type = CAP_MMIO, .scope0 = 0xa0000, .scope1 = PAGE_SIZE};
	cap_record_errors(&context.last_error);
	assert_int_equal(driver_map(2, &address), DRV_EBADCAP);
	for (unsigned i = 0; i < DRIVER_CAPS_MAX; i++)
		context.mmio_caps[i] = 200 + i;
	context.last_error = DRV_OK;
	assert_int_equal(driver_map(DRIVER_CAPS_MAX, &address), DRV_EBADCAP);
	assert_int_equal(context.last_error, DRV_EBADCAP);
	mapping = DRV_EBUSY;
	assert_int_equal(driver_map(0, &address), DRV_EBUSY);
	assert_int_equal(context.last_error, DRV_EBUSY);
	assert_null((const void *)(uintptr_t)address);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_whole_or_does_not_open_is_asked_for_each_time),
	    cmocka_unit_test(a_whole_range_is_opened_once_and_takes_no_call_from_then_on),
	    cmocka_unit_test(a_port_beside_the_open_range_is_asked_for),
	    cmocka_unit_test(each_width_goes_through_the_range_of_its_index),
	    cmocka_unit_test(a_range_that_is_not_there_is_refused_and_no_value_is_touched),
	    cmocka_unit_test(a_byte_is_kept_through_its_range_in_the_frame_that_was_given),
	    cmocka_unit_test(nothing_is_kept_of_a_range_or_in_a_frame_that_is_not_there),
	    cmocka_unit_test(memory_is_mapped_in_the_order_of_the_manifest),
	    cmocka_unit_test(memory_that_is_not_there_or_not_mapped_gives_no_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
