/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls `asks` once and dies, each time: the accomplice of one that has an essential driver
 * work while it has this call. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

static client_t asks;

static void call_timer(void)
{
	uint32_t value, data[4], bytes = 0;
	if (!client_open(asks, CAP_NULL))
		(void)client_ioctl(asks, DRV_IOCTL_OWN, 0, &value, data, &bytes, sizeof(data));
	driver_fail(DRV_EIO);
}

static err_t call_run(void)
{
	driver_set_timer(0);
	return manager_connect("asks", &asks.endpoint);
}

int main(void)
{
	static const driver_ops_t ops = {.run = call_run, .timer = call_timer};
	return driver_main(&ops);
}
