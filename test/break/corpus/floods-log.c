/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes log lines as fast as it can. */
#include "cap/driver.h"

#define LINES 200u

static void flood_timer(void)
{
	static uint32_t number;
	for (uint32_t i = 0; i < LINES; i++)
		driver_log("line %u of very many, and none of them says anything new",
			   number++);
	driver_set_timer(0);
}

static err_t flood_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = flood_run, .timer = flood_timer};
	return driver_main(&ops);
}
