/* SPDX-License-Identifier: BSD-2-Clause */
/* The keypad of docs/lossless.md: a device made up for that page, and what its driver hands to
 * its readers. It gives each byte once, and cannot be asked what is held: as nasty as a
 * keyboard. */
#ifndef KEYPAD_H
#define KEYPAD_H

#include "abi/protocol/driver.h"

/* Ports. */
#define KEYPAD_STATUS 0x300u
#define KEYPAD_DATA   0x301u /* reading takes the byte out of the device */

#define KEYPAD_WAITS 0x01u /* KEYPAD_STATUS: a byte waits */

/* What happens to a key is two bytes: its row, with the first of these bits, and then its
 * column, with the second one if it went up. */
#define KEYPAD_ROW 0x40u
#define KEYPAD_UP  0x80u

typedef struct keypad_event {
	uint8_t row, column;
	uint16_t down;
} keypad_event_t;

#define KEYPAD_HELD 63u /* so many of the newest events can be read again */

#define KEYPAD_GAP 0xffu /* as a row: events are missing there; no reader is given it */

/* Argument: the position where DRV_EOVERFLOW was met; value: the one to read on from. */
enum keypad_ioctl { KEYPAD_IOCTL_WHERE = DRV_IOCTL_OWN };

#endif
