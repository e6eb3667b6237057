/* SPDX-License-Identifier: BSD-2-Clause */
/* What outlives the console's restart, in the page that does: how much of the log was printed;
 * the desk and what is typed on the serial line, each of which changes in one step; the lines
 * typed before; where to go on behind a gap; and which lines of the trace are out of those that
 * are about what is behind the desk's position. */
#ifndef CONSOLE_KEPT_H
#define CONSOLE_KEPT_H

#include "desk.h"
#include "edit.h"

/* Finds what the last instance left, before any of the others. DRV_OK, also if it left nothing;
 * or why there is no page, as keep_open(). */
err_t kept_open(void);

/* The log's position that was saved last, or 0: all of the log is to be printed. */
uint32_t kept_position(void);

void kept_save(uint32_t position);

/* The desk as it is, for ever until the next kept_commit(); all zeros in the beginning. */
const desk_t *kept_desk(void);

/* What lies beside it, and the names that Tab knows: kept_names() says which; they stay where
 * they are. */
const desk_around_t *kept_around(void);
desk_side_t *kept_side(void);
void kept_names(const manager_status_t *drivers, uint32_t count);

/* The next state, a copy of the one that is, and the step that makes it that. Between them come
 * the lines of the trace about the events that make the difference. */
desk_t *kept_next(void);
void kept_commit(void);

/* Whether a line about such an event is to be written. False: the last instance did. */
bool kept_is_new_line(void);

/* What came on the serial line: what it is edited to, and bytes of which the first `at` are in
 * that. */
#define TYPED_BYTES 32u
typedef struct typed {
	edit_t line;
	uint32_t position; /* behind these bytes, in the serial driver's stream */
	uint8_t at, count;
	uint8_t under_way; /* a command that was typed there */
	uint8_t reserved;
	char bytes[TYPED_BYTES];
} typed_t;

/* As kept_desk(), kept_next() and kept_commit(). */
const typed_t *kept_typed(void);
typed_t *kept_next_typed(void);
void kept_commit_typed(void);

/* What lies beside that line. */
edit_side_t kept_typed_side(void);

/* Where events go on behind a gap at the desk's position, and what is held there. */
typedef struct place {
	uint32_t position;
	input_state_t held;
} place_t;

/* Keeps it until the desk is there: who begins again says the same of it. Lines about events
 * that were read there before are out, and are about nothing now. */
void kept_found(const place_t *place);

/* The place that was found for the desk as it is, or null. */
const place_t *kept_place(const desk_t *desk);

#endif
