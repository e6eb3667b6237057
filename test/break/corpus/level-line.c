/* SPDX-License-Identifier: BSD-2-Clause */
/* Has the second serial port interrupt by a level line, and acknowledges each interrupt without
 * removing its cause: the line stays up. */
#include "cap/driver.h"
#include "hw/ns16550.h"

#define BASE 0x2f8u

static err_t level_run(void)
{
	err_t err = driver_out8(0, BASE + NS16550_MODEM, NS16550_MODEM_OUT2);
	if (!err)
		err = driver_out8(0, BASE + NS16550_ENABLE, NS16550_ENABLE_EMPTY);
	return err;
}

static void level_irq(unsigned index)
{
	(void)index; /* what would say what it wants stays unread */
}

int main(void)
{
	static const driver_ops_t ops = {.run = level_run, .irq = level_irq};
	return driver_main(&ops);
}
