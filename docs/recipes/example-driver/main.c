/* SPDX-License-Identifier: BSD-2-Clause */
/* An example: a driver of the PC's real-time clock. A client that reads gets the time as text.
 * It performs port accesses and nothing else; what bytes mean is in rtc.c. It never waits and
 * never writes the clock. */
#include "cap/driver.h"
#include "cap/string.h"
#include "cmos.h"
#include "rtc.h"

#define PIO_CMOS 0u /* position in the manifest's caps.pio */

static uint32_t reads;	 /* times that were asked for, … */
static uint32_t put_off; /* … of which the clock was changing its registers */

static err_t read_register(uint8_t index, uint8_t *value)
{
	err_t error = driver_out8(PIO_CMOS, CMOS_INDEX, index);
	return error ? error : driver_in8(PIO_CMOS, CMOS_DATA, value);
}

static err_t rtc_probe(void)
{
	uint8_t status = 0;
	err_t error = read_register(CMOS_STATUS_D, &status);
	if (error)
		return error;
	return status == STATUS_D_VALID ? DRV_OK : DRV_ENODEV;
}

/* DRV_EAGAIN: the clock is changing its registers just now. */
static err_t read_time(rtc_time_t *time)
{
	static const uint8_t indices[] = {CMOS_HOURS, CMOS_MINUTES, CMOS_SECONDS};
	uint8_t status_a = 0, status_b = 0, raw[3] = {0};
	err_t error = read_register(CMOS_STATUS_A, &status_a);
	if (!error && (status_a & STATUS_A_UPDATING))
		return DRV_EAGAIN;
	if (!error)
		error = read_register(CMOS_STATUS_B, &status_b);
	for (unsigned i = 0; !error && i < sizeof(indices); i++)
		error = read_register(indices[i], &raw[i]);
	return error ? error : rtc_decode(raw, status_b, time);
}

static err_t rtc_open(session_t *session)
{
	(void)session;
	return DRV_OK;
}

static int32_t rtc_read(session_t *session, void *to, uint32_t bytes)
{
	rtc_time_t time;
	char text[RTC_TEXT_SIZE];
	(void)session;
	err_t error = read_time(&time);
	reads++;
	put_off += error == DRV_EAGAIN;
	if (error)
		return error;
	uint32_t length = (uint32_t)rtc_text(&time, text);
	if (bytes < length)
		return DRV_EINVAL;
	memcpy(to, text, length);
	return (int32_t)length;
}

static void rtc_stats(driver_stats_t *rows)
{
	driver_stat(rows, "reads", reads);
	driver_stat(rows, "put_off", put_off);
}

int main(void)
{
	static const driver_ops_t ops = {
	    .probe = rtc_probe, .open = rtc_open, .read = rtc_read, .stats = rtc_stats};
	return driver_main(&ops);
}
