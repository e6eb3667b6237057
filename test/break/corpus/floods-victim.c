/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls another driver as fast as it can. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

#define CALLS 1000u

static client_t victim;

static void flood_timer(void)
{
	uint32_t data[DRIVER_DATA_MAX / 4];
	for (uint32_t i = 0; i < CALLS; i++)
		(void)client_read(victim, data, sizeof(data));
	driver_set_timer(0);
}

static err_t flood_run(void)
{
	err_t err = manager_connect("victim", &victim.endpoint);
	if (!err)
		err = client_open(victim, CAP_NULL);
	driver_set_timer(0);
	return err;
}

int main(void)
{
	static const driver_ops_t ops = {.run = flood_run, .timer = flood_timer};
	return driver_main(&ops);
}
