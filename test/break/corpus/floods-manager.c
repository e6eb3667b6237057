/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls the manager as fast as it can, and also sends it what nobody answers. */
#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/syscall.h"

#define CALLS	   200u
#define NO_REQUEST 99u

static void flood_timer(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	message_t nonsense = {.info = MSG_INFO(NO_REQUEST, 4, 0)};
	manager_status_t status;
	for (uint32_t i = 0; i < CALLS; i++) {
		(void)manager_status(i % 8, &status);
		(void)ipc_send(page->manager, &nonsense, TIMEOUT_POLL);
		(void)notification_signal(page->signal, 0xffffffffu);
	}
	driver_set_timer(0);
}

static err_t flood_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = flood_run, .timer = flood_timer};
	return driver_main(&ops);
}
