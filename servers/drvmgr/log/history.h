/* SPDX-License-Identifier: BSD-2-Clause */
/* What was logged, for whoever asks later: lines with their time, source and level. Each source
 * has its share of the room, which nobody else's lines can take; what others leave unused any
 * source may use. Pure. */
#ifndef DRVMGR_HISTORY_H
#define DRVMGR_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/protocol/manager.h"

/* Sources: each driver, by its index; the manager of each driver; and three more. */
#define HISTORY_DRIVERS	     32u
#define HISTORY_OF(index)    (index)
#define HISTORY_ABOUT(index) (HISTORY_DRIVERS + (index))
#define HISTORY_MANAGER	     (2 * HISTORY_DRIVERS)
#define HISTORY_INIT	     (HISTORY_MANAGER + 1)
#define HISTORY_RAW	     (HISTORY_MANAGER + 2)
#define HISTORY_SOURCES	     (HISTORY_MANAGER + 3)

/* The manager's own lines count as those of so many sources. */
#define HISTORY_MANAGER_PARTS 8u
#define HISTORY_PARTS	      (HISTORY_SOURCES - 1 + HISTORY_MANAGER_PARTS)

/* Lines are in blocks, each of one source. Who needs a block when none is free takes the oldest
 * one of the source that has most for its parts, or of itself if it has as many. So a source
 * that has no more than HISTORY_SHARE blocks, or with more parts so many times as many, loses
 * none to others. */
#define HISTORY_BLOCKS 160u
#define HISTORY_WORDS  64u /* of a block: the longest line fits one */
#define HISTORY_SHARE  (HISTORY_BLOCKS / HISTORY_PARTS)

typedef struct history_head {
	uint32_t last; /* no line in it has a greater number, while `words` is not 0 */
	uint8_t owner; /* source + 1; 0: none */
	uint8_t words; /* so many are written */
	uint16_t reserved;
} history_head_t;

/* Invariants, whatever store of the writer was its last:
 *   HI1  the first `words` words of a block are whole records, in the order of their numbers,
 *        each with the bytes of its line.
 *   HI2  no record has the number `next`, or a greater one.
 * And between two calls, of what history_recover() makes anew:
 *   HI3  blocks[source] is how many blocks have it as owner, newest[source] the one of them
 *        with the greatest `last`; `taken` is how many have an owner.
 * All zeros is one without a line. */
typedef struct history {
	uint32_t next;
	history_head_t heads[HISTORY_BLOCKS];
	uint32_t data[HISTORY_BLOCKS][HISTORY_WORDS];
	uint32_t taken;
	uint8_t newest[HISTORY_SOURCES], blocks[HISTORY_SOURCES];
} history_t;

/* Sources that are asked for. */
typedef struct history_set {
	uint32_t words[(HISTORY_SOURCES + 31) / 32];
} history_set_t;

static inline void history_set_add(history_set_t *set, uint32_t source)
{
	set->words[source / 32] |= 1u << source % 32;
}

/* Makes of whatever is there a history that is one: what is torn is forgotten. */
void history_recover(history_t *history);

/* Adds a line of `length` bytes, at most MANAGER_LOG_LINE_MAX, by `source`, a HISTORY_…. Of
 * `mark` the time, the level and `skip` count. */
void history_add(history_t *history, uint32_t source, const manager_log_record_t *mark,
		 const char *line, size_t length);

/* Forgets all lines of a source: it is another one's from now on. */
void history_drop(history_t *history, uint32_t source);

/* The line with the least number from `from` on that is of a source in `set`, and of `level` or
 * graver; behind the record are its bytes. Null: there is none. */
const manager_log_record_t *history_find(const history_t *history, uint32_t from,
					 const history_set_t *set, uint32_t level);

/* Words of a record with its line. */
uint32_t history_words(const manager_log_record_t *record);

#endif
