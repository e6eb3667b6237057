/* SPDX-License-Identifier: BSD-2-Clause */
/* Spins and never comes back; its manifest asks for a long heartbeat and a high priority. */
#include "cap/driver.h"

static void spin_timer(void)
{
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static err_t spin_run(void)
{
	driver_set_timer(100);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = spin_run, .timer = spin_timer};
	return driver_main(&ops);
}
