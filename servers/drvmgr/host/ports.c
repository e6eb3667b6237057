/* SPDX-License-Identifier: BSD-2-Clause */
/* The printer of ports.h. */
#include "host/ports.h"

#include "claims/grantable.h"

static const char *receiver(const port_row_t *row)
{
	return row->who == PORTS_DRIVER ? "drivers" : "the manager alone";
}

void ports_print_table(FILE *to)
{
	char shown[SPAN_SHOWN];
	fprintf(to, "| what | for | what is there |\n|---|---|---|\n");
	for (size_t i = 0; i < port_row_count; i++)
		fprintf(to, "| port %s | %s | %s |\n",
			span_show(port_rows[i].ports, true, shown), receiver(&port_rows[i]),
			port_rows[i].reason);
	fprintf(to, "| memory %s | drivers | ISA window, less what the memory map names |\n",
		span_show(memory_window(), true, shown));
}
