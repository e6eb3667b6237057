/* SPDX-License-Identifier: BSD-2-Clause */
/* What the memory map says, whatever map it is: in any order, with entries that overlap, touch,
 * are empty, wrap or lie above 4 GiB. All is counted in whole pages below 4 GiB, and whatever
 * is in doubt is nobody's:
 *
 * P1. A page that an entry touches in part or whole, of whatever type, is in a span, so in no
 *     gap.
 *
 * P2. A page is RAM to be used only if one entry for RAM covers it whole, no entry of another
 *     type touches it, and no entry for RAM begins or ends within it.
 *
 * Pure: no machine, no state. docs/proof.md says what of it is proved. */
#ifndef BOOT_PHYSICAL_H
#define BOOT_PHYSICAL_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/types.h"

#define MEGABYTE 0x100000u /* the firmware ends below it */

#define PHYSICAL_PAGES 0x100000u		/* below 4 GiB */
#define PHYSICAL_SPANS 128u			/* an entry takes up to three */
#define PHYSICAL_NEAR  (0x1000000u / PAGE_SIZE) /* 16 MiB */

enum span_kind {
	SPAN_USABLE = 1, /* RAM */
	SPAN_MEMORY = 2, /* RAM that is not to be used: firmware's, bad, the kernel's own */
	SPAN_OTHER = 4,	 /* anything else that is named */
};

/* The pages [first, end); of a span, a gap and a run there is at least one. */
typedef struct pages {
	uint32_t first, end;
} pages_t;

typedef struct span {
	pages_t pages;
	uint32_t kind;
} span_t;

typedef struct physical {
	uint32_t count;
	span_t spans[PHYSICAL_SPANS]; /* in the map's order */
} physical_t;

/* Notes the bytes [base, base + length). What is above 4 GiB is left out; RAM that wraps is
 * none. False: there is no room, and the map must not be used. */
bool physical_note(physical_t *map, uint64_t base, uint64_t length, uint32_t kind);

/* The first gap in [from, limit), in which nothing is named; false: there is none. */
bool physical_gap(const physical_t *map, uint32_t from, uint32_t limit, pages_t *gap);

/* The first run of RAM to be used in [from, limit), of one entry; false: there is none. */
bool physical_ram(const physical_t *map, uint32_t from, uint32_t limit, pages_t *run);

/* Are all these pages RAM to be used? */
bool physical_is_ram(const physical_t *map, pages_t pages);

/* The page where the bus window begins: above all RAM, and above whatever is named from within
 * 16 MiB above that, and so on: firmware's own RAM often lies behind a small gap. */
uint32_t physical_bus_first(const physical_t *map);

#endif
