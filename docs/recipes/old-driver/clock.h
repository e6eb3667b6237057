/* SPDX-License-Identifier: BSD-2-Clause */
/* What the old driver offers: the table of the earlier interface, and its loop. */
#ifndef OLD_CLOCK_H
#define OLD_CLOCK_H

#include <stdint.h>

typedef struct DriverAPI {
	int (*init)(void);
	int (*read)(void *buffer, uint32_t size);
	int (*write)(const void *buffer, uint32_t size);
	int (*seek)(uint32_t position);
	int (*ioctl)(uint32_t code, uint32_t *value);
	int (*stop)(void);
} DriverAPI;

extern const DriverAPI clock_driver;
void clock_loop(void);

/* Codes of ioctl. */
#define CLOCK_TICKS 0x100u /* how many interrupts there were */
#define CLOCK_HANG  0x101u /* never to come back: a fault on purpose */

#endif
