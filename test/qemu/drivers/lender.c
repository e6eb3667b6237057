/* SPDX-License-Identifier: BSD-2-Clause */
/* Sends its server, `keeper`, what it has: its capability of the manager, its connection to
 * `screen` and the frame of its kept page. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/syscall.h"

static err_t lend(cap_t to, cap_t cap)
{
	message_t message = {.info = MSG_INFO(DRIVER_OPEN, 2, 1)};
	message_buffer()->caps[0] = cap;
	message_buffer()->accept = 0;
	return ipc_call(to, &message, CLIENT_TIMEOUT_MS);
}

static err_t lender_run(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	cap_t keeper, screen;
	err_t err = manager_connect("keeper", &keeper);
	if (!err)
		err = manager_connect("screen", &screen);
	if (!err)
		err = lend(keeper, page->manager);
	if (!err)
		err = lend(keeper, screen);
	return err ? err : lend(keeper, page->kept_frame);
}

int main(void)
{
	static const driver_ops_t ops = {.run = lender_run};
	return driver_main(&ops);
}
