/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's ports: which capability an access goes through, at which width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cap/driver.h"
#include "cap/syscall.h"

#define PORT 0x1f0u
#define WORD 0x89abcdefu

static DriverContextV2 context;
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

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	(void)cap, (void)info;
	return DRV_EBADCAP;
}

err_t cap_mmio_map_all(cap_t cap, uint32_t virt)
{
	(void)cap, (void)virt;
	return DRV_EBADCAP;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_width_goes_through_the_range_of_its_index),
	    cmocka_unit_test(a_range_that_is_not_there_is_refused_and_no_value_is_touched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
