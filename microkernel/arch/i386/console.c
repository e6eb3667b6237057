/* SPDX-License-Identifier: BSD-2-Clause */
/* The early console: the first serial port, polled (National Semiconductor PC16550D data
 * sheet). Used for boot and panic only; afterwards the serial driver owns the device. */
#include "arch/i386/i386.h"

#define COM1	    0x3f8
#define DATA	    (COM1 + 0)
#define ENABLE	    (COM1 + 1)
#define FIFO	    (COM1 + 2)
#define LINE	    (COM1 + 3)
#define LINE_STATUS (COM1 + 5)

#define LINE_8N1     0x03
#define FIFO_ON	     0x01
#define RECEIVED     0x01
#define SENDER_EMPTY 0x20
#define PATIENCE     100000u /* polls; a missing port must not hang the machine */

/* The FIFO keeps what is typed until the driver runs. Turning it on throws away what was
 * typed before (8.5), so a byte that is there already is left where it is. */
void arch_console_init(void)
{
	out8(ENABLE, 0);
	out8(LINE, LINE_8N1);
	if (!(in8(LINE_STATUS) & RECEIVED))
		out8(FIFO, FIFO_ON);
}

void arch_console_put(char c)
{
	if (c == '\n')
		arch_console_put('\r');
	for (uint32_t i = 0; i < PATIENCE && !(in8(LINE_STATUS) & SENDER_EMPTY); i++)
		;
	out8(DATA, (uint8_t)c);
}
