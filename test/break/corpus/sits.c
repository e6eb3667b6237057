/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes each call and waits for itself meanwhile. Its manifest has it be silent for 100 s, and
 * no limit for an interrupt: `caller`, whose time is over sooner, is not to pay for that. */
#include "cap/driver.h"
#include "cap/syscall.h"

#define SITS_MS 5000u
#define NAP_MS	100u

static err_t sit_ioctl(session_t *session, ioctl_t *request)
{
	(void)session, (void)request;
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t bits, since_ms = driver_now_ms();
	while (driver_now_ms() - since_ms < SITS_MS)
		(void)notification_wait(page->notification, NAP_MS, &bits);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.ioctl = sit_ioctl};
	return driver_main(&ops);
}
