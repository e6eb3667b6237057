/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the machine may be granted: ports, and two windows of physical addresses. What is
 * listed can be handed on, and nothing else: the kernel hands over exactly this, and the
 * manager's manifest check grants from this. */
#ifndef ABI_PORTS_H
#define ABI_PORTS_H

#include "abi/types.h"

enum ports_who {
	PORTS_DRIVER,  /* a driver may ask for them */
	PORTS_MANAGER, /* the root task and the manager have them, no driver */
};

/* X(first, last, who, "whose they are, and why they can be granted")
 * "Trusted" in a reason: who has these can hurt the whole machine, and must be let
 * nevertheless. Ascending and disjoint. A range can be granted if each of its ports is in a row
 * for that receiver: rows that touch count as one range, and the kernel hands them over merged.
 * Whose: IBM PC AT Technical Reference (6183355, 1985), "I/O address map"; for what is younger,
 * the sheet that the row names. None of these devices stores into memory by itself, but through
 * the PC's DMA controllers, whose ports are not here and whose channels the kernel closes. */
#define PORTS_GRANTABLE(X)                                                                     \
	X(0x0060, 0x0064, PORTS_DRIVER,                                                        \
	  "keyboard controller and speaker (Intel 8042, 8255); trusted: resets the machine, "  \
	  "switches address line 20")                                                          \
	X(0x0070, 0x0071, PORTS_DRIVER,                                                        \
	  "clock and CMOS memory (Motorola MC146818); masks NMI, and the firmware reads it "   \
	  "when it boots next")                                                                \
	X(0x0080, 0x0080, PORTS_DRIVER, "POST code: a register without effect")                \
	X(0x00f4, 0x00f4, PORTS_MANAGER, "the bench's exit (QEMU isa-debug-exit)")             \
	X(0x0170, 0x0177, PORTS_DRIVER, "second disk controller (ATA, no bus mastering)")      \
	X(0x01f0, 0x01f7, PORTS_DRIVER, "first disk controller (ATA, no bus mastering)")       \
	X(0x0200, 0x020f, PORTS_DRIVER, "game port")                                           \
	X(0x0220, 0x022f, PORTS_DRIVER, "sound card (Sound Blaster 16)")                       \
	X(0x0278, 0x027f, PORTS_DRIVER, "second parallel port")                                \
	X(0x02e8, 0x02ef, PORTS_DRIVER, "fourth serial port (16550)")                          \
	X(0x02f8, 0x02ff, PORTS_DRIVER, "second serial port (16550)")                          \
	X(0x0300, 0x033f, PORTS_DRIVER, "prototype cards")                                     \
	X(0x0376, 0x0376, PORTS_DRIVER, "second disk controller's control register (ATA)")     \
	X(0x0378, 0x037f, PORTS_DRIVER, "first parallel port")                                 \
	X(0x0388, 0x038b, PORTS_DRIVER, "music synthesizer (Yamaha YM3812, YMF262)")           \
	X(0x03b0, 0x03df, PORTS_DRIVER, "video adapters (MDA, EGA, VGA, CGA)")                 \
	X(0x03e8, 0x03ef, PORTS_DRIVER, "third serial port (16550)")                           \
	X(0x03f0, 0x03f7, PORTS_DRIVER,                                                        \
	  "diskette (Intel 82077AA), disk control register; 0x3f0 can be where a chip is "     \
	  "told which ports it answers (SMSC FDC37C665)")                                      \
	X(0x03f8, 0x03ff, PORTS_DRIVER, "first serial port (16550)")                           \
	/* Who has these reaches every register of every PCI device, and 0xcf9 resets. */      \
	X(0x0cf8, 0x0cff, PORTS_MANAGER, "PCI configuration (PCI 2.1, 3.7.4.1), reset")

/* The ISA window, both inclusive, less what the memory map names: video memory and option ROMs.
 * Above it is the firmware. */
#define ISA_WINDOW_FIRST 0x000a0000u
#define ISA_WINDOW_LAST	 0x000effffu

/* The bus window ends here: above are I/O APICs (from 0xfec00000), HPET (0xfed00000), interrupt
 * messages (0xfee00000) and the firmware, which are nobody's (Intel ICH data sheets, memory
 * map; SDM 3A, 10.11.1). It begins above the highest RAM that the memory map names; where that
 * ends at 4 GiB, as it does where the loader gave no map, there is no bus window. */
#define BUS_WINDOW_LAST 0xfebfffffu

#endif
