/* SPDX-License-Identifier: BSD-2-Clause */
/* Does nothing wrong: it works a little and asks `victim` something, again and again, far
 * within its share, and says so when no answer comes. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

#define PERIOD_MS 10u
#define ROUNDS	  20000u

static client_t victim;

static void innocent_timer(void)
{
	uint32_t value, bytes = 0;
	uint32_t data[4];
	for (volatile uint32_t round = 0; round < ROUNDS; round++)
		;
	err_t err = client_ioctl(victim, DRV_IOCTL_OWN, 0, &value, data, &bytes, sizeof(data));
	if (err)
		driver_fail(err);
	driver_set_timer(PERIOD_MS);
}

static err_t innocent_run(void)
{
	err_t err = manager_connect("victim", &victim.endpoint);
	driver_set_timer(PERIOD_MS);
	return err ? err : client_open(victim, CAP_NULL);
}

int main(void)
{
	static const driver_ops_t ops = {.run = innocent_run, .timer = innocent_timer};
	return driver_main(&ops);
}
