/* SPDX-License-Identifier: BSD-2-Clause */
/* An interrupt on its way to a driver's callback: libcap's own event loop, which waits for
 * messages and for the notification bound to its thread, with a limit. The thread is given what
 * the driver manager would give it; no manager is there. */
#include "bench.h"
#include "cap/driver.h"

#define TIMER_MS 1000000u /* is never due here, and gives each wait its limit */

static void irq(unsigned index)
{
	(void)index;
	handler_woken();
	handler_ends();
}

static void driver(void)
{
	static const driver_ops_t ops = {.irq = irq};
	driver_set_timer(TIMER_MS);
	driver_main(&ops);
	fail("the driver ended", DRV_ECANCELED);
}

/* The page begins with the message buffer, so it is that frame. It is written where the maker
 * can: at its scratch page. */
static void give_page(const space_t *space, const driver_page_t *page)
{
	cap_t copy =
	    must("share a page", cap_derive(space->buffer, RIGHT_READ | RIGHT_WRITE, 0, 0));
	const process_maker_t *maker = world_maker();
	must("map a page to fill",
	     vspace_map(maker->vspace, copy, maker->scratch, RIGHT_READ | RIGHT_WRITE));
	*(driver_page_t *)maker->scratch = *page;
	must("let go of a page", cap_release(copy));
}

void measure_driver(const space_t *space)
{
	driver_page_t page = {.endpoint = make(CAP_ENDPOINT, 0),
			      .reply = make(CAP_REPLY, 0),
			      .notification = make(CAP_NOTIFICATION, 0)};
	page.context.irq_caps[0] = interrupt_line();
	must("bind the interrupt",
	     irq_bind(page.context.irq_caps[0], page.notification, DRIVER_SIGNAL_IRQ(0)));
	give_page(space, &page);
	cap_t thread = thread_make(space, PRIORITY_HANDLER, driver, STACK_HANDLER);
	must("bind a notification",
	     thread_bind(thread, BIND_NOTIFICATION, page.notification, 0));
	must("start the driver", thread_resume(thread));
	measure_interrupt("driver-busy");
	measure_idle("driver-idle");
	must("end the driver", cap_release(thread));
	must("let go of the interrupt", cap_release(page.context.irq_caps[0]));
}
