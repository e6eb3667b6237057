/* SPDX-License-Identifier: BSD-2-Clause */
/* Computes all the time, and comes back to its event loop often enough to look alive. */
#include "cap/driver.h"

#define CHUNK_MS 100u

static void spin_timer(void)
{
	uint32_t begun = driver_now_ms();
	while (driver_now_ms() - begun < CHUNK_MS)
		;
	driver_set_timer(0);
}

static err_t spin_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = spin_run, .timer = spin_timer};
	return driver_main(&ops);
}
