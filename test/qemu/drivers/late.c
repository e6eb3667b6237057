/* SPDX-License-Identifier: BSD-2-Clause */
/* A screen that shows nothing, and once lets its client wait for longer than that does. It says
 * when it did, and when a client comes. Needs no device. */
#include <stdbool.h>

#include "cap/driver.h"
#include "cap/syscall.h"

#define LATE_FROM_MS 4000u /* the boot is over, and its log written */
#define LATE_MS	     40u

static bool was_late;

static err_t late_open(session_t *session)
{
	(void)session;
	driver_log("opened at %u", driver_now_ms());
	return DRV_OK;
}

static int32_t late_write(session_t *session, const void *from, uint32_t bytes)
{
	(void)session, (void)from;
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t now = driver_now_ms(), bits;
	if (was_late || now < LATE_FROM_MS)
		return (int32_t)bytes;
	was_late = true;
	driver_log("late at %u", now);
	notification_wait(page->notification, LATE_MS, &bits); /* others run meanwhile */
	return (int32_t)bytes;
}

static err_t late_seek(session_t *session, uint32_t position)
{
	(void)session, (void)position;
	return DRV_OK;
}

static err_t late_ioctl(session_t *session, ioctl_t *request)
{
	(void)session, (void)request;
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {
	    .open = late_open,
	    .write = late_write,
	    .seek = late_seek,
	    .ioctl = late_ioctl,
	};
	return driver_main(&ops);
}
