/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes each call at once and answers as late as it may, for which it waits: the friend of
 * `holds`. */
#include "cap/driver.h"
#include "cap/syscall.h"

#define SLOW_MS 400u
#define TICK_MS 5u

static err_t slow_seek(session_t *session, uint32_t position)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t until = driver_now_ms() + SLOW_MS, bits;
	(void)session, (void)position;
	while ((int32_t)(driver_now_ms() - until) < 0)
		(void)notification_wait(page->notification, TICK_MS, &bits);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.seek = slow_seek};
	return driver_main(&ops);
}
