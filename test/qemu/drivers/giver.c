/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that calls its manager again and again with a request that there is not, and sends a
 * capability along, which the manager cannot want. One kind of capability until the manager has
 * died under such a call, then the next kind. */
#include "abi/protocol/manager.h"
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/syscall.h"

#define PAUSE_MS      20u
#define UNKNOWN_LABEL 99u

static void give(void)
{
	static uint32_t kind;
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	const DriverContextV2 *own = driver_context();
	const struct {
		const char *name;
		cap_t cap;
	} kinds[] = {{"notification", page->notification_grant},
		     {"ports", own->pio_caps[0]},
		     {"line", own->irq_caps[0]},
		     {"memory", own->mmio_caps[0]}};
	if (kind == sizeof(kinds) / sizeof(kinds[0]))
		return;
	message_t message = {.info = MSG_INFO(UNKNOWN_LABEL, 2, 1)};
	message_buffer()->caps[0] = kinds[kind].cap;
	message_buffer()->accept = 0;
	err_t err = ipc_call(page->manager, &message, CLIENT_TIMEOUT_MS);
	if (err == DRV_EGONE)
		driver_log("it died with %s", kinds[kind++].name);
	else if (err || (err_t)message.word0 != DRV_ENOTSUP)
		driver_log("sending %s: %d", kinds[kind].name,
			   (int)(err ? err : (err_t)message.word0));
	driver_set_timer(PAUSE_MS);
}

static err_t giver_run(void)
{
	driver_set_timer(PAUSE_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = giver_run, .timer = give};
	return driver_main(&ops);
}
