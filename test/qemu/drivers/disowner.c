/* SPDX-License-Identifier: BSD-2-Clause */
/* Shares an interrupt line and says of each interrupt that it was not its own. With the second
 * serial port it lies: that one's interrupts it never takes care of, and so slowly that they
 * are far from a storm by their number. Without one it is an honest member. */
#include "second_port.h"

#include <stdbool.h>

#include "cap/driver.h"
#include "cap/syscall.h"

#define PAUSE_MS 1u

static err_t disowner_run(void)
{
	return second_port_raise();
}

/* The first time it is only to look at its device: the first interrupt would come in the pause,
 * and be lost. */
static void disowner_irq(unsigned index)
{
	static bool looked;
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t bits;
	(void)index;
	driver_irq_disown();
	if (looked && driver_context()->pio_caps[0])
		notification_wait(page->notification, PAUSE_MS, &bits);
	looked = true;
}

int main(void)
{
	static const driver_ops_t ops = {.run = disowner_run, .irq = disowner_irq};
	return driver_main(&ops);
}
