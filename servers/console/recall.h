/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands that were typed before, on any line. They lie in a page that outlives the
 * console: one more is there by one store, and whatever the bytes are, reading them ends. Pure.
 */
#ifndef CONSOLE_RECALL_H
#define CONSOLE_RECALL_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/types.h"

#define LINE_MOST    120u			     /* characters of a command */
#define RECALL_BYTES 512u			     /* a power of two */
#define RECALL_KEPT  (RECALL_BYTES - LINE_MOST - 1u) /* of these the newest are read */

/* Places are counted from the first byte ever; each entry ends with a line feed.
 *
 * Invariant RC1: what is put behind `end`, one entry, reaches none of the newest RECALL_KEPT
 * bytes before it. */
typedef struct recall {
	uint32_t end;
	char bytes[RECALL_BYTES];
} recall_t;

/* Adds one more, unless it is empty or the same as the newest. `length` <= LINE_MOST. */
void recall_add(recall_t *recall, const char *text, uint32_t length);

/* Moves *at, the place of an entry or recall->end, to the entry before, or behind. False: there
 * is none, and *at stays; behind the newest entry is recall->end. */
bool recall_before(const recall_t *recall, uint32_t *at);
bool recall_behind(const recall_t *recall, uint32_t *at);

/* The text of the entry at that place; its length. */
uint32_t recall_text(const recall_t *recall, uint32_t at, char text[LINE_MOST]);

#endif
