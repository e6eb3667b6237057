/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of GET_STATS. They are made anew for each answer, libcap's own first: nothing is
 * kept for a client that comes for the rest. */
#include "cap/string.h"
#include "private.h"

void driver_stat(driver_stats_t *rows, const char *name, uint32_t value)
{
	if (rows->total == DRIVER_STATS_MAX)
		return;
	uint32_t number = rows->total++;
	if (number < rows->first || rows->count == rows->room)
		return;
	driver_stat_t *row = &rows->rows[rows->count++];
	*row = (driver_stat_t){.value = value};
	for (size_t i = 0; i < sizeof(row->name) - 1 && name[i]; i++)
		row->name[i] = name[i];
}

uint32_t driver_stats(uint32_t first, driver_stat_t *to, uint32_t room, uint32_t *total)
{
	driver_stats_t rows = {.first = first, .room = room, .rows = to};
	driver_stat(&rows, "beats", driver_page()->beats);
	driver_stat(&rows, "requests", runtime.requests);
	driver_stat(&rows, "interrupts", runtime.interrupts);
	driver_stat(&rows, "last_error", (uint32_t)driver_page()->context.last_error);
	if (runtime.ops->stats)
		runtime.ops->stats(&rows);
	*total = rows.total;
	return rows.count;
}
