/* SPDX-License-Identifier: BSD-2-Clause */
/* The example driver's pure part on the host. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "cmos.h"
#include "rtc.h"

static void decimal_digits_and_binary_are_both_read(void **state)
{
	(void)state;
	rtc_time_t time;
	const uint8_t digits[] = {0x23, 0x59, 0x08}, binary[] = {23, 59, 8};
	assert_int_equal(rtc_decode(digits, STATUS_B_24_HOURS, &time), DRV_OK);
	assert_int_equal(time.hours * 10000 + time.minutes * 100 + time.seconds, 235908);
	assert_int_equal(rtc_decode(binary, STATUS_B_24_HOURS | STATUS_B_BINARY, &time),
			 DRV_OK);
	assert_int_equal(time.hours * 10000 + time.minutes * 100 + time.seconds, 235908);
}

static void twelve_is_midnight_in_the_morning_and_noon_after(void **state)
{
	(void)state;
	rtc_time_t time;
	const uint8_t midnight[] = {0x12, 0, 0}, noon[] = {0x12 | HOURS_PM, 0, 0};
	assert_int_equal(rtc_decode(midnight, 0, &time), DRV_OK);
	assert_int_equal(time.hours, 0);
	assert_int_equal(rtc_decode(noon, 0, &time), DRV_OK);
	assert_int_equal(time.hours, 12);
}

static void what_is_no_time_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	rtc_time_t time = {1, 2, 3};
	const uint8_t wrong[][3] = {{0x24, 0, 0}, {0, 0x60, 0}, {0, 0, 0x60}, {0x0a, 0, 0}};
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(rtc_decode(wrong[i], STATUS_B_24_HOURS, &time), DRV_EIO);
	const uint8_t no_hour[] = {0, 0, 0};
	assert_int_equal(rtc_decode(no_hour, 0, &time), DRV_EIO);
	assert_int_equal(time.hours * 10000 + time.minutes * 100 + time.seconds, 10203);
}

static void a_time_is_printed_with_two_digits_each(void **state)
{
	(void)state;
	char text[RTC_TEXT_SIZE];
	const rtc_time_t time = {1, 2, 3};
	assert_int_equal(rtc_text(&time, text), 9);
	assert_string_equal(text, "01:02:03\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decimal_digits_and_binary_are_both_read),
	    cmocka_unit_test(twelve_is_midnight_in_the_morning_and_noon_after),
	    cmocka_unit_test(what_is_no_time_is_refused_and_changes_nothing),
	    cmocka_unit_test(a_time_is_printed_with_two_digits_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
