/* SPDX-License-Identifier: BSD-2-Clause */
/* What the clock's registers mean. Pure: touches no port. */
#ifndef EXAMPLE_RTC_RTC_H
#define EXAMPLE_RTC_RTC_H

#include <stddef.h>

#include "abi/driver_errno.h"

typedef struct rtc_time {
	uint8_t hours, minutes, seconds; /* hours 0..23 */
} rtc_time_t;

/* Bytes of rtc_text()'s result: "HH:MM:SS\n" and a NUL. */
#define RTC_TEXT_SIZE 10u

/* Decodes hours, minutes and seconds as they stand in the registers; `status_b` says in which
 * format. DRV_EIO: that is no time of day; *time is untouched. */
err_t rtc_decode(const uint8_t raw[3], uint8_t status_b, rtc_time_t *time);

/* Prints the time; returns the length without the NUL. */
size_t rtc_text(const rtc_time_t *time, char text[RTC_TEXT_SIZE]);

#endif
