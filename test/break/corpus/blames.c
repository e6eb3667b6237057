/* SPDX-License-Identifier: BSD-2-Clause */
/* Fails a millisecond after it began, as often as it is let, and says each time that it waited
 * too long for another one: `spins-but-beats`, which it uses and never calls. That one is busy,
 * and may be right to be. */
#include "cap/driver.h"

static void blame_timer(void)
{
	driver_fail(DRV_ETIMEDOUT);
}

static err_t blame_run(void)
{
	driver_set_timer(1);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = blame_run, .timer = blame_timer};
	return driver_main(&ops);
}
