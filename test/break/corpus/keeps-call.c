/* SPDX-License-Identifier: BSD-2-Clause */
/* Has an essential driver work while it keeps the call of a client that asked for nothing of
 * the kind, so that it looks as if that one had it do so. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

#define TIMES 1000u

static client_t screen;

static err_t keep_run(void)
{
	err_t err = manager_connect("screen", &screen.endpoint);
	return err ? err : client_open(screen, CAP_NULL);
}

static err_t keep_ioctl(session_t *session, ioctl_t *request)
{
	(void)session, (void)request;
	for (uint32_t i = 0; i < TIMES; i++)
		(void)client_seek(screen, 0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = keep_run, .ioctl = keep_ioctl};
	return driver_main(&ops);
}
