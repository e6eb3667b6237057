/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that watches others: how every driver does, and how the kernel's clock goes against
 * the processor's time-stamp counter. It says so in the log, again and again. If it has a port,
 * it also copies the log there, byte by byte, for machines without a console. */
#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/syscall.h"

#define LOOK_MS	   20u
#define WINDOW_MS  100u /* over which the clock is compared with the counter */
#define REPORT_MS  500u
#define CHUNK	   256u
#define RATE_START 0xffffffffu

static uint32_t window_ms, window_ticks, report_ms;
static uint32_t slowest = RATE_START, fastest; /* ticks a millisecond */
static uint32_t position;		       /* in the log */

static uint32_t ticks(void)
{
	uint32_t low;
	__asm__ volatile("rdtsc" : "=a"(low) : : "edx");
	return low;
}

static void compare_clock(uint32_t now)
{
	uint32_t count = ticks();
	if (now - window_ms < WINDOW_MS)
		return;
	if (window_ms) {
		uint32_t rate = (count - window_ticks) / (now - window_ms);
		slowest = rate < slowest ? rate : slowest;
		fastest = rate > fastest ? rate : fastest;
	}
	window_ms = now;
	window_ticks = count;
}

static void report(uint32_t now)
{
	static const char *const states[] = {
#define ABI_X_TEXT(name, value, text) text,
	    MANAGER_STATES(ABI_X_TEXT)
#undef ABI_X_TEXT
	};
	manager_status_t row;
	uint32_t rows = 0;
	for (; manager_status(rows, &row) == DRV_OK; rows++)
		driver_log("row %s %s %u %u", row.name, states[row.state],
			   (unsigned)row.generation, (unsigned)row.restarts);
	driver_log("%u rows, %u..%u ticks a millisecond, %u ms", (unsigned)rows,
		   (unsigned)slowest, (unsigned)fastest, (unsigned)now);
}

static void copy_log(cap_t port)
{
	char text[CHUNK];
	cap_info_t info;
	int32_t count;
	if (!port || cap_get_info(port, &info) != DRV_OK)
		return;
	while ((count = manager_log_read(&position, text, sizeof(text))) > 0)
		for (int32_t i = 0; i < count; i++)
			cap_pio_write8(port, (uint16_t)PIO_SCOPE_FIRST(info.scope0),
				       (uint8_t)text[i]);
}

static void look(void)
{
	uint32_t now = driver_now_ms();
	compare_clock(now);
	if (now - report_ms >= REPORT_MS) {
		report_ms = now;
		report(now);
	}
	copy_log(driver_context()->pio_caps[0]);
	driver_set_timer(LOOK_MS);
}

static err_t witness_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = witness_run, .timer = look};
	return driver_main(&ops);
}
