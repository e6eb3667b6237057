/* SPDX-License-Identifier: BSD-2-Clause */
/* The early console: the first serial port, polled (National Semiconductor PC16550D data
 * sheet). Used for boot and panic only; afterwards the serial driver owns the device. */
#include "arch/i386/i386.h"
#include "hw/ns16550.h"

#define PORT(offset) (NS16550_BASE + (offset))
#define PATIENCE     100000u /* polls; a missing port must not hang the machine */

/* The FIFO keeps what is typed until the driver runs. Turning it on throws away what was
 * typed before (8.5), so a byte that is there already is left where it is. */
void arch_console_init(void)
{
	out8(PORT(NS16550_ENABLE), 0);
	out8(PORT(NS16550_LINE), NS16550_LINE_8N1);
	if (!(in8(PORT(NS16550_LINE_STATUS)) & NS16550_STATUS_RECEIVED))
		out8(PORT(NS16550_FIFO), NS16550_FIFO_ON);
}

void arch_console_put(char c)
{
	if (c == '\n')
		arch_console_put('\r');
	for (uint32_t i = 0; i < PATIENCE; i++)
		if (in8(PORT(NS16550_LINE_STATUS)) & NS16550_STATUS_ROOM)
			break;
	out8(PORT(NS16550_DATA), (uint8_t)c);
}
