/* SPDX-License-Identifier: BSD-2-Clause */
/* What a manifest can name at all: the ports of abi/ports.h that are for drivers, and the ISA
 * window. What is listed nowhere is granted to nobody. Pure: knows no manifest and no machine.
 */
#ifndef DRVMGR_GRANTABLE_H
#define DRVMGR_GRANTABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/ports.h"
#include "abi/types.h"

/* Ports or bytes of memory, both ends inclusive. Invariant G1: first <= last. */
typedef struct span {
	uint32_t first, last;
} span_t;

/* A row of abi/ports.h. */
typedef struct port_row {
	span_t ports;
	uint32_t who; /* PORTS_… */
	const char *reason;
} port_row_t;

/* All rows, in the order of the table, which is that of the ports. */
extern const port_row_t port_rows[];
extern const size_t port_row_count;

/* The row that has `port`, or a null pointer. */
const port_row_t *port_row_of(uint32_t port);

/* False: all of `asked` (at most 65535) is for drivers, be it of one row or of rows that touch.
 * True: not; *withheld is its first part that is not. */
bool ports_withheld(span_t asked, span_t *withheld);

/* The ports for drivers, of one row, that are nearest to `port`; of two as near the lower ones.
 */
span_t ports_nearest(uint32_t port);

bool span_overlap(span_t a, span_t b);

/* Whether `inner` lies in `outer` entirely. */
bool span_inside(span_t inner, span_t outer);

/* The memory that manifests can name: the ISA window. */
span_t memory_window(void);

/* "0x60..0x64", or "96..100" where `hex` is not set; one number alone is "0x60". */
#define SPAN_SHOWN 24u
const char *span_show(span_t span, bool hex, char shown[SPAN_SHOWN]);

#endif
