/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the registers and bits of a 16550 serial port. Names only.
 *
 * Source: National Semiconductor PC16550D data sheet, section 8.0 "Registers" and table II
 * "Summary of registers". */
#ifndef HW_NS16550_H
#define HW_NS16550_H

#define NS16550_BASE 0x3f8u /* the first serial port of a PC */
#define NS16550_LAST 0x3ffu

/* Offsets from the base. The divisor latch (8.3) shares 0 and 1 and is never selected. */
#define NS16550_DATA	     0u /* reading: received byte; writing: byte to send */
#define NS16550_ENABLE	     1u /* which interrupts are wanted (8.7) */
#define NS16550_IDENTITY     2u /* reading: why it interrupts (8.6) */
#define NS16550_FIFO	     2u /* writing (8.5) */
#define NS16550_LINE	     3u /* format of a byte (8.1) */
#define NS16550_MODEM	     4u /* outputs (8.8) */
#define NS16550_LINE_STATUS  5u /* (8.4) */
#define NS16550_MODEM_STATUS 6u /* inputs (8.9) */
#define NS16550_SCRATCH	     7u /* holds what was written (8.10) */

#define NS16550_ENABLE_RECEIVED 0x01u
#define NS16550_ENABLE_EMPTY	0x02u /* the sender wants bytes */
#define NS16550_ENABLE_ERROR	0x04u

#define NS16550_IDENTITY_NONE 0x01u /* set: nothing pending */
#define NS16550_IDENTITY_FIFO 0xc0u /* both set: the FIFO is on */
#define NS16550_IDENTITY_ON   0x40u /* of these, the one that a FIFO that is off never has */

#define NS16550_FIFO_ON	       0x01u
#define NS16550_FIFO_TRIGGER_8 0x80u /* interrupt at eight bytes, or four silent ones */
#define NS16550_FIFO_DEPTH     16u

#define NS16550_LINE_8N1 0x03u

#define NS16550_MODEM_DTR  0x01u
#define NS16550_MODEM_RTS  0x02u
#define NS16550_MODEM_OUT2 0x08u /* on a PC: lets the interrupt through */
#define NS16550_MODEM_LOOP 0x10u /* outputs to inputs: RTS to CTS, OUT2 to DCD */

#define NS16550_STATUS_RECEIVED 0x01u
#define NS16550_STATUS_OVERRUN	0x02u
#define NS16550_STATUS_PARITY	0x04u
#define NS16550_STATUS_FRAMING	0x08u
#define NS16550_STATUS_BREAK	0x10u
#define NS16550_STATUS_ROOM	0x20u /* the sender's FIFO is empty */
#define NS16550_STATUS_IDLE	0x40u /* and the last bit is out */

#define NS16550_INPUTS	    0xf0u
#define NS16550_INPUTS_LOOP 0x90u /* CTS and DCD, by RTS and OUT2 in loop mode */

#endif
