/* SPDX-License-Identifier: BSD-2-Clause */
/* The second serial port of a PC as a source of interrupts, for test drivers. */
#ifndef TEST_SECOND_PORT_H
#define TEST_SECOND_PORT_H

#include "cap/driver.h"
#include "hw/ns16550.h"

#define SECOND_PORT 0x2f8u

/* Raises its line, which stays up until the port is served, if it is the driver's first range
 * of ports; a driver without ports has nothing to raise: DRV_OK. */
static inline err_t second_port_raise(void)
{
	if (!driver_context()->pio_caps[0])
		return DRV_OK;
	err_t err = driver_out8(0, SECOND_PORT + NS16550_MODEM, NS16550_MODEM_OUT2);
	if (!err)
		err = driver_out8(0, SECOND_PORT + NS16550_ENABLE, NS16550_ENABLE_EMPTY);
	return err;
}

#endif
