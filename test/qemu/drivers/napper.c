/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes its time: it runs 40 ms for an interrupt of the second serial port, which keeps its
 * line up, if it has one, and 500 ms for a read. Under the name "asks" it is the client of such
 * a driver and says what it was answered. */
#include "second_port.h"

#include "cap/client.h"
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/manager.h"
#include "cap/string.h"

#define IRQ_MS	 40u
#define READ_MS	 500u
#define LIMIT_MS 5000u
#define STEPS_MS 62500u /* two instructions of 8 ns each */

/* Runs for so long: of its own time, whatever others take. */
static void nap(uint32_t ms)
{
	uint32_t steps = ms * STEPS_MS;
	__asm__ volatile("1:\n\t"
			 "decl %0\n\t"
			 "jnz 1b"
			 : "+r"(steps)
			 :
			 : "cc");
}

static err_t napper_run(void)
{
	if (!strcmp(((const driver_page_t *)DRIVER_PAGE)->name, "asks"))
		driver_set_timer(0);
	return second_port_raise();
}

static void napper_irq(unsigned index)
{
	(void)index;
	nap(IRQ_MS);
}

static int32_t napper_read(session_t *session, void *to, uint32_t bytes)
{
	(void)session, (void)to;
	nap(READ_MS);
	return (int32_t)bytes;
}

static void napper_timer(void)
{
	client_t client = {.limit_ms = LIMIT_MS};
	uint8_t byte;
	int32_t result = manager_connect("napper", &client.endpoint);
	if (!result)
		result = client_open(client, CAP_NULL);
	if (!result)
		result = client_read(client, &byte, 1);
	driver_log("answer: %s", result < 0 ? error_name(result) : "read");
}

int main(void)
{
	static const driver_ops_t ops = {
	    .run = napper_run, .irq = napper_irq, .read = napper_read, .timer = napper_timer};
	return driver_main(&ops);
}
