/* SPDX-License-Identifier: BSD-2-Clause */
/* Fails each time as soon as it runs. Many of it have the manager make and end instances all
 * the time. */
#include "cap/driver.h"

static err_t fail_run(void)
{
	__asm__ volatile("ud2");
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = fail_run};
	return driver_main(&ops);
}
