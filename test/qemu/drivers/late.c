/* SPDX-License-Identifier: BSD-2-Clause */
/* A screen that shows nothing, and lets its client wait for longer than that does when it is to
 * show a z for the first time. It says when it did, and when a client comes. Needs no device.
 */
#include <stdbool.h>

#include "abi/protocol/screen.h"
#include "cap/driver.h"
#include "cap/syscall.h"

#define LATE_MS 40u
#define SIGN	'z'

static bool was_late;

static err_t late_open(session_t *session)
{
	(void)session;
	driver_log("opened at %u", driver_now_ms());
	return DRV_OK;
}

static bool has_sign(const uint16_t *cells, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if ((cells[i] & 0xffu) == SIGN)
			return true;
	return false;
}

static int32_t late_write(session_t *session, const void *from, uint32_t bytes)
{
	(void)session;
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t bits;
	if (was_late || !has_sign(from, bytes / sizeof(uint16_t)))
		return (int32_t)bytes;
	was_late = true;
	driver_log("late at %u", driver_now_ms());
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
