/* SPDX-License-Identifier: BSD-2-Clause */
/* Serves a stream of bytes, and signals its client 440 times in each 100 ms that there is one
 * to read: not enough to be a flood, and more than the client may ask of the screen in turn. */
#include "cap/driver.h"
#include "cap/syscall.h"

#define SLOT_MS 10u
#define EACH	44u /* in a slot */

static cap_t client;
static uint32_t since, sent;

static err_t streams_open(session_t *session)
{
	client = session->notification;
	return DRV_OK;
}

static int32_t streams_read(session_t *session, void *to, uint32_t bytes)
{
	(void)session;
	*(char *)to = 'x';
	return bytes ? 1 : 0;
}

static void streams_timer(void)
{
	uint32_t now = driver_now_ms();
	if (now - since >= SLOT_MS) {
		since = now;
		sent = 0;
	}
	if (client && sent < EACH) {
		sent++;
		notification_signal(client, 1);
		driver_set_timer(0);
	} else {
		driver_set_timer(SLOT_MS - (now - since));
	}
}

static err_t streams_run(void)
{
	driver_set_timer(SLOT_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = streams_run,
					 .timer = streams_timer,
					 .open = streams_open,
					 .read = streams_read};
	return driver_main(&ops);
}
