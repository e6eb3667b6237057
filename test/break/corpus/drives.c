/* SPDX-License-Identifier: BSD-2-Clause */
/* Has another one ask too much of an essential driver: `proxy`, which asks `screen` some times
 * for each call. It stays below every share of its own. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

#define CALLS	  14u
#define PERIOD_MS 8u

static client_t proxy;

static void drive_timer(void)
{
	uint32_t data;
	for (uint32_t i = 0; i < CALLS; i++)
		if (client_read(proxy, &data, sizeof(data)) < 0)
			(void)client_open(proxy, CAP_NULL);
	driver_set_timer(PERIOD_MS);
}

static err_t drive_run(void)
{
	driver_set_timer(PERIOD_MS);
	return manager_connect("proxy", &proxy.endpoint);
}

int main(void)
{
	static const driver_ops_t ops = {.run = drive_run, .timer = drive_timer};
	return driver_main(&ops);
}
