/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes one call after the other to a driver that answers each, and never comes back to its
 * event loop: whenever it is looked at it waits for another one, which does nothing wrong. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

static client_t screen;

static void call_on(void)
{
	for (;;)
		(void)client_seek(screen, 0);
}

static err_t call_run(void)
{
	err_t err = manager_connect("screen", &screen.endpoint);
	if (!err)
		err = client_open(screen, CAP_NULL);
	driver_set_timer(0);
	return err;
}

int main(void)
{
	static const driver_ops_t ops = {.run = call_run, .timer = call_on};
	return driver_main(&ops);
}
