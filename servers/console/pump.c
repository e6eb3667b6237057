/* SPDX-License-Identifier: BSD-2-Clause */
/* The offsets of pump.h. */
#include "pump.h"

#define UNPRINTABLE '?'

bool pump_is_empty(const pump_t *pump)
{
	return pump->used == pump->held;
}

uint32_t pump_fill(pump_t *pump, uint32_t next, uint32_t bytes)
{
	if (bytes > sizeof(pump->text))
		bytes = sizeof(pump->text);
	uint32_t gone = next - bytes - pump->position;
	pump->position = next - bytes;
	pump->held = bytes;
	pump->used = 0;
	return (int32_t)gone > 0 ? gone : 0; /* a new log starts below the old position */
}

uint32_t pump_take(pump_t *pump, char *to, uint32_t room)
{
	uint32_t count = 0, used = pump->used;
	char c = '\0';
	while (used < pump->held && c != '\n') {
		c = pump->text[used];
		if (room - count < (c == '\n' ? 2u : 1u))
			break;
		if (c == '\n')
			to[count++] = '\r';
		to[count++] = c == '\n' || (c >= ' ' && c <= '~') ? c : UNPRINTABLE;
		used++;
	}
	if (used != pump->used)
		pump->mid_line = pump->text[used - 1] != '\n';
	pump->position += used - pump->used;
	pump->used = used;
	return count;
}
