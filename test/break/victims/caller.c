/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of whoever provides `served`, if anybody does: a hostile driver that hangs inside a
 * call has it waiting. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

#define PERIOD_MS 100u

static client_t served;

static void caller_timer(void)
{
	uint32_t value, bytes = 0;
	uint32_t data[4];
	driver_set_timer(PERIOD_MS);
	if (!served.endpoint && manager_connect("served", &served.endpoint))
		return;
	if (client_ioctl(served, DRV_IOCTL_OWN, 0, &value, data, &bytes, sizeof(data)))
		(void)client_open(served, CAP_NULL);
}

static err_t caller_run(void)
{
	driver_set_timer(PERIOD_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = caller_run, .timer = caller_timer};
	return driver_main(&ops);
}
