/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs for nearly all of its budget, 35 ms, fails, and does the same in its next life: each
 * would begin with a whole budget if what is used did not count from one life to the next. */
#include "cap/driver.h"
#include "cap/syscall.h"

#define SPIN_US 34000u

static void burst(void)
{
	uint64_t begun = clock_us();
	while (clock_us() - begun < SPIN_US)
		;
	driver_fail(DRV_EIO);
}

static err_t begin(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = begin, .timer = burst};
	return driver_main(&ops);
}
