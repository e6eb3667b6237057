/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps each call for ever, and calls `slow` again and again meanwhile, so that it always waits
 * for one that works. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

static client_t slow;

static err_t hold_run(void)
{
	return manager_connect("slow", &slow.endpoint);
}

static err_t hold_ioctl(session_t *session, ioctl_t *request)
{
	(void)session, (void)request;
	while (client_seek(slow, 0) == DRV_OK || client_open(slow, CAP_NULL) == DRV_OK)
		;
	return DRV_EIO;
}

int main(void)
{
	static const driver_ops_t ops = {.run = hold_run, .ioctl = hold_ioctl};
	return driver_main(&ops);
}
