/* SPDX-License-Identifier: BSD-2-Clause */
/* The text screen's own part of the driver contract. The screen is a file of cells, two
 * bytes each, row by row: the character (code page 437), then its attribute. seek() takes a
 * position in bytes; read() and write() move whole cells from there on and advance it. */
#ifndef ABI_SCREEN_H
#define ABI_SCREEN_H

#include "abi/protocol/driver.h"

#define SCREEN_COLUMNS	  80u
#define SCREEN_ROWS	  25u
#define SCREEN_CELLS	  (SCREEN_COLUMNS * SCREEN_ROWS)
#define SCREEN_CELL_BYTES 2u
#define SCREEN_BYTES	  (SCREEN_CELLS * SCREEN_CELL_BYTES)

/* A cell as a little-endian word: attribute in the high byte, character in the low one. */
#define SCREEN_CELL(character, attribute)                                                      \
	((uint16_t)(((uint32_t)(attribute) << 8) | ((uint32_t)(character)&0xffu)))

/* Attributes: foreground in the low four bits, background in bits 4..6. */
enum screen_attribute {
	SCREEN_PLAIN = 0x07,	/* light grey on black */
	SCREEN_BRIGHT = 0x0f,	/* white on black */
	SCREEN_GOOD = 0x0a,	/* light green on black */
	SCREEN_BAD = 0x0c,	/* light red on black */
	SCREEN_CHANGING = 0x0e, /* yellow on black */
	SCREEN_HEADING = 0x1f,	/* white on blue */
	SCREEN_INVERTED = 0x70, /* black on light grey */
};

enum screen_ioctl {
	SCREEN_IOCTL_GET_SIZE = DRV_IOCTL_SCREEN, /* value: SCREEN_SIZE */
	SCREEN_IOCTL_SET_CURSOR,		  /* argument: a cell, or SCREEN_NO_CURSOR */
	SCREEN_IOCTL_GET_CURSOR,		  /* value: the same */
};
ABI_ASSERT((int)SCREEN_IOCTL_GET_CURSOR <= (int)DRV_IOCTL_SCREEN_LAST, "codes of the class");
#define SCREEN_SIZE	 ((SCREEN_ROWS << 16) | SCREEN_COLUMNS)
#define SCREEN_NO_CURSOR 0xffffffffu

#endif
