/* SPDX-License-Identifier: BSD-2-Clause */
/* The ports that the kernel hands over: the table of abi/ports.h and nothing else. */
#ifndef BOOT_PORTS_H
#define BOOT_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/* The next range, inclusive, made of rows that touch; false: there is no more. `row`, 0 at
 * first, keeps the place in the table. */
bool ports_next(uint32_t *row, uint32_t *first, uint32_t *last);

#endif
