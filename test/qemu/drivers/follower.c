/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of a driver that dies and comes back, the one in its `uses` that is named here: says
 * of each session whether the driver still has what it kept. */
#include "cap/driver.h"
#include "cap/link.h"

#define ASK_MS 20u

static link_t driver = {.name = "crash-init-3-4"};
static uint32_t seen;

static void follower_timer(void)
{
	uint8_t byte;
	link_read(&driver, &byte, 1);
	if (driver.opened != seen)
		driver_log("session %u, %s", driver.opened,
			   driver.forgotten ? "forgotten" : "kept");
	seen = driver.opened;
	driver.forgotten = false;
	driver_set_timer(ASK_MS);
}

static err_t follower_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = follower_run, .timer = follower_timer};
	return driver_main(&ops);
}
