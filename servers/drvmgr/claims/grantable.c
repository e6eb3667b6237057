/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of abi/ports.h as data, and questions about it. */
#include "claims/grantable.h"

#include "cap/format.h"

#define ROW(first, last, who, reason) {{(first), (last)}, (who), (reason)},
const port_row_t port_rows[] = {PORTS_GRANTABLE(ROW)};
#undef ROW

const size_t port_row_count = sizeof(port_rows) / sizeof(port_rows[0]);

const port_row_t *port_row_of(uint32_t port)
{
	for (size_t i = 0; i < port_row_count; i++)
		if (port_rows[i].ports.first <= port && port <= port_rows[i].ports.last)
			return &port_rows[i];
	return NULL;
}

static bool is_for_drivers(const port_row_t *row)
{
	return row && row->who == PORTS_DRIVER;
}

/* The last port behind `port`, up to `limit`, that no driver can have like those between. */
static uint32_t end_of_withheld(uint32_t port, uint32_t limit)
{
	while (port < limit && !is_for_drivers(port_row_of(port + 1)))
		port++;
	return port;
}

bool ports_withheld(span_t asked, span_t *withheld)
{
	for (uint32_t port = asked.first; port <= asked.last;) {
		const port_row_t *row = port_row_of(port);
		if (!is_for_drivers(row)) {
			*withheld = (span_t){port, end_of_withheld(port, asked.last)};
			return true;
		}
		port = row->ports.last + 1;
	}
	return false;
}

static uint32_t distance(span_t span, uint32_t to)
{
	if (to < span.first)
		return span.first - to;
	return to > span.last ? to - span.last : 0;
}

span_t ports_nearest(uint32_t port)
{
	const port_row_t *nearest = NULL;
	for (size_t i = 0; i < port_row_count; i++) {
		const port_row_t *row = &port_rows[i];
		if (is_for_drivers(row) &&
		    (!nearest || distance(row->ports, port) < distance(nearest->ports, port)))
			nearest = row;
	}
	return nearest ? nearest->ports : (span_t){0, 0};
}

bool span_overlap(span_t a, span_t b)
{
	return a.first <= b.last && b.first <= a.last;
}

bool span_inside(span_t inner, span_t outer)
{
	return outer.first <= inner.first && inner.last <= outer.last;
}

span_t memory_window(void)
{
	return (span_t){ISA_WINDOW_FIRST, ISA_WINDOW_LAST};
}

const char *span_show(span_t span, bool hex, char shown[SPAN_SHOWN])
{
	if (span.first == span.last)
		format(shown, SPAN_SHOWN, hex ? "0x%x" : "%u", span.first);
	else
		format(shown, SPAN_SHOWN, hex ? "0x%x..0x%x" : "%u..%u", span.first, span.last);
	return shown;
}
