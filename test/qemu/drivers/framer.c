/* SPDX-License-Identifier: BSD-2-Clause */
/* Shares an interrupt line and has the second serial port raise it for nothing, but never while
 * another driver is away: whoever is taken away to see whether the line is quiet then looks
 * like the one that did it. */
#include "second_port.h"

#include <stdbool.h>

#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define OTHER	 "framed"
#define LOOK_MS	 5u
#define PAUSE_MS 1u

static bool is_there(const char *name)
{
	manager_status_t status;
	for (uint32_t i = 0; manager_status(i, &status) == DRV_OK; i++)
		if (!strcmp(status.name, name))
			return status.state == STATE_RUNNING;
	return false;
}

static void framer_timer(void)
{
	(void)(is_there(OTHER) ? second_port_raise() : second_port_quiet());
	driver_set_timer(LOOK_MS);
}

static err_t framer_run(void)
{
	driver_set_timer(LOOK_MS);
	return DRV_OK;
}

/* So slow that it is far from a storm by its number. */
static void framer_irq(unsigned index)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t bits;
	(void)index;
	driver_irq_disown();
	notification_wait(page->notification, PAUSE_MS, &bits);
}

int main(void)
{
	static const driver_ops_t ops = {
	    .run = framer_run, .irq = framer_irq, .timer = framer_timer};
	return driver_main(&ops);
}
