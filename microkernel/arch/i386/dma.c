/* SPDX-License-Identifier: BSD-2-Clause */
/* The PC's two DMA controllers (Intel 8237A data sheet, "Register description"; where they are:
 * Intel 82371SB data sheet, section 2.0). Nobody can have them, and the kernel does not use
 * them. It closes them, because firmware does not: after a boot from a diskette the channel of
 * the drive is open and has the address of the last transfer, where a driver of the diskette
 * could then have any sector written. */
#include "arch/i386/i386.h"

#define FIRST_MASKS  0x0f /* "write all mask register bits" */
#define SECOND_MASKS 0xde
#define ALL_CHANNELS 0x0f

void dma_close(void)
{
	out8(FIRST_MASKS, ALL_CHANNELS);
	out8(SECOND_MASKS, ALL_CHANNELS);
}
