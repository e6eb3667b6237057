/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver of 6 MB that does nothing. */
#include "cap/driver.h"

#define BYTES (6u << 20)

static volatile uint8_t memory[BYTES];

static err_t big_run(void)
{
	memory[BYTES - 1] = 1;
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = big_run};
	return driver_main(&ops);
}
