/* SPDX-License-Identifier: BSD-2-Clause */
/* The decoding of rtc.h. */
#include "rtc.h"

#include <stdbool.h>

#include "cap/format.h"
#include "cmos.h"

/* From two decimal digits, or from binary as it is; above 99 if it is neither. */
static uint8_t number(uint8_t raw, uint8_t status_b)
{
	if (status_b & STATUS_B_BINARY)
		return raw;
	if ((raw & 0x0f) > 9 || raw >> 4 > 9)
		return UINT8_MAX;
	return (uint8_t)((raw >> 4) * 10 + (raw & 0x0f));
}

err_t rtc_decode(const uint8_t raw[3], uint8_t status_b, rtc_time_t *time)
{
	bool afternoon = !(status_b & STATUS_B_24_HOURS) && (raw[0] & HOURS_PM);
	uint8_t hours = number((uint8_t)(afternoon ? raw[0] & ~HOURS_PM : raw[0]), status_b);
	uint8_t minutes = number(raw[1], status_b);
	uint8_t seconds = number(raw[2], status_b);
	if (!(status_b & STATUS_B_24_HOURS)) {
		if (hours < 1 || hours > 12)
			return DRV_EIO;
		hours = (uint8_t)(hours % 12 + (afternoon ? 12 : 0));
	}
	if (hours > 23 || minutes > 59 || seconds > 59)
		return DRV_EIO;
	*time = (rtc_time_t){hours, minutes, seconds};
	return DRV_OK;
}

size_t rtc_text(const rtc_time_t *time, char text[RTC_TEXT_SIZE])
{
	return format(text, RTC_TEXT_SIZE, "%02u:%02u:%02u\n", time->hours, time->minutes,
		      time->seconds);
}
