/* SPDX-License-Identifier: BSD-2-Clause */
/* Does nothing wrong: it answers each READ with what `screen` has at its first cells, for which
 * it asks four times. Whom `drives` is to harm. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/string.h"

#define ROWS 2u

static client_t screen;

static err_t proxy_run(void)
{
	err_t err = manager_connect("screen", &screen.endpoint);
	return err ? err : client_open(screen, CAP_NULL);
}

static int32_t proxy_read(session_t *session, void *to, uint32_t bytes)
{
	(void)session;
	memset(to, 0, bytes);
	for (uint32_t i = 0; i < ROWS; i++) {
		(void)client_seek(screen, 0);
		(void)client_read(screen, to, bytes);
	}
	return (int32_t)bytes;
}

int main(void)
{
	static const driver_ops_t ops = {.run = proxy_run, .read = proxy_read};
	return driver_main(&ops);
}
