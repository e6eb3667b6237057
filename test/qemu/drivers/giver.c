/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that calls its manager again and again with a request that there is not, and sends a
 * capability along, which the manager cannot want: its notification or, in turn, the frame of
 * its kept page. Before that it tries to give away what of a
 * device it was granted. */
#include "abi/protocol/manager.h"
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/syscall.h"

#define PAUSE_MS      20u
#define UNKNOWN_LABEL 99u

static err_t send(cap_t cap)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	message_t message = {.info = MSG_INFO(UNKNOWN_LABEL, 2, 1)};
	message_buffer()->caps[0] = cap;
	message_buffer()->accept = 0;
	err_t err = ipc_call(page->manager, &message, CLIENT_TIMEOUT_MS);
	return err ? err : (err_t)message.word0;
}

static void give(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	static bool is_frame;
	const char *what = is_frame ? "frame" : "notification";
	err_t err = send(is_frame ? page->kept_frame : page->notification_grant);
	if (err == DRV_EGONE)
		driver_log("it died with %s", what);
	else if (err != DRV_ENOTSUP)
		driver_log("sending %s: %d", what, (int)err);
	is_frame = !is_frame;
	driver_set_timer(PAUSE_MS);
}

static err_t giver_run(void)
{
	const DriverContextV2 *own = driver_context();
	driver_log("ports: %d, line: %d, memory: %d", (int)send(own->pio_caps[0]),
		   (int)send(own->irq_caps[0]), (int)send(own->mmio_caps[0]));
	driver_set_timer(PAUSE_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = giver_run, .timer = give};
	return driver_main(&ops);
}
