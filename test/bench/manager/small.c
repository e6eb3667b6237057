/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that does nothing. */
#include "cap/driver.h"

int main(void)
{
	static const driver_ops_t ops = {0};
	return driver_main(&ops);
}
