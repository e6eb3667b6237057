/* SPDX-License-Identifier: BSD-2-Clause */
/* Log text on its way from the manager to the terminal: which part of the log is held, which
 * part has gone on. Pure; positions are the manager's and wrap at 2^32. It never lets a
 * control character through that a driver has put into its log. */
#ifndef CONSOLE_PUMP_H
#define CONSOLE_PUMP_H

#include <stdbool.h>

#include "abi/protocol/manager.h"

/* Invariant PU1: used <= held <= sizeof(text).
 * Invariant PU2: `position` is the log's position of text[used]. */
typedef struct pump {
	uint32_t position;
	uint32_t held, used;
	bool mid_line; /* the last character that went on was not a line's end */
	char text[MANAGER_TEXT_MAX];
} pump_t;

/* Whether all that is held has gone on; only then may it be filled. */
bool pump_is_empty(const pump_t *pump);

/* `bytes` were read into pump->text, ending at log position `next`. Returns how many bytes
 * of the log were gone before they could be read. */
uint32_t pump_fill(pump_t *pump, uint32_t next, uint32_t bytes);

/* Gives held text as it goes over the wire, line ends as CR LF, up to the end of a line and at
 * most `room` bytes, and returns the count. */
uint32_t pump_take(pump_t *pump, char *to, uint32_t room);

#endif
