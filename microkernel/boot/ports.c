/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of ports as ranges. */
#include "boot/ports.h"

#include "abi/ports.h"

bool ports_next(uint32_t *row, uint32_t *first, uint32_t *last)
{
#define PORT_ROW(first, last, who, whose) {first, last},
	static const struct {
		uint16_t first, last;
	} rows[] = {PORTS_GRANTABLE(PORT_ROW)};
#undef PORT_ROW
	uint32_t count = sizeof(rows) / sizeof(rows[0]), at = *row;
	if (at >= count)
		return false;
	*first = rows[at].first;
	while (at + 1 < count && rows[at].last + 1u == rows[at + 1].first)
		at++;
	*last = rows[at].last;
	*row = at + 1;
	return true;
}
