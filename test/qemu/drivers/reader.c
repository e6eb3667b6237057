/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the old clock again and again, and says now and then that it ticks. When it is started
 * again it has the clock hang. */
#include "docs/recipes/old-driver/clock.h"

#include "cap/driver.h"
#include "cap/format.h"
#include "cap/link.h"

#define PERIOD_MS 5u
#define EACH	  40u /* reads between two lines */

static link_t clock = {.name = "old-clock", .client.limit_ms = 20};
static uint32_t reads, ticks;

static void read_clock(void)
{
	char text[16];
	uint32_t now = 0;
	int32_t count = link_read(&clock, text, sizeof(text));
	if (count > 0)
		count = link_ioctl(&clock, CLOCK_TICKS, 0, &now, NULL, NULL, 0);
	driver_set_timer(PERIOD_MS);
	if (count < 0 || ++reads % EACH)
		return;
	if (now != ticks)
		driver_log("%.8s and it ticks", text);
	ticks = now;
}

static err_t reader_run(void)
{
	driver_set_timer(0);
	if (driver_generation() == 1)
		return DRV_OK;
	err_t err = link_ioctl(&clock, CLOCK_HANG, 0, NULL, NULL, NULL, 0);
	driver_log("has it hang: %s", error_name(err));
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = reader_run, .timer = read_clock};
	return driver_main(&ops);
}
