/* SPDX-License-Identifier: BSD-2-Clause */
/* An example: a client of the example driver. It reads the time each second and logs it. It has
 * no hardware, never waits for the driver longer than a call's limit, and outlives its deaths.
 */
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/link.h"

#define PERIOD_MS 1000u
#define SOON_MS	  50u
#define LIMIT_MS  200u /* of a call: who needs longer for a few bytes does not work */
#define TEXT_SIZE 64u

/* It connects at the first call, and again after the driver's death. */
static link_t driver = {.name = "example-rtc", .client.limit_ms = LIMIT_MS};
static err_t told; /* the last error in the log, which says it once */

static void tell_error(err_t error)
{
	if (error != told)
		driver_log("no time: %s (%s)", error_name(error), error_text(error));
	told = error;
}

static void tell_time(void)
{
	char text[TEXT_SIZE];
	int32_t count = link_read(&driver, text, sizeof(text));
	if (count == DRV_EAGAIN) { /* the driver is about to run, or the clock to change */
		driver_set_timer(SOON_MS);
		return;
	}
	driver_set_timer(PERIOD_MS);
	if (count <= 0) {
		tell_error(count);
		return;
	}
	told = DRV_OK;
	driver_log("it is %.*s", (int)count - 1, text); /* without the line end */
}

static err_t client_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = client_run, .timer = tell_time};
	return driver_main(&ops);
}
